// Whom to offer more.
panel("grow", (rows) => {
  const here = new Set(rows);
  const found = D.grow.row.map((row, at) => ({ row, play: D.grow.play[at], potential: D.grow.potential[at] })).filter(({ row }) => here.has(row));
  if (!found.length) return card("grow", nothing("card.grow.none"));
  const list = found.slice(0, 5).map(({ row, play, potential }) => {
    const said = [D.plays[play].label, missing(potential) ? null : t("potential", { mrr: short(potential) }), point(D.score[row])];
    return named(row, said);
  });
  const accounts = new Set(found.map(({ row }) => row)).size;
  return card("grow", [el("ul", { class: "list" }, list), el("p", { class: "means" }, t("grow.all", { count: count(accounts) }))]);
});
