"""What a dashboard is made of, and what it is: plain data for one page, and the few figures that stand without it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.opportunities import Opportunities
from cscli.analysis.acting.risk import CallList
from cscli.analysis.past.over_time import ScoreCourses
from cscli.config.schema import Config
from cscli.reports.history.comparison import Comparison
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report
from cscli.reports.practice.selfcheck import CheckTables
from cscli.reports.score.report import ScoredAccounts
from cscli.texts import Language

Json = Mapping[str, "Json"] | Sequence["Json"] | str | float | int | bool | None
"""What the page reads: JSON, of which `null` is a value that is missing."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Work:
    """What is known of the work with customers; None: the rules do not ask. `late`: as `late_promises` gives it. `silent`:
    account_id, last_two_way_on, department, most ARR first. `goals`: those that are open (account_id, goal, status, progress, due_on). `spoken`: theme, account_id of the window. `statuses`: of each theme.
    """

    late: pd.DataFrame | None = None
    goals: pd.DataFrame | None = None
    silent: pd.DataFrame | None = None
    spoken: pd.DataFrame | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """The results that a dashboard shows. `rows`: which accounts of the frame are in it; `choice`: in words why not all.

    `courses`: the runs before this one; `rules`: of those runs by digest, None where they cannot be read any more.
    `comparison`: with the snapshot of `score_change`; None: there is none. `revenue`: the report `ltv`. `weeks`:
    account_id, week (its Monday), users. `check`: the newest round of the self-check. `detailed`: by account of the frame, whether its page has course, weeks and
    metrics.
    """

    scored: ScoredAccounts
    calls: CallList
    found: Opportunities
    config: Config
    context: Context
    rows: NDArray[np.intp]
    detailed: NDArray[np.bool_]
    choice: str | None = None
    courses: ScoreCourses | None = None
    rules: Mapping[str, Config | None] = field(default_factory=dict)
    comparison: Comparison | None = None
    revenue: Report | None = None
    weeks: pd.DataFrame | None = None
    check: CheckTables | None = None
    work: Work = field(default_factory=Work)

    @property
    def language(self) -> Language:
        """That of the page."""
        return self.context.language

    @property
    def frame(self) -> pd.DataFrame:
        """The accounts of the page, with every column."""
        return self.scored.frame.iloc[self.rows]

    @property
    def since(self) -> dt.date | None:
        """The day that changes are measured from."""
        return self.comparison.start.as_of if self.comparison else None

    def places(self) -> NDArray[np.intp]:
        """By account of the frame, its place on the page; -1: it is not there."""
        places = np.full(len(self.scored.frame), -1, dtype=np.intp)
        places[self.rows] = np.arange(len(self.rows))
        return places


Part = Callable[[Material], "Json"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the first view. `column`: where it stands: `main`, `side` or `third`. `data`: what only it needs, under
    its name in the page's data; None: it is absent. The script of its name in the folder `panels` draws it.
    """

    name: str
    column: str
    data: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure in words: what it is, how much, and what it rests on."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One row of the call list in words."""

    account: str
    owner: str
    band: str
    score: str
    why: str
    action: str
    due: str
    stake: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Dashboard:
    """`data`: what the page's scripts read. `headline`, `tiles`, `calls`: what stands there without scripts."""

    language: Language
    title: str
    as_of: dt.date
    headline: str
    tiles: tuple[Tile, ...]
    calls: tuple[Call, ...]
    call_heads: tuple[str, ...]
    without_scripts: str
    accounts: int
    data: Mapping[str, Json]
    panels: tuple[str, ...]
