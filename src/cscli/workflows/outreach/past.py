"""Stored runs as frames of which the rules of messages and playbooks can be asked."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.outreach.outcomes import CONTROL, Course, first_cases
from cscli.analysis.scoring.columns import add_columns
from cscli.config.schema import Config
from cscli.errors import ConfigError
from cscli.history import read_snapshot, snapshot_days
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    from cscli.analysis.past.snapshots import StoredSnapshot

_TOUCH = "touch"
Holds = Callable[[pd.DataFrame, dt.date], NDArray[np.bool_]]
Got = Callable[[str, dt.date, int], bool]


@dataclass(frozen=True, eq=False, slots=True)
class Then:
    """A stored run: its day, and its accounts with every column that today's rules can make of it."""

    day: dt.date
    frame: pd.DataFrame


def stored_runs(request: Request, book: Book, url: str) -> Iterator[Then]:
    """The stored runs up to the as-of date, oldest first."""
    for day in snapshot_days(url, request.rules.workspace):
        stored = read_snapshot(url, request.rules.workspace, day) if day <= book.as_of else None
        if stored is not None:
            yield Then(day, _frame_of(stored, book.config))


def course_of(past: list[Then], goals: list[str]) -> Course:
    """The scores, bands and `goals` of every run."""
    parts = []
    for then in past:
        frame = then.frame
        kept = frame[["account_id", "score", "band", "scorecard"]].assign(day=pd.Timestamp(then.day))
        kept["touch"] = frame.get(_TOUCH, None)
        days = frame["renews_on"] if "renews_on" in frame else pd.Series(pd.NaT, index=frame.index)
        kept["renews_on"] = pd.to_datetime(days).astype("datetime64[us]")
        for goal in goals:
            kept[goal] = frame[goal].astype("float64") if goal in frame else np.nan
        parts.append(kept)
    names = ["account_id", "score", "band", "scorecard", "day", "touch", "renews_on", *goals]
    runs = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    runs = runs.assign(
        account_id=runs["account_id"].astype(str), day=pd.to_datetime(runs["day"]).astype("datetime64[us]"),
        renews_on=pd.to_datetime(runs["renews_on"]).astype("datetime64[us]"), score=runs["score"].astype("float64"),
    )  # fmt: skip
    return Course(days=tuple(then.day for then in past), runs=runs)


def like_cases(past: list[Then], holds: Holds, got: Got, window: int) -> pd.DataFrame | None:
    """Accounts for which a rule held on the day of a run and that got nothing within `window` days of it, before or after: each on
    the first such day. None where the rule cannot be asked of any run.
    """
    found, was_asked = [], False
    for then in past:
        try:
            met = holds(then.frame, then.day)
        except ConfigError:
            continue  # the run kept other columns
        was_asked = True
        ids = then.frame["account_id"].astype(str)[met]
        found += [(account, then.day, CONTROL) for account in ids if not got(account, then.day, window)]
    return first_cases(found) if was_asked else None


def _frame_of(stored: "StoredSnapshot", config: Config) -> pd.DataFrame:
    """Columns, metrics' values, segments, scores. What today's rules cannot make of it is not there."""
    accounts = stored.accounts.reset_index(drop=True)
    columns = stored.columns.reset_index(drop=True)
    try:
        frame = add_columns(columns, config, stored.as_of).frame
    except ConfigError:
        values = stored.values.reset_index(drop=True)  # noqa: PD011 - a snapshot, no frame
        frame = columns.join(values[[name for name in values if name not in columns]])
    segments = pd.DataFrame(accounts["segments"].tolist(), dtype=object)
    added = {str(name): segments[name].to_numpy(object) for name in segments if name not in frame}
    own = {name: accounts[name].to_numpy() for name in ("scorecard", "score", "band", "data_coverage")}
    return frame.assign(**added, **own)
