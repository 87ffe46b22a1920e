// The address holds all: view, filters, sort, page. Reading and writing it, and the accounts that it means.
const OWN = ["q", "owner", "band", "renews", "sort", "page"];
const keyOf = (part) => (OWN.includes(part.id) ? `s.${part.id}` : part.id);
const CHOICES = [
  ...(D.owner.w.length ? [{ key: "owner", label: t("owner"), values: D.owner.w, at: (row) => D.owner.a[row] }] : []),
  ...D.segs.map((part) => ({ key: keyOf(part), label: part.label, values: part.w, at: (row) => part.a[row] })),
  { key: "band", label: t("band"), values: D.bands.map(([label]) => label), at: (row) => D.band[row] },
];
const NOBODY = "-";

function read(hash) {
  const [path, query] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const asked = new URLSearchParams(query || "");
  const parts = path.split("/").filter(Boolean);
  const state = { view: parts[0] === "a" ? "a" : parts[0] || "", id: null, chosen: {}, q: asked.get("q") || "" };
  if (state.view === "a") state.id = decoded(parts.slice(1).join("/"));
  for (const { key } of CHOICES) if (asked.get(key)) state.chosen[key] = asked.get(key);
  state.renews = /^\d{4}-\d{2}$/.test(asked.get("renews") || "") ? asked.get("renews") : null;
  state.sort = asked.get("sort") || "";
  const page = Number(asked.get("page"));
  state.page = Number.isInteger(page) && page > 0 ? page : 1;
  return state;
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
function address(state) {
  const asked = new URLSearchParams();
  if (state.q) asked.set("q", state.q);
  for (const { key } of CHOICES) if (has(state.chosen, key)) asked.set(key, state.chosen[key]);
  if (state.renews) asked.set("renews", state.renews);
  if (state.view === "accounts" || state.view === "a") {
    if (state.sort) asked.set("sort", state.sort);
    if (state.page > 1 && state.view === "accounts") asked.set("page", state.page);
  }
  const query = asked.toString();
  const path = state.view === "a" ? `a/${encodeURIComponent(state.id)}` : state.view;
  return `#/${path}${query ? `?${query}` : ""}`;
}
const to = (changes) => address({ ...state, ...changes });
const toAccount = (row) => to({ view: "a", id: D.id[row] });

const folded = (text) => text.normalize("NFKC").toLowerCase();
let searched = null; // made when somebody searches first
function sought(row) {
  searched = searched || ALL.map((each) => folded(`${D.name[each]}\n${D.id[each]}\n${owner(each) ?? ""}`));
  return searched[row];
}
function select(state) {
  const words = folded(state.q).split(/\s+/).filter(Boolean);
  const tests = CHOICES.filter(({ key }) => has(state.chosen, key)).map(({ key, values, at }) => {
    const wanted = values.indexOf(state.chosen[key]);
    return wanted < 0 && state.chosen[key] !== NOBODY ? () => false : (row) => at(row) === wanted;
  });
  if (state.renews) tests.push((row) => D.renews[row] !== null && D.renews[row] >= 0 && monthOf(D.renews[row]) === state.renews);
  if (words.length) tests.push((row) => words.every((word) => sought(row).includes(word)));
  return tests.length ? ALL.filter((row) => tests.every((test) => test(row))) : ALL;
}
const isFiltered = (state) => Boolean(state.q || state.renews || Object.keys(state.chosen).length);
// The filter in words, for paper.
function filterWords(state) {
  const said = CHOICES.filter(({ key }) => has(state.chosen, key)).map(({ key, label }) => `${label}: ${state.chosen[key]}`);
  if (state.renews) said.push(t("renewing_in", { month: longMonth(state.renews) }));
  if (state.q) said.push(`“${state.q}”`);
  return said.join(" · ");
}

// What the table can be sorted by; missing values come last in either direction.
const SORTS = new Map([
  ["name", (row) => D.name[row]],
  ["score", (row) => (D.band[row] === UNKNOWN ? null : D.score[row])],
  ["change", (row) => D.change[row]],
  ["renews", (row) => D.renews[row]],
  ["arr", arr],
  ["loss", loss],
]);
function sorting(state) {
  const down = state.sort.startsWith("-");
  const name = down ? state.sort.slice(1) : state.sort;
  if (SORTS.has(name)) return { name, down };
  return D.has_loss ? { name: "loss", down: true } : { name: "score", down: false };
}
const COLLATOR = new Intl.Collator(D.lang, { numeric: true });
function sorted(rows, state) {
  const { name, down } = sorting(state);
  const key = SORTS.get(name);
  const keys = new Map(rows.map((row) => [row, key(row)]));
  const turn = down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [keys.get(one), keys.get(other)];
    if (missing(a) || missing(b)) return missing(a) - missing(b) || compare(one, other);
    return turn * (typeof a === "string" ? COLLATOR.compare(a, b) : a - b) || compare(one, other);
  });
}
