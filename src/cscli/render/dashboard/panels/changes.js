// What moved since the earlier run, and why.
panel("changes", (rows) => {
  if (!D.diff) return card("changes", nothing("card.changes.none"), null, { since: t("run_before") });
  const by = (turn) => (one, other) => turn * (D.change[one] - D.change[other]) || compare(one, other);
  const fell = movedOf(rows, "down").sort(by(1));
  const rose = movedOf(rows, "up").sort(by(-1));
  const lost = rows.filter((row) => !MOVED.has(row) && D.change[row] !== null && D.change[row] <= -D.diff.least).sort(by(1));
  const shown_ = [...fell.slice(0, 3), ...lost.slice(0, 2), ...rose.slice(0, 2)];
  const counts_ = el(
    "p",
    { class: "counts" },
    el("span", { class: "down" }, "▼ ", t("n_fell", { count: count(fell.length) })),
    el("span", { class: "up" }, "▲ ", t("n_rose", { count: count(rose.length) })),
    el("span", {}, t("n_lost", { count: count(lost.length), points: D.diff.least })),
  );
  const list = el("ul", { class: "list" }, shown_.map((row) => el("li", {}, changeLine(row), el("span", { class: "under" }, why(row) || NONE))));
  const more = link(to({ view: "accounts", sort: "change", page: 1 }), t("all_changes"));
  return card("changes", [counts_, shown_.length ? list : nothing("card.changes.same")], more, { since: since() });
});
function changeLine(row) {
  const before = missing(D.change[row]) ? NONE : point(D.score[row] - D.change[row]);
  return [link(toAccount(row), D.name[row]), ` ${before} → `, el("strong", {}, point(D.score[row])), " ", MOVED.has(row) ? chip(D.band[row]) : null];
}
