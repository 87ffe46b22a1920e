"""The files of a config's sources: found, read, and said where something was assumed."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from cscli.analysis.judging.row_kinds import drop_other_rows
from cscli.analysis.judging.table import type_any_table
from cscli.analysis.judging.wide_months import say_months, unpivot_months
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.join import Joined
from cscli.analysis.tables.mapping import accepted_headers, column_names
from cscli.analysis.tables.raw import RawTable
from cscli.config.linting.taken import Headers
from cscli.config.load import Draft
from cscli.config.schema import Config, Source
from cscli.errors import ConfigError, Location, Problem, Severity, SourceError
from cscli.fields import known_field
from cscli.sources import FoundFile, ReadOptions, find_file, read_table
from cscli.sources.parts import join_parts
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

    from cscli.sources.events import FileFacts

_QUICK_BYTES = 5_000_000
"""With a mistake in the config, files serve only to check names; larger ones would delay its message."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadLog:
    """`table`: one row an account of the log, a column for each of `config.events.event_columns`. `weeks`:
    account_id, week (its Monday), events, users, active_days, breadth. `files`: every file of the log. `newest_day`: of all its
    rows, where that is known; `last_day`: of the events up to the day of the book.
    """

    table: TypedTable
    weeks: "pd.DataFrame"
    files: "tuple[FileFacts, ...]"
    problems: tuple[Problem, ...]
    newest_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True, eq=False)
class Tables:
    """The raw table and the files of each source that has one."""

    raw: Mapping[str, RawTable]
    paths: Mapping[str, tuple[Path, ...]]
    problems: tuple[Problem, ...]


def effective_sources(draft: Draft, accounts: Path | None) -> dict[str, Source]:
    """The config's sources, the accounts first; a file given on the command line replaces theirs."""
    sources = dict(draft.sources())
    if accounts is None and sources and "accounts" not in draft.document.mapping("sources"):
        return sources
    first = sources.pop("accounts", Source())
    if accounts is not None:
        first = first.model_copy(update={"file": str(accounts)})
    return {"accounts": first, **sources}


def as_far_as_kept(sources: Mapping[str, Source]) -> dict[str, Source]:
    """The sources as old exports have them: of all but the accounts a file may be absent, since it was not exported then; a table
    of an engine is of today and stays out.
    """
    return {
        name: source if name == "accounts" else source.model_copy(update={"optional": True})
        for name, source in sources.items()
        if not source.table
    }


class SourceReader:
    """Finds, reads and types each source once, however many reports are made of it. `found`, `tables`, `log_paths`: what
    is known already, by source. `scratch`: a folder for what is read of logs, so that other days need not read them again; `by_week`:
    whether anybody asks for their weeks.
    """

    scratch: Path | None = None
    by_week: bool = True

    def __init__(
        self,
        found: Mapping[str, FoundFile | None] | None = None,
        tables: Mapping[str, RawTable] | None = None,
        log_paths: Mapping[str, tuple[Path, ...]] | None = None,
    ) -> None:
        self._found: dict[str, FoundFile | None] = dict(found or {})
        self.tables = dict(tables or {})
        self.log_paths = dict(log_paths or {})
        self.logs: dict[str, ReadLog] = {}
        self._typed: dict[str, tuple[Source, frozenset[str | None] | None, TypedTable]] = {}
        self._joined: tuple[Sequence[TypedTable], Joined] | None = None
        self._of_days: dict[dt.date, SourceReader] = {}

    def find(self, name: str, source: Source, request: Request) -> FoundFile | None:
        """As `find_source`."""
        if name not in self._found:
            self._found[name] = find_source(name, source, request)
        return self._found[name]

    def read(self, paths: Sequence[Path], name: str, source: Source) -> RawTable:
        """As `read_parts`."""
        if name not in self.tables:
            self.tables[name] = read_parts(paths, name, source)
        return self.tables[name]

    def conform(self, name: str, source: Source, zone: ZoneInfo | None, config: Config | None) -> TypedTable:
        """The typed table of a source that has been read, as `type_any_table`, and what no source of `config` reads of it."""
        read = (
            frozenset(each.file for each in config.sources.values() if each.kind == "mrr") if config else None
        )
        kept = self._typed.get(name)
        if kept is None or kept[:2] != (source, read):
            raw = self.tables[name]
            typed = say_months(type_any_table(raw, source, zone), raw, source, read or frozenset())
            kept = self._typed[name] = (source, read, typed)
        return kept[2]

    def joined_once(self, parts: Sequence[TypedTable], join: Callable[[], Joined]) -> Joined:
        """What `join` gives for `parts` that are the very tables of an earlier book."""
        if (
            self._joined is None
            or len(parts) != len(self._joined[0])
            or not all(map(is_, parts, self._joined[0]))
        ):
            self._joined = (parts, join())
        return self._joined[1]

    def for_another_day(self) -> "SourceReader":
        """The same tables, typed as far as they are; what depends on the day is found anew."""
        other = SourceReader(self._found, self.tables, self.log_paths)
        other._typed = self._typed
        return other

    def at_day(self, day: dt.date) -> "SourceReader":
        """For the accounts of an earlier `day`, whichever rules ask for it: logs come from `scratch`, without their weeks."""
        if day not in self._of_days:
            other = self._of_days[day] = self.for_another_day()
            other.scratch, other.by_week = self.scratch, False
        return self._of_days[day]

    def choices(self) -> dict[str, FoundFile]:
        """The file of each source that has been read, with what was said of the choice."""
        return {name: found for name, found in self._found.items() if found and name in self.tables}


