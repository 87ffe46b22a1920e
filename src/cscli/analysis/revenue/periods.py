"""Amounts of subscriptions to money a month: by the term, the billing interval, or what the header says."""

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.line_faults import LineFaults, days_of, numbers_of
from cscli.errors import Severity

Numbers = NDArray[np.float64]
# fmt: off
_PERIODS = (
    (re.compile(r"tri-?ennial"), 36), (re.compile(r"bi-?ennial"), 24), (re.compile(r"semi-?annual|half[- ]?year|bi-?annual|半年|(?<!四)半期"), 6),
    (re.compile(r"quarter|四半期"), 3), (re.compile(r"bi-?month|隔月"), 2),
    (re.compile(r"month|mthly|月額|月払|か月|ヶ月|ヵ月|カ月|ケ月|月契約|月次|毎月|月$|^m$|^mo\.?$|^p1m$"), 1), (re.compile(r"year|annual|yr\b|年額|年払|年一括|年契約|年次|年間|毎年|年$|annum|p\.a\.|^y$|^a$|^p1y$"), 12),
)
# fmt: on
_KANJI = {numeral: number for number, numeral in enumerate("一二三四五六七八九", 1)}
_IN_KANJI = re.compile(
    r"([二三四五六七八九])?(十)?([一二三四五六七八九])?(?<=[一二三四五六七八九十])(?=年|か月|ヶ月|ヵ月|カ月|ケ月|箇月|週|カ年|ヵ年|か年|ヶ年)"
)
_IN_WORDS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "twelve": "12"}
_COUNT_WORD = re.compile(rf"\b({'|'.join(_IN_WORDS)})(?=[\s-]?(?:months?|years?|weeks?|quarters?)(?:ly)?\b)")
_COUNTED = re.compile(
    r"(\d+)[\s-]?(months?|years?|weeks?|days?|quarters?|か月|ヶ月|ヵ月|カ月|ケ月|箇月|月|[カヵかヶ]?年|週間?|日)(?:ly)?(?![a-z])"
)
_NEARLY = 0.05
_A_DAY_OR_TWO = 0.085
"""In months: 28 to 31 days are a month, 365 and 366 a year."""
_QUANTITIES = 3
"""Fewer different ones do not tell whether amounts follow them."""
_WEEKS = re.compile(r"week|週")
_DAYS = re.compile(r"\bdays?\b|daily|日$")
_WEEKS_A_MONTH = 365.25 / 12 / 7


def monthly_amounts(frame: pd.DataFrame, amount_header: str, faults: LineFaults) -> Numbers:
    """`mrr` where given, else the amount of a period divided by its months; NaN where the period is not known.

    `frame`: mrr; amount, or unit_amount and quantity; period_months, or interval with interval_count, as far as
    it has them. `amount_header`: what the file calls the amount.
    """
    given = numbers_of(frame, "mrr")
    amount = _amounts(frame, faults)
    months = _months(frame, amount_header, faults)
    unknown = np.isnan(months) & np.isnan(given) & np.isfinite(amount) & (amount != 0)
    faults.note("revenue.period_unknown", unknown)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_period = np.where(amount == 0, 0.0, amount / months)
    of_ended = _zero_since_the_end(frame, given)
    faults.note("revenue.mrr_before_end", of_ended & (by_period > 0), Severity.WARNING)
    faults.note("revenue.mrr_lost_at_end", of_ended & ~(by_period > 0), Severity.WARNING)
    return np.where(np.isnan(given) | (of_ended & (by_period > 0)), by_period, given)


def _zero_since_the_end(frame: pd.DataFrame, given: Numbers) -> NDArray[np.bool_]:
    """Lines with an end and an `mrr` of 0, where all lines with an end have that: systems set it to 0 then."""
    ended = ~np.isnat(days_of(frame, "ended_on"))
    zero = ended & (given == 0)
    is_rule = zero.sum() == (ended & ~np.isnan(given)).sum() and bool(np.any(given[~ended] > 0))
    return np.asarray(zero & is_rule, dtype=bool)


