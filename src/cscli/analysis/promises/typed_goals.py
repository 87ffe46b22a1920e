"""Goals as people typed them to judged goals: which can be measured, and what each account needs."""

import datetime as dt
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.inputs.rows import SheetRows
from cscli.analysis.promises.earlier import EarlierPromises
from cscli.analysis.promises.goals import COUNTS, GoalSetting, goals_of_accounts, judge_goals
from cscli.analysis.promises.measures import measured_by, percent_to_shares, refuse_own_score, values_of
from cscli.analysis.scoring.nodes import Node
from cscli.config.schema import Config
from cscli.config.work.journey import Goals
from cscli.errors import Problem, Severity


@dataclass(frozen=True, eq=False, slots=True)
class TypedGoals:
    """`rows`: the goals that can be used, with their key; `gone`: account and key of goals of the last run that stand there no more."""

    rows: SheetRows
    gone: tuple[tuple[str, str], ...]


def goal_key(text: str) -> str:
    """What makes two texts the same goal: NFKC, no blanks around, case folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_goals(rows: SheetRows, earlier: EarlierPromises, as_of: dt.date) -> TypedGoals:
    """What of `rows` can be used; the rest is said with its cell."""
    rows.leave_out(rows.frame["goal"].isna().to_numpy(bool), "goal", Problem("goals.no_text"))
    rows.frame = rows.frame.assign(
        key=pd.Series([goal_key(text) for text in rows.frame["goal"]], dtype=object)
    )
    twice = rows.frame.duplicated(["account_id", "key"]).to_numpy(bool)
    rows.leave_out(twice, "goal", Problem("goals.twice"))
    there = frozenset(zip(rows.frame["account_id"], rows.frame["key"], strict=True))
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    later = (rows.frame["agreed_on"] > pd.Timestamp(as_of)).to_numpy(bool)
    rows.leave_out(
        later, "agreed_on", Problem("goals.agreed_later", severity=Severity.WARNING, details=details)
    )
    refuse_own_score(rows)
    same = (rows.frame["target"] == rows.frame["baseline"]).to_numpy(bool)
    rows.drop(same, "target", Problem("goals.target_is_baseline"))
    backwards = (rows.frame["due_on"] < rows.frame["agreed_on"]).to_numpy(bool)
    rows.drop(backwards, "due_on", Problem("goals.due_before_agreed"))
    undated = (rows.frame["actual"].notna() & rows.frame["actual_on"].isna()).to_numpy(bool)
    rows.drop(undated, "actual", Problem("goals.actual_undated"))
    _check_later(rows, as_of)
    return TypedGoals(rows, tuple(sorted(earlier.goals() - there)))


def _check_later(rows: SheetRows, as_of: dt.date) -> None:
    """What was looked at or measured after the day does not count."""
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    for name in ("reviewed_on", "actual_on"):
        later = (rows.frame[name] > pd.Timestamp(as_of)).to_numpy(bool)
        rows.drop(later, name, Problem("goals.later", severity=Severity.WARNING, details=details))
    unknown = rows.frame["actual"].mask(rows.frame["actual_on"].isna())
    rows.frame = rows.frame.assign(actual=unknown)


def judge_typed(
    goals: TypedGoals, frame: pd.DataFrame, config: Config, setting: GoalSetting, earlier: EarlierPromises
) -> pd.DataFrame:
    """The goals of the accounts in `frame`, as `judge_goals` gives them, with column (what they are measured by), key, and percent (whether 80 stands for the share 0.8)."""
    rows, reached = goals.rows, earlier.reached_goals()
    table = rows.frame.assign(
        column=measured_by(rows.frame["measure"], frame, config),
        typed_status=rows.frame["status"],
        reached_before=[
            pair in reached for pair in zip(rows.frame["account_id"], rows.frame["key"], strict=True)
        ],
    )
    table = percent_to_shares(table, frame)
    table = table.assign(value_from_data=values_of(table, frame))
    return judge_goals(table, setting)


def goal_setting(settings: Goals | None, as_of: dt.date) -> GoalSetting:
    """The rules' numbers, or their defaults."""
    given = settings or Goals()
    return GoalSetting(
        as_of=as_of, review_days=given.review_days, actual_days=given.actual_days, behind_by=given.behind_by
    )


def goals_node(goals: TypedGoals, config: Config, earlier: EarlierPromises) -> Node:
    """The counts of goals as columns, after every column that a goal may be measured by."""

    def make(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        judged = judge_typed(goals, frame, config, goal_setting(config.goals, as_of), earlier)
        counts = goals_of_accounts(judged, frame["account_id"])
        return counts[list(COUNTS)].astype(np.float64).set_axis(frame.index)

    return Node(name="goals", gives=COUNTS, reads=frozenset(), make=make, waits=True)
