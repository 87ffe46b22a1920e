"""What customers want to reach, as people wrote it down, to progress, status, and what each account needs."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.config.linting.given import GOAL_COLUMNS

DROPPED, REACHED, FELL_BACK, NOT_MEASURED = "dropped", "reached", "fell_back", "not_measured"
OVERDUE, BEHIND, ON_TRACK = "overdue", "behind", "on_track"
STATUSES = (OVERDUE, FELL_BACK, BEHIND, NOT_MEASURED, ON_TRACK, REACHED, DROPPED)
NO_GOAL, NEW_GOAL, MEASURE, REVIEW = "no_goal", "new_goal", "measure", "review"
NEEDS = (NO_GOAL, NEW_GOAL, MEASURE, REVIEW)
COUNTS = GOAL_COLUMNS
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSetting:
    """`review_days`: an open goal looked at longer ago is stale; `actual_days`: an older typed value does not count; `behind_by`: how far
    progress may lag behind the time that is over, as a share.
    """

    as_of: dt.date
    review_days: int = 100
    actual_days: int = 100
    behind_by: float = 0.2


def judge_goals(goals: pd.DataFrame, setting: GoalSetting) -> pd.DataFrame:
    """One row a goal, with measured_by (data, typed, None), value, progress (0 to 1 and beyond), path (share of the time that is over), status,
    is_open, is_stale added.

    `goals`: value_from_data, baseline, target, actual (float64), actual_on, agreed_on, due_on, reviewed_on (datetime64), typed_status (reached, dropped,
    None), reached_before (bool: in an earlier run).
    """
    day = np.datetime64(setting.as_of)
    measured, typed = goals["value_from_data"].to_numpy(np.float64), goals["actual"].to_numpy(np.float64)
    age = _days(day - goals["actual_on"].to_numpy("datetime64[D]"))
    fresh = np.where((age >= 0) & (age <= setting.actual_days), typed, np.nan)
    value = np.where(np.isnan(measured), fresh, measured)
    baseline, target = (goals[name].to_numpy(np.float64) for name in ("baseline", "target"))
    span = np.where(target == baseline, np.nan, target - baseline)
    progress = (value - baseline) / span
    path = _path(goals, day)
    status = _status(goals, progress, path, setting)
    is_open = ~np.isin(status.astype(str), (DROPPED, REACHED))
    seen = goals["reviewed_on"].fillna(goals["agreed_on"]).to_numpy("datetime64[D]")
    old = _days(day - seen)
    how = np.select([~np.isnan(measured), ~np.isnan(fresh)], ["data", "typed"], "").astype(object)
    return goals.reset_index(drop=True).assign(
        measured_by=_or_none(how), value=value, progress=progress, path=path, status=status,
        is_open=is_open, is_stale=is_open & (np.isnan(old) | (old > setting.review_days)),
    )  # fmt: skip


def _path(goals: pd.DataFrame, day: np.datetime64) -> NDArray[np.float64]:
    agreed, due = (goals[name].to_numpy("datetime64[D]") for name in ("agreed_on", "due_on"))
    whole, over = _days(due - agreed), _days(day - agreed)
    return np.clip(over / np.where(whole > 0, whole, np.nan), 0, 1)


def _status(
    goals: pd.DataFrame, progress: NDArray[np.float64], path: NDArray[np.float64], setting: GoalSetting
) -> NDArray[np.object_]:
    said = goals["typed_status"].to_numpy(dtype=object)
    due = goals["due_on"].to_numpy("datetime64[D]")
    known = ~np.isnan(progress)
    return np.select(
        [
            said == DROPPED, (said == REACHED) | (progress >= 1), goals["reached_before"].to_numpy(bool) & known, ~known,
            due < np.datetime64(setting.as_of), path - progress > setting.behind_by,
        ],
        [DROPPED, REACHED, FELL_BACK, NOT_MEASURED, OVERDUE, BEHIND],
        ON_TRACK,
    ).astype(object)  # fmt: skip


def _or_none(texts: NDArray[np.object_]) -> "pd.Series[Any]":
    return pd.Series([each or None for each in texts], dtype=object)


def _days(spans: Any) -> NDArray[np.float64]:
    return np.where(np.isnat(spans), np.nan, (spans / _DAY).astype(np.float64))


def goals_of_accounts(judged: pd.DataFrame, ids: "pd.Series[str]") -> pd.DataFrame:
    """One row for each of `ids`: `COUNTS` (goal_progress: mean of the open measured ones, each within 0 to 1; NaN without), needs (`NEEDS` or None),
    current (whether there is an open, measured goal that is not stale), next_review_on.

    `judged`: as `judge_goals` gives it, with account_id and next_review_on.
    """
    progress = judged["progress"].to_numpy(np.float64)
    is_open = judged["is_open"].to_numpy(bool)
    measured = is_open & ~np.isnan(progress)
    stale = judged["is_stale"].to_numpy(bool)
    behind = is_open & judged["status"].isin((BEHIND, OVERDUE, FELL_BACK)).to_numpy()
    flags = pd.DataFrame(
        {
            "account_id": judged["account_id"], "goals": 1.0, "goals_open": is_open, "goals_measured": measured,
            "goals_behind": behind, "goals_stale": stale, "goals_reached": (judged["status"] == REACHED).to_numpy(),
            "current": measured & ~stale,
        }
    )  # fmt: skip
    sums = flags.groupby("account_id").sum().reindex(ids).fillna(0.0).astype(np.float64)
    clipped = (
        pd.Series(np.clip(progress[measured], 0, 1)).groupby(judged["account_id"].to_numpy()[measured]).mean()
    )
    reviews = judged["next_review_on"].where(is_open).groupby(judged["account_id"]).min()
    needs = np.select(
        [sums["goals"] == 0, sums["goals_open"] == 0, sums["goals_measured"] == 0, sums["goals_stale"] > 0],
        [NO_GOAL, NEW_GOAL, MEASURE, REVIEW],
        "",
    ).astype(object)
    found = sums[list(COUNTS[:-1])].reset_index(drop=True)
    return found.assign(
        goal_progress=clipped.reindex(ids).to_numpy(np.float64),
        needs=_or_none(needs),
        current=sums["current"].to_numpy() > 0,
        next_review_on=reviews.reindex(ids).to_numpy("datetime64[us]"),
    )
