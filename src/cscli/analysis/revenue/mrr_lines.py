"""Rows of subscriptions, monthly figures or accounts to lines of MRR: when each begins and ends, and its amount."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.line_ends import EndFacts, Ends, settle_ends
from cscli.analysis.revenue.line_faults import LineFaults, days_of, numbers_of
from cscli.analysis.revenue.line_status import begin_after_trial, does_not_recur, drop_repeated, says_left
from cscli.analysis.revenue.periods import monthly_amounts
from cscli.analysis.tables.numbers import currency_named
from cscli.config.blocks.status import StatusWords
from cscli.errors import Location, Problem, Severity

NEVER = np.int64(12 * 10_000)
"""The month index of lines that have no end."""

LARGEST_MRR = 1e12
"""A line above this is no amount of money but a damaged cell; sums of less stay exact."""

_EARLIEST = np.datetime64("1980-01", "M").astype(np.int64)


@dataclass(frozen=True)
class Rates:
    """Money of other currencies in `base` (ISO code; None: the only one in the table). `constant`: one rate a
    currency; `by_month`: the month-end rate by currency and YYYY-MM, for the fx line, where given.
    """

    base: str | None = None
    constant: Mapping[str, float] = field(default_factory=dict)
    by_month: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines:
    """One entry a usable line: `account` into `account_ids` (sorted), `begin` and `ending` (the first month end
    without it) as months since 1970-01, `mrr` in its own currency, `rate` to the base currency.
    """

    account_ids: NDArray[np.object_]
    account: NDArray[np.int64]
    begin: NDArray[np.int64]
    ending: NDArray[np.int64]
    mrr: NDArray[np.float64]
    rate: NDArray[np.float64]
    currency: NDArray[np.object_]
    left_out: tuple[str, ...]

    def only(self, chosen: NDArray[np.bool_]) -> "Lines":
        """The lines where `chosen`, of the same accounts."""
        names = ("account", "begin", "ending", "mrr", "rate", "currency")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def ending_at(self, ending: NDArray[np.int64]) -> "Lines":
        """The same lines with other ends."""
        return replace(self, ending=ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What the file calls the end, the amount and the status of its lines, what the config pins of them, and whether
    any account is known to have left.
    """

    end_header: str = ""
    amount_header: str = ""
    status_header: str = ""
    ends: Ends | None = None
    status: StatusWords | None = None
    anyone_left: bool = True


def read_lines(
    kind: str,
    frame: pd.DataFrame,
    rates: Rates,
    locate: Callable[[int], Location],
    as_of: dt.date,
    facts: LineFacts,
) -> tuple[Lines, list[Problem]]:
    """The lines of `frame` (columns as in `mrr.read_mrr`). Lines without account or start, and those that end
    before they start, are left out; an account with a line of unknown value is left out as a whole.
    """
    faults = LineFaults(frame["account_id"].to_numpy(dtype=object), locate)
    repeated = np.zeros(len(frame), dtype=bool)
    if kind != "accounts":
        repeated = ~drop_repeated(frame, kind, faults)
    nothing = (
        does_not_recur(frame, faults, facts.status, facts.status_header) if kind != "accounts" else repeated
    )
    if kind == "subscriptions":
        frame = begin_after_trial(frame, faults)
        ends = EndFacts(facts.end_header, as_of, facts.ends, facts.anyone_left)
        left = says_left(frame, facts.status, facts.status_header)
        frame = settle_ends(frame, ends, faults, left)
    named = frame["account_id"].notna().to_numpy()
    faults.note("revenue.no_account", ~named)
    begin, ending = _months_of(kind, frame)
    if kind == "accounts":
        begin = _assume_starts(begin, ending, numbers_of(frame, "mrr"), as_of, faults)
    begins = begin != NEVER
    faults.note("revenue.no_start", named & ~begins, money=_money_of(frame, named & ~begins))
    backwards = begins & named & _ends_before_start(kind, frame)
    faults.note("revenue.churn_before_start", backwards)
    currency, rate = _rate_of(frame, rates)
    mrr = _monthly_amount(frame, facts, nothing, faults)
    usable = named & begins & ~backwards & ~repeated
    dated = begin < _EARLIEST
    faults.note("revenue.start_too_early", usable & dated, Severity.WARNING)
    unvalued = _find_unvalued(kind, mrr, rate, usable, faults)
    months = (np.maximum(begin, _EARLIEST), ending)
    return _gather(faults.ids, usable, unvalued, months, (mrr, rate, currency)), faults.found


