// What comes up for renewal in 12 months, and how healthy it is.
panel("renewals", (rows) => {
  const due = rows.filter((row) => D.renews[row] !== null && D.renews[row] >= 0 && D.renews[row] <= 365);
  if (!due.length) return card("renewals", nothing("card.renewals.none"));
  const months = [];
  const begin = onDay(0);
  for (let at = 0; at < 13; at += 1) months.push(new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + at, 1)).toISOString().slice(0, 7));
  const of = new Map(months.map((month) => [month, []]));
  for (const row of due) of.get(monthOf(D.renews[row]))?.push(row);
  if (!of.get(months[0]).length) months.shift();
  else months.pop();
  const withMoney = known(due);
  const value = (some) => (withMoney ? arrOf(some, due) : some.length);
  const form = withMoney ? short : count;
  const series = D.bands.map(([label], band) => ({ label, fill: colour(band), values: months.map((month) => value(of.get(month).filter((row) => D.band[row] === band))) }));
  const categories = months.map((month) => ({
    label: monthName(month),
    href: of.get(month).length ? to({ view: "accounts", renews: month, page: 1 }) : null,
    said: t("renewals.said", { month: longMonth(month), amount: form(value(of.get(month))), count: count(of.get(month).length) }),
  }));
  const heads = [{ label: t("month") }, { label: t("accounts"), num: true }, ...D.bands.map(([label]) => ({ label, num: true }))];
  const figures = months.map((month, at) => [link(to({ view: "accounts", renews: month, page: 1 }), longMonth(month)), count(of.get(month).length), ...series.map(({ values }) => form(values[at]))]);
  const drawn = columns({ categories, series, said: t("card.renewals"), width: room("side"), height: 140 });
  return card("renewals", [drawn, legend(), asTable(table({ caption: t("card.renewals"), heads, rows: figures }))]);
});
