"""Accounts that had something and accounts that had not to whether fewer of them left, over strata and after a landmark."""

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference, Stratum, compare

OUTCOME_MONTHS = 6
"""What somebody had is counted before, leaving within so many months before the day of the report."""


def landmark_of(as_of: dt.date) -> pd.Timestamp:
    """The day that parts what somebody had from what came of it."""
    return pd.Timestamp(as_of) - pd.DateOffset(months=OUTCOME_MONTHS)


def compare_at_landmark(
    frame: pd.DataFrame,
    had: "Iterable[np.typing.NDArray[np.bool_]]",
    strata: "pd.Series[str]",
    as_of: dt.date,
) -> list[Difference]:
    """Each of `had` (by row of `frame`, until the landmark) against the rest, of the accounts that were there at the landmark: how many left after it, so that
    nobody is counted as safe for the time that had to pass first. `frame`: started_on, churned_on of all accounts, those too that have left.
    """
    mark, day = landmark_of(as_of), pd.Timestamp(as_of)
    started, churned = frame["started_on"], frame["churned_on"]
    there = (~(started > mark) & ~(churned <= mark)).to_numpy(bool)
    left = ((churned > mark) & (churned <= day)).to_numpy(bool)
    return [compare_groups(each[there], left[there], strata[there]) for each in had]


def compare_groups(
    used: "np.typing.NDArray[np.bool_]", left: "np.typing.NDArray[np.bool_]", strata: "pd.Series[str]"
) -> Difference:
    """Who had something against who had not, over strata; a stratum that is missing is one of its own."""
    names = strata.astype(object).where(strata.notna(), "").to_numpy(dtype=object)
    parts = []
    for name in sorted({str(each) for each in names}):
        mine = names == name
        parts.append(
            Stratum(
                used=int((mine & used).sum()), used_left=int((mine & used & left).sum()),
                not_used=int((mine & ~used).sum()), not_used_left=int((mine & ~used & left).sum()),
            )
        )  # fmt: skip
    return compare(parts)


def difference_table(keys: pd.DataFrame, found: Sequence[Difference]) -> pd.DataFrame:
    """`keys` with used, used_left, not_used, not_used_left, difference (crude), adjusted, low, high, verdict."""
    numbers = {
        name: [float(getattr(each, name)) for each in found]
        for name in ("used", "used_left", "not_used", "not_used_left", "crude", "adjusted", "low", "high")
    }
    verdicts = pd.Series([each.verdict for each in found], dtype=object)
    table = keys.reset_index(drop=True).assign(**numbers, verdict=verdicts)
    return table.rename(columns={"crude": "difference"})
