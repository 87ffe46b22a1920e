"""A standard of the rules over the accounts: whom it concerns, from when, and what became of its milestones."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.promises.earlier import EarlierPromises, began_after, date_condition
from cscli.analysis.promises.milestones import MilestoneFacts, Setting, follow, whole_states
from cscli.analysis.promises.typed_milestones import TypedMilestones
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.analysis.scoring.nodes import Node
from cscli.analysis.tables.built_ins import with_tenure_since_start
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.work.journey import Milestone, Standard
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import evaluate


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Followed:
    """`frame`: the accounts that the standard concerns, with start. `course`: their milestones, as `follow` gives them. `states`: one row an
    account of `frame`. `without_start`: accounts that it would concern and that have no start.
    """

    standard: Standard
    frame: pd.DataFrame
    course: pd.DataFrame
    states: pd.DataFrame
    without_start: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Known:
    """What is known beside the exports: what people typed, what earlier runs saw, and from how many days before its limit a milestone is soon due."""

    typed: TypedMilestones
    earlier: EarlierPromises
    soon_days: int


def follow_standard(
    standard: Standard, key: str, frame: pd.DataFrame, known: Known, as_of: dt.date
) -> Followed:
    """`standard`, which stands at `key` in the rules, over `frame`: account_id, churned_on and every column that it reads. Raises ConfigError
    where a start is no date or a condition none.

    Whom a standard concerns is judged by the time since the start: with a tenure that ends when an account leaves, those of old cohorts that left early would
    stay in it, and their equals that are still there would not.
    """
    start = _start(standard, key, frame, as_of)
    asked = {"when": standard.when} if standard.when else {}
    concerned = _holds(dict(asked), key, with_tenure_since_start(frame, as_of), as_of)
    wanted = concerned.get("when", np.ones(len(frame), dtype=bool))
    has_start = start.notna().to_numpy(bool)
    accounts = frame[wanted & has_start].reset_index(drop=True)
    accounts = accounts.assign(start=start[wanted & has_start].to_numpy("datetime64[us]"))
    facts = [
        _facts(milestone, f"{key}.milestones[{number}]", accounts, known, as_of)
        for number, milestone in enumerate(standard.milestones)
    ]
    course = follow(accounts, facts, Setting(as_of, known.soon_days))
    states = whole_states(course, len(accounts), standard.value)
    lacking = frame["account_id"][wanted & ~has_start].tolist()
    return Followed(
        standard=standard, frame=accounts, course=course, states=states, without_start=tuple(lacking)
    )


def _start(standard: Standard, key: str, frame: pd.DataFrame, as_of: dt.date) -> "pd.Series[pd.Timestamp]":
    with keyed({"start": f"{key}.start"}):
        start = evaluate(frame, [{"start": standard.start}], as_of)["start"]
    if start.dtype.kind != "M" and start.notna().any():
        raise ConfigError(
            Problem("journey.not_a_date", where=Location(key=f"{key}.start"), value=standard.start.text)
        )
    return (
        pd.to_datetime(start)
        if start.dtype.kind == "M"
        else pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    )


def _holds(
    rules: dict[str, object], key: str, frame: pd.DataFrame, as_of: dt.date
) -> dict[str, NDArray[np.bool_]]:
    if not rules:
        return {}
    found = evaluate_rules(frame, {f"{key}.{name}": rule for name, rule in rules.items()}, as_of)  # type: ignore[misc]
    return {name: found[f"{key}.{name}"] for name in rules}


def _facts(
    milestone: Milestone, key: str, accounts: pd.DataFrame, known: Known, as_of: dt.date
) -> MilestoneFacts:
    ids = accounts["account_id"]
    rules = {
        name: rule for name, rule in (("when", milestone.when), ("for", milestone.for_)) if rule is not None
    }
    holds = _holds(dict(rules), key, accounts, as_of)
    undated, watched = np.zeros(len(accounts), dtype=bool), np.ones(len(accounts), dtype=bool)
    if milestone.on is not None:
        reached = _column_days(milestone.on, key, accounts)
    elif milestone.when is not None:
        reached, undated = date_condition(
            holds["when"], known.earlier.milestone(milestone.name, accounts), as_of
        )
        watched = ~undated & began_after(accounts["start"], known.earlier.since.get(milestone.name, as_of))
    else:
        reached = known.typed.day(milestone.name, ids).to_numpy("datetime64[D]")
    waived = ids.isin(list(known.typed.waived.get(milestone.name, ()))).to_numpy(bool)
    exempt = waived | ~holds.get("for", np.ones(len(accounts), dtype=bool))
    return MilestoneFacts(
        name=milestone.name,
        days=milestone.days,
        reached_on=reached,
        undated=undated,
        watched=watched,
        exempt=exempt,
    )


def _column_days(name: str, key: str, accounts: pd.DataFrame) -> NDArray[np.datetime64]:
    values = accounts[name] if name in accounts else pd.Series(pd.NaT, index=accounts.index)
    if values.dtype.kind != "M" and values.notna().any():
        raise ConfigError(Problem("journey.not_a_date", where=Location(key=f"{key}.on"), value=name))
    return pd.to_datetime(values).to_numpy("datetime64[D]")


def standard_node(standard: Standard, key: str, known: Known, *, counts_value: bool) -> Node:
    """The columns of `standard` for expressions: NAME_state, NAME_overdue, NAME_days_late, the days of its conditions, and days_to_value of the
    first standard that counts it.
    """
    dated = [each.name for each in standard.milestones if each.when is not None]
    names = {
        "state": f"{standard.name}_state",
        "overdue": f"{standard.name}_overdue",
        "days_late": f"{standard.name}_days_late",
    }
    names |= {"days_to_value": "days_to_value"} if counts_value else {}
    gives = (*names.values(), *(f"{name}_on" for name in dated))
    formulas = [
        standard.start,
        standard.when,
        *(rule for each in standard.milestones for rule in (each.when, each.for_)),
    ]
    reads = {name for rule in formulas if rule is not None for name in rule.names}
    reads |= {each.on for each in standard.milestones if each.on is not None}

    def make(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        followed = follow_standard(standard, key, frame, known, as_of)
        states = followed.states.set_axis(followed.frame["account_id"], axis=0)
        course = followed.course.assign(
            account_id=followed.frame["account_id"].to_numpy()[followed.course["row"]]
        )
        ids = frame["account_id"]
        columns = {name: states[part].reindex(ids).set_axis(frame.index) for part, name in names.items()}
        for name in dated:
            days = course[course["milestone"] == name].set_index("account_id")["reached_on"]
            columns[f"{name}_on"] = days.reindex(ids).astype("datetime64[us]").set_axis(frame.index)
        return pd.DataFrame(columns, index=frame.index)

    return Node(name=f"journey.{standard.name}", gives=gives, reads=frozenset(reads), make=make)
