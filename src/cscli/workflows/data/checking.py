"""The config and every export it names, looked at as far as they can be read, and all that rules ask of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cscli.analysis.quality.age import file_age_days
from cscli.analysis.quality.cell_forms import find_forms
from cscli.analysis.quality.profile import SourceProfile, profile_rollup, profile_table
from cscli.analysis.quality.unmatched import count_unmatched
from cscli.analysis.scoring.provenance import find_provenances
from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Config, Source
from cscli.errors import ExitCode, Problem, Scope, Severity, distinct, worst_code
from cscli.render import write_report
from cscli.reports.data.check import CheckedSource, check_report
from cscli.reports.data.metrics import metrics_sheet
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Input, Report, Sheet
from cscli.texts import Language
from cscli.workflows.book.contract import drift_since, read_last
from cscli.workflows.book.exports import Assignment, assign_exports
from cscli.workflows.book.read import draft_of, inputs_of, rules_digest, speaking
from cscli.workflows.book.reading import effective_sources
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import Reading, run_stages
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS

_NOT_OF_OWN = frozenset({Scope.ACCOUNT_ID, Scope.MAPPING})
"""Problems of a table only where the config reads it."""


@dataclass(frozen=True, eq=False)
class Checked:
    """The report, and the worst code with which a command ends whose needs the rules meet."""

    report: Report
    code: ExitCode


def check(request: Request, exports: Sequence[Path] = (), output: Path | None = None) -> Checked:
    """The check of the config's sources, or of the given exports; written to `output` if there is one.

    Whatever cannot be used is a problem of the report. Raises CscliError for a config that is no YAML at all, and
    an output that cannot be written.
    """
    draft = draft_of(request)
    with speaking(request.language_of(draft)):
        sources = effective_sources(draft, None)
        assigned = assign_exports(exports, sources, request)
        if "accounts" in assigned.files:
            request = replace(request, accounts=assigned.files["accounts"])
        checked, files = _check(WholeBook(request, draft=draft), assigned)
        if output is not None:
            write_report(checked.report, output, files)
        return checked


def check_whole(whole: WholeBook) -> Checked:
    """The same of exports that a run has read already."""
    return _check(whole, Assignment({}, {}))[0]


def _check(whole: WholeBook, assigned: Assignment) -> tuple[Checked, tuple[Path, ...]]:
    """The check, and the files that were read."""
    request, draft = whole.request, whole.draft
    sources = _sources_to_read(effective_sources(draft, None), assigned)
    reading = run_stages(
        Reading(
            request=request,
            draft=draft,
            sources=sources,
            reader=whole.reader,
            goes_on=True,
            own=frozenset(assigned.own),
        )
    )
    of_stages = len(reading.codes)
    of_steps = list(_try_steps(reading, whole))
    profiles = dict(_profiles(reading))
    drift: tuple[Problem, ...] = ()
    if reading.config is not None:
        with reading.attempt():
            drift = drift_since(read_last(request, reading.config, reading.as_of), profiles, reading.config)
    failed = [problem for error in reading.failures for problem in error.problems]
    problems = distinct([*_said(reading), *failed, *of_steps, *drift])
    context = Context(
        language=request.language_of(draft),
        as_of=reading.as_of,
        currency=reading.config.currency if reading.config else None,
        config_digest=rules_digest(request),
        inputs=_inputs(reading),
        problems=tuple(problems),
    )
    # A command stops at the first stage that cannot go on; of the steps each may be asked for.
    codes = [*reading.codes[:of_stages][:1], *reading.codes[of_stages:]]
    described = [_describe(reading, name, profiles.get(name)) for name in reading.sources]
    return (
        Checked(check_report(described, context, _metrics(reading, context.language)), worst_code(codes)),
        tuple(path for paths in reading.tables.paths.values() for path in paths),
    )


def _metrics(reading: Reading, language: Language) -> Sheet | None:
    """Where the metrics of the rules come from in time."""
    if reading.config is None or not reading.config.metrics:
        return None
    of_lines = reading.accounts.of_lines if reading.accounts else frozenset()
    return metrics_sheet(reading.config, find_provenances(reading.config, reading.typed, of_lines), language)


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


def _try_steps(reading: Reading, whole: WholeBook) -> Iterator[Problem]:
    """Makes all that rules ask for, as the commands would; yields what they warn of beside the reading's problems."""
    if reading.people is None or reading.codes:
        return
    for step in STEPS:
        with reading.attempt():
            if step.is_wanted(whole):
                report = step.report(whole)
                yield from (each for each in report.problems if each.severity is not Severity.NOTE)


