// Revenue and data: always of the whole book.
const FORMS = { money, share, rate, count, days: count, points: point, score: point, number: (value) => shown({ kind: "number" }, value) };

function revenueView() {
  const title = el("h1", {}, t("nav.revenue"));
  const note = isFiltered(state) || D.choice ? el("p", { class: "warned" }, t("revenue.whole")) : null;
  if (!D.revenue) return [title, nothing("revenue.none")];
  const cards = D.revenue.tables.map((made) => {
    const id = `revenue-${made.id}`;
    const kept = made.columns;
    const rows = kept[0].values.map((_, at) =>
      kept.map((column) => {
        const value = column.values[at];
        if (typeof value === "string") return value;
        return missing(value) ? NONE : (FORMS[column.by_row ? column.by_row[at] : column.kind] || FORMS.number)(value);
      }),
    );
    const heads = kept.map(({ label, values }) => ({ label, num: values.some((value) => typeof value === "number") }));
    const drawn = table({ caption: made.title, heads, rows });
    const picture = revenuePicture(made);
    const content = picture ? [picture, asTable(el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": made.title }, drawn))] : el("div", { class: "scroll", tabindex: 0, role: "group", "aria-labelledby": id }, drawn);
    return el("section", { class: "card", "aria-labelledby": id }, el("h2", { id }, made.title), content);
  });
  return [title, note, el("p", { class: "headline small" }, D.revenue.headline), cards];
}
// Movements as columns of gains and losses, survival as columns; the other sheets are read as tables.
function revenuePicture({ id, title, columns: parts }) {
  const of = (name) => parts.find((column) => column.id === name);
  if (id === "survival" && parts[0].values.length > 1) {
    const categories = parts[0].values.map((month) => ({ label: count(month) }));
    return columns({ categories, series: [{ label: title, fill: "#2B7BBA", values: of("survival").values }], said: title, width: room("whole"), height: 160, top: 1 });
  }
  if (id !== "movements") return null;
  const categories = parts[0].values.map((month) => ({ label: monthName(month) }));
  const gains = ["new", "reactivation", "expansion"].map((name, at) => ({ label: of(name).label, fill: ["#2B7BBA", "#7FB2DB", "#1B4F7A"][at], values: of(name).values }));
  const losses = ["contraction", "churn"].map((name, at) => ({ label: of(name).label, fill: ["#E9B23C", "#B3361E"][at], values: of(name).values }));
  const top = Math.max(...[gains, losses].flatMap((side) => categories.map((_, at) => side.reduce((all, { values }) => all + (values[at] || 0), 0))), 0) || 1;
  const key = (side) => el("ul", { class: "legend" }, side.map(({ label, fill: paint }) => el("li", {}, svg("svg", { width: 12, height: 12, "aria-hidden": "true" }, svg("rect", { width: 12, height: 12, fill: paint })), label)));
  return el(
    "div",
    { class: "two" },
    [[gains, "gains"], [losses, "losses"]].map(([side, name]) => el("div", {}, el("h3", {}, t(`revenue.${name}`)), columns({ categories, series: side, said: `${title}: ${t(`revenue.${name}`)}`, width: room("half"), height: 130, top }), key(side))),
  );
}

function dataView() {
  const problems = D.problems.map((each) => [t(`severity.${each.severity}`), count(each.count), each.where || NONE, each.message, each.hint]);
  const heads = ["severity", "count", "where", "what", "hint"].map((name) => ({ label: t(`problem.${name}`), num: name === "count" }));
  const inputs = D.inputs.map(([source, file, rows, sha256]) => [file, source, count(rows), el("code", {}, sha256)]);
  const part = (key, content) => el("section", { class: "card", "aria-labelledby": `data-${key}` }, el("h2", { id: `data-${key}` }, t(`data.${key}`)), el("div", { class: "scroll", tabindex: 0, role: "group", "aria-labelledby": `data-${key}` }, content));
  return [
    el("h1", {}, t("nav.data")),
    D.choice ? el("p", {}, t("data.choice", { choice: D.choice, count: count(N), whole: count(D.whole) })) : null,
    part("problems", problems.length ? table({ caption: t("data.problems"), heads, rows: problems, rowHead: 3, cls: "prose" }) : nothing("data.no_problems")),
    part("inputs", table({ caption: t("data.inputs"), heads: [{ label: t("input.file") }, { label: t("input.source") }, { label: t("input.rows"), num: true }, { label: "SHA-256" }], rows: inputs })),
    part("definitions", table({ caption: t("data.definitions"), heads: [{ label: t("figure") }, { label: t("means") }], rows: D.definitions, cls: "prose" })),
    el("p", { class: "means" }, t("data.made", { version: D.version, digest: D.digest })),
  ];
}
