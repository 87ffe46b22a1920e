"""One short function a command: the hops from files to report in order. This is what a Python user calls."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cscli import __version__
from cscli.config.load import Draft, read_draft, settle
from cscli.config.names import Headers
from cscli.config.schema import Config, Source
from cscli.errors import ConfigError, CscliError, Location, Problem, Severity
from cscli.sources.workspace import Rules
from cscli.texts import Language

if TYPE_CHECKING:
    from cscli.analysis.conform import TypedTable
    from cscli.analysis.tables import RawTable
    from cscli.history import Previous
    from cscli.reports.model import Report
    from cscli.reports.score import ScoredAccounts

DEFAULT_HISTORY = "sqlite:///.cscli/history.db"


@dataclass(frozen=True, slots=True)
class Request:
    """What a command was asked. `now`: the one reading of the clock, with its zone. `as_of`: a given date,
    else today in the config's zone. `accounts`: a file that replaces that of `sources.accounts`."""

    rules: Rules
    now: dt.datetime
    as_of: dt.date | None = None
    accounts: Path | None = None
    overrides: tuple[str, ...] = ()
    language: Language | None = None
    plain: bool = False
    remember: bool = True


@dataclass(frozen=True, eq=False)
class Book:
    """The accounts of a run, typed and joined, with the rules that judge them."""

    config: Config
    as_of: dt.date
    language: Language
    raw: "Mapping[str, RawTable]"
    frame: "object"
    left: int
    problems: tuple[Problem, ...]


def score(request: Request) -> "Report":
    """Health scores of the accounts, stored in the history where the rules have one.

    Raises CscliError with every problem that stops the run.
    """
    from cscli.reports.score import scorecard_report

    scored, book = score_book(request)
    book = replace(book, problems=(*book.problems, *_remember(request, book, scored)))
    return scorecard_report(scored, book.config, _context(request, book))


def score_book(request: Request) -> "tuple[ScoredAccounts, Book]":
    """The scored accounts and the book that they are from; nothing is stored."""
    from cscli.analysis.columns import add_columns, add_late_columns
    from cscli.analysis.health import score_accounts, unknown_categories
    from cscli.reports.score import ScoredAccounts, score_change

    book = read_book(request)
    columns = add_columns(book.frame, book.config, book.as_of)
    scores = score_accounts(columns.frame, columns.conditions, book.config)
    previous = _previous(request, book)
    early = ScoredAccounts(columns.frame, scores, previous.scores if previous else None, book.left)
    cards = [book.config.scorecards[index].name if index >= 0 else None for index in scores.scorecard]
    scored_frame = columns.frame.assign(
        scorecard=cards, score=scores.score, band=scores.band, data_coverage=scores.data_coverage,
        score_change=score_change(early),
    )  # fmt: skip
    frame = add_late_columns(scored_frame, book.config, book.as_of)
    problems = (*book.problems, *unknown_categories(columns.frame, book.config))
    return replace(early, frame=frame), replace(book, problems=problems)


def read_book(request: Request) -> Book:
    """The accounts as the rules' sources give them. Raises CscliError."""
    from cscli.analysis.conform import conform
    from cscli.analysis.join import join_tables

    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    sources = _with_accounts(draft.sources(), request.accounts)
    raw, problems = _read_sources(draft, sources, request)
    config, warnings = settle(draft, _headers(raw, sources))
    config = config.model_copy(update={"sources": sources})
    zone = ZoneInfo(config.timezone) if config.timezone else None
    as_of = request.as_of or request.now.astimezone(zone).date()
    typed = {name: conform(table, sources[name], zone) for name, table in raw.items()}
    problems += [problem for table in typed.values() for problem in table.problems]
    problems += [p for name, table in raw.items() for p in _stale(table, sources[name], as_of, zone)]
    accounts = join_tables(typed, sources, as_of)
    language = request.language or config.language
    found = (*warnings, *problems, *accounts.problems)
    return Book(config, as_of, language, raw, accounts.frame, accounts.left, found)


def _with_accounts(sources: Mapping[str, Source], given: Path | None) -> dict[str, Source]:
    accounts = sources.get("accounts", Source())
    if given is not None:
        accounts = accounts.model_copy(update={"file": str(given)})
    return {"accounts": accounts, **{name: source for name, source in sources.items() if name != "accounts"}}


