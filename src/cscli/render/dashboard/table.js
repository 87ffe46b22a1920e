// All accounts, a hundred a page; sorting and filters go over all of them.
const PAGE = 100;

function accountsView(rows) {
  if (!rows.length) return nobody();
  const order = sorted(rows, state);
  const pages = Math.ceil(order.length / PAGE);
  const page = Math.min(state.page, pages);
  const first = (page - 1) * PAGE;
  const shownRows = order.slice(first, first + PAGE);
  return [
    el("h1", {}, t("accounts")),
    pager("nav", order.length, page, pages, first),
    el("div", { class: "card" }, table({ caption: t("accounts_caption", { sort: t(`head_of.${sorting(state).name}`) }), heads: accountHeads(), rows: shownRows.map(accountRow), first, total: order.length, cls: "cards accounts" })),
    pager("div", order.length, page, pages, first),
  ];
}

function accountHeads() {
  const { name, down } = sorting(state);
  const made = (key, sort = null, num = false) => ({
    label: t(`head_of.${key}`),
    num,
    cls: `of-${key}`,
    dir: sort === name ? (down ? "descending" : "ascending") : null,
    sort: sort ? () => go(to({ sort: turned(sort, name, down), page: 1 })) : null,
  });
  const heads = [made("account", "name"), made("score", "score")];
  if (D.since) heads.push(made("change", "change", true));
  if (D.runs.length > 1) heads.push(made("course"));
  heads.push(made("costs"), made("action"), made("renews", "renews"));
  if (known(ALL)) heads.push(made("arr", "arr", true));
  if (D.has_loss) heads.push(made("loss", "loss", true));
  return heads;
}
// The first press sorts what is urgent or large to the top, the second turns it around.
function turned(sort, name, down) {
  const first = ["arr", "loss"].includes(sort);
  const next = sort === name ? !down : first;
  return next ? `-${sort}` : sort;
}

function accountRow(row) {
  const said = [D.id[row], owner(row)].filter(Boolean).join(" · ");
  const segments = D.segs.slice(0, 2).map((part) => segment(part, row)).filter(Boolean).map((each) => ` · ${each}`);
  const cells = [
    [link(toAccount(row), D.name[row]), el("span", { class: "under" }, said, el("span", { class: "segs" }, segments))],
    [chip(D.band[row]), " ", point(D.score[row]), meter(D.score[row] ?? 0, 100)],
  ];
  if (D.since) cells.push(el("span", { class: D.change[row] > 0 ? "up" : D.change[row] < 0 ? "down" : null }, signed(D.change[row])));
  if (D.runs.length > 1) cells.push(detail(row) < 0 ? NONE : sparkline(courseOf(row), courseSaid(row)) || NONE);
  const over = held(row);
  cells.push([over.length ? el("strong", {}, `${listed(over)}; `) : null, listed(reasons(row)) || (over.length ? null : NONE)]);
  cells.push(nextAction(row));
  cells.push(renewal(row, true) || NONE);
  if (known(ALL)) cells.push(short(D.arr[row]));
  if (D.has_loss) cells.push(short(loss(row)));
  return cells;
}
function pager(tag, total, page, pages, first) {
  const step = (label, wanted) =>
    el("button", { type: "button", disabled: wanted < 1 || wanted > pages || wanted === page, click: () => go(to({ page: wanted })) }, label);
  return el(
    tag,
    { class: "pager", role: tag === "div" ? "group" : null, "aria-label": t("pages") },
    step(t("page.first"), 1),
    step(t("page.previous"), page - 1),
    el("span", {}, t("page.of", { first: count(first + 1), last: count(Math.min(first + PAGE, total)), total: count(total) })),
    step(t("page.next"), page + 1),
    step(t("page.last"), pages),
  );
}
