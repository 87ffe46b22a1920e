// What was promised and is late.
panel("late", (rows) => {
  const data = D.late;
  const { found, all } = chosen(rows, data);
  if (!all) return card("late", nothing("card.late.none"));
  const list = found.map((at) => {
    const days = data.days[at];
    const said = [data.promise[at], missing(days) ? data.status[at] : t("late.days", { count: count(days) }), missing(D.arr[data.row[at]]) ? null : short(D.arr[data.row[at]])];
    return named(data.row[at], said);
  });
  return card("late", [el("ul", { class: "list" }, list), el("p", { class: "means" }, t("late.all", { count: count(all) }))]);
});
