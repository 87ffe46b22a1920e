"""From exports to typed, joined accounts: one list of stages, for commands that stop and for the check that goes on."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from cscli.analysis.quality.age import find_stale
from cscli.analysis.quality.export_days import newest_days, say_later_exports
from cscli.analysis.tables.conform import TypedTable, why_unusable
from cscli.analysis.tables.join import AccountTable, Joined, join_all, pick_accounts
from cscli.config.load import Draft
from cscli.config.load import settle as settle_rules
from cscli.config.schema import Config, Source
from cscli.errors import ConfigError, CscliError, DataError, ExitCode, Location, Problem, UsageError
from cscli.workflows.book.hops import accounts_of_others, check_hops, follow_hops
from cscli.workflows.book.joining import Resolved, resolve_ids
from cscli.workflows.book.people import People, join_people
from cscli.workflows.book.reading import (
    ReadLog,
    SourceReader,
    Tables,
    headers_of,
    is_quick,
    needs_lines,
    say_absent,
)
from cscli.workflows.book.request import Request, history_at
from cscli.workflows.book.revenue_lines import rates_of
from cscli.workflows.book.settling import in_its_currency, keep_rows, settle_book
from cscli.workflows.work.practice import Exports, Practice, speaks_of_work

Result = TypeVar("Result")


@dataclass(eq=False, kw_only=True)
class Reading:
    """What is known of the exports so far; grows from stage to stage.

    `sources`: what is read, the accounts first; `own`: those of them that the rules do not name. `of_revenue`: also
    with the accounts that had left. `goes_on`: what cannot be used is kept in `failures`, and the rest is read; else
    it is raised. `further`: sources of revenue, which are read where the accounts have no money of their own. `read`, `matched`, `typed_by_people`: what a stage said; other problems stand where they arose. `newest`: the latest
    day that each source tells of, as of `newest_days`.
    """

    request: Request
    draft: Draft
    sources: dict[str, Source]
    reader: SourceReader
    of_revenue: bool = False
    goes_on: bool = False
    own: frozenset[str] = frozenset()
    further: dict[str, Source] = field(default_factory=dict)
    tables: Tables = field(default_factory=lambda: Tables({}, {}, ()))
    config: Config | None = None
    warnings: tuple[Problem, ...] = ()
    zone: ZoneInfo | None = None
    as_of: dt.date = dt.date.min
    typed: dict[str, TypedTable] = field(default_factory=dict)
    stale: dict[str, list[Problem]] = field(default_factory=dict)
    logs: dict[str, ReadLog] = field(default_factory=dict)
    of_logs: list[Problem] = field(default_factory=list)
    of_hops: list[Problem] = field(default_factory=list)
    resolved: Resolved | None = None
    accounts: AccountTable | None = None
    people: People | None = None
    practice: Practice | None = None
    newest: Mapping[str, dt.date] = field(default_factory=dict)
    of_days: tuple[Problem, ...] = ()
    failures: list[CscliError] = field(default_factory=list)
    codes: list[ExitCode] = field(default_factory=list)

    def is_mail_log(self, name: str) -> bool:
        """Whether the source tells of addresses, not of accounts."""
        return name in self.sources and self.sources[name].is_mail_log

    @contextmanager
    def attempt(self, *, counts: bool = True) -> Iterator[None]:
        """Where the reading goes on, keeps what stops the block, and its code if it `counts`; else it is raised, as
        wrong usage always is.
        """
        try:
            yield
        except UsageError:
            raise
        except CscliError as error:
            if not self.goes_on:
                raise
            self.failures.append(error)
            self.codes += [error.exit_code] if counts else []


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a reading. `needs`: what earlier stages must have found."""

    work: Callable[[Reading], None]
    needs: tuple[str, ...] = ()


def run_stages(reading: Reading) -> Reading:
    """`reading`, as far as its stages go. Raises CscliError where it does not go on."""
    for stage in STAGES:
        if all(getattr(reading, name) is not None for name in stage.needs):
            with reading.attempt():
                stage.work(reading)
    return reading


