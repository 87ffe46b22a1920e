// How things are written: texts of the page's language, numbers, money, days.
const D = JSON.parse(document.getElementById("data").textContent);
const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const EN = D.lang === "en";
const MINUS = "\u2212";
const NONE = "\u2013";

function template(key, fields) {
  const one = `${key}.one`;
  return has(D.t, one) && fields && String(fields.count) === "1" ? D.t[one] : has(D.t, key) ? D.t[key] : "";
}
const filled = (text, fields) => text.replace(/\{(\w+)\}/g, (all, name) => (has(fields, name) ? String(fields[name]) : all));
const t = (key, fields = {}) => filled(template(key, fields).replaceAll("*", ""), fields);
// The same with what stands between asterisks in bold; a value's own asterisks stay.
const rich = (key, fields = {}) =>
  template(key, fields)
    .split("*")
    .map((part, at) => (at % 2 ? el("strong", {}, filled(part, fields)) : filled(part, fields)));

const bracketed = (what) => (EN ? ` (${what})` : `（${what}）`);
const listed = (parts) => parts.join(EN ? "; " : "、");

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
function fixed(value, decimals) {
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const shown = grouped(whole) + (part ? `.${part}` : "");
  return (value < 0 && Number(shown.replaceAll(",", "")) !== 0 ? MINUS : "") + shown;
}
const missing = (value) => value === null || value === undefined;
const count = (value) => (missing(value) ? NONE : fixed(value, 0));
const point = (value) => (missing(value) ? NONE : fixed(value, 1));
const share = (value) => (missing(value) ? NONE : `${fixed(100 * value, 0)}%`);
const rate = (value) => (missing(value) ? NONE : `${fixed(100 * value, 1)}%`);
function signed(value) {
  if (missing(value)) return NONE;
  const shown = fixed(value, 1);
  return value > 0 && shown !== "0.0" ? `+${shown}` : shown;
}

const money = (amount) =>
  missing(amount) ? NONE : withSign(amount, D.money.before + fixed(Math.abs(amount), D.money.decimals) + D.money.after);
const withSign = (amount, shown) => (amount < 0 && /[1-9]/.test(shown) ? MINUS : "") + shown;
const STEPS = EN ? [[1e9, "B"], [1e6, "M"], [1e3, "K"]] : [[1e8, "億"], [1e4, "万"]];
const NEAR = EN ? 0.9995 : 0.99995;
function short(amount) {
  if (missing(amount)) return NONE;
  const size = Math.abs(amount);
  const [step, unit] = STEPS.find(([each]) => size >= each * NEAR) || [1, ""];
  const value = size / step;
  const shown = fixed(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
  return withSign(amount, D.money.before + (shown.includes(".") ? shown.replace(/\.?0+$/, "") : shown) + unit + D.money.after);
}

// A metric's value as every other report writes it.
function shown(metric, value) {
  if (missing(value) || value === -1 && metric.kind === "text") return t("no_data");
  const own = metric.decimals;
  if (metric.kind === "text") return metric.words ? metric.words[value] : value;
  if (metric.kind === "share") return `${fixed(100 * value, own ?? (Math.abs(value) >= 0.01 || value === 0 ? 0 : 1))}%`;
  if (metric.kind === "money") return money(value);
  if (metric.kind === "days") return fixed(value, own ?? 0);
  const size = Math.abs(value);
  return fixed(value, own ?? (Number.isInteger(value) || size >= 1000 ? 0 : size >= 10 ? 1 : 2));
}

const DAY = 86400000;
const AS_OF = Date.parse(`${D.as_of}T00:00:00Z`);
const onDay = (offset) => new Date(AS_OF + offset * DAY);
const dayOf = (iso) => (Date.parse(`${iso}T00:00:00Z`) - AS_OF) / DAY;
const two = (number) => String(number).padStart(2, "0");
function longDay(offset) {
  if (missing(offset)) return NONE;
  const day = onDay(offset);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  return EN ? `${date} ${t(`month.${month + 1}`)} ${year}` : `${year}/${two(month + 1)}/${two(date)}`;
}
function shortDay(offset) {
  if (missing(offset)) return NONE;
  const day = onDay(offset);
  if (day.getUTCFullYear() !== onDay(0).getUTCFullYear()) return longDay(offset);
  return EN ? `${day.getUTCDate()} ${t(`month.${day.getUTCMonth() + 1}`)}` : `${two(day.getUTCMonth() + 1)}/${two(day.getUTCDate())}`;
}
const monthOf = (offset) => onDay(offset).toISOString().slice(0, 7);
const monthName = (month) => t(`month.${Number(month.slice(5))}`);
function longMonth(month) {
  return EN ? `${monthName(month)} ${month.slice(0, 4)}` : `${month.slice(0, 4)}年${monthName(month)}`;
}
// How far a day is, in words.
function apart(offset) {
  if (offset === 0) return t("today");
  if (offset === 1) return t("tomorrow");
  if (offset === -1) return t("yesterday");
  return t(offset > 0 ? "in_days" : "days_ago", { days: count(Math.abs(offset)) });
}
const since = () => (D.since ? shortDay(dayOf(D.since)) : "");
