// How much of the book is healthy, and whether it gets better.
panel("health", (rows) => {
  const bands = byBand(rows);
  const all = arrOf(rows, rows);
  const bars = [bandBar(t("accounts"), bands.map((each) => each.length), count)];
  if (all !== null) bars.push(bandBar("ARR", bands.map((each) => arrOf(each, rows)), short));
  const figures = table({
    caption: t("card.health"),
    heads: [{ label: t("band") }, { label: t("accounts"), num: true }, ...(all === null ? [] : [{ label: "ARR", num: true }])],
    rows: D.bands.map(([label], band) => [label, count(bands[band].length), ...(all === null ? [] : [money(arrOf(bands[band], rows))])]),
  });
  return card("health", [el("div", { class: "bars" }, bars), legend(), bandsByRun(rows), asTable([figures, D.runs.length > 1 ? runsTable(rows) : null])]);
});

function bandBar(label, values, form) {
  const total = values.reduce((all, value) => all + value, 0);
  const parts = values.map((value, band) => ({ value, label: form(value), fill: colour(band), ink: ink(band) }));
  const said = `${label}: ${D.bands.map(([name], band) => `${name} ${form(values[band])}`).join(", ")}`;
  return [el("span", { class: "bar-label" }, label), total > 0 ? stackedBar(parts, said) : el("span", { class: "none" }, NONE)];
}
function runCounts(rows) {
  return D.bands_then.map((digits) => {
    const found = D.bands.map(() => 0);
    for (const row of rows) if (digits[row] !== "-") found[digits.charCodeAt(row) - 48] += 1;
    return found;
  });
}
function bandsByRun(rows) {
  const title = el("h3", {}, t("by_run"));
  if (D.runs.length < 2) return [title, nothing("by_run.none")];
  const counts_ = runCounts(rows);
  const shares = counts_.map((found) => found.reduce((all, each) => all + each, 0) || 1);
  const series = D.bands.map(([label], band) => ({ label, fill: colour(band), values: counts_.map((found, run) => found[band] / shares[run]) }));
  const categories = D.runs.map((day) => ({ label: shortDay(dayOf(day)) }));
  const last = D.bands.map(([label], band) => `${label} ${counts_[counts_.length - 1][band]}`).join(", ");
  return [title, columns({ categories, series, said: t("by_run.said", { runs: D.runs.length, last }), width: room("main"), height: 110, top: 1 }), el("p", { class: "means" }, t("by_run.means"))];
}
const runsTable = (rows) =>
  table({
    caption: t("by_run"),
    heads: [{ label: t("day") }, ...D.bands.map(([label]) => ({ label, num: true }))],
    rows: runCounts(rows).map((found, run) => [longDay(dayOf(D.runs[run])), ...found.map(count)]),
  });