def months_in(word: str) -> float | None:
    """The months of a billing interval that `word` names; None where it names none, or two that differ."""
    rest = unicodedata.normalize("NFKC", word).casefold().strip()
    rest = _IN_KANJI.sub(_in_digits, rest)
    rest = _COUNT_WORD.sub(lambda match: _IN_WORDS[match[1]], rest)
    found: list[float] = []
    for number, unit in _COUNTED.findall(rest):
        months = float(number) * (_named(unit) or np.nan)
        whole = round(months)
        found.append(float(whole) if whole and abs(months - whole) <= _A_DAY_OR_TWO else months)
    rest = _COUNTED.sub(" ", rest).strip()
    named = _named(rest)
    found += [] if named is None else [named]
    if not found or max(found) - min(found) > _NEARLY * max(found):
        return None
    return found[-1]


def _in_digits(match: re.Match[str]) -> str:
    """十二 as 12, 三 as 3."""
    tens, ten, ones = match.groups()
    if ten is None:
        return "".join(str(_KANJI[each]) for each in (tens, ones) if each)
    return str(10 * _KANJI.get(tens, 1) + _KANJI.get(ones, 0))


def _named(rest: str) -> float | None:
    """The months of the one period that is named without a number."""
    if _WEEKS.search(rest):
        return 1 / _WEEKS_A_MONTH
    if _DAYS.search(rest):
        return 12 / 365.25
    found: set[int] = set()
    for pattern, months in _PERIODS:
        if pattern.search(rest):
            found.add(months)
            rest = pattern.sub(" ", rest)
    return float(found.pop()) if len(found) == 1 else None


def _amounts(frame: pd.DataFrame, faults: LineFaults) -> Numbers:
    amount, unit, quantity = (numbers_of(frame, name) for name in ("amount", "unit_amount", "quantity"))
    product = unit * np.where(np.isnan(quantity), 1.0, quantity)
    by_interval = "interval" in frame.columns and "unit_amount" not in frame.columns
    many = by_interval & (quantity > 1) & np.isfinite(amount)
    of_line = _are_of_lines(amount[many], quantity[many])
    faults.note("revenue.of_whole_lines" if of_line else "revenue.times_quantity", many, Severity.WARNING)
    amount = np.where(many & (not of_line), amount * quantity, amount)
    return np.where(np.isnan(amount), product, amount)


def _are_of_lines(amount: Numbers, quantity: Numbers) -> bool:
    """Whether amounts follow the quantity: prices repeat, so those of one are far fewer than those of whole lines."""
    if len(np.unique(quantity)) < _QUANTITIES:
        return False
    of_one, of_lines = len(np.unique(np.round(amount / quantity, 4))), len(np.unique(np.round(amount, 4)))
    return of_one * 2 <= of_lines


def _months(frame: pd.DataFrame, amount_header: str, faults: LineFaults) -> Numbers:
    term = numbers_of(frame, "period_months")
    billed = _of_interval(frame)
    differ = (term > 0) & (billed > 0) & (term != billed)
    faults.note("revenue.term_and_billing", differ, Severity.WARNING)
    of_header = months_in(amount_header) if amount_header else None
    months = np.where(term > 0, term, np.where(np.isnan(term), billed, np.nan))
    return np.where(np.isnan(months) & np.isnan(term), np.nan if of_header is None else of_header, months)


def _of_interval(frame: pd.DataFrame) -> Numbers:
    if "interval" not in frame.columns:
        return np.full(len(frame), np.nan)
    codes, words = pd.factorize(frame["interval"])
    known = np.array([months_in(str(word)) or np.nan for word in words] + [np.nan])
    count = numbers_of(frame, "interval_count")
    return np.asarray(known[codes] * np.where(count > 0, count, 1.0), dtype=np.float64)
