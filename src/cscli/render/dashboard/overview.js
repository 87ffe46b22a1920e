// The first view: the sentence that matters most, what may make it wrong, figures, and the panels.
const PANELS = new Map();
// A panel draws one card: name -> (rows, data) => element or null. `data`: what only it needs.
const panel = (name, draw) => PANELS.set(name, draw);

const callsOf = (rows) => rows.filter((row) => CALL.has(row)).sort((one, other) => CALL.get(one) - CALL.get(other));
const movedOf = (rows, kind) => rows.filter((row) => MOVED.get(row) === kind);
const whole = (rows) => rows.length === N;

// Of the entries of a panel, those of the accounts that are shown: the first five, and how many.
function chosen(rows, data) {
  const here = new Set(rows);
  const on = data.row.map((_, at) => at).filter((at) => here.has(data.row[at]));
  return { found: on.slice(0, 5), all: on.length };
}
const named = (row, said) => el("li", {}, link(toAccount(row), D.name[row]), el("span", { class: "under" }, said.filter(Boolean).join(" · ")));

function overview(rows) {
  if (!rows.length) return nobody();
  const columns_ = { main: [], side: [], third: [] };
  for (const [name, column, data] of D.panels) {
    const drawn = PANELS.has(name) ? PANELS.get(name)(rows, data) : null;
    if (drawn) columns_[column].push(drawn);
  }
  return [
    headline(rows),
    dataLine(),
    tiles(rows),
    el("div", { class: "grid" }, el("div", { class: "main" }, columns_.main), el("div", { class: "side" }, columns_.side)),
    el("div", { class: "thirds" }, columns_.third),
  ];
}

function nobody() {
  if (!N) return el("h1", { class: "headline" }, t("head.nobody"));
  return el("div", { class: "none" }, el("h1", { class: "headline" }, t("no_match")), el("p", {}, link(cleared(), t("clear"))));
}
const cleared = () => address({ ...state, q: "", chosen: {}, renews: null, page: 1 });

function headline(rows) {
  const worst = rows.filter((row) => D.band[row] === WORST);
  const calls = callsOf(rows);
  const all = arrOf(rows, rows);
  const of = whole(rows) && !D.choice ? "" : "_part";
  const end = t("head.end");
  const said = [rich(`head.worst`, { count: count(worst.length), total: count(rows.length), band: D.bands[WORST][2] })];
  if (all !== null) {
    const money_ = arrOf(worst, rows);
    said.push(rich(`head.worst_arr${of}`, { arr: short(money_), share: all ? share(money_ / all) : NONE }));
  }
  said.push(end, t("head.join"), rich("head.calls", { count: count(calls.length) }));
  if (calls.length && known(rows)) said.push(rich("head.loss", { loss: short(sum(calls, loss) ?? 0) }));
  said.push(end);
  if (D.diff) {
    const fields = { since: longDay(dayOf(D.since)), fell: count(movedOf(rows, "down").length), rose: count(movedOf(rows, "up").length) };
    said.push(t("head.join"), rich("head.moved", fields));
  }
  return el("h1", { class: "headline" }, said);
}

function dataLine() {
  if (!D.warned) return null;
  const { severity, count: n, shown: said } = D.warned;
  return el("p", { class: "warned" }, t(`warned.${severity}`, { count: count(n) }), " ", said.join(" · "), " ", link(to({ view: "data" }), t("see_all")));
}

function tiles(rows) {
  const all = arrOf(rows, rows);
  const worst = rows.filter((row) => D.band[row] === WORST);
  const calls = callsOf(rows);
  const band = D.bands[WORST][0];
  const made = [scoreTile(rows)];
  if (all === null) {
    made.push(tile(t("tile.worst", { band }), count(worst.length), t("share_of_accounts", { share: share(worst.length / rows.length) })));
    made.push(tile(t("tile.calls"), count(calls.length), t("n_accounts", { count: count(rows.length) })));
  } else {
    const without = rows.filter((row) => D.arr[row] === null).length;
    const soon = rows.filter((row) => D.renews[row] !== null && D.renews[row] >= 0 && D.renews[row] <= 90);
    const doubtful = soon.filter((row) => D.band[row] !== BEST);
    const money_ = arrOf(worst, rows);
    const note = without ? t("n_without_money", { count: count(without) }) : t("n_accounts", { count: count(rows.length) });
    made.unshift(tile(t("tile.arr"), short(all), note));
    made.push(tile(t("tile.worst_arr", { band }), short(money_), t("tile.worst_note", { count: count(worst.length), share: all ? share(money_ / all) : NONE })));
    made.push(tile(t("tile.loss"), short(sum(calls, loss) ?? 0), t("tile.loss_note", { count: count(calls.length) })));
    made.push(tile(t("tile.renewals"), short(arrOf(soon, rows)), t("tile.renewals_note", { count: count(soon.length), arr: short(arrOf(doubtful, rows)) })));
  }
  if (D.kept) {
    const [nrr, low, high] = D.kept.nrr;
    const interval = missing(low) || missing(high) ? t("tile.kept_n", { n: count(D.kept.n) }) : t("tile.kept_note", { low: share(low), high: share(high), n: count(D.kept.n) });
    const part = whole(rows) && !D.choice ? interval : `${t("whole_book")} ${interval}`;
    made.push(tile(t("tile.kept"), `${share(nrr)} · ${share(D.kept.grr[0])}`, part));
  }
  return el("dl", { class: "tiles" }, made);
}
const tile = (label, value, note) => el("div", { class: "tile" }, el("dt", {}, label), el("dd", { class: "value" }, value), el("dd", { class: "note" }, note));

function scoreTile(rows) {
  const scored = meanPoint(rows, (row) => D.score[row]);
  const moved = meanPoint(rows, (row) => D.change[row]);
  const n = scored.n === rows.length ? "" : t("tile.score_n", { count: count(scored.n) });
  let note = n || t("n_accounts", { count: count(rows.length) });
  if (D.since && moved.n) {
    const up = moved.value > 0.05 ? "▲ " : moved.value < -0.05 ? "▼ " : "";
    note = [el("span", { class: up ? (moved.value > 0 ? "up" : "down") : null }, up + signed(moved.value)), " ", t("since", { since: since() }), n ? ` · ${n}` : ""];
  }
  return tile(t("tile.score"), point(scored.value), note);
}