def _read_sources(
    draft: Draft, sources: Mapping[str, Source], request: Request
) -> "tuple[dict[str, RawTable], list[Problem]]":
    """Every source's table. With mistakes in the config the files serve only to check names: what cannot be
    read is left out."""
    from cscli.fields import known_field
    from cscli.sources import ReadOptions, read_table

    tables, problems = {}, []
    for name, source in sources.items():
        try:
            path, said = _find_source(name, source, request)
            problems += said
            if path is not None:
                options = ReadOptions(source.sheet, source.header, source.encoding, source.delimiter)
                known = _known_headers(source)
                tables[name] = read_table(path, name, options, lambda h, known=known: h in known or bool(known_field(h)))
        except CscliError:
            if draft.config is not None:
                raise
    return tables, problems


def _known_headers(source: Source) -> frozenset[str]:
    accepted = source.columns.values()
    return frozenset(h for entry in accepted for h in ([entry] if isinstance(entry, str) else entry))


def _find_source(name: str, source: Source, request: Request) -> tuple[Path | None, Sequence[Problem]]:
    """The file of a source: from the config's folder, else from that of a given accounts file."""
    from cscli.errors import SourceError
    from cscli.sources import find_file

    if source.file is None:
        raise ConfigError(Problem("config.no_accounts_file", where=Location(request.rules.name, key=f"sources.{name}.file")))
    given = request.accounts
    if name == "accounts" and given is not None:
        return given, ()
    folders = [request.rules.sources_folder, *([given.parent] if given is not None else [])]
    for folder in folders:
        try:
            found = find_file(source.file, folder)
        except SourceError as error:
            fault = error
            continue
        if found.path.exists():
            details = {"source": name, "folder": str(folder)}
            beside = Problem("reading.found_beside", Severity.NOTE, value=found.path.name, details=details)
            return found.path, (*found.problems, *([beside] if folder != folders[0] else []))
        fault = SourceError(Problem("reading.no_source_file", value=source.file, details={"source": name}))
    if source.optional:
        return None, (Problem("reading.optional_absent", Severity.NOTE, value=source.file, details={"source": name}),)
    raise fault


def _headers(raw: "Mapping[str, RawTable]", sources: Mapping[str, Source]) -> Headers:
    from cscli.analysis.mapping import column_names

    found = {name: column_names(table, sources[name]) for name, table in raw.items()}
    unread = [name for name in sources if name not in raw and not sources[name].optional]
    return Headers(found, complete=not unread)


def _stale(table: "RawTable", source: Source, as_of: dt.date, zone: ZoneInfo | None) -> list[Problem]:
    if source.fresh_within_days is None:
        return []
    modified = dt.datetime.fromtimestamp(table.facts.modified, tz=zone or dt.UTC).date()
    age = (as_of - modified).days
    if age <= source.fresh_within_days:
        return []
    details = {"days": age, "limit": source.fresh_within_days}
    return [Problem("data.stale_file", Severity.WARNING, table.locate(), details=details)]


def _history_url(request: Request, book: Book) -> str | None:
    if not (request.remember and request.rules.remembers):
        return None
    return book.config.history.url if book.config.history else DEFAULT_HISTORY


def _previous(request: Request, book: Book) -> "Previous | None":
    url = _history_url(request, book)
    if url is None:
        return None
    from cscli.history import previous_scores

    return previous_scores(url, request.rules.workspace, book.as_of)


def _remember(request: Request, book: Book, scored: "ScoredAccounts") -> list[Problem]:
    url = _history_url(request, book)
    if url is None:
        return []
    from cscli.analysis.snapshots import Snapshot, snapshot_accounts
    from cscli.history import append

    snapshot = Snapshot(
        book.as_of, request.now, __version__, request.rules.text, _digest(request), scored.scores.metrics,
        tuple((name, table.facts.file, table.facts.sha256) for name, table in book.raw.items()),
        snapshot_accounts(scored.frame, scored.scores, book.config),
    )  # fmt: skip
    replaced = append(url, request.rules.workspace, snapshot)
    code = "history.replaced" if replaced else "history.stored"
    return [Problem(code, Severity.NOTE, details={"as_of": book.as_of.isoformat()})]


def _digest(request: Request) -> str:
    from cscli.analysis.snapshots import digest

    return digest("\n".join([request.rules.text, *request.overrides]))


def _context(request: Request, book: Book):  # type: ignore[no-untyped-def]
    from cscli.reports.context import Context
    from cscli.reports.model import Input

    inputs = tuple(
        Input(name, t.facts.file, t.facts.sha256, t.facts.rows, t.facts.encoding, t.facts.sheet, t.facts.header_row)
        for name, t in book.raw.items()
    )
    return Context(
        book.language, book.as_of, book.config.currency, _digest(request), inputs, book.problems, request.plain
    )
