"""What became of accounts after a day: their scores, a metric, whether they stayed; and what they were like before.

Everything is told from stored runs, the nearest to a day within four days; what no run tells is missing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.outreach.effects import Effect, Method, Verdict, by_lot, matched, shares_by_lot

NEAR_DAYS = 4
WINDOWS = (28, 90)
BEFORE_DAYS = 28
SOON_DAYS = 90
ISSUED, HELD_OUT, CONTROL = "issued", "held_out", "control"
_FELL, _ROSE = -5.0, 5.0


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Course:
    """`days`: of the stored runs, ascending. `runs`: account_id, day (datetime64), score, band, scorecard, touch, renews_on, and every
    metric that is some message's goal.
    """

    days: tuple[dt.date, ...]
    runs: pd.DataFrame

    def nearest(self, day: dt.date) -> dt.date | None:
        """The run nearest to `day`; of two as near the earlier."""
        near = [each for each in self.days if abs((each - day).days) <= NEAR_DAYS]
        return min(near, key=lambda each: (abs((each - day).days), each), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a message came to within `window` days. `open`: issued accounts of which it is too early to tell; `untold`: of which no run
    tells. `goal`: None where it has none.
    """

    name: str
    window: int
    method: Method
    verdict: Verdict
    issued: int
    held_out: int
    score: Effect
    goal: Effect | None
    churn: Effect
    open: int
    untold: int


def follow(
    cases: pd.DataFrame, course: Course, window: int, goal: str | None, as_of: dt.date
) -> pd.DataFrame:
    """`cases` (account_id, day: a date, arm) with score_before, score_change, goal_change, band_change (up, same, down), churned,
    renewed (object: True, False, None), stratum, is_open.
    """
    days = {day: _days_around(day, course, window) for day in cases["day"].unique()}
    before = _at(cases, course, [days[day][0] for day in cases["day"]], goal)
    after = _at(cases, course, [days[day][1] for day in cases["day"]], goal)
    earlier = _at(cases, course, [days[day][2] for day in cases["day"]], goal)
    has_after = np.array([days[day][1] is not None for day in cases["day"]], dtype=bool)
    there = after["is_there"].to_numpy(bool)
    churned = _objects(
        [not each if known else None for each, known in zip(there, has_after, strict=True)], cases
    )
    change_before = before["score"] - earlier["score"]
    ends = pd.to_datetime(cases["day"]) + pd.Timedelta(days=window)
    due = before["renews_on"].notna() & (before["renews_on"] <= ends.to_numpy())
    renewed = _objects(
        [bool(each) if known else None for each, known in zip(there, due & has_after, strict=True)], cases
    )
    return cases.assign(
        score_before=before["score"],
        score_change=after["score"] - before["score"],
        goal_change=after["goal"] - before["goal"],
        band_change=_objects(
            _band_change(before["band"], after["band"], after["score"] - before["score"]), cases
        ),
        churned=churned,
        renewed=renewed,
        stratum=_objects(_strata(before, change_before, pd.to_datetime(cases["day"])), cases),
        is_open=[day + dt.timedelta(days=window - NEAR_DAYS) > as_of for day in cases["day"]],
    )


def judge(name: str, followed: pd.DataFrame, window: int, *, has_goal: bool) -> Judged:
    """By lot where some were held out, else against accounts that were like them, never before against after."""
    arms = {arm: followed[followed["arm"] == arm] for arm in (ISSUED, HELD_OUT, CONTROL)}
    issued, held_out = arms[ISSUED], arms[HELD_OUT]
    method: Method = "holdout" if len(held_out) else "matched" if len(arms[CONTROL]) else "none"
    other = held_out if method == "holdout" else arms[CONTROL]
    score = _compared(issued, other, "score_change", method)
    is_open = int(issued["is_open"].sum())
    told = issued["score_change"].notna() | issued["churned"].notna()
    verdict: Verdict = score.verdict
    if is_open and not told.any():
        verdict = "not_yet"
    elif len(issued) and not told.any():
        verdict = "no_run"
    elif method == "none":
        verdict = "no_comparison"
    return Judged(
        name=name, window=window, method=method, verdict=verdict, issued=len(issued), held_out=len(held_out), score=score,
        goal=_compared(issued, other, "goal_change", method) if has_goal else None, churn=_churn(issued, other),
        open=is_open, untold=int((~told & ~issued["is_open"].astype(bool)).sum()),
    )  # fmt: skip


