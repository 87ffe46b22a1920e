// One account on one page of paper: how it is, why, what to do, what changed, what is at stake.
const briefOf = (row) => el("article", { class: "brief" }, briefHead(row), briefWords(row), facts(row), figuresOf(row), endOf(row));

function briefHead(row) {
  const moved = D.since ? el("span", { class: "under" }, t("change_since", { change: signed(D.change[row]), since: since() })) : null;
  return el(
    "header",
    {},
    el("div", {}, el("h1", {}, D.name[row]), el("p", {}, D.id[row], " · ", t("as_of", { day: longDay(0) }), " ", el("span", { class: "internal" }, t("internal")))),
    el("p", { class: "score" }, el("span", { class: "number" }, point(D.score[row])), el("span", {}, chip(D.band[row]), moved)),
  );
}

function briefWords(row) {
  const said = [];
  const limits = capped(row);
  if (overridden(row)) said.push(t("brief.override", { score: point(D.score[row]), what: overridden(row) }));
  else if (limits.length) said.push(t("brief.held", { score: point(D.score[row]), what: listed(limits) }));
  if (D.band[row] === UNKNOWN) said.push(t("brief.unknown", { share: `${D.coverage[row]}%` }));
  const lost = reasons(row);
  if (lost.length) said.push(t("brief.loses", { reasons: listed(lost) }));
  if (CALL.has(row)) {
    const from = D.calls.since[CALL.get(row)];
    if (!missing(from)) said.push(t("brief.listed", { day: longDay(from) }));
    if (D.calls.held[CALL.get(row)]) said.push(t("held_over.means"));
  }
  return el("p", { class: "words" }, said.join(t("head.join")));
}

function facts(row) {
  const said = [];
  const add = (label, value, more = null) => {
    if (!missing(value)) said.push(el("div", {}, el("dt", {}, label), el("dd", {}, value, more)));
  };
  if (D.arr[row] !== null) add("ARR", money(D.arr[row]));
  const days = D.renews[row];
  if (days !== null) add(t("head_of.renews"), longDay(days), el("span", { class: days >= 0 && days <= 31 ? "soon" : "under-inline" }, bracketed(apart(days))));
  add(t("owner"), owner(row));
  for (const part of [...D.segs].sort((one, other) => (other.id === "team") - (one.id === "team"))) add(part.label, segment(part, row));
  if (D.cards.length > 1 && D.card[row] >= 0) add(t("scorecard"), D.cards[D.card[row]].label);
  if (D.tenure[row] !== null) add(t("tenure"), t("months_n", { count: count(D.tenure[row]) }));
  if (D.worth && D.worth[row] !== null) add(t("worth"), short(D.worth[row]));
  add(t("coverage"), `${count(D.coverage[row])}%`);
  return el("dl", { class: "facts" }, said);
}

function figuresOf(row) {
  if (detail(row) < 0) return nothing("brief.short");
  return [el("div", { class: "two" }, coursePicture(row), weeksPicture(row)), scorecardTable(row)];
}

function coursePicture(row) {
  const values = courseOf(row);
  const title = el("h2", {}, t("score"));
  const n = values.filter((value) => !missing(value)).length;
  if (n < 2) return el("section", {}, title, nothing("course.none"));
  const marks = (has(D.marks, row) ? D.marks[row] : []).map(([at, label]) => ({ at, label }));
  for (const at of D.rules_changed) if (!missing(values[at])) marks.push({ at, label: t("mark.rules") });
  const labels = D.runs.map((day) => shortDay(dayOf(day)));
  const said = [courseSaid(row), ...marks.map(({ at, label }) => `${labels[at]}: ${label}`)].join(". ");
  const figures = table({ caption: t("score"), heads: [{ label: t("day") }, { label: t("score"), num: true }], rows: values.map((value, at) => [longDay(dayOf(D.runs[at])), point(value)]) });
  return el("section", {}, title, lineWithZones({ values, labels, marks, said, width: room("half") }), asTable(figures));
}

function weeksPicture(row) {
  if (!D.weeks) return null;
  const users = D.weeks.users[detail(row)];
  const title = el("h2", {}, t("weeks"));
  if (!users) return el("section", {}, title, nothing("weeks.none"));
  const labels = D.weeks.mondays.map((day) => shortDay(dayOf(day)));
  const said = t("weeks.said", { most: count(Math.max(...users)), last: count(users[users.length - 1]) });
  const drawn = columns({ categories: labels.map((label) => ({ label })), series: [{ label: t("weeks"), fill: "#2B7BBA", values: users }], said, width: room("half"), height: 140 });
  const figures = table({ caption: t("weeks"), heads: [{ label: t("week_of") }, { label: t("people"), num: true }], rows: users.map((value, at) => [longDay(dayOf(D.weeks.mondays[at])), count(value)]) });
  return el("section", {}, title, drawn, el("p", { class: "means" }, said), asTable(figures));
}

