// With whom nobody has spoken for too long.
panel("silent", (rows, data) => {
  const { found, all } = chosen(rows, data);
  const longer = { days: count(data.longer) };
  if (!all) return card("silent", nothing("card.silent.none", longer));
  const list = found.map((at) => {
    const said = [data.last[at] === null ? t("silent.never") : t("silent.last", { day: shortDay(data.last[at]) }), data.department[at], missing(D.arr[data.row[at]]) ? null : short(D.arr[data.row[at]])];
    return named(data.row[at], said);
  });
  return card("silent", [el("ul", { class: "list" }, list), el("p", { class: "means" }, t("silent.all", { count: count(all), ...longer }))]);
});