def _said(reading: Reading) -> Iterator[Problem]:
    """What the stages said, in their order, table by table."""
    yield from (*reading.tables.problems, *reading.warnings)
    for name, table in reading.tables.raw.items():
        typed = reading.typed[name]
        if name in reading.own:
            yield from (each for each in typed.problems if each.scope not in _NOT_OF_OWN)
            yield Problem(
                "check.on_its_own", severity=Severity.NOTE, where=table.locate(), scope=Scope.READING
            )
        else:
            yield from (*typed.problems, *reading.stale[name])
        yield from find_forms(table, typed)
    yield from (*reading.of_logs, *reading.of_hops)
    for name in reading.logs:
        yield from reading.stale[name]
    for part in (reading.resolved, reading.accounts, reading.people):
        yield from part.problems if part else ()
    yield from reading.of_days
    yield from _without_guide(reading.config)


def _without_guide(config: Config | None) -> Iterator[Problem]:
    """Which playbooks have no guide, where others do."""
    books = config.playbooks if config else ()
    without = [book for book in books if book.guide is None]
    if without and len(without) < len(books):
        names = ", ".join(book.name for book in without)
        yield Problem("check.no_guide", severity=Severity.NOTE, value=names, details={"count": len(without)})


def _tables(reading: Reading) -> dict[str, TypedTable]:
    """Every table, with the accounts' own ids where ids were matched."""
    return {**reading.typed, **(reading.resolved.tables if reading.resolved else {})}


def _profiles(reading: Reading) -> Iterator[tuple[str, SourceProfile]]:
    raw = reading.tables.raw
    for name, typed in _tables(reading).items():
        if name not in reading.sources:
            continue  # the accounts, where another table says who they are
        yield name, profile_table(raw[name], typed, reading.zone) if name in raw else profile_rollup(typed)


def _inputs(reading: Reading) -> tuple[Input, ...]:
    facts = {name: table.facts for name, table in reading.typed.items() if name in reading.sources}
    return inputs_of(facts)


def _describe(reading: Reading, name: str, profile: SourceProfile | None) -> CheckedSource:
    source = reading.sources[name]
    if profile is None:
        return CheckedSource(name=name, file=Path(source.file).name if source.file else None)
    tables = _tables(reading)
    typed, accounts = tables[name], tables.get("accounts")
    return CheckedSource(
        name=name,
        file=typed.facts.file,
        facts=typed.facts,
        profile=profile,
        unmatched=None
        if name == "accounts" or accounts is None
        else count_unmatched(typed, accounts, reading.as_of),
        age_days=max(file_age_days(typed.facts, reading.as_of, reading.zone), 0),
        fresh_within_days=source.fresh_within_days,
        dropped=_dropped_rows(typed, one_row_each=source.kind == "accounts" and name not in reading.own),
        is_own=name in reading.own,
    )


def _dropped_rows(typed: TypedTable, *, one_row_each: bool) -> tuple[int, ...]:
    """Rows of the file that are in no figure: blank, totals, headers that stand again, without an id, duplicates."""
    again = sum(each.count for each in typed.problems if each.scope is Scope.ROWS)
    blank, doubled = 0, 0
    if "account_id" in typed.frame:
        ids = typed.frame["account_id"]
        blank = int(ids.isna().sum())
        doubled = int((ids.notna() & ids.duplicated()).sum()) if one_row_each else 0
    return (typed.facts.blank_rows, typed.facts.total_rows, again, blank, doubled)