def _read_files(reading: Reading) -> None:
    """Every source's table; but with mistakes in the rules, of a run that stops at them, what cannot be read is left out."""
    _read_sources(reading, reading.sources)
    if reading.further and needs_lines(reading.tables.raw, reading.sources, reading.further):
        reading.sources = {**reading.sources, **reading.further}
        _read_sources(reading, reading.further)


def _read_sources(reading: Reading, sources: Mapping[str, Source]) -> None:
    raw, paths = dict(reading.tables.raw), dict(reading.tables.paths)
    problems = list(reading.tables.problems)
    has_rules = reading.draft.config is not None
    for name, source in sources.items():
        if source.by_engine:
            continue  # an engine adds it up once the rules are settled
        try:
            with reading.attempt(counts=has_rules):
                found = reading.reader.find(name, source, reading.request)
                if found is not None and (has_rules or reading.goes_on or is_quick(found.path)):
                    raw[name] = reading.reader.read(found.paths, name, source)
                    paths[name] = found.paths
                absent = () if name in reading.further else (say_absent(name, source),)
                problems += found.problems if found else absent
        except CscliError:
            if has_rules:
                raise
    reading.tables = Tables(raw, paths, tuple(problems))


def _settle_rules(reading: Reading) -> None:
    """The rules, if they are right; what is known of the headers helps to check their names."""
    sources = {name: source for name, source in reading.sources.items() if name not in reading.own}
    raw = {name: table for name, table in reading.tables.raw.items() if name in sources}
    with reading.attempt():
        reading.config, reading.warnings = settle_rules(reading.draft, headers_of(raw, sources))
        placed(reading.draft, lambda: check_hops(sources, reading.request.rules.name))
    reading.zone = zone_of(reading.config) if reading.config else None
    reading.as_of = reading.request.day(reading.zone)


def _conform_tables(reading: Reading) -> None:
    """Types every table as far as it goes."""
    for name in reading.tables.raw:
        source = reading.sources[name]
        typed = reading.typed[name] = reading.reader.conform(name, source, reading.zone, reading.config)
        if name in reading.own:
            continue
        reading.stale[name] = find_stale(typed.facts, source, reading.as_of, reading.zone)
        if fatal := why_unusable(typed):
            if not reading.goes_on:
                raise DataError(*fatal)
            reading.codes.append(ExitCode.DATA)  # its problems stand with the table


def _settle_currency(reading: Reading) -> None:
    """The one currency of the book, where the rules leave it to the exports."""
    is_own = reading.request.rules.remembers
    reading.config = in_its_currency(found(reading.config), reading.typed, is_own=is_own)


def _keep_rows(reading: Reading) -> None:
    """Of each table the rows that the rules keep."""
    for name, table in reading.typed.items():
        keep = partial(keep_rows, table, reading.sources[name], reading.as_of)
        reading.typed[name] = placed(reading.draft, keep)


def _add_up_logs(reading: Reading) -> None:
    """Event logs and big tables, which are as good as typed then."""
    if not any(source.by_engine for source in reading.sources.values()):
        return
    from cscli.workflows.book.events import read_logs

    reading.logs, reading.of_logs = placed(
        reading.draft,
        lambda: read_logs(reading.sources, reading.request, reading.reader, reading.zone, reading.as_of),
    )
    for name, log in reading.logs.items():
        reading.typed[name] = log.table
        reading.stale[name] = find_stale(log.table.facts, reading.sources[name], reading.as_of, reading.zone)


def _follow_hops(reading: Reading) -> None:
    """Ids of other tables to those of accounts; then, where there is no list of accounts, who they are."""
    reading.typed, reading.of_hops = follow_hops(reading.typed, reading.sources)
    if "accounts" in reading.sources:
        return
    accounts = accounts_of_others(reading.typed, reading.sources)
    if accounts is None:
        raise DataError(
            Problem("data.nobody", where=Location(file=reading.request.rules.name, key="sources"))
        )
    reading.typed = {"accounts": accounts, **reading.typed}


