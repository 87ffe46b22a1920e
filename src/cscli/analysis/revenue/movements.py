"""MRR by account and month end to its movements by month: new, reactivation, expansion, contraction, churn, fx."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, Integers, MrrHistory

MOVEMENTS = ("new", "reactivation", "expansion", "contraction", "churn")
_COUNTS = {"new": "accounts_new", "reactivation": "accounts_reactivated", "churn": "accounts_churned"}


@dataclass(frozen=True, eq=False)
class _Month:
    """Units by account before and after, and the accounts of each movement."""

    before: Integers
    after: Integers
    moved: dict[str, NDArray[np.bool_]]

    def total(self, movement: str) -> int:
        rows = self.moved[movement]
        return int(np.abs(self.after[rows] - self.before[rows]).sum())


def move(history: MrrHistory) -> pd.DataFrame:
    """One row a month, from the first with MRR. month (YYYY-MM); money: opening, new, reactivation, expansion,
    contraction, churn (losses positive), fx, closing; accounts: accounts_opening, accounts_new,
    accounts_reactivated, accounts_churned, accounts_closing.

    opening + new + reactivation + expansion - contraction - churn + fx = closing is checked in whole units,
    ArithmeticError where it fails. Opening and closing stand at month-end rates where the history has them.
    """
    months = list(_months(history))
    totals = {name: np.array([month.total(name) for month in months], dtype=np.int64) for name in MOVEMENTS}
    counts = {
        column: np.array([np.count_nonzero(month.moved[name]) for month in months], dtype=np.int64)
        for name, column in _COUNTS.items()
    }
    revaluation = np.zeros(len(months), dtype=np.int64)
    if history.revaluation is not None:
        revaluation = history.revaluation.sum(axis=0)
    closing = history.units.sum(axis=0) + revaluation
    opening = np.concatenate([[0], closing[:-1]])
    fx = np.diff(revaluation, prepend=0)
    _check_identity(history, opening, totals, fx, closing)
    paying = (history.units > 0).sum(axis=0)
    money = {"opening": opening, **totals, "fx": fx, "closing": closing}
    return pd.DataFrame(
        {
            "month": history.labels,
            **{name: units / UNITS_PER_MONEY for name, units in money.items()},
            "accounts_opening": np.concatenate([[0], paying[:-1]]),
            **counts,
            "accounts_closing": paying,
        }
    )


def _months(history: MrrHistory) -> Iterator[_Month]:
    by_month = np.ascontiguousarray(history.units.T)
    before = np.zeros(len(history.account_ids), dtype=np.int64)
    paid_before = before > 0
    for after in by_month:
        yield _Month(before, after, _split(before, after, paid_before))
        paid_before = paid_before | (after > 0)
        before = after


def _split(before: Integers, after: Integers, paid_before: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    starts = (before == 0) & (after > 0)
    stays = (before > 0) & (after > 0)
    return {
        "new": starts & ~paid_before,
        "reactivation": starts & paid_before,
        "expansion": stays & (after > before),
        "contraction": stays & (after < before),
        "churn": (before > 0) & (after == 0),
    }


def _check_identity(
    history: MrrHistory, opening: Integers, totals: dict[str, Integers], fx: Integers, closing: Integers
) -> None:
    gains = totals["new"] + totals["reactivation"] + totals["expansion"]
    wrong = opening + gains - totals["contraction"] - totals["churn"] + fx != closing
    if wrong.any():
        raise ArithmeticError(f"movements do not add up in {history.labels[int(np.argmax(wrong))]}")


def _list_month(history: MrrHistory, label: str, month: _Month) -> pd.DataFrame:
    name = np.full(len(month.after), "", dtype=object)
    for movement, rows in month.moved.items():
        name[rows] = movement
    moved = np.flatnonzero(month.before != month.after)
    before, after = month.before[moved], month.after[moved]
    return pd.DataFrame(
        {
            "month": np.full(len(moved), label, dtype=object),
            "account_id": history.account_ids[moved],
            "movement": name[moved],
            "opening": before / UNITS_PER_MONEY,
            "closing": after / UNITS_PER_MONEY,
            "delta": (after - before) / UNITS_PER_MONEY,
        }
    )