def _compared(issued: pd.DataFrame, other: pd.DataFrame, column: str, method: Method) -> Effect:
    if method == "holdout":
        return by_lot(issued[column].to_numpy(np.float64), other[column].to_numpy(np.float64))
    if method == "matched":
        frames = [
            frame[["stratum"]].assign(value=frame[column].astype("float64")) for frame in (issued, other)
        ]
        return matched(*(frame.dropna(subset="stratum") for frame in frames))
    values = issued[column].to_numpy(np.float64)
    known = values[~np.isnan(values)]
    return Effect(n_treated=len(known), n_control=0, treated=float(known.mean()) if len(known) else np.nan)


def _churn(issued: pd.DataFrame, other: pd.DataFrame) -> Effect:
    left = [frame["churned"].dropna().to_numpy(bool) for frame in (issued, other)]
    return shares_by_lot(*left)


def _objects(values: Sequence[object], beside: pd.DataFrame) -> "pd.Series[Any]":
    return pd.Series(np.array([*values, None], dtype=object)[:-1], index=beside.index, dtype=object)


def _days_around(
    day: dt.date, course: Course, window: int
) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """The runs of the day, of the end of its window, and of four weeks before."""
    span = dt.timedelta(days=window)
    return (
        course.nearest(day),
        course.nearest(day + span),
        course.nearest(day - dt.timedelta(days=BEFORE_DAYS)),
    )


def _at(
    cases: pd.DataFrame, course: Course, days: Sequence[dt.date | None], goal: str | None
) -> pd.DataFrame:
    """What a run told of each case on its day: score, goal (float64), band, scorecard, touch, renews_on, is_there."""
    wanted = pd.DataFrame(
        {"account_id": cases["account_id"].to_numpy(), "day": pd.to_datetime(_objects(days, cases)).astype("datetime64[us]").to_numpy()}
    )  # fmt: skip
    runs = course.runs.assign(goal=course.runs.get(goal, np.nan), is_there=True)
    kept = runs[["account_id", "day", "score", "goal", "band", "scorecard", "touch", "renews_on", "is_there"]]
    found = wanted.merge(kept, on=["account_id", "day"], how="left").set_axis(cases.index)
    numbers = {name: found[name].astype("float64") for name in ("score", "goal")}
    return found.assign(**numbers, is_there=found["is_there"].eq(other=True))


def _band_change(
    before: "pd.Series[str]", after: "pd.Series[str]", change: "pd.Series[float]"
) -> list[str | None]:
    """By the score where the band is another one: what bands are called says nothing of their order."""
    told: list[str | None] = []
    for first, second, moved in zip(before, after, change, strict=True):
        if pd.isna(first) or pd.isna(second):
            told.append(None)
        else:
            told.append("same" if first == second else "up" if moved > 0 else "down")
    return told


def _strata(
    before: pd.DataFrame, change: "pd.Series[float]", day: "pd.Series[pd.Timestamp]"
) -> list[str | None]:
    """What an account was like: scorecard, touch, score in tens, how it had moved, whether it renews within 90 days."""
    moved = np.select(
        [change.isna(), change < _FELL, change > _ROSE], ["unknown", "fell", "rose"], default="even"
    )
    soon = (before["renews_on"].to_numpy() - day.to_numpy()) / np.timedelta64(1, "D")
    renews = (soon >= 0) & (soon <= SOON_DAYS)
    return [
        None if np.isnan(score) else f"{card}|{touch}|{int(min(score, 99.9) // 10)}|{how}|{bool(due)}"
        for card, touch, score, how, due in zip(
            before["scorecard"],
            before["touch"],
            before["score"].astype("float64"),
            moved,
            renews,
            strict=True,
        )
    ]


def first_cases(rows: Iterable[tuple[str, dt.date, str]]) -> pd.DataFrame:
    """account_id, day, arm: of each account the first."""
    first: dict[str, tuple[dt.date, str]] = {}
    for account, day, arm in rows:
        if account not in first or day < first[account][0]:
            first[account] = (day, arm)
    table = [(account, day, arm) for account, (day, arm) in sorted(first.items())]
    return pd.DataFrame(table, columns=["account_id", "day", "arm"])
