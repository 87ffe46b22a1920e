"""The chain of an initiative: how far each link is on its way, where the chain breaks, what was reached without what comes before.

Paths are straight lines from baseline to target. Whether an initiative was the cause of anything, nothing here can tell.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.scoring.columns import evaluate_rules
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.work.initiatives import ChainStep, Initiative
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import roll_up, roll_up_nothing

REACHED, OVERDUE, TOO_EARLY, ON_ITS_WAY, BEHIND, NO_DATA = (
    "reached", "overdue", "too_early", "on_its_way", "behind", "no_data",
)  # fmt: skip
STATUSES = (REACHED, ON_ITS_WAY, TOO_EARLY, BEHIND, OVERDUE, NO_DATA)
SHORT, MEDIUM, LONG = "short", "medium", "long"
HORIZONS = (SHORT, MEDIUM, LONG)
_SHORT_DAYS, _MEDIUM_DAYS = 90, 180
_EARLY, _GOOD = 0.25, 0.8
_ROUNDING = 1e-9
LEFT_WITHIN_DAYS = 365
"""Who left so many days before a day counts in measures that read churned_on."""
_EVERYBODY = "everybody"


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class DayBook:
    """The accounts of a day. `live`: those that were here then, with every column that measures read; `left`: those that had left in the year before;
    `lacking`: columns that the run of that day did not keep.
    """

    day: dt.date
    live: pd.DataFrame
    left: pd.DataFrame
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Measured:
    """Of the accounts that an initiative is for, and of the others; NaN: not known."""

    ours: float
    others: float


UNKNOWN = Measured(np.nan, np.nan)
BLOCK = "initiatives"
"""Of the rules."""


def measure_links(
    initiative: Initiative, number: int, book: DayBook, *, with_others: bool = True
) -> list[Measured]:
    """The measure of each link on the day of `book`. `number`: of the initiative in the rules; `with_others`: also of the accounts that it is not for.
    Raises ConfigError where types do not fit.
    """
    key = f"{BLOCK}[{number}].for"
    of_whom = set(initiative.for_.names) if initiative.for_ else set()
    live = _concerned(book.live, initiative, key, book.day)
    left = _concerned(book.left, initiative, key, book.day)
    found: dict[int, list[float]] = {place: [] for place, _ in enumerate(initiative.chain)}
    for wanted in (True, False) if with_others else (True,):
        for of_left in (False, True):
            links = {
                place: link
                for place, link in enumerate(initiative.chain)
                if ("churned_on" in link.measure.names) is of_left
                and not book.lacking & (of_whom | set(link.measure.names))
            }
            parts = [book.live[live == wanted], *([book.left[left == wanted]] if of_left else [])]
            for place, value in _aggregates(parts, links, number, book.day).items():
                found[place].append(value)
    return [Measured(*[*values, np.nan, np.nan][:2]) for values in found.values()]


def is_for_any(initiative: Initiative, number: int, book: DayBook) -> bool:
    """Whether it is for any account of `book`, here or gone; True where a run lacks what `for` reads."""
    if initiative.for_ is None or book.lacking & set(initiative.for_.names):
        return True
    parts = (book.live, book.left)
    return any(_concerned(part, initiative, f"{BLOCK}[{number}].for", book.day).any() for part in parts)


def _concerned(
    frame: pd.DataFrame, initiative: Initiative, key: str, day: dt.date
) -> "np.typing.NDArray[np.bool_]":
    if initiative.for_ is None or not len(frame):
        return np.ones(len(frame), dtype=bool)
    return evaluate_rules(frame, {key: initiative.for_}, day)[key]


def _aggregates(
    parts: Sequence[pd.DataFrame], links: Mapping[int, ChainStep], number: int, day: dt.date
) -> dict[int, float]:
    """By place of a link, its measure over the rows of all parts."""
    if not links:
        return {}
    reads = {name for link in links.values() for name in link.measure.names if name in parts[0]}
    filled = [part[sorted(reads)] for part in parts if len(part)] or [parts[0][sorted(reads)]]
    rows = pd.concat(filled, ignore_index=True)
    measures = {f"link_{place}": link.measure for place, link in links.items()}
    keys = {f"link_{place}": f"{BLOCK}[{number}].chain[{place}].measure" for place in links}
    with keyed(keys):
        if len(rows):
            values = roll_up(rows.assign(**{_EVERYBODY: "all"}), _EVERYBODY, measures, day).iloc[0]
        else:
            values = roll_up_nothing(rows, measures, day)
    return {place: _number(values[f"link_{place}"], keys[f"link_{place}"]) for place in links}


def _number(value: Any, key: str) -> float:
    if isinstance(value, str | pd.Timestamp):
        raise ConfigError(Problem("initiatives.not_a_number", where=Location(key=key)))
    return np.nan if pd.isna(value) else float(value)


def judge_link(link: ChainStep, baseline: float, actual: float, days: int) -> tuple[float, float, str]:
    """Progress (share of the way from baseline to target; NaN), path (share of the time that is over, up to 1), status; `days`: since the start, before
    which nothing is reached by the initiative.
    """
    span = link.target - baseline
    progress = (actual - baseline) / span if span else np.nan
    path = float(np.clip(days / link.after_days, 0, 1))
    if np.isnan(progress):
        return np.nan, path, NO_DATA
    if days < 0:
        return progress, path, TOO_EARLY
    if progress >= 1 - _ROUNDING:
        return progress, path, REACHED
    if days > link.after_days:
        return progress, path, OVERDUE
    if path < _EARLY:
        return progress, path, TOO_EARLY
    return progress, path, ON_ITS_WAY if progress >= _GOOD * path - _ROUNDING else BEHIND


def horizon_of(initiative: Initiative) -> str:
    """By the days to its last link."""
    days = initiative.chain[-1].after_days
    return SHORT if days <= _SHORT_DAYS else MEDIUM if days <= _MEDIUM_DAYS else LONG


def breaks_between(steps: Sequence[str], statuses: Sequence[str]) -> str | None:
    """The first pair of links of which one is reached and the next behind or overdue, as `output>outcome`."""
    for (step, status), (after, then) in zip(
        zip(steps, statuses, strict=True), list(zip(steps, statuses, strict=True))[1:], strict=False
    ):
        if status == REACHED and then in (BEHIND, OVERDUE):
            return f"{step}>{after}"
    return None


def reached_without(steps: Sequence[str], statuses: Sequence[str]) -> str | None:
    """The first link that is reached while the one before it is not."""
    for before, (after, then) in zip(statuses, list(zip(steps, statuses, strict=True))[1:], strict=False):
        if then == REACHED and before in (BEHIND, OVERDUE, NO_DATA):
            return after
    return None


def step_table(
    initiatives: Sequence[Initiative], values: Mapping[tuple[int, int], "LinkValues"], as_of: dt.date
) -> pd.DataFrame:
    """One row a link: initiative, step, days, expect_after_days, baseline, target, actual, progress, path, status; others_then, others_now and
    more_than_others (how much more ours moved than the others, for comparison; NaN where either was not measured before the start).
    """
    rows = []
    for number, initiative in enumerate(initiatives):
        days = (as_of - initiative.start).days
        for place, link in enumerate(initiative.chain):
            found = values[number, place]
            progress, path, status = judge_link(link, found.baseline, found.now.ours, days)
            moved = (found.now.ours - found.then.ours) - (found.now.others - found.then.others)
            rows.append({
                "initiative": initiative.name, "step": link.step, "days": float(days), "expect_after_days": float(link.after_days),
                "baseline": found.baseline, "target": link.target, "actual": found.now.ours, "progress": progress, "path": path,
                "status": status, "others_then": found.then.others, "others_now": found.now.others, "more_than_others": moved,
            })  # fmt: skip
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class LinkValues:
    """`baseline`: as given, else measured before the start; `then`: measured before the start; `now`: on the day of the report."""

    baseline: float
    then: Measured
    now: Measured


def initiative_table(initiatives: Sequence[Initiative], steps: pd.DataFrame) -> pd.DataFrame:
    """One row an initiative: initiative, owner, started_on, days_to_impact, horizon, a status a link (None: it has none), breaks_between,
    reached_without, hours.
    """
    rows = []
    for initiative in initiatives:
        mine = steps[(steps["initiative"] == initiative.name).to_numpy(bool)]
        names, statuses = mine["step"].tolist(), mine["status"].tolist()
        rows.append({
            "initiative": initiative.name, "owner": initiative.owner, "started_on": pd.Timestamp(initiative.start),
            "days_to_impact": float(initiative.chain[-1].after_days), "horizon": horizon_of(initiative),
            **dict.fromkeys(("activity", "output", "outcome", "impact")), **dict(zip(names, statuses, strict=True)),
            "breaks_between": breaks_between(names, statuses), "reached_without": reached_without(names, statuses),
            "hours": np.nan if initiative.hours_per_month is None else initiative.hours_per_month,
        })  # fmt: skip
    texts = ["owner", "activity", "output", "outcome", "impact", "breaks_between", "reached_without"]
    table = pd.DataFrame(rows)
    return table.assign(
        **{name: table[name].astype(object).where(table[name].notna(), None) for name in texts}
    )


def balance_table(initiatives: Sequence[Initiative]) -> pd.DataFrame:
    """By horizon: horizon, initiatives, hours (a month; NaN where none is known)."""
    rows = []
    for horizon in HORIZONS:
        mine = [each for each in initiatives if horizon_of(each) == horizon]
        hours = [each.hours_per_month for each in mine if each.hours_per_month is not None]
        rows.append(
            {
                "horizon": horizon,
                "initiatives": float(len(mine)),
                "hours": float(sum(hours)) if hours else np.nan,
            }
        )
    return pd.DataFrame(rows)
