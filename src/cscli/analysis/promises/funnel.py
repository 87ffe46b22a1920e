"""The long form of milestones to shares in time and days until reached, by milestone, cohort and owner."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.comparing.durations import LEFT, OPEN, REACHED, Reached, share_reached
from cscli.analysis.promises import milestones as m
from cscli.analysis.revenue.retention import wilson

FEWEST = 10
"""Accounts whose limit has passed, below which no share of an owner is shown."""
MEASURES = (
    "accounts",
    "limit_passed",
    "in_time",
    "share",
    "low",
    "high",
    "reached",
    "undated",
    "median_days",
)


def funnel(
    course: pd.DataFrame, day: pd.Timestamp, keys: Sequence[Hashable], names: NDArray[np.object_]
) -> pd.DataFrame:
    """One row for each of `keys` in their order, under the column `key`: accounts, limit_passed, in_time, share (of those whose limit has passed),
    low, high (Wilson, 95%), reached, undated (of those reached, on a day that nobody knows), median_days (Aalen-Johansen; NaN: half are not there).
    `names`: the key of each row of `course`.

    Who began before the first run looked is left out of shares and days, whether it got there or not: to leave out only those that did, undated,
    would count the slow ones alone.
    """
    rows = [{"key": key, **_measures(course[names == key], day)} for key in keys]
    return pd.DataFrame(rows, columns=["key", *MEASURES])


def judged(course: pd.DataFrame) -> pd.DataFrame:
    """The rows whom the milestone concerns, and whose day would be known."""
    return course[(course["status"] != m.NOT_APPLICABLE) & course["watched"].to_numpy(bool)]


def reached_curve(course: pd.DataFrame) -> Reached:
    """The share that has reached the milestone by each day since the start; `course` is of one milestone."""
    counted = judged(course)
    there = counted["reached_on"].notna().to_numpy()
    waited = days_waited(counted)
    days = np.where(there, np.maximum(counted["days"].to_numpy(np.float64), 0), waited)
    gone = (counted["status"] == m.LEFT).to_numpy()
    return share_reached(days, np.where(there, REACHED, np.where(gone, LEFT, OPEN)))


def _measures(course: pd.DataFrame, day: pd.Timestamp) -> dict[str, float]:
    counted = course[course["status"] != m.NOT_APPLICABLE]
    followed = judged(course)
    passed = followed[followed["due_on"] <= day]
    in_time = int((passed["status"] == m.IN_TIME).sum())
    share = wilson(in_time, len(passed))
    return {
        "accounts": len(counted),
        "limit_passed": len(passed),
        "in_time": in_time,
        "share": np.nan if share.value is None else share.value,
        "low": np.nan if share.low is None else share.low,
        "high": np.nan if share.high is None else share.high,
        "reached": int(counted["status"].isin(m.REACHED).sum()),
        "undated": int((counted["status"] == m.REACHED_UNDATED).sum()),
        "median_days": reached_curve(course).median_days,
    }


def days_waited(course: pd.DataFrame) -> NDArray[np.float64]:
    """From the start until the milestone could no longer be reached, or until the day of the report."""
    return np.asarray((course["ended_on"] - course["start"]).dt.days, dtype=np.float64)
