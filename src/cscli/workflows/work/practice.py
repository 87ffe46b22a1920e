"""What the work around the score gives to a book: promises, records, contacts and voices. What finds it is loaded where rules
speak of any of it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from cscli.analysis.promises.earlier import NOTHING_EARLIER, EarlierPromises
from cscli.config.schema import Config
from cscli.errors import Problem

if TYPE_CHECKING:
    from cscli.analysis.conversations.voices import Voices
    from cscli.analysis.inputs.rows import SheetRows
    from cscli.analysis.orders.lines import Orders
    from cscli.analysis.practice.content_map import ContentFacts
    from cscli.analysis.practice.fit import FitFacts
    from cscli.analysis.promises.standards import Known
    from cscli.analysis.promises.typed_goals import TypedGoals
    from cscli.analysis.promises.typed_milestones import TypedMilestones
    from cscli.analysis.scoring.nodes import Node
    from cscli.analysis.tables.conform import TypedTable
    from cscli.analysis.tables.raw import RawTable
    from cscli.workflows.work.input_books import ReadBook


@dataclass(frozen=True, eq=False, kw_only=True)
class Practice:
    """`books`: what people typed, by book; `rows`: its typed rows by sheet. `frame`: the accounts with the columns that need no formula; `nodes`:
    those that do. `events`: what was done, where the rules have a timeline; `voices`: what was said, where they have themes;
    `orders`: what was bought, where a source has orders; `content`: what there is for customers, and who used it; `fit`: what was
    known at signing.
    """

    books: "Mapping[str, ReadBook]" = field(default_factory=dict)
    rows: "Mapping[str, SheetRows]" = field(default_factory=dict)
    frame: pd.DataFrame
    milestones: "TypedMilestones | None" = None
    goals: "TypedGoals | None" = None
    earlier: EarlierPromises = NOTHING_EARLIER
    events: pd.DataFrame | None = None
    voices: "Voices | None" = None
    orders: "Orders | None" = None
    content: "ContentFacts | None" = None
    fit: "FitFacts | None" = None
    nodes: "tuple[Node, ...]" = ()
    problems: tuple[Problem, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every book that was read."""
        return tuple(book.path for book in self.books.values() if book.raw)

    def known(self, config: Config) -> "Known":
        """What standards need beside the exports."""
        from cscli.analysis.promises.standards import Known
        from cscli.analysis.promises.typed_milestones import TypedMilestones

        soon = config.journey.soon_days if config.journey else 0
        return Known(typed=self.milestones or TypedMilestones(), earlier=self.earlier, soon_days=soon)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Exports:
    """What was read: `raw` and, with ids of accounts, `tables`, by source. `everyone`: the ids of all accounts, those too that have left.
    `people`: where the workbook in which people type is, or would be, in the `workspace`; `as_of`: the day of the run; `earlier`: the
    promises that the run before knew; `rates`: what one unit of another currency is worth in that of the book; `signed`: what was
    known of accounts at signing.
    """

    raw: "Mapping[str, RawTable]"
    tables: "Mapping[str, TypedTable]"
    everyone: "pd.Series[str]"
    zone: ZoneInfo | None
    people: Path
    workspace: Path
    as_of: dt.date
    earlier: EarlierPromises = NOTHING_EARLIER
    rates: "Mapping[str, float]" = field(default_factory=dict)
    signed: pd.DataFrame = field(default_factory=pd.DataFrame)


def speaks_of_work(config: Config) -> bool:
    """Whether the rules ask for anything beside scores."""
    blocks = (config.journey, config.goals, config.timeline, config.voice, config.content, config.fit)
    return (
        any(block is not None for block in blocks)
        or bool(config.records)
        or any(source.kind == "orders" for source in config.sources.values())
    )
