"""From the rules and the exports they name to a book: typed, joined accounts with every problem on the way."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from cscli.analysis.past.snapshots import digest
from cscli.analysis.tables.conform import TypedTable, conform
from cscli.analysis.tables.join import join_tables
from cscli.analysis.tables.raw import ReadFacts
from cscli.config.load import Draft, read_draft, settle
from cscli.config.schema import Config, Source
from cscli.errors import ConfigError, CscliError, Location, Problem, Severity
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Input
from cscli.texts import Language
from cscli.workflows.book.events import read_logs
from cscli.workflows.book.joining import Resolved, resolve_ids
from cscli.workflows.book.people import People, join_people
from cscli.workflows.book.reading import (
    ReadLog,
    SourceReader,
    Tables,
    effective_sources,
    headers_of,
    read_tables,
)
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Book:
    """The accounts of a run, typed and joined, with the rules that judge them. `left`: how many accounts had
    left by `as_of`; they are in `frame` only where revenue was asked for.
    """

    draft: Draft
    config: Config
    as_of: dt.date
    language: Language
    tables: Tables
    frame: "pd.DataFrame"
    left: int
    problems: tuple[Problem, ...]
    resolved: Resolved
    people: People
    typed: Mapping[str, TypedTable] = field(default_factory=dict)
    logs: Mapping[str, ReadLog] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was read."""
        crosswalk = self.resolved.crosswalk
        decided = (crosswalk.path,) if crosswalk and crosswalk.raw is not None else ()
        typed = (self.people.path,) if self.people.table else ()
        logs = (file.path for log in self.logs.values() for file in log.files)
        return (*self.tables.paths.values(), *logs, *decided, *typed)

    @property
    def inputs(self) -> dict[str, ReadFacts]:
        """What is known of every table that was read, by source; of what people typed as `inputs`."""
        typed = {"inputs": self.people.table.facts} if self.people.table else {}
        return {**{name: table.facts for name, table in self.typed.items()}, **typed}


def read_book(request: Request, *, of_revenue: bool = False, reader: SourceReader | None = None) -> Book:
    """The accounts as the rules' sources give them. `of_revenue`: with the sources of subscriptions and MRR, which
    others leave alone, and with the accounts that had left by then. `reader`: where several books come from one
    reading of the exports. Raises CscliError with every problem that stops the run.
    """
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    with speaking(request.language_of(draft)):
        return _read(request, draft, reader or SourceReader(), of_revenue=of_revenue)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Errors of the block are told in `language`."""
    try:
        yield
    except CscliError as error:
        error.language = language
        raise


def _read(request: Request, draft: Draft, reader: SourceReader, *, of_revenue: bool) -> Book:
    every = effective_sources(draft, request.accounts)
    sources = {name: source for name, source in every.items() if of_revenue or not source.of_revenue}
    tables = read_tables(draft, sources, request, reader)
    config, warnings = settle(draft, headers_of(tables, sources))
    zone = zone_of(config)
    as_of = request.as_of or request.now.astimezone(zone).date()
    typed = {name: conform(table, sources[name], zone) for name, table in tables.raw.items()}
    logs, said = placed(draft, lambda: read_logs(sources, request, reader, zone, as_of))
    typed |= {name: log.table for name, log in logs.items()}
    resolved = resolve_ids(typed, sources, request)
    accounts = placed(draft, lambda: join_tables(resolved.tables, sources, as_of, with_left=of_revenue))
    people = join_people(request, config, accounts.frame, typed["accounts"].frame["account_id"], zone)
    problems = [
        *warnings,
        *tables.problems,
        *said,
        *(problem for table in typed.values() for problem in table.problems),
    ]
    for name, table in typed.items():
        problems += find_stale(table.facts, sources[name], as_of, zone)
    return Book(
        draft, config, as_of, request.language or config.language, tables, people.frame, accounts.left,
        (*problems, *resolved.problems, *accounts.problems, *people.problems), resolved, people, typed, logs,
    )  # fmt: skip


def zone_of(config: Config) -> ZoneInfo | None:
    """The zone that decides what day it is; None: that of this computer."""
    return ZoneInfo(config.timezone) if config.timezone else None


def placed(draft: Draft, compute: Callable[[], Result]) -> Result:
    """What `compute` gives. A ConfigError that knows only the key is raised with file and line."""
    try:
        return compute()
    except ConfigError as error:
        raise ConfigError(*map(draft.place, error.problems)) from error


def report_context(request: Request, book: Book) -> Context:
    """What every report on `book` has in common."""
    inputs = tuple(
        Input(name, read.file, read.sha256, read.rows, read.encoding, read.sheet, read.header_row)
        for name, read in book.inputs.items()
    )
    return Context(
        language=book.language, as_of=book.as_of, currency=book.config.currency, config_digest=rules_digest(request),
        inputs=inputs, problems=book.problems, plain=request.plain,
    )  # fmt: skip


def rules_digest(request: Request) -> str:
    """What identifies the rules of a run, overrides included."""
    return digest("\n".join([request.rules.text, *request.overrides]))


def find_stale(facts: ReadFacts, source: Source, as_of: dt.date, zone: ZoneInfo | None) -> list[Problem]:
    """That the file is older than the source allows."""
    age_days = file_age_days(facts, as_of, zone)
    if source.fresh_within_days is None or age_days <= source.fresh_within_days:
        return []
    details = {"days": age_days, "limit": source.fresh_within_days}
    place = Location(file=facts.file, sheet=facts.sheet)
    return [Problem("data.stale_file", Severity.WARNING, place, details=details)]


def file_age_days(facts: ReadFacts, as_of: dt.date, zone: ZoneInfo | None) -> int:
    """Days from the file's last change to `as_of`; negative where it was changed later."""
    modified = dt.datetime.fromtimestamp(facts.modified, tz=zone or dt.UTC).date()
    return (as_of - modified).days
