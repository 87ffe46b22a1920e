// Elements without markup: whatever an export holds stays text.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// A table that stays one where narrow screens show its rows as cards. heads: {label, num, sort, dir, unseen}; the cell
// `rowHead` of a row is its header. `first`, `total`: of a page of a longer table.
function table({ caption, heads, rows, rowHead = 0, first = 0, total = null, cls = "" }) {
  const header = heads.map((head) =>
    el(
      "th",
      {
        scope: "col",
        role: "columnheader",
        class: [head.num ? "num" : "", head.cls || ""].join(" ").trim() || null,
        "aria-sort": head.sort ? head.dir || "none" : null,
        "data-l": head.sort ? head.label : null,
      },
      head.unseen ? el("span", { class: "unseen" }, head.unseen) : head.sort ? el("button", { type: "button", class: "sort", click: head.sort }, head.label, arrow(head.dir)) : head.label,
    ),
  );
  const body = rows.map((cells, at) =>
    el(
      "tr",
      { role: "row", "aria-rowindex": total === null ? null : first + at + 2 },
      cells.map((cell, column) => {
        const head = heads[column];
        const attributes = { class: [head.num ? "num" : "", head.cls || ""].join(" ").trim() || null, "data-l": head.label };
        return column === rowHead
          ? el("th", { scope: "row", role: "rowheader", ...attributes }, cell)
          : el("td", { role: "cell", ...attributes }, cell);
      }),
    ),
  );
  return el(
    "table",
    { role: "table", class: cls || null, "aria-rowcount": total === null ? null : total + 1 },
    el("caption", {}, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row", "aria-rowindex": total === null ? null : 1 }, header)),
    el("tbody", { role: "rowgroup" }, body),
  );
}

const arrow = (dir) =>
  el("span", { class: "arrow", "aria-hidden": "true" }, dir === "ascending" ? "▲" : dir === "descending" ? "▼" : "");

// A card of the first view: its title, what it answers, and perhaps a link.
function card(key, content, more = null, fields = {}) {
  const id = `card-${key}`;
  return el(
    "section",
    { class: `card ${key}`, "aria-labelledby": id },
    el(
      "div",
      { class: "card-head" },
      el("h2", { id }, t(`card.${key}`, fields)),
      t(`card.${key}.asks`) ? el("p", { class: "asks" }, t(`card.${key}.asks`)) : null,
      more,
    ),
    content,
  );
}

const nothing = (key, fields) => el("p", { class: "none" }, t(key, fields));
const link = (to, ...children) => el("a", { href: to }, children);

// What the page was made from, and that it is not for everybody.
function madeFrom() {
  const files = D.inputs.map(([, file]) => file).filter((file, at, all) => all.indexOf(file) === at);
  return el("p", {}, t("foot", { version: D.version, files: files.join(", "), digest: D.digest }));
}
