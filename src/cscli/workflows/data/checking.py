"""The config and every export it names, looked at as far as they can be read, without a score at the end."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from cscli.analysis.quality.cell_forms import find_forms
from cscli.analysis.quality.profile import SourceProfile, profile_rollup, profile_table
from cscli.analysis.quality.unmatched import count_unmatched
from cscli.analysis.scoring.columns import add_columns
from cscli.analysis.scoring.health import score_accounts, unknown_categories
from cscli.analysis.tables.conform import TypedTable, conform_any, why_unusable
from cscli.analysis.tables.join import join_tables
from cscli.analysis.tables.raw import RawTable
from cscli.config.load import Draft, read_draft, settle
from cscli.config.schema import Config, Source
from cscli.errors import ConfigError, CscliError, ExitCode, Problem, Severity
from cscli.render import write_report
from cscli.reports.data.check import CheckedSource, check_report
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Input, Report
from cscli.texts import Language
from cscli.workflows.book.contract import drift_since, read_last
from cscli.workflows.book.events import read_logs
from cscli.workflows.book.exports import Assignment, assign_exports
from cscli.workflows.book.joining import resolve_ids
from cscli.workflows.book.read import file_age_days, find_stale, placed, rules_digest, speaking, zone_of
from cscli.workflows.book.reading import SourceReader, Tables, effective_sources, headers_of, say_absent
from cscli.workflows.book.request import Request

_NOT_OF_OWN = frozenset({"data.no_account_id", "data.headers_not_used"})
"""Problems of a table only where the config reads it."""


@dataclass(frozen=True, eq=False)
class Checked:
    """The report, and the code with which a run ends: DONE, or CONFIG or DATA where a score could not be made."""

    report: Report
    code: ExitCode


@dataclass(eq=False)
class _Findings:
    """What has been found so far; grows from step to step."""

    sources: dict[str, Source]
    own: frozenset[str]
    raw: dict[str, RawTable] = field(default_factory=dict)
    typed: dict[str, TypedTable] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    code: ExitCode = ExitCode.DONE

    def fail(self, error: CscliError) -> None:
        """Keeps what stopped one step; a wrong config matters more than an input that cannot be used."""
        self.problems += error.problems
        if isinstance(error, ConfigError):
            self.code = ExitCode.CONFIG
        elif self.code is ExitCode.DONE:
            self.code = ExitCode.DATA


def check(
    request: Request,
    exports: Sequence[Path] = (),
    output: Path | None = None,
    reader: SourceReader | None = None,
) -> Checked:
    """The check of the config's sources, or of the given exports; written to `output` if there is one. `reader`:
    has read some of the config's sources already.

    Whatever cannot be used is a problem of the report. Raises CscliError for a config that is no YAML at all,
    a history that cannot be read, and an output that cannot be written.
    """
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    language = request.language_of(draft)
    with speaking(language):
        checked, inputs = _check(request, draft, language, exports, reader or SourceReader())
        if output is not None:
            write_report(checked.report, output, inputs)
        return checked


def _check(
    request: Request, draft: Draft, language: Language, exports: Sequence[Path], reader: SourceReader
) -> tuple[Checked, tuple[Path, ...]]:
    """The check, and the files that were read."""
    sources = effective_sources(draft, None)
    assigned = assign_exports(exports, sources, request)
    found = _Findings(_sources_to_read(sources, assigned), frozenset(assigned.own))
    if "accounts" in assigned.files:
        request = replace(request, accounts=assigned.files["accounts"])
    _read_all(found, request, reader)
    config = _settle(found, draft)
    zone = zone_of(config) if config else None
    as_of = request.as_of or request.now.astimezone(zone).date()
    _conform_all(found, zone, as_of)
    if config is not None:
        _read_logs(found, request, reader, zone, as_of)
        _try_run(found, request, draft, config, as_of)
    profiles = {
        name: profile_table(found.raw[name], typed, zone) if name in found.raw else profile_rollup(typed)
        for name, typed in found.typed.items()
    }
    if config is not None:
        last = read_last(request, config, as_of)
        found.problems += drift_since(last, profiles, config)
    context = Context(
        language=language, as_of=as_of, currency=config.currency if config else None,
        config_digest=rules_digest(request), inputs=_inputs(found), problems=tuple(found.problems),
    )  # fmt: skip
    checked = [_describe(found, name, profiles.get(name), as_of, zone) for name in found.sources]
    report = check_report(checked, context)
    return Checked(report, found.code), tuple(found.paths.values())


def _sources_to_read(sources: Mapping[str, Source], assigned: Assignment) -> dict[str, Source]:
    """The config's sources with the files that were given, and those that no source reads."""
    replaced = {
        name: source.model_copy(update={"file": str(assigned.files[name].resolve())})
        if name in assigned.files
        else source
        for name, source in sources.items()
        if name not in assigned.skipped
    }
    return {**replaced, **{name: Source(file=str(path.resolve())) for name, path in assigned.own.items()}}


