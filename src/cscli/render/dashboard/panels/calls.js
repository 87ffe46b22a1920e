// Whom to call first: why, what to do, by when.
panel("calls", (rows) => {
  const calls = callsOf(rows);
  if (!calls.length) return card("calls", nothing("card.calls.none"));
  const heads = ["account", "score", "costs", "action", "due"].map((name) => ({ label: t(`head_of.${name}`), cls: `of-${name}` }));
  if (D.has_loss) heads.push({ label: t("head_of.loss"), num: true, cls: "of-loss" });
  const made = calls.slice(0, 8).map((row) => [
    accountCell(row),
    el("div", { class: "scored" }, chip(D.band[row]), " ", point(D.score[row]), " ", D.calls.held[CALL.get(row)] ? el("span", { class: "kept", title: t("held_over.means") }, t("held_over")) : null),
    [held(row).length ? el("strong", {}, `${listed(held(row))}; `) : null, listed(reasons(row, 2))],
    nextAction(row),
    dueCell(row),
    ...(D.has_loss ? [[short(loss(row)), el("span", { class: "of" }, t("of_arr", { arr: short(D.arr[row]) }))]] : []),
  ]);
  const more = link(to({ view: "accounts", sort: D.has_loss ? "-loss" : "score", page: 1 }), t("all_n", { count: count(calls.length) }));
  return card("calls", table({ caption: t("card.calls"), heads, rows: made, cls: "cards calls" }), more);
});

function accountCell(row) {
  const said = [owner(row), renewal(row)].filter(Boolean);
  return [
    link(toAccount(row), D.name[row]),
    el("span", { class: "under" }, said.map((each, at) => [at ? " · " : "", each])),
  ];
}
function nextAction(row) {
  const first = CALL.has(row) ? D.calls.books[CALL.get(row)][0] : undefined;
  if (first === undefined) return NONE;
  return [el("strong", {}, D.books[first].label), el("span", { class: "under" }, D.books[first].text)];
}
function dueCell(row) {
  const due = CALL.has(row) ? D.calls.due[CALL.get(row)] : null;
  if (missing(due)) return NONE;
  return due < 0 ? el("span", { class: "soon" }, shortDay(due), " · ", t("overdue", { count: count(-due) })) : shortDay(due);
}
