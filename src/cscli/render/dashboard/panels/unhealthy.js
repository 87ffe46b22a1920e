// Which part of the book is not healthy: two segmentations crossed.
panel("unhealthy", (rows, names) => {
  const [down, across] = names.map((name) => D.segs.find(({ id }) => id === name)).filter(Boolean);
  if (!down) return null;
  const withMoney = known(rows);
  const cell = (some) => {
    if (!some.length) return NONE;
    const total = withMoney ? arrOf(some, rows) : some.length;
    const bad = some.filter((row) => D.band[row] !== BEST);
    const part = total ? (withMoney ? arrOf(bad, rows) : bad.length) / total : null;
    const note = withMoney ? `${t("short_n", { count: count(some.length) })} · ${short(total)}` : t("short_n", { count: count(some.length) });
    return el("span", { class: `heat h${missing(part) ? 0 : Math.min(5, Math.ceil(part * 6))}` }, el("strong", {}, share(part)), el("span", { class: "under" }, note));
  };
  const heads = [{ label: down.label }, ...(across ? across.w : [t("all")]).map((label) => ({ label, cls: "mid" }))];
  const made = down.w.map((label, at) => {
    const here = rows.filter((row) => down.a[row] === at);
    return [label, ...(across ? across.w.map((_, other) => cell(here.filter((row) => across.a[row] === other))) : [cell(here)])];
  });
  const asks = withMoney ? "unhealthy.arr" : "unhealthy.accounts";
  return card("unhealthy", [el("p", { class: "means" }, t(asks, { band: D.bands[BEST][0] })), sideways(t("card.unhealthy"), table({ caption: t("card.unhealthy"), heads, rows: made, cls: "heatmap" }))]);
});
