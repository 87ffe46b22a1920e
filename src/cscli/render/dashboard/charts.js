// Four pictures, each beside its figures: a stacked bar, columns, a line over zones, a sparkline.

// Pixels that a picture has where it stands, so that its texts are as large as others: main, side, half or whole.
function room(place) {
  const inner = Math.min(window.innerWidth, 1480) - (window.innerWidth > 1000 ? 88 : window.innerWidth > 700 ? 40 : 28);
  if (place === "half") return window.innerWidth > 700 ? (Math.min(inner, 1080) - 86) / 2 : inner - 30;
  if (place === "whole" || window.innerWidth <= 1000) return inner - 34;
  return place === "main" ? (inner * 2) / 3 - 42 : inner / 3 - 42;
}

// parts: {value, label, fill, ink}; a part that is wide enough says its label.
function stackedBar(parts, said) {
  const total = parts.reduce((all, { value }) => all + value, 0) || 1;
  let start = 0;
  const drawn = parts.filter(({ value }) => value > 0).map(({ value, label, fill: paint, ink: text }) => {
    const [x, width] = [(100 * start) / total, (100 * value) / total];
    start += value;
    return [
      svg("rect", { x: `${x}%`, width: `${width}%`, y: 0, height: 24, fill: paint, stroke: "#FFFFFF", "stroke-width": 1 }),
      width > 8 ? svg("text", { x: `${x + width / 2}%`, y: 16, "text-anchor": "middle", fill: text, class: "in-bar" }, label) : null,
    ];
  });
  return svg("svg", { role: "img", "aria-label": said, class: "bar", width: "100%", height: 24 }, drawn);
}

// series: {label, fill, values}, stacked from below; categories: {label, href, said}. `top`: the highest sum, if given.
function columns({ categories, series, said, width, height = 130, top = null }) {
  const sums = categories.map((_, at) => series.reduce((all, { values }) => all + (values[at] || 0), 0));
  const highest = top || Math.max(...sums, 0) || 1;
  const step = width / Math.max(categories.length, 1);
  const every = Math.ceil(categories.length / Math.max(1, Math.floor(width / 46)));
  const groups = categories.map((category, at) => {
    let y = height;
    const rects = series.map(({ fill: paint, values }) => {
      const size = ((values[at] || 0) / highest) * (height - 8);
      y -= size;
      return size > 0 ? svg("rect", { x: at * step + step * 0.14, y, width: step * 0.72, height: size, fill: paint }) : null;
    });
    const last = at === categories.length - 1; // whose label ends with its column: beyond it paper ends
    const label = (categories.length - 1 - at) % every === 0 ? svg("text", { x: at * step + (last ? step : step / 2), y: height + 15, "text-anchor": last ? "end" : "middle" }, category.label) : null;
    const area = svg("rect", { x: at * step, y: 0, width: step, height: height + 18, fill: "transparent" });
    if (!category.href) return svg("g", {}, rects, label);
    return svg("a", { href: category.href, "aria-label": category.said }, area, rects, label);
  });
  const linked = categories.some(({ href }) => href);
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height + 20}`, role: linked ? "group" : "img", "aria-label": said, class: "columns" },
    svg("line", { x1: 0, x2: width, y1: height, y2: height, class: "axis" }),
    groups,
  );
}

// A line from 0 to 100 over the bands; marks: {at, label}. `labels`: of the points.
function lineWithZones({ values, labels, marks, said, width, height = 160 }) {
  const [left, low] = [30, height - 20];
  const x = (at) => left + (values.length < 2 ? 0.5 : at / (values.length - 1)) * (width - left - 8);
  const y = (score) => 6 + ((100 - score) / 100) * (low - 6);
  const edges = D.bands.slice(0, -1).map(([, from]) => from);
  const zones = edges.map((from, band) =>
    svg("rect", { x: left, width: width - left, y: y(band ? edges[band - 1] : 100), height: y(from) - y(band ? edges[band - 1] : 100), class: `zone ${LOOKS[look(band)]}` }),
  );
  const scale = [100, ...edges].map((edge) => svg("text", { x: left - 5, y: y(edge) + 4, "text-anchor": "end" }, edge));
  const parts = [];
  let part = [];
  values.forEach((value, at) => {
    if (!missing(value)) part.push([x(at), y(value)]);
    if (missing(value) || at === values.length - 1) {
      if (part.length) parts.push(part);
      part = [];
    }
  });
  const every = Math.ceil(values.length / Math.max(1, Math.floor(width / 62)));
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said, class: "line" },
    zones,
    scale,
    marks.map(({ at, label }, place) => {
      const right = x(at) > width * 0.6;
      return [
        svg("line", { x1: x(at), x2: x(at), y1: 6, y2: low, class: "mark" }),
        svg("text", { x: x(at) + (right ? -4 : 4), y: 17 + 12 * (place % 3), "text-anchor": right ? "end" : "start", class: "mark-text" }, label),
      ];
    }),
    parts.map((each) => svg("polyline", { points: each.map((point_) => point_.map((number) => number.toFixed(1)).join(",")).join(" "), class: "stroke" })),
    parts.flat().map(([cx, cy]) => svg("circle", { cx, cy, r: 2.6, class: "dot" })),
    labels.map((label, at) => ((labels.length - 1 - at) % every ? null : svg("text", { x: x(at), y: height - 5, "text-anchor": at === labels.length - 1 && labels.length > 1 ? "end" : "middle" }, label))),
  );
}

// The scores of the runs in little, from 0 to 100.
function sparkline(values, said) {
  const known_ = values.map((value, at) => [at, value]).filter(([, value]) => !missing(value));
  if (known_.length < 2) return null;
  const [width, height] = [72, 20];
  const x = (at) => 2 + (at / (values.length - 1)) * (width - 4);
  const y = (value) => 2 + ((100 - value) / 100) * (height - 4);
  const last = known_[known_.length - 1];
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": said, class: "spark" },
    svg("polyline", { points: known_.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" "), class: "stroke" }),
    svg("circle", { cx: x(last[0]), cy: y(last[1]), r: 2, class: "dot" }),
  );
}

const legend = () =>
  el("ul", { class: "legend" }, D.bands.map(([label], band) => el("li", {}, shape(band), label)));
// On a narrow screen a table is moved sideways by itself, with keys too.
const sideways = (said, made) => el("div", { class: "sideways", tabindex: "0", role: "group", "aria-label": said }, made);

// The figures of a picture, for those who would rather read them.
const asTable = (made) => el("details", { class: "figures" }, el("summary", {}, t("as_table")), sideways(t("as_table"), made));
// A bar of a table: how much of the most.
function meter(value, most) {
  const width = most > 0 ? Math.max(0, Math.min(100, (100 * value) / most)) : 0;
  return svg(
    "svg",
    { class: "meter", width: "100%", height: 6, "aria-hidden": "true" },
    svg("rect", { width: "100%", height: 6, rx: 3, class: "track" }),
    svg("rect", { width: `${width}%`, height: 6, rx: 3, class: "amount" }),
  );
}