function scorecardTable(row) {
  if (D.card[row] < 0) return nothing("brief.no_card");
  const peers = D.peers[D.peer[row]];
  const heads = [{ label: t("metric") }, { label: t("value"), num: true }, { label: peers.label ? t("usual_in", { name: peers.label }) : t("usual"), num: true }, { label: t("full_at"), num: true, cls: "full" }, { label: "", unseen: t("bar"), cls: "wide" }, { label: t("points"), num: true }, { label: t("costs"), num: true }];
  const made = D.cards[D.card[row]].groups.map(({ label, weight, metrics }) => [
    el("tr", { role: "row", class: "group" }, el("th", { scope: "rowgroup", role: "rowheader", colspan: 7 }, t("group", { label, weight }))),
    metrics.map((at) => metricLine(row, at, peers)),
  ]);
  const drawn = table({ caption: t("makes_score"), heads, rows: [], cls: "scorecard" });
  fill(drawn.tBodies[0], {}, made);
  return el("section", {}, el("h2", {}, t("makes_score")), drawn);
}
function metricLine(row, at, peers) {
  const metric = D.metrics[at];
  const lost = D.lost[at][row];
  const usual = metric.kind === "text" ? peers.typical[at] ?? NONE : missing(peers.typical[at]) ? NONE : shown(metric, peers.typical[at]);
  const points = metricPoints(at, row);
  const cost = missing(lost) ? NONE : lost > 0 ? MINUS + fixed(lost, 1) : "0";
  const cell = (content, cls) => el("td", { role: "cell", class: cls }, content);
  return el(
    "tr",
    { role: "row" },
    el("th", { scope: "row", role: "rowheader" }, metric.label),
    cell(shown(metric, metricValue(at, row)), "num"),
    cell(usual, "num quiet"),
    cell(missing(metric.full) ? NONE : shown(metric, metric.full), "num quiet full"),
    cell(meter(points ?? 0, 100), "wide"),
    cell(count(points), "num"),
    cell(cost, `num ${lost >= 5 ? "soon" : ""}`),
  );
}

function endOf(row) {
  return el("div", { class: "two" }, el("section", {}, el("h2", {}, t("to_do")), toDo(row)), el("section", {}, el("h2", {}, D.since ? t("since_day", { day: longDay(dayOf(D.since)) }) : t("changed")), changed(row), atStake(row), people(row)));
}
function toDo(row) {
  const items = [];
  const box = (title, more, text) => el("li", {}, el("span", { class: "box", "aria-hidden": "true" }), el("div", {}, el("strong", {}, title), more, el("span", { class: "under" }, text)));
  const at = CALL.get(row);
  for (const [place, book] of (at === undefined ? [] : D.calls.books[at]).entries()) {
    const days = place ? null : D.calls.due[at];
    const late = days < 0 ? ` · ${t("overdue", { count: count(-days) })}` : "";
    const due = missing(days) ? "" : ` · ${t("by_day", { day: longDay(days) })}`;
    items.push(box(D.books[book].label, `${due}${late} · ${t("hours_n", { hours: fixed(D.books[book].hours, 1) })}`, D.books[book].text));
  }
  (D.late?.row ?? []).forEach((each, place) => {
    if (each !== row) return;
    const days = D.late.days[place];
    items.push(box(D.late.promise[place], ` · ${D.late.status[place]}`, missing(days) ? "" : t("late.days", { count: count(days) })));
  });
  D.grow.row.forEach((each, place) => {
    if (each !== row) return;
    const play = D.plays[D.grow.play[place]];
    items.push(box(play.label, ` · ${play.kind}`, missing(D.grow.potential[place]) ? "" : t("potential", { mrr: money(D.grow.potential[place]) })));
  });
  return items.length ? el("ul", { class: "todo" }, items) : nothing("to_do.none");
}
function changed(row) {
  if (!D.diff) return nothing("card.changes.none");
  if (D.diff.came.includes(row)) return el("p", {}, t("changed.new"));
  const said = why(row);
  return el("p", { class: said ? null : "none" }, said || t("changed.little", { points: D.diff.least }));
}
function atStake(row) {
  if (loss(row) === null) return null;
  const chance = share(D.calls.chance[CALL.get(row)]);
  return el("p", {}, t("at_stake", { loss: money(loss(row)), chance }));
}
function people(row) {
  const own = typed(row);
  const said = [];
  if (own.sentiment) said.push([t("sentiment"), `${own.sentiment}${own.sentiment_on ? bracketed(own.sentiment_on) : ""}`]);
  if (own.override) said.push([t("override"), own.override]);
  if (own.next_step) said.push([t("next_step"), own.next_step]);
  if (own.note) said.push([t("note"), own.note]);
  return said.length ? el("dl", { class: "typed" }, said.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))) : null;
}
