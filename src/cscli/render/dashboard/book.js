// The accounts: what is known of each by its place, and sums over some of them.
const N = D.id.length;
const ALL = Array.from({ length: N }, (_, at) => at);
const BEST = 0;
const WORST = D.bands.length - 2;
const UNKNOWN = D.bands.length - 1;
const CALL = new Map(D.calls.row.map((row, at) => [row, at]));
const DETAIL = D.detailed ? new Map(D.detailed.map((row, at) => [row, at])) : null;
const MOVED = new Map();
for (const kind of ["down", "up", "lost", "regained"]) for (const row of D.diff ? D.diff[kind] : []) MOVED.set(row, kind);
const BY_ID = new Map(D.id.map((id, row) => [id, row]));

// The place of an account among those with course, weeks and metrics; -1: it is not one of them.
const detail = (row) => (DETAIL ? DETAIL.get(row) ?? -1 : row);
const loss = (row) => (CALL.has(row) ? D.calls.loss[CALL.get(row)] : null);
const owner = (row) => D.owner.w[D.owner.a[row]] ?? null;
const segment = (part, row) => part.w[part.a[row]] ?? null;
const metricValue = (metric, row) => (detail(row) < 0 ? null : D.values[metric][detail(row)]);
const metricPoints = (metric, row) => (detail(row) < 0 ? null : D.points[metric][detail(row)]);
const capped = (row) => (has(D.capped, row) ? D.capped[row].map((at) => D.limits[at]) : []);
const typed = (row) => (has(D.typed, row) ? D.typed[row] : {});
const overridden = (row) => typed(row).override || null;
const why = (row) => (D.diff && has(D.diff.why, row) ? D.diff.why[row] : null);

// Sums and means pass over what is missing; of nothing known they are missing, never 0.
function sum(rows, value) {
  let [total, known] = [0, false];
  for (const row of rows) {
    const each = value(row);
    if (missing(each)) continue;
    total += each;
    known = true;
  }
  return known ? total : null;
}
// Of points with one decimal, to one decimal: in tenths, which add up exactly; a half goes up.
function meanPoint(rows, value) {
  let [tenths, n] = [0, 0];
  for (const row of rows) {
    const each = value(row);
    if (missing(each)) continue;
    tenths += Math.round(10 * each);
    n += 1;
  }
  return { value: n ? Math.floor(tenths / n + 0.5) / 10 : null, n };
}
const arr = (row) => D.arr[row];
const known = (rows) => rows.some((row) => D.arr[row] !== null);
// ARR of some of `all`: 0 where others of them have ARR, missing where none has.
const arrOf = (rows, all) => sum(rows, arr) ?? (known(all) ? 0 : null);
function byBand(rows) {
  const found = D.bands.map(() => []);
  for (const row of rows) found[D.band[row]].push(row);
  return found;
}
function compare(one, other) {
  const [a, b] = [D.arr[one] ?? -1, D.arr[other] ?? -1];
  return b - a || (D.id[one] < D.id[other] ? -1 : 1);
}

// Reasons in words: what the score lost by.
function reasons(row, limit = 3) {
  return D.reasons[row].slice(0, limit).map(([metric, lost]) => {
    const value = detail(row) < 0 ? null : shown(D.metrics[metric], metricValue(metric, row));
    return `${D.metrics[metric].label}${value === null ? "" : ` ${value}`}${bracketed(MINUS + fixed(lost, 1))}`;
  });
}
function held(row) {
  const said = overridden(row) ? [overridden(row)] : [];
  return [...capped(row), ...said];
}

// The scores of an account over the runs.
const courseOf = (row) => D.course.map((scores) => scores[detail(row)]);
function courseSaid(row) {
  const values = courseOf(row).filter((value) => !missing(value));
  return t("course_said", { first: point(values[0]), last: point(values[values.length - 1]), count: values.length });
}

const SHAPES = ["●", "◆", "▲", "○"];
const look = (band) => (band === UNKNOWN ? 3 : band === BEST ? 0 : band === WORST ? 2 : 1);
const LOOKS = ["best", "between", "worst", "unknown"];
const shape = (band) => el("span", { class: `shape ${LOOKS[look(band)]}`, "aria-hidden": "true" }, SHAPES[look(band)]);
const chip = (band) => el("span", { class: `chip ${LOOKS[look(band)]}` }, shape(band), D.bands[band][0]);
// From blue through amber to vermilion, whatever the number of bands.
function colour(band) {
  if (band === UNKNOWN) return "#8C98A4";
  const [blue, amber, red] = [[0x2b, 0x7b, 0xba], [0xe9, 0xb2, 0x3c], [0xb3, 0x36, 0x1e]];
  const at = WORST > 0 ? band / WORST : 0;
  const [from, to, part] = at <= 0.5 ? [blue, amber, at * 2] : [amber, red, at * 2 - 1];
  return `#${from.map((each, channel) => Math.round(each + (to[channel] - each) * part).toString(16).padStart(2, "0")).join("")}`;
}
const ink = (band) => (look(band) === 1 ? "#1D2733" : "#FFFFFF");
// When an account renews; `bare`: under a head that says so.
function renewal(row, bare = false) {
  const days = D.renews[row];
  if (days === null) return null;
  const soon = days >= 0 && days <= 31;
  const when = soon ? apart(days) : shortDay(days);
  const said = bare ? when : days < 0 ? t("renewal_over", { day: when }) : t("renews", { when });
  return el("span", { class: soon ? "soon when" : "when" }, said);
}
