"""A history of MRR to what looks wrong in it: figures that would change every answer drawn from it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, Integers, MrrHistory
from cscli.errors import Problem, Severity

_SHOWN = 3
_MASS = 0.5
_SHORT_GAP = 2
_MASS_ACCOUNTS = 10


def check_history(history: MrrHistory) -> tuple[Problem, ...]:
    """Jumps by twelve (an annual amount in a monthly column), amounts once a year, and months in which half of
    the accounts (of ten or more) leave at once.
    """
    found = [
        *_find_twelve_fold(history),
        *_find_yearly(history),
        *_find_mass_churn(history),
        *_find_short_gaps(history),
    ]
    return tuple(found)


def check_churn_dates(
    history: MrrHistory, account_ids: NDArray[np.object_], churned_on: "NDArray[np.datetime64]"
) -> tuple[Problem, ...]:
    """Accounts with MRR at the end of the month of their churn date or later; `churned_on`: NaT while they stay."""
    rows = history.rows_of(account_ids)
    known = (rows >= 0) & ~np.isnat(churned_on)
    days = churned_on[known].astype("datetime64[M]").astype(np.int64)
    month = days - history.months[0].astype(np.int64)
    still = _last_month_paid(history.units[rows[known]]) >= month
    return _problem("revenue.mrr_after_churn", Severity.ERROR, account_ids[known][still])


def _last_month_paid(units: Integers) -> NDArray[np.int64]:
    """The column of the last month with MRR by row; -2 where there is none."""
    paid = units > 0
    last = paid.shape[1] - 1 - np.argmax(paid[:, ::-1], axis=1)
    # below any month before the history, to which early churn dates lead
    return np.where(paid.any(axis=1), last, np.iinfo(np.int64).min)


def _find_twelve_fold(history: MrrHistory) -> tuple[Problem, ...]:
    """The smaller side is at least one unit of money, so that rounding makes no jump."""
    before, after = history.units[:, :-1], history.units[:, 1:]
    small, large = np.minimum(before, after), np.maximum(before, after)
    jumps = (small >= UNITS_PER_MONEY) & (np.abs(large - 12 * small) * 100 <= 12 * small)
    return _problem("revenue.twelve_fold", Severity.WARNING, history.account_ids[jumps.any(axis=1)])


def _find_yearly(history: MrrHistory) -> tuple[Problem, ...]:
    """Accounts that pay in at least two months, always twelve apart: invoices, not monthly revenue."""
    paid = history.units > 0
    row, column = np.nonzero(paid)
    same = row[1:] == row[:-1]
    apart = np.diff(column)[same]
    number = len(history.account_ids)
    gaps = np.bincount(row[1:][same], minlength=number)
    yearly = np.bincount(row[1:][same], weights=apart == 12, minlength=number)
    return _problem(
        "revenue.paid_once_a_year", Severity.WARNING, history.account_ids[(gaps > 0) & (yearly == gaps)]
    )


def _find_short_gaps(history: MrrHistory) -> tuple[Problem, ...]:
    """Accounts that pay nothing for a month or two and then again: a late renewal, or months that are not there."""
    paid = history.units > 0
    short = np.zeros(len(history.account_ids), dtype=bool)
    for gap in range(1, _SHORT_GAP + 1):
        if paid.shape[1] > gap + 1:
            inside = np.logical_or.reduce(
                [paid[:, at : paid.shape[1] - gap - 1 + at] for at in range(1, gap + 1)]
            )
            short |= (paid[:, : -gap - 1] & ~inside & paid[:, gap + 1 :]).any(axis=1)
    return _problem("revenue.gaps", Severity.NOTE, history.account_ids[short])


def _find_mass_churn(history: MrrHistory) -> tuple[Problem, ...]:
    paid = history.units > 0
    opening = paid[:, :-1].sum(axis=0)
    left = (paid[:, :-1] & ~paid[:, 1:]).sum(axis=0)
    mass = np.flatnonzero((opening >= _MASS_ACCOUNTS) & (left >= _MASS * opening)) + 1
    labels = history.labels
    return tuple(
        Problem(
            "revenue.mass_churn",
            severity=Severity.WARNING,
            value=labels[month],
            details={"count": int(left[month - 1]), "total": int(opening[month - 1])},
        )
        for month in mass
    )


def _problem(code: str, severity: Severity, account_ids: NDArray[np.object_]) -> tuple[Problem, ...]:
    if not len(account_ids):
        return ()
    shown = ", ".join(str(name) for name in pd.unique(account_ids)[:_SHOWN])
    return (Problem(code, severity=severity, value=shown, details={"count": len(account_ids)}),)
