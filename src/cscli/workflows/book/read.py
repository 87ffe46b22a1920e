"""From the rules and the exports they name to a book: typed, joined accounts with every problem on the way."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.raw import ReadFacts
from cscli.config.load import Draft, read_draft
from cscli.config.schema import Config
from cscli.errors import CscliError, DataError, Location, Problem, Scope, UsageError
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Input
from cscli.texts import Language
from cscli.workflows.book.joining import Resolved
from cscli.workflows.book.people import People
from cscli.workflows.book.reading import ReadLog, SourceReader, Tables, as_far_as_kept, effective_sources
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import Reading, found, run_stages, zone_of
from cscli.workflows.work.lost_books import PEOPLE, crosswalk_at, opt_outs_at, say_lost
from cscli.workflows.work.practice import Practice

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Book:
    """The accounts of a run, typed and joined, with the rules that judge them. `left`: the ids of those who
    had left by `as_of`; they are in `frame` only where revenue was asked for. `not_yet`: how many start later, who
    are in nothing. `newest`: the latest day that each source tells of. `of_lines`: the columns that lines of revenue gave.
    """

    draft: Draft
    config: Config
    as_of: dt.date
    language: Language
    tables: Tables
    frame: "pd.DataFrame"
    left: frozenset[str]
    not_yet: int
    problems: tuple[Problem, ...]
    resolved: Resolved
    people: People
    practice: Practice
    typed: Mapping[str, TypedTable] = field(default_factory=dict)
    logs: Mapping[str, ReadLog] = field(default_factory=dict)
    newest: Mapping[str, dt.date] = field(default_factory=dict)
    of_lines: frozenset[str] = frozenset()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was read."""
        tables = (path for paths in self.tables.paths.values() for path in paths)
        crosswalk = self.resolved.crosswalk
        decided = (crosswalk.path,) if crosswalk and crosswalk.raw is not None else ()
        typed = (self.people.path,) if self.people.table else ()
        logs = (file.path for log in self.logs.values() for file in log.files)
        return (*tables, *logs, *decided, *typed, *self.practice.files)

    @property
    def inputs(self) -> dict[str, ReadFacts]:
        """What is known of every table that was read, by source; of what people typed as `inputs`."""
        typed = {"inputs": self.people.table.facts} if self.people.table else {}
        read = {
            name: table.facts
            for name, table in self.typed.items()
            if name in self.tables.raw or name in self.logs
        }
        books = {
            f"{book.book.name}.{sheet}": table.facts
            for book in self.practice.books.values()
            for sheet, table in book.raw.items()
        }
        return {**read, **typed, **books}


def read_book(
    request: Request,
    *,
    of_revenue: bool = False,
    reader: SourceReader | None = None,
    draft: Draft | None = None,
) -> Book:
    """The accounts as the rules' sources give them. `of_revenue`: with the sources of subscriptions and MRR, which
    others leave alone, and with the accounts that had left by then. `reader`, `draft`: what has been read already,
    where several books come from one reading. Raises CscliError with every problem that stops the run.
    """
    draft = draft or draft_of(request)
    every = effective_sources(draft, request.accounts)
    if request.archive is not None:
        every = as_far_as_kept(every)
    wanted = of_revenue or "accounts" not in every
    needed = {source.via for source in every.values()}
    sources = {name: each for name, each in every.items() if wanted or not each.of_revenue or name in needed}
    reading = Reading(
        request=request,
        draft=draft,
        sources=sources,
        reader=reader or _reader_of(request),
        of_revenue=of_revenue,
        further={name: source for name, source in every.items() if name not in sources},
    )
    with speaking(request.language_of(draft)):
        book = _with_lost_books(request, book_of(run_stages(reading)))
        check_known(request, book)
        return book