def _assume_starts(
    begin: NDArray[np.int64],
    ending: NDArray[np.int64],
    mrr: NDArray[np.float64],
    as_of: dt.date,
    faults: LineFaults,
) -> NDArray[np.int64]:
    """Accounts that pay and have no start are there from the first month that is known."""
    unknown = (begin == NEVER) & (mrr > 0)
    faults.note("revenue.start_assumed", unknown, Severity.WARNING)
    known = begin[begin != NEVER]
    first = known.min() if len(known) else (as_of.year - 1970) * 12 + as_of.month - 3
    return np.where(unknown, np.minimum(first, ending - 1), begin)


def _money_of(frame: pd.DataFrame, rows: NDArray[np.bool_]) -> str:
    money = numbers_of(frame, "mrr")[rows]
    return "-" if np.isnan(money).all() else f"{np.nansum(money):,.0f}"


def _months_of(kind: str, frame: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if kind == "mrr":
        begin = _month_index(days_of(frame, "month"))
        return begin, np.where(begin == NEVER, NEVER, begin + 1)
    end = "ended_on" if kind == "subscriptions" else "churned_on"
    return _month_index(days_of(frame, "started_on")), _month_index(days_of(frame, end))


def _month_index(days: "NDArray[np.datetime64]") -> NDArray[np.int64]:
    return np.where(np.isnat(days), NEVER, days.astype("datetime64[M]").astype(np.int64))


def _ends_before_start(kind: str, frame: pd.DataFrame) -> NDArray[np.bool_]:
    if kind == "mrr":
        return np.zeros(len(frame), dtype=bool)
    ends = days_of(frame, "ended_on" if kind == "subscriptions" else "churned_on")
    # NaT compares as False
    return np.asarray(ends < days_of(frame, "started_on"), dtype=bool)


def _monthly_amount(
    frame: pd.DataFrame, facts: LineFacts, nothing: NDArray[np.bool_], faults: LineFaults
) -> NDArray[np.float64]:
    """`mrr`, else the amount by its period; 0 for what does not recur; NaN where unknown."""
    mrr = np.where(nothing, 0.0, monthly_amounts(frame, facts.amount_header, faults))
    faults.note("revenue.negative", mrr < 0, Severity.WARNING)
    return np.where(np.abs(mrr) <= LARGEST_MRR, mrr, np.nan)


def _rate_of(frame: pd.DataFrame, rates: Rates) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """The currency of each line and its constant rate, NaN where none was given."""
    if "currency" not in frame.columns:
        return np.full(len(frame), rates.base or "", dtype=object), np.ones(len(frame))
    codes, written = pd.factorize(frame["currency"])
    names = [currency_named(str(name)) for name in written]
    base = rates.base or _only_or_most(codes, names)
    constant = {base: 1.0, "": 1.0, **{key: rate for key, rate in rates.constant.items() if key != base}}
    known = np.array([constant.get(name, np.nan) for name in names] + [1.0])
    labels = np.array([*names, base], dtype=object)
    return labels[codes], known[codes]


def _only_or_most(codes: NDArray[np.intp], names: list[str]) -> str:
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return min(zip(-counts, names, strict=True), default=(0, ""))[1]


def _find_unvalued(
    kind: str,
    mrr: NDArray[np.float64],
    rate: NDArray[np.float64],
    usable: NDArray[np.bool_],
    faults: LineFaults,
) -> NDArray[np.bool_]:
    no_rate = usable & np.isnan(rate) & (mrr != 0)
    no_amount = usable & np.isnan(mrr)
    faults.note("revenue.no_rate", no_rate)
    faults.note("revenue.no_amount", no_amount, Severity.WARNING if kind == "accounts" else Severity.ERROR)
    return np.asarray(no_rate | no_amount, dtype=bool)


def _gather(
    ids: NDArray[np.object_],
    usable: NDArray[np.bool_],
    unvalued: NDArray[np.bool_],
    months: tuple[NDArray[np.int64], NDArray[np.int64]],
    money: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]],
) -> Lines:
    codes, names = pd.factorize(ids)
    out = np.zeros(len(names) + 1, dtype=bool)
    out[codes[unvalued]] = True
    keep = usable & ~out[codes]
    account, account_ids = pd.factorize(ids[keep], sort=True)
    mrr, rate, currency = money[0][keep], money[1][keep], money[2][keep]
    begin, ending = months[0][keep], months[1][keep]
    left_out = tuple(sorted(str(name) for name in names[out[:-1]]))
    account_ids = np.asarray(account_ids, dtype=object)
    # A line of 0 needs no rate.
    rate = np.where(np.isnan(rate), 1.0, rate)
    return Lines(
        account_ids=account_ids,
        account=account.astype(np.int64),
        begin=begin,
        ending=ending,
        mrr=mrr,
        rate=rate,
        currency=currency,
        left_out=left_out,
    )