def _read_all(found: _Findings, request: Request, reader: SourceReader) -> None:
    for name, source in found.sources.items():
        if source.by_engine:
            continue  # an engine adds it up once the config is settled
        try:
            file = reader.find(name, source, request)
            if file is None:
                found.problems.append(say_absent(name, source))
                continue
            found.problems += file.problems
            found.raw[name] = reader.read(file.path, name, source)
            found.paths[name] = file.path
        except CscliError as error:
            found.fail(error)


def _settle(found: _Findings, draft: Draft) -> Config | None:
    """The config, if it is right; what is known of the headers helps to check its names."""
    sources = {name: source for name, source in found.sources.items() if name not in found.own}
    raw = {name: table for name, table in found.raw.items() if name in sources}
    try:
        config, warnings = settle(draft, headers_of(Tables(raw, {}, ()), sources))
    except ConfigError as error:
        found.fail(error)
        return None
    found.problems += warnings
    return config


def _conform_all(found: _Findings, zone: ZoneInfo | None, as_of: dt.date) -> None:
    """Types every table as far as it goes."""
    for name, table in found.raw.items():
        source = found.sources[name]
        typed = conform_any(table, source, zone)
        found.typed[name] = typed
        if name in found.own:
            found.problems += (each for each in typed.problems if each.code not in _NOT_OF_OWN)
            found.problems.append(Problem("check.on_its_own", Severity.NOTE, table.locate()))
        else:
            found.problems += (*typed.problems, *find_stale(table.facts, source, as_of, zone))
            if why_unusable(typed) and found.code is ExitCode.DONE:
                found.code = ExitCode.DATA
        found.problems += find_forms(table, typed)


def _read_logs(
    found: _Findings, request: Request, reader: SourceReader, zone: ZoneInfo | None, as_of: dt.date
) -> None:
    """Adds up the event log, which is as good as typed then."""
    try:
        logs, problems = read_logs(found.sources, request, reader, zone, as_of)
    except CscliError as error:
        found.fail(error)
        return
    found.problems += problems
    for name, log in logs.items():
        found.typed[name] = log.table
        found.problems += find_stale(log.table.facts, found.sources[name], as_of, zone)


def _try_run(found: _Findings, request: Request, draft: Draft, config: Config, as_of: dt.date) -> None:
    """Joins and scores as a run would, for the problems that only then appear."""
    usable = {
        name: typed
        for name, typed in found.typed.items()
        if name not in found.own and not why_unusable(typed)
    }
    if "accounts" not in usable:
        return
    try:
        resolved = resolve_ids(usable, found.sources, request)
        found.problems += resolved.problems
        accounts = placed(draft, lambda: join_tables(resolved.tables, found.sources, as_of))
        found.typed |= resolved.tables
        found.problems += accounts.problems
        columns = placed(draft, lambda: add_columns(accounts.frame, config, as_of))
        score_accounts(columns.frame, columns.conditions, config)
        found.problems += unknown_categories(columns.frame, config)
    except CscliError as error:
        found.fail(error)


def _inputs(found: _Findings) -> tuple[Input, ...]:
    facts = {name: table.facts for name, table in found.typed.items()}
    return tuple(
        Input(name, f.file, f.sha256, f.rows, f.encoding, f.sheet, f.header_row) for name, f in facts.items()
    )


def _describe(
    found: _Findings, name: str, profile: SourceProfile | None, as_of: dt.date, zone: ZoneInfo | None
) -> CheckedSource:
    source = found.sources[name]
    if profile is None:
        return CheckedSource(name, Path(source.file).name if source.file else None)
    typed, accounts = found.typed[name], found.typed.get("accounts")
    return CheckedSource(
        name, typed.facts.file, typed.facts, profile,
        None if name == "accounts" or accounts is None else count_unmatched(typed, accounts, as_of),
        max(file_age_days(typed.facts, as_of, zone), 0), source.fresh_within_days,
        _dropped_rows(typed, one_row_each=source.kind == "accounts" and name not in found.own),
        name in found.own,
    )  # fmt: skip


def _dropped_rows(typed: TypedTable, *, one_row_each: bool) -> tuple[int, ...]:
    """Rows of the file that are in no figure: blank, totals, headers that stand again, without an id, duplicates."""
    again = sum(
        int(each.value) for each in typed.problems if each.code == "reading.header_again" and each.value
    )
    blank, doubled = 0, 0
    if "account_id" in typed.frame:
        ids = typed.frame["account_id"]
        blank = int(ids.isna().sum())
        doubled = int((ids.notna() & ids.duplicated()).sum()) if one_row_each else 0
    return (typed.facts.blank_rows, typed.facts.total_rows, again, blank, doubled)