def _match_ids(reading: Reading) -> None:
    """Ids of the sources to ids of the accounts, in every table that can be used."""
    usable = {
        name: typed
        for name, typed in reading.typed.items()
        if name not in reading.own and not why_unusable(typed) and not reading.is_mail_log(name)
    }
    if "accounts" in usable:
        reading.resolved = resolve_ids(usable, reading.sources, reading.request)


def _join_accounts(reading: Reading) -> None:
    """One row an account; what two books of one reading have in common is joined once."""
    tables, sources, as_of = found(reading.resolved).tables, reading.sources, reading.as_of
    parts = [table for name, table in tables.items() if name == "accounts" or not sources[name].stands_apart]

    def join() -> Joined:
        settle = settle_book(found(reading.config), tables, sources, as_of)
        return join_all(tables, sources, as_of, settle)

    joined = placed(reading.draft, lambda: reading.reader.joined_once(parts, join))
    reading.accounts = pick_accounts(joined, tables, sources, as_of, with_left=reading.of_revenue)
    of_logs = {name: log.newest_day for name, log in reading.logs.items()}
    reading.newest = newest_days(tables, sources, of_logs)
    reading.of_days = tuple(say_later_exports(tables, sources, reading.newest, as_of))


def _join_people(reading: Reading) -> None:
    reading.people = join_people(
        reading.request,
        found(reading.config),
        found(reading.accounts).frame,
        reading.typed["accounts"].frame["account_id"],
        reading.zone,
    )


def _find_practice(reading: Reading) -> None:
    """What is known of promises, records, voices, content and fit. A history is read also where this run is not to be remembered."""
    config, frame = found(reading.config), found(reading.people).frame
    if not speaks_of_work(config):
        reading.practice = Practice(frame=frame)
        return
    from cscli.workflows.work.finding import find_practice
    from cscli.workflows.work.promised import promises_before
    from cscli.workflows.work.signed import signed_facts

    rules, as_of = reading.request.rules, reading.as_of
    url = history_at(config) if rules.remembers else None
    exports = Exports(
        raw=reading.tables.raw, tables=found(reading.resolved).tables,
        everyone=reading.typed["accounts"].frame["account_id"], zone=reading.zone,
        people=found(reading.people).path, workspace=rules.workspace, as_of=as_of,
        earlier=promises_before(url, rules.workspace, config, as_of), rates=rates_of(config).constant,
        signed=placed(reading.draft, lambda: signed_facts(url, rules.workspace, config, frame, as_of)),
    )  # fmt: skip
    reading.practice = placed(reading.draft, lambda: find_practice(config, frame, exports))


STAGES: tuple[Stage, ...] = (
    Stage(_read_files),
    Stage(_settle_rules),
    Stage(_conform_tables),
    Stage(_settle_currency, ("config",)),
    Stage(_keep_rows, ("config",)),
    Stage(_add_up_logs, ("config",)),
    Stage(_follow_hops, ("config",)),
    Stage(_match_ids, ("config",)),
    Stage(_join_accounts, ("config", "resolved")),
    Stage(_join_people, ("config", "accounts")),
    Stage(_find_practice, ("config", "resolved", "people")),
)
"""Every stage, in order."""


def found(value: Result | None) -> Result:
    """What an earlier stage has found; that it has is the stage's `needs`."""
    if value is None:
        raise TypeError("a stage ran before what it needs")
    return value


def zone_of(config: Config) -> ZoneInfo | None:
    """The zone that decides what day it is; None: that of this computer."""
    return ZoneInfo(config.timezone) if config.timezone else None


def placed(draft: Draft, compute: Callable[[], Result]) -> Result:
    """What `compute` gives. A ConfigError that knows only the key is raised with file and line."""
    try:
        return compute()
    except ConfigError as error:
        raise ConfigError(*map(draft.place, error.problems)) from error