def _with_lost_books(request: Request, book: Book) -> Book:
    """The book with what is to be said of books that earlier runs read and that are gone; that there is none yet is not said of them. An old
    run that is made again has the books of its day.
    """
    rules = request.rules
    if request.archive is not None or not rules.remembers:
        return book
    books = {book.people.path: PEOPLE, **{read.path: name for name, read in book.practice.books.items()}}
    books |= crosswalk_at(rules.workspace)
    books |= opt_outs_at(rules.workspace) if book.config.outreach is not None else {}
    lost = say_lost(rules.workspace, books, book.as_of if request.remember else None)
    names = {each.value for each in lost}
    absent = [each for each in book.problems if each.scope is Scope.ABSENT and each.value in names]
    kept = [each for each in book.problems if each not in absent]
    return replace(book, problems=(*lost, *kept))


def known_day(request: Request, book: Book) -> dt.date:
    """The day on which the exports told what they tell: as it was said, else today."""
    return request.known_on or request.today(zone_of(book.config))


def check_known(request: Request, book: Book) -> None:
    """Raises UsageError for `--known-on` a day that has not come, DataError where an export tells of a later one."""
    if request.known_on is None:
        return
    value = request.known_on.isoformat()
    if request.known_on > request.today(zone_of(book.config)):
        raise UsageError(Problem("history.known_on_future", value=value))
    later = {name: day for name, day in book.newest.items() if day > request.known_on}
    problems = (
        Problem(
            "history.known_on_too_early",
            where=Location(file=book.typed[name].facts.file),
            value=value,
            details={"latest": day.isoformat()},
        )
        for name, day in later.items()
    )
    if later:
        raise DataError(*problems)


def _reader_of(request: Request) -> SourceReader:
    return request.reader if isinstance(request.reader, SourceReader) else SourceReader()


def draft_of(request: Request) -> Draft:
    """The rules as they stand in their file, with what the command line overrides. Raises ConfigError for no YAML."""
    return read_draft(request.rules.text, request.rules.name, request.overrides)


def book_of(reading: Reading) -> Book:
    """The book of a reading that went through all its stages."""
    config, resolved = found(reading.config), found(reading.resolved)
    accounts, people = found(reading.accounts), found(reading.people)
    practice = found(reading.practice)
    problems = (
        *reading.request.made,
        *reading.warnings,
        *reading.tables.problems,
        *reading.of_logs,
        *reading.of_hops,
        *(problem for table in reading.typed.values() for problem in table.problems),
        *(problem for name in reading.typed for problem in reading.stale.get(name, ())),
        *resolved.problems,
        *accounts.problems,
        *reading.of_days,
        *people.problems,
        *practice.problems,
    )
    return Book(
        draft=reading.draft,
        config=config,
        as_of=reading.as_of,
        language=reading.request.language or config.language,
        tables=reading.tables,
        frame=practice.frame,
        left=accounts.left,
        not_yet=len(accounts.not_yet),
        problems=problems,
        resolved=resolved,
        people=people,
        practice=practice,
        typed=reading.typed,
        logs=reading.logs,
        newest=reading.newest,
        of_lines=accounts.of_lines,
    )


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Errors of the block are told in `language`."""
    try:
        yield
    except CscliError as error:
        error.language = language
        raise


def inputs_of(files: Mapping[str, ReadFacts]) -> tuple[Input, ...]:
    """What a report tells of the file of each source."""
    return tuple(
        Input(
            source=name,
            file=read.file,
            sha256=read.sha256,
            rows=read.rows,
            encoding=read.encoding,
            sheet=read.sheet,
            header_row=read.header_row,
        )
        for name, read in files.items()
    )


def report_context(request: Request, book: Book) -> Context:
    """What every report on `book` has in common."""
    return Context(
        language=book.language,
        as_of=book.as_of,
        currency=book.config.currency,
        config_digest=rules_digest(request),
        inputs=inputs_of(book.inputs),
        problems=book.problems,
        plain=request.plain,
    )


def rules_digest(request: Request) -> str:
    """What identifies the rules of a run, overrides included: the first 12 hex digits of the SHA-256 of their text."""
    text = "\n".join([request.rules.text, *request.overrides])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
