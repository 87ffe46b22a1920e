// What costs most points: mean of lost points over the accounts with a score, 0 where a metric does not count.
panel("costs", (rows) => {
  const scored = rows.filter((row) => D.score[row] !== null);
  if (!scored.length) return card("costs", nothing("card.costs.none"));
  const counted = D.cards.map(({ groups }) => new Set(groups.flatMap(({ metrics }) => metrics)));
  const found = D.metrics
    .map((metric, at) => {
      const asked = rows.filter((row) => D.card[row] >= 0 && counted[D.card[row]].has(at));
      const imputed = new Set(D.imputed[at]);
      const data = asked.filter((row) => D.lost[at][row] !== null && !imputed.has(row)).length;
      return { metric, asked: asked.length, data, lost: (sum(scored, (row) => D.lost[at][row]) ?? 0) / scored.length };
    })
    .filter(({ asked }) => asked)
    .sort((one, other) => other.lost - one.lost);
  const most = found.length ? found[0].lost : 0;
  const heads = [{ label: t("metric") }, { label: "", unseen: t("bar"), cls: "wide" }, { label: t("points"), num: true }, { label: t("has_data"), num: true }];
  const made = found.map(({ metric, asked, data, lost }) => [metric.label, meter(lost, most), lost > 0.05 ? MINUS + fixed(lost, 1) : "0.0", share(data / asked)]);
  return card("costs", table({ caption: t("card.costs"), heads, rows: made }));
});
