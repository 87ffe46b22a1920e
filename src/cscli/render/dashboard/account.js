// One account among those of the filter.
function accountView(rows) {
  const row = BY_ID.get(state.id);
  if (row === undefined) return [el("h1", {}, t("account")), el("p", { class: "none" }, t("unknown_account", { id: state.id.slice(0, 80) }), " ", link(to({ view: "accounts" }), t("to_accounts")))];
  const order = sorted(rows, state);
  const place = order.indexOf(row);
  return [walk(order, place), briefOf(row)];
}

function walk(order, place) {
  const [before, after] = [order[place - 1], place < 0 ? undefined : order[place + 1]];
  return el(
    "nav",
    { class: "walk", "aria-label": t("walk") },
    link(to({ view: "accounts" }), `← ${t("accounts")}`),
    place < 0 ? el("span", {}, t("not_in_filter")) : el("span", {}, `${count(place + 1)} / ${count(order.length)}`),
    before === undefined ? null : el("a", { href: toAccount(before), class: "before" }, `‹ ${D.name[before]}`),
    after === undefined ? null : el("a", { href: toAccount(after), class: "after" }, `${D.name[after]} ›`),
    el("button", { type: "button", click: () => window.print() }, t("print")),
  );
}
