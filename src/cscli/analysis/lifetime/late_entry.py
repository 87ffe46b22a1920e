"""Accounts to the month from which their export knows of churn: what came before is no time at risk."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.built_ins import whole_months

FEWEST_MONTHS = 3
"""Churn in fewer different months cannot tell when it began to be known (a file of tenures with a flag)."""

_CHANCE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnKnown:
    """`since`: the first day of the month from which churn is known, None where lifetimes are taken as given;
    `is_pinned`: by the rules. `first`: that of the first churn, `months`: in how many different months accounts left,
    `before`: account-months before the first churn, `expected`: churn expected there at the hazard seen after it, and
    `chance`: of none at all. `cannot_tell`: that chance is small, but churn falls in too few months.
    """

    since: dt.date | None = None
    is_pinned: bool = False
    first: dt.date | None = None
    months: int = 0
    before: int = 0
    expected: float = 0.0
    chance: float = 1.0
    cannot_tell: bool = False


def find_churn_known(
    started_on: "pd.Series[pd.Timestamp]",
    churned_on: "pd.Series[pd.Timestamp]",
    as_of: dt.date,
    pinned: dt.date | None,
) -> ChurnKnown:
    """Of accounts that had started by `as_of`; `churned_on` is missing of those that are still here. `pinned`: the
    month of the rules, which settles it.
    """
    if pinned is not None:
        return ChurnKnown(since=pinned, is_pinned=True)
    left = churned_on.dropna().to_numpy().astype("datetime64[M]")
    if not len(left):
        return ChurnKnown()
    first = pd.Timestamp(left.min()).date()
    ends = churned_on.fillna(pd.Timestamp(as_of))
    lived = _months(started_on, ends)
    before = int(np.minimum(lived, entries(started_on, first)).sum())
    after = int(lived.sum()) - before
    expected = before * len(left) / after if after else float(before)
    chance = float(np.exp(-expected))
    different = len(np.unique(left))
    is_late = chance < _CHANCE
    return ChurnKnown(
        since=first if is_late and different >= FEWEST_MONTHS else None,
        first=first,
        months=different,
        before=before,
        expected=expected,
        chance=chance,
        cannot_tell=is_late and different < FEWEST_MONTHS,
    )


def entries(started_on: "pd.Series[pd.Timestamp]", since: dt.date | None) -> NDArray[np.int64]:
    """Whole months from each start to the first day of the month `since` which churn is known; 0 for later starts."""
    if since is None:
        return np.zeros(len(started_on), dtype=np.int64)
    day = pd.Timestamp(since)
    return _months(started_on.where(started_on < day, day), pd.Series(day, index=started_on.index))


def _months(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> NDArray[np.int64]:
    return np.maximum(whole_months(start, end).to_numpy(np.float64, na_value=0.0), 0.0).astype(np.int64)
