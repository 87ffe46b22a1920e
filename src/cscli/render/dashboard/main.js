// Addresses to views, the filters above them, and keys.
const main = document.getElementById("main");
const VIEWS = { "": overview, accounts: accountsView, a: accountView, revenue: revenueView, data: dataView };
let state = read(location.hash);
let view = null;

function go(to_) {
  if (location.hash === to_) show();
  else location.hash = to_; // makes an entry; `hashchange` shows it
}
function show() {
  state = read(location.hash);
  if (!has(VIEWS, state.view)) state.view = "";
  const rows = select(state);
  main.replaceChildren(...[VIEWS[state.view](rows)].flat(Infinity).filter(Boolean));
  drawFilters(rows);
  drawNav();
  const title = state.view === "a" && BY_ID.has(state.id) ? D.name[BY_ID.get(state.id)] : t(`nav.${state.view || "overview"}`);
  document.title = `${title} · ${t("title")}`;
  const now = `${state.view}/${state.id}`;
  if (view !== null && view !== now) {
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  view = now;
}

function drawNav() {
  const current = state.view === "a" ? "accounts" : state.view;
  const items = ["", "accounts", "revenue", "data"].map((name) =>
    el("a", { href: to({ view: name, page: 1 }), "aria-current": name === current ? "page" : null }, t(`nav.${name || "overview"}`)),
  );
  document.getElementById("nav").replaceChildren(...items);
}

const search = el("input", { type: "search", id: "q", placeholder: t("search"), "aria-label": t("search"), autocomplete: "off", maxlength: 200, input: typing });
const choices = CHOICES.map(({ key, label, values, at }) => {
  const options = [el("option", { value: "" }, t("all")), ...values.map((value) => el("option", { value }, value))];
  if (ALL.some((row) => at(row) < 0)) options.push(el("option", { value: NOBODY }, t("none")));
  const choose = el("select", { id: `f-${key}`, change: (event) => go(to({ chosen: chosenWith(key, event.target.value), page: 1 })) }, options);
  return { key, choose, shown: el("label", {}, el("span", {}, label), choose) };
});
const month = el("span", { class: "chosen" });
const number = el("span", { role: "status", class: "count" });
const clear = el("a", { href: "#/", class: "clear" }, t("clear"));
const words = el("p", { class: "filter-words" });

function chosenWith(key, value) {
  const chosen = { ...state.chosen };
  if (value) chosen[key] = value;
  else delete chosen[key];
  return chosen;
}
// While somebody types, no entry is made for each letter.
function typing() {
  history.replaceState(null, "", to({ q: search.value, page: 1 }));
  show();
}
function drawFilters(rows) {
  const bar = document.getElementById("filters");
  bar.hidden = ["revenue", "data"].includes(state.view);
  if (search.value !== state.q) search.value = state.q;
  for (const { key, choose } of choices) {
    const wanted = has(state.chosen, key) ? state.chosen[key] : "";
    choose.value = wanted;
    if (choose.value !== wanted) choose.value = "";
  }
  month.replaceChildren(...(state.renews ? [t("renewing_in", { month: longMonth(state.renews) }), el("a", { href: to({ renews: null, page: 1 }), "aria-label": t("remove") }, " ×")] : []));
  const said = t("n_of", { count: count(rows.length), total: count(N) });
  if (number.textContent !== said) number.textContent = said;
  clear.hidden = !isFiltered(state);
  clear.setAttribute("href", cleared());
  words.textContent = isFiltered(state) ? `${filterWords(state)} — ${said}` : "";
}

function keys(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const typing_ = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && (search.value || document.activeElement === search)) {
    search.value = "";
    typing();
    search.blur();
  } else if (!typing_ && event.key === "/" && !document.getElementById("filters").hidden) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (!typing_ && state.view === "a" && (event.key === "j" || event.key === "k")) {
    const target = document.querySelector(event.key === "j" ? ".walk .after" : ".walk .before");
    if (target) go(target.getAttribute("href"));
  }
}

document.getElementById("filters").append(search, ...choices.map(({ shown: each }) => each), month, clear, number);
main.before(words);
document.getElementById("foot").replaceChildren(
  madeFrom(),
  el("p", { class: "keys" }, [["/", "search"], ["j", null], ["k", "walk"], ["Esc", "clear"]].map(([key, said]) => [el("kbd", {}, key), " ", said ? `${t(`key.${said}`)} ` : ""])),
);
window.addEventListener("hashchange", show);
document.addEventListener("keydown", keys);
show();
