// Mails that a filter leaves, and the accounts that get nothing, a hundred at a time. Whatever an export holds stays text.
const D = JSON.parse(document.getElementById("data").textContent);
const PAGE = 100;
const by = (id) => document.getElementById(id);
const fields = ["q", "message", "owner", "reason"].map(by);
const folded = (text) => String(text || "").normalize("NFKC").toLowerCase();
const make = (tag, text, attributes = {}) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== null) node.textContent = text;
  return node;
};
let page = 0;

function asked() {
  const [q, message, owner, reason] = fields.map((field) => field.value);
  return { words: folded(q).split(/\s+/).filter(Boolean), message, owner, reason };
}

function showMails(now) {
  let count = 0;
  for (const mail of document.querySelectorAll(".mail")) {
    const { message, owner, words } = mail.dataset;
    const text = folded(words);
    const fits = (!now.message || message === now.message) && (!now.owner || owner === now.owner) && !now.reason;
    mail.hidden = !(fits && now.words.every((word) => text.includes(word)));
    count += mail.hidden ? 0 : 1;
  }
  by("count").textContent = count;
}

function fitting(now) {
  return D.rows.filter(([id, name, reason, message, , , owner]) => {
    const text = folded(`${id}\n${name || ""}\n${owner || ""}`);
    return (
      (!now.reason || reason === now.reason) &&
      (!now.message || message === now.message) &&
      (!now.owner || owner === now.owner) &&
      now.words.every((word) => text.includes(word))
    );
  });
}

function button(label, on, move) {
  const node = make("button", label, { type: "button" });
  node.disabled = !on;
  node.addEventListener("click", () => {
    page += move;
    showRows(asked());
  });
  return node;
}

function showRows(now) {
  const rows = fitting(now);
  const pages = Math.max(Math.ceil(rows.length / PAGE), 1);
  page = Math.min(Math.max(page, 0), pages - 1);
  const table = make("table", null);
  table.append(make("caption", D.title));
  const head = make("tr", null);
  for (const label of D.heads) head.append(make("th", label, { scope: "col" }));
  const top = make("thead", null);
  top.append(head);
  const body = make("tbody", null);
  for (const [id, name, reason, message, about, until, owner] of rows.slice(page * PAGE, (page + 1) * PAGE)) {
    const row = make("tr", null);
    const who = make("th", name ? `${name} (${id})` : id, { scope: "row" });
    const cells = [D.reasons[reason] || reason, D.messages[message] || "", about || "", until || "", owner || ""];
    row.append(who, ...cells.map((text) => make("td", text)));
    body.append(row);
  }
  table.append(top, body);
  const pager = make("div", null, { class: "pager" });
  pager.append(button(D.previous, page > 0, -1), make("span", `${page + 1} / ${pages}`), button(D.next, page < pages - 1, 1));
  by("table").replaceChildren(...(rows.length ? [table, ...(pages > 1 ? [pager] : [])] : [make("p", "–")]));
  by("rest").textContent = rows.length;
}

function show() {
  page = 0;
  const now = asked();
  showMails(now);
  showRows(now);
}

for (const field of fields) field.addEventListener("input", show);
by("clear").addEventListener("click", () => {
  for (const field of fields) field.value = "";
  show();
});
by("filters").hidden = false;
show();