def needs_lines(
    raw: Mapping[str, RawTable], sources: Mapping[str, Source], every: Mapping[str, Source]
) -> bool:
    """Whether the accounts have no money of their own while a source of revenue is there that could give it."""
    if "accounts" not in raw or not any(source.of_revenue for source in every.values()):
        return False
    return not column_names(raw["accounts"], sources["accounts"]) & {"mrr", "arr"}


def headers_of(raw: Mapping[str, RawTable], sources: Mapping[str, Source]) -> Headers:
    """The names that the files offer to expressions; complete, if every file that must be there was read."""
    found = {name: column_names(table, sources[name]) for name, table in raw.items()}
    unread = [
        name
        for name, source in sources.items()
        if name not in raw and not source.optional and not source.by_engine
    ]
    return Headers(found, complete=not unread)


def read_source(path: Path, name: str, source: Source) -> RawTable:
    """The table in the file at `path`, read as the source asks. Raises CscliError."""
    return unpivoted(read_table(path, name, _options(source), _KnownHeaders(source)), source)


def read_parts(paths: Sequence[Path], name: str, source: Source) -> RawTable:
    """The one table in the files at `paths`, each read as the source asks. Raises CscliError."""
    if source.files == "newest":
        return read_source(paths[0], name, source)
    parts = [read_source(path, name, source) for path in paths]
    return join_parts(parts, Path(source.file or name).name, accepted_headers(source))


def unpivoted(raw: RawTable, source: Source) -> RawTable:
    """`raw` with the rows and columns that the source's kind reads."""
    return unpivot_months(only_own_rows(raw, source), source)


_UNTOUCHED: WeakKeyDictionary[RawTable, Source] = WeakKeyDictionary()
"""Tables all of whose rows stay, with the source that says so: a first run asks of each table what it is, then again as what it is."""


def only_own_rows(raw: RawTable, source: Source) -> RawTable:
    """As `drop_other_rows`, which is not asked twice of a table that it has left as it was."""
    if _UNTOUCHED.get(raw) == source:
        return raw
    kept = drop_other_rows(raw, source)
    if kept is raw:
        _UNTOUCHED[raw] = source
    return kept


class _KnownHeaders:
    """Says of a header whether the config or the data dictionary knows it; this finds the header row."""

    def __init__(self, source: Source) -> None:
        self.of_revenue = source.of_revenue
        self.pinned = {header for headers in accepted_headers(source) for header in headers}

    def __call__(self, header: str) -> bool:
        return header in self.pinned or known_field(header, of_revenue=self.of_revenue) is not None


def _options(source: Source) -> ReadOptions:
    return ReadOptions(
        sheet=source.sheet,
        header=source.header,
        encoding=source.encoding,
        delimiter=source.delimiter,
        columns=frozenset(header for headers in accepted_headers(source) for header in headers),
    )


def is_quick(path: Path) -> bool:
    """Whether the file is small enough to be read for its headers alone."""
    return path.is_file() and path.stat().st_size < _QUICK_BYTES


def find_source(name: str, source: Source, request: Request) -> FoundFile | None:
    """The file of a source, seen from the config's folder, else from that of a given accounts file, there also
    by its name alone. None: an optional source without a file.
    """
    if source.file is None:
        where = Location(file=request.rules.name, key=f"sources.{name}.file")
        raise ConfigError(Problem("config.no_accounts_file", where=where))
    if name == "accounts" and request.accounts is not None:
        return FoundFile(request.accounts)
    if request.archive is not None:
        return _find_archived(name, source, request, request.archive)
    home = request.rules.sources_folder
    beside = request.accounts.parent if request.accounts else home
    places = [(source.file, home), (source.file, beside), (Path(source.file).name, beside)]
    for pattern, folder in places if request.accounts else places[:1]:
        found = _find_in(pattern, folder, source)
        if found is not None:
            return found if folder == home else _said_beside(found, name, folder)
    if source.optional:
        return None
    return find_file(source.file, home)  # for its message


def _find_archived(name: str, source: Source, request: Request, folder: Path) -> FoundFile | None:
    file = source.file or name
    for pattern, place in request.archived(file, folder):
        found = _find_in(pattern, place, source)
        if found is not None:
            return found
    if source.optional:
        return None
    return find_file(Path(file).name, folder)  # for its message


def _find_in(pattern: str, folder: Path, source: Source) -> FoundFile | None:
    try:
        found = find_file(pattern, folder, whole=source.files == "all")
    except SourceError:
        return None
    return found if found.path.exists() else None


def _said_beside(found: FoundFile, source: str, folder: Path) -> FoundFile:
    details = {"source": source, "folder": str(folder)}
    problem = Problem("reading.found_beside", severity=Severity.NOTE, value=found.path.name, details=details)
    return replace(found, problems=(*found.problems, problem))


def say_absent(name: str, source: Source) -> Problem:
    """That an optional source has no file."""
    return Problem(
        "reading.optional_absent", severity=Severity.NOTE, value=source.file, details={"source": name}
    )
