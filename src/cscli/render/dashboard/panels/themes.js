// What customers ask for, and who asks.
panel("themes", (rows, data) => {
  const here = new Set(rows);
  const money_ = known(rows);
  const of = data.themes.map((theme, at) => ({ ...theme, rows: data.row.filter((row, pair) => data.theme[pair] === at && here.has(row)) })).filter((theme) => theme.rows.length);
  if (!of.length) return card("themes", nothing("card.themes.none"));
  const worth = (theme) => (money_ ? sum(theme.rows, arr) ?? 0 : 0);
  of.sort((one, other) => worth(other) - worth(one) || other.rows.length - one.rows.length);
  const heads = [{ label: t("themes.theme") }, { label: t("accounts"), num: true }, ...(money_ ? [{ label: t("tile.arr"), num: true }] : []), { label: t("themes.status") }];
  const made = of.slice(0, 6).map((theme) => [theme.label, count(theme.rows.length), ...(money_ ? [short(worth(theme))] : []), theme.status]);
  return card("themes", [table({ caption: t("card.themes"), heads, rows: made }), el("p", { class: "means" }, t("themes.window", { days: count(data.days) }))]);
});
