"""Subscriptions, monthly figures or the bare accounts table to monthly recurring revenue by account and month end."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.mrr_lines import NEVER, LineFacts, Lines, Rates, read_lines
from cscli.errors import Location, Problem, Severity

UNITS_PER_MONEY = 10_000
"""MRR is kept in whole ten-thousandths of a currency unit: sums are exact, and no movement comes from rounding."""

BELOW_ZERO = 1
"""Units of an account whose lines sum to less than nothing: it is there, and counts as good as 0."""

Locate = Callable[[int], Location]
Kind = Literal["subscriptions", "mrr", "accounts"]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class MrrHistory:
    """MRR at month ends. `account_ids`: sorted; `months`: datetime64[M], without gaps, from the first month with
    MRR to the last whole month; `units`: accounts x months, in 1/10,000 of the base currency at constant rates;
    `revaluation`: what month-end rates add to that, or None; `left_out`: accounts whose lines have no known value.
    """

    account_ids: NDArray[np.object_]
    months: "NDArray[np.datetime64]"
    units: Integers
    revaluation: Integers | None = None
    left_out: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The months as YYYY-MM."""
        return [str(month) for month in self.months]

    def money(self) -> NDArray[np.float64]:
        """Accounts x months, in the base currency at constant rates."""
        return np.where(self.units == BELOW_ZERO, 0, self.units) / UNITS_PER_MONEY

    def at(self, month: str) -> int:
        """The column of `month` (YYYY-MM); KeyError outside of the history."""
        offset = int((np.datetime64(month, "M") - self.months[0]).astype(np.int64))
        if not 0 <= offset < len(self.months):
            raise KeyError(month)
        return offset

    def rows_of(self, account_ids: NDArray[np.object_]) -> Integers:
        """The row of each of `account_ids`, -1 for accounts without a line."""
        return np.asarray(pd.Index(self.account_ids).get_indexer(pd.Index(account_ids)), dtype=np.int64)


def read_mrr(
    kind: Kind,
    frame: pd.DataFrame,
    as_of: dt.date,
    rates: Rates,
    locate: Locate | None = None,
    facts: LineFacts = LineFacts(),  # noqa: B008 - frozen
) -> tuple[MrrHistory, tuple[Problem, ...]]:
    """MRR by account and month end up to the last whole month of `as_of`, and what is wrong with the table.

    `frame` by `kind`: subscriptions has account_id, started_on, ended_on (datetime64, the first day without it) and
    mrr or amount with period_months; mrr has account_id, month (datetime64), mrr; accounts has account_id, mrr,
    started_on, churned_on. All may have currency, plan, kind (text) and trial (boolean). A line counts at a month
    end d when started_on <= d and not ended_on <= d, with amount / period_months; trials, free plans and one-off
    lines count 0. `locate`: the place in the file of a row of `frame`.
    """
    lines, problems = read_lines(kind, frame, rates, locate or _nowhere, as_of, facts)
    last = last_whole_month(as_of)
    if kind == "mrr":
        problems += _find_doubled(lines)
        lines, last, more = _bridge_gaps(lines, last)
        problems += more
    history = _spread(lines, last, rates)
    below = np.flatnonzero((history.units < 0).any(axis=1))
    if len(below):
        shown = ", ".join(str(name) for name in history.account_ids[below][:3])
        details = {"count": len(below)}
        problems.append(
            Problem("revenue.negative_mrr", severity=Severity.WARNING, value=shown, details=details)
        )
        history.units[history.units < 0] = BELOW_ZERO
    return history, tuple(problems)


def last_whole_month(as_of: dt.date) -> np.datetime64:
    """The month of `as_of` if that is its last day, else the month before."""
    tomorrow = as_of + dt.timedelta(days=1)
    return np.datetime64(f"{tomorrow.year:04d}-{tomorrow.month:02d}", "M") - np.timedelta64(1, "M")


def _nowhere(_row: int) -> Location:
    return Location()


def _find_doubled(lines: Lines) -> list[Problem]:
    keys = pd.Series(lines.account * NEVER + lines.begin)
    doubled = np.flatnonzero(keys.duplicated())
    if not len(doubled):
        return []
    shown = str(lines.account_ids[lines.account[doubled[0]]])
    return [
        Problem("revenue.month_twice", severity=Severity.NOTE, value=shown, details={"count": len(doubled)})
    ]


def _bridge_gaps(lines: Lines, last: np.datetime64) -> tuple[Lines, np.datetime64, list[Problem]]:
    """Months of a monthly table without any row keep the figures of the month before: nobody has left in them."""
    end = int(last.astype(np.int64))
    present = np.unique(lines.begin[lines.begin <= end])
    if not len(present):
        return lines, last, []
    problems = []
    missing = np.setdiff1d(np.arange(present[0], present[-1]), present)
    if len(missing):
        names = ", ".join(np.datetime_as_string(missing.astype("datetime64[M]")).tolist()[:12])
        problems.append(Problem("revenue.month_missing", value=names, details={"count": len(missing)}))
    if present[-1] < end:
        details = {"last": str(present[-1].astype("datetime64[M]")), "expected": str(last)}
        problems.append(Problem("revenue.months_stop_early", severity=Severity.WARNING, details=details))
    following = np.append(present[1:], present[-1] + 1)
    place = np.clip(np.searchsorted(present, lines.begin), 0, len(present) - 1)
    ending = np.where(lines.begin <= present[-1], following[place], lines.ending)
    return lines.ending_at(ending), np.datetime64(int(present[-1]), "M"), problems


def _spread(lines: Lines, last: np.datetime64, rates: Rates) -> MrrHistory:
    end = int(last.astype(np.int64)) + 1
    paying = (lines.mrr != 0) & (lines.begin < end) & (lines.ending > lines.begin)
    first = int(lines.begin[paying].min()) if paying.any() else end - 1
    months = np.arange(first, end).astype("datetime64[M]")
    active = lines.only(paying)
    constant = active.mrr * active.rate
    units = _to_units(_sum_by_month(active, constant, first, end))
    revaluation = _revalue(active, rates, months) if rates.by_month else None
    return MrrHistory(
        account_ids=lines.account_ids,
        months=months,
        units=units,
        revaluation=revaluation,
        left_out=lines.left_out,
    )


def _sum_by_month(lines: Lines, money: NDArray[np.float64], first: int, end: int) -> NDArray[np.float64]:
    """Accounts x months. Differences where lines begin and end, then running sums: no loop over months."""
    width = end - first + 1
    rows = lines.account * width
    begin = np.clip(lines.begin, first, end) - first
    ending = np.clip(lines.ending, first, end) - first
    places = np.concatenate([rows + begin, rows + ending])
    size = len(lines.account_ids) * width
    steps = np.bincount(places, weights=np.concatenate([money, -money]), minlength=size)
    return np.cumsum(steps.reshape(-1, width)[:, :-1], axis=1)


def _to_units(money: NDArray[np.float64]) -> Integers:
    return np.rint(money * UNITS_PER_MONEY).astype(np.int64)


def _revalue(lines: Lines, rates: Rates, months: "NDArray[np.datetime64]") -> Integers:
    first = int(months[0].astype(np.int64))
    total = np.zeros((len(lines.account_ids), len(months)))
    for currency, by_month in sorted(rates.by_month.items()):
        constant = rates.constant.get(currency)
        if constant is None or currency == rates.base:
            continue
        spot = np.array([by_month.get(str(month), constant) for month in months])
        chosen = lines.only(lines.currency == currency)
        total += _sum_by_month(chosen, chosen.mrr, first, first + len(months)) * (spot - constant)
    return _to_units(total)
