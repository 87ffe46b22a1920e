"""What an event log is, and what it is rolled up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.errors import Problem
from cscli.sources.engine.model import EventEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """A log, and what is asked of it.

    `zone` (IANA) says where a day begins; `naive_times_are` is the zone of times that bear none; `windows` are
    days up to and including `as_of`; `features` are named lists of event names; `keep` is the folder in which
    results by file are kept for the next run (None: nothing is kept); `by_week`: whether the weeks are wanted too.
    """

    source: str
    files: tuple[Path, ...]
    columns: LogColumns
    zone: str
    as_of: date
    windows: tuple[int, ...]
    table: str | None = None
    naive_times_are: str | None = None
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    engine: EventEngine = field(default_factory=EventEngine)
    encoding: str | None = None
    delimiter: str | None = None
    max_bad_lines: float = 0.01
    keep: Path | None = None
    by_week: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One file of a log. `rows` were read (None: Spark counts those of several files together), `bad_lines` could
    not be; `reused`: its kept result was taken.
    """

    name: str
    path: Path
    size_bytes: int
    sha256: str
    rows: int | None
    bad_lines: int
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRollup:
    """A log by account and by account and week, up to as_of.

    `accounts`, sorted by account_id (text, one row each): for each window W ascending `events_Wd`, `users_Wd`
    (distinct), `active_days_Wd`, `breadth_Wd` (distinct event names), each feature `NAME_Wd`, then the same with
    `_prev` for the W days before, all float64; `first_seen_on`, `last_seen_on` datetime64[us]. Without a user
    column there are no users, without an event column no breadth and no features.
    `weeks`, sorted: account_id, week (its Monday, datetime64[us]), events, users, active_days, breadth (float64); no row where
    they are not wanted.
    `first_day`, `last_day`: of the whole log up to as_of, `newest_day` of all of it. `rows` of all files, of them `rows_without_account` and
    `rows_without_time`, which count for nothing.
    """

    accounts: pd.DataFrame
    weeks: pd.DataFrame
    first_day: date | None
    last_day: date | None
    newest_day: date | None
    files: tuple[FileFacts, ...]
    rows: int
    rows_without_account: int
    rows_without_time: int
    problems: tuple[Problem, ...]
