"""Accounts and dates to the status of each milestone of a standard, and of the standard as a whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NOT_APPLICABLE, IN_TIME, REACHED_LATE, REACHED_UNDATED = (
    "not_applicable",
    "in_time",
    "reached_late",
    "reached_undated",
)
LEFT, OVERDUE, SOON, OPEN = "left", "overdue", "soon", "open"
STATUSES = (OVERDUE, SOON, OPEN, IN_TIME, REACHED_LATE, REACHED_UNDATED, LEFT, NOT_APPLICABLE)
REACHED = (IN_TIME, REACHED_LATE, REACHED_UNDATED)
DONE, IN_PROGRESS = "done", "in_progress"
STATES = (OVERDUE, IN_PROGRESS, DONE, LEFT)
_DAY = np.timedelta64(1, "D")
Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class MilestoneFacts:
    """One milestone over the accounts that it concerns. `days`: from the start to its limit. `reached_on`: datetime64[D], NaT
    where it was not; `undated`: reached, nobody knows when; `watched`: whether its day would be known, however early it was; `exempt`: it is not
    for the account, or was waived.
    """

    name: str
    days: int
    reached_on: Days
    undated: Mask
    watched: Mask
    exempt: Mask


@dataclass(frozen=True, slots=True)
class Setting:
    """The day of the report, and from how many days before its limit a milestone is soon due."""

    as_of: dt.date
    soon_days: int


def follow(accounts: pd.DataFrame, milestones: Sequence[MilestoneFacts], setting: Setting) -> pd.DataFrame:
    """The long form, account by account: row (of `accounts`), milestone, due_on, reached_on, status, days (from the start
    until it was reached), days_late, ended_on (when it could no longer be reached: left, or the day of the report), watched (whether its day would
    be known).

    `accounts`: account_id, start (datetime64, none missing), churned_on. A date after the day of the report is not known.
    """
    start = accounts["start"].to_numpy("datetime64[D]")
    churned = accounts["churned_on"].to_numpy("datetime64[D]")
    day = np.datetime64(setting.as_of)
    left = churned <= day
    parts = [_follow_one(start, left, each, day, setting.soon_days) for each in milestones]
    ended = np.where(left, churned, day)
    rows = np.arange(len(accounts))
    columns = {
        "row": np.tile(rows, len(parts)),
        "milestone": np.repeat(np.array([each.name for each in milestones], dtype=object), len(accounts)),
        "place": np.repeat(np.arange(len(parts)), len(accounts)),
        "ended_on": np.tile(ended, len(parts)),
        "start": np.tile(start, len(parts)),
        "watched": np.concatenate([each.watched for each in milestones])
        if parts
        else np.array([], dtype=bool),
    }
    names = ("due_on", "reached_on", "status", "days", "days_late")
    columns |= {
        name: np.concatenate([part[name] for part in parts]) if parts else np.array([]) for name in names
    }
    table = pd.DataFrame(columns).sort_values(["row", "place"], kind="stable", ignore_index=True)
    return table.drop(columns="place")


def _follow_one(
    start: Days, left: Mask, facts: MilestoneFacts, day: np.datetime64, soon_days: int
) -> dict[str, NDArray[np.generic]]:
    due = start + facts.days * _DAY
    known = ~np.isnat(facts.reached_on) & (facts.reached_on <= day) & ~facts.exempt
    reached = np.where(known, facts.reached_on, np.datetime64("NaT"))
    is_late = day > due
    is_soon = (due - day) <= soon_days * _DAY
    status = np.select(
        [facts.exempt, known & (reached <= due), known, facts.undated, left, is_late, is_soon],
        [NOT_APPLICABLE, IN_TIME, REACHED_LATE, REACHED_UNDATED, LEFT, OVERDUE, SOON],
        OPEN,
    ).astype(object)
    over = np.where(status == REACHED_LATE, reached, np.where(status == OVERDUE, day, np.datetime64("NaT")))
    return {
        "due_on": due,
        "reached_on": reached,
        "status": status,
        "days": _days(reached - start),
        "days_late": _days(over - due),
    }


def _days(spans: NDArray[np.timedelta64]) -> NDArray[np.float64]:
    return np.where(np.isnat(spans), np.nan, (spans / _DAY).astype(np.float64))


def whole_states(course: pd.DataFrame, rows: int, value: str | None) -> pd.DataFrame:
    """One row an account, of a long form as `follow` gives it: state (left, overdue, done, in_progress), overdue (how many), days_late (of the
    latest), days_to_value (to the milestone `value`; NaN while it is not reached or none is named).
    """
    by_row = course["row"].to_numpy(np.intp)
    status = course["status"].to_numpy(dtype=object)

    def count(mask: Mask) -> NDArray[np.float64]:
        return np.bincount(by_row[mask], minlength=rows).astype(np.float64)

    overdue = count(status == OVERDUE)
    settled = count(np.isin(status.astype(str), (*REACHED, NOT_APPLICABLE)))
    every = np.bincount(by_row, minlength=rows)
    state = np.select(
        [count(status == LEFT) > 0, overdue > 0, (settled == every) & (every > 0)],
        [LEFT, OVERDUE, DONE],
        IN_PROGRESS,
    ).astype(object)
    late = course[status == OVERDUE].groupby("row")["days_late"].max()
    counted = course[course["milestone"] == value].set_index("row")["days"]
    index = pd.RangeIndex(rows)
    return pd.DataFrame(
        {
            "state": state,
            "overdue": overdue,
            "days_late": late.reindex(index).to_numpy(np.float64),
            "days_to_value": counted.reindex(index).to_numpy(np.float64),
        }
    )
