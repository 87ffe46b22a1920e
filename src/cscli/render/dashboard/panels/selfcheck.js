// How good our own practice is on eight axes; an axis without points is a gap in the line, not 0.
panel("selfcheck", (_rows, { axes, total, round, said, target_is, before_is }) => {
  const size = Math.min(room("third"), 360);
  const [middle, reach] = [size / 2, size / 2 - 54];
  const at = (place, points) => {
    const angle = (2 * Math.PI * place) / axes.length - Math.PI / 2;
    return [middle + (Math.cos(angle) * reach * points) / 100, middle + (Math.sin(angle) * reach * points) / 100];
  };
  const ring = (points) => svg("polygon", { points: axes.map((_, place) => at(place, points).join(",")).join(" "), class: "ring" });
  const spokes = axes.map((_, place) => svg("line", { x1: middle, y1: middle, x2: at(place, 100)[0], y2: at(place, 100)[1], class: "ring" }));
  // Lines between neighbours that both have points.
  const web = (values, cls) =>
    values.map((value, place) => {
      const next = (place + 1) % values.length;
      if (missing(value) || missing(values[next])) return null;
      const [[x1, y1], [x2, y2]] = [at(place, value), at(next, values[next])];
      return svg("line", { x1, y1, x2, y2, class: cls });
    });
  const points = axes.map((axis) => axis.points);
  const dotsOf = (values, cls, r) => values.map((value, place) => (missing(value) ? null : svg("circle", { cx: at(place, value)[0], cy: at(place, value)[1], r, class: cls })));
  const targets = axes.map((axis) => axis.target);
  const names = axes.map((axis, place) => {
    const [x, y] = at(place, 116);
    const anchor = Math.abs(x - middle) < 12 ? "middle" : x > middle ? "start" : "end";
    return svg("text", { x: Math.max(2, Math.min(size - 2, x)), y: y + 4, "text-anchor": anchor }, axis.label);
  });
  const drawn = svg(
    "svg",
    { viewBox: `-70 0 ${size + 140} ${size}`, role: "img", "aria-label": t("card.selfcheck"), class: "radar" },
    [25, 50, 75, 100].map(ring), spokes,
    web(targets, "web-target"), dotsOf(targets, "web-target", 3), web(axes.map((axis) => axis.before), "web-before"), web(points, "web-now"), dotsOf(points, "web-now", 3.5), names,
  );
  const heads = [{ label: t("selfcheck.axis") }, { label: t("points"), num: true }, ...(target_is ? [{ label: t("selfcheck.target"), num: true }] : []), ...(before_is ? [{ label: t("selfcheck.before"), num: true }] : [])];
  const figures = axes.map((axis) => [axis.label, count(axis.points), ...(target_is ? [count(axis.target)] : []), ...(before_is ? [count(axis.before)] : [])]);
  const sum = missing(total) ? t("selfcheck.no_total") : t("selfcheck.total", { points: count(total) });
  const keys = [t("selfcheck.key_now", { round }), ...(target_is ? [t("selfcheck.key_target")] : []), ...(before_is ? [t("selfcheck.key_before")] : [])];
  return card("selfcheck", [el("p", { class: "means" }, sum), drawn, el("p", { class: "means" }, listed(keys)), asTable(table({ caption: t("card.selfcheck"), heads, rows: figures })), el("p", { class: "means" }, said)]);
});
