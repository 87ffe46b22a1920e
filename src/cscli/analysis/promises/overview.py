"""Everything that is known of promises on one day, account by account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.promises import goals as g
from cscli.analysis.promises import milestones as m
from cscli.analysis.promises.standards import Followed


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Overview:
    """`frame`: every account, those too that have left, with every column of the rules. `live`: whether each is still one. `followed`: the
    standards. `goals`: the goals of live accounts, judged; `counts`: by account of `frame`, as `goals_of_accounts` gives them; `expected`: whether
    the account should have goals.
    """

    frame: pd.DataFrame
    live: NDArray[np.bool_]
    followed: tuple[Followed, ...]
    goals: pd.DataFrame
    counts: pd.DataFrame
    expected: NDArray[np.bool_]


def milestones_of(overview: Overview) -> pd.DataFrame:
    """The long form over all standards: standard, account_id, and the columns of `follow`."""
    parts = [
        each.course.assign(
            standard=each.standard.name,
            account_id=each.frame["account_id"].to_numpy(dtype=object)[each.course["row"]],
        )
        for each in overview.followed
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"account_id": [], "standard": []})


def needs_of(overview: Overview) -> "pd.Series[Any]":
    """What each account of `frame` needs; a goal only where the rules expect it to have one."""
    needs = overview.counts["needs"]
    unasked = needs.isin((g.NO_GOAL, g.NEW_GOAL)).to_numpy(bool) & ~overview.expected
    return needs.mask(unasked, None)


def late_promises(overview: Overview) -> pd.DataFrame:
    """The worklist: kind (milestone, goal), account_id, promise (name of the milestone, text of the goal), due_on, days_late (NaN before the limit), status,
    arr; of live accounts, most ARR first, then the latest.
    """
    every = milestones_of(overview)
    overdue = every[every.get("status", pd.Series(dtype=object)) == m.OVERDUE]
    milestones = pd.DataFrame({
        "kind": "milestone", "account_id": overdue["account_id"], "promise": overdue.get("milestone"),
        "due_on": overdue.get("due_on"), "days_late": overdue.get("days_late"), "status": m.OVERDUE,
    })  # fmt: skip
    behind = overview.goals[overview.goals["status"].isin((g.OVERDUE, g.FELL_BACK, g.BEHIND))]
    goals = pd.DataFrame({
        "kind": "goal", "account_id": behind["account_id"], "promise": behind["goal"], "due_on": behind["due_on"],
        "days_late": behind["days_late"], "status": behind["status"],
    })  # fmt: skip
    rows = pd.concat([part for part in (milestones, goals) if len(part)] or [milestones], ignore_index=True)
    money = overview.frame.set_index("account_id")["arr"]
    live = overview.frame["account_id"][overview.live]
    rows = rows[rows["account_id"].isin(live)]
    rows = rows.assign(arr=money.reindex(rows["account_id"]).to_numpy(np.float64))
    return rows.sort_values(
        ["arr", "days_late", "account_id", "promise"],
        ascending=[False, False, True, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )


def with_days_late(goals: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """`goals` with days_late: of those overdue, the days since they were due."""
    late = (day - goals["due_on"]).dt.days.astype(np.float64)
    return goals.assign(days_late=late.where(goals["status"] == g.OVERDUE))


def fiscal_quarters(days: "pd.Series[pd.Timestamp]", first_month: int) -> NDArray[np.object_]:
    """The fiscal quarter of each day, such as FY2026 Q1; a fiscal year bears the year in which it begins."""
    months = (days.dt.month - first_month) % 12
    years = days.dt.year - (days.dt.month < first_month)
    return np.array(
        [f"FY{int(year)} Q{int(month) // 3 + 1}" for year, month in zip(years, months, strict=True)],
        dtype=object,
    )


def shares_of_goals(
    overview: Overview, groups: "Sequence[pd.Series[str]]", day: pd.Timestamp
) -> pd.DataFrame:
    """By group: accounts (expected to have goals), with_goal, measured, current, share (current of accounts), arr_share, due_12m (goals due in the year
    before), reached_12m.
    """
    live = overview.live & overview.expected
    arr = overview.frame["arr"].to_numpy(np.float64)
    counts = overview.counts
    table = pd.DataFrame({
        "accounts": 1.0,
        "with_goal": (counts["needs"] != g.NO_GOAL).to_numpy(float),
        "measured": (counts["goals_measured"] > 0).to_numpy(float),
        "current": counts["current"].to_numpy(float),
        "arr": np.nan_to_num(arr), "arr_current": np.where(counts["current"], np.nan_to_num(arr), 0.0),
    })  # fmt: skip
    goals = overview.goals
    due = goals[
        (goals["due_on"] > day - pd.DateOffset(years=1))
        & (goals["due_on"] <= day)
        & (goals["status"] != g.DROPPED)
    ]
    ids = overview.frame["account_id"]
    table["due_12m"] = due.groupby("account_id").size().reindex(ids).fillna(0).to_numpy(float)
    reached = due[due["status"] == g.REACHED]
    table["reached_12m"] = reached.groupby("account_id").size().reindex(ids).fillna(0).to_numpy(float)
    keys = [group[live].to_numpy(dtype=object) for group in groups]
    sums = table[live].groupby(keys, dropna=False, sort=True).sum()
    shares = {
        "share": sums["current"] / sums["accounts"],
        "arr_share": sums["arr_current"] / sums["arr"].where(sums["arr"] > 0),
    }
    return (
        sums.assign(**shares)
        .drop(columns=["arr", "arr_current"])
        .reset_index(names=[str(group.name) for group in groups])
    )
