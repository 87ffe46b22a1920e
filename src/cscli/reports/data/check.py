"""What was read, mapped, assumed and found wrong to the report `check`: sources, columns, problems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cscli.analysis.quality.profile import ColumnProfile, SourceProfile
from cscli.analysis.quality.unmatched import Unmatched
from cscli.analysis.tables.raw import ReadFacts
from cscli.errors import Problem, Scope, Severity
from cscli.reports.kit.context import Context
from cscli.reports.kit.grouping import ORDER, GroupedProblem, group_problems
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.texts import Language, problem_message, text

SHORT_SOURCES = ("source", "file", "rows", "rows_dropped", "age_days", "encoding", "header_row")
SHORT_COLUMNS = ("header", "column", "type", "filled", "distinct", "min", "max")
_LEFT_OUT = ("blank_rows", "total_rows", "header_rows", "blank_ids", "duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSource:
    """One export. `facts`, `profile`: None where it could not be read; `unmatched`: None where it was not joined;
    `is_own`: no source of the config reads it. `dropped`: rows by reason, those of `_LEFT_OUT`.
    """

    name: str
    file: str | None
    facts: ReadFacts | None = None
    profile: SourceProfile | None = None
    unmatched: Unmatched | None = None
    age_days: int | None = None
    fresh_within_days: int | None = None
    dropped: tuple[int, ...] = (0,) * len(_LEFT_OUT)
    is_own: bool = False


def check_report(sources: Sequence[CheckedSource], context: Context, metrics: Sheet | None = None) -> Report:
    """The report: sheets sources, columns, `metrics` where the rules have any, and problems, of those in `context`."""
    language = context.language
    grouped = group_problems(context.problems, language)
    sheets = (
        _sources_sheet(sources, language),
        _columns_sheet(sources, context.problems, language),
        *((metrics,) if metrics is not None else ()),
        _problems_sheet(grouped, language),
    )
    report = context.report(
        name="check", sheets=sheets, headline=_headline(sources, context), short=SHORT_SOURCES
    )
    return replace(report, definitions=report.definitions[:1])  # only the as-of date: nothing is scored


def _headline(sources: Sequence[CheckedSource], context: Context) -> str:
    counts = {each: sum(problem.severity is each for problem in context.problems) for each in ORDER}
    rows = sum(source.facts.rows for source in sources if source.facts)
    return text(
        "headline.check",
        context.language,
        sources=len(sources),
        rows=f"{rows:,}",
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
    )


def _sources_sheet(sources: Sequence[CheckedSource], language: Language) -> Sheet:
    facts = [source.facts for source in sources]
    unmatched = [source.unmatched for source in sources]
    columns: list[tuple[Column, Values]] = [
        (_column("source", Meaning.TEXT, language), _texts(source.name for source in sources)),
        (_column("file", Meaning.TEXT, language), _texts(source.file for source in sources)),
        (_coded("read", ("yes", "no", "not_used"), language), _texts(map(_read, sources))),
        (_column("form", Meaning.TEXT, language), _attributes(facts, "form")),
        (_column("size_bytes", Meaning.COUNT, language), _counts(facts, "size_bytes")),
        (_column("age_days", Meaning.DAYS, language), _counts(sources, "age_days")),
        (_column("fresh_within_days", Meaning.DAYS, language), _counts(sources, "fresh_within_days")),
        (_column("encoding", Meaning.TEXT, language), _attributes(facts, "encoding")),
        (_column("delimiter", Meaning.TEXT, language), _texts(map(_delimiter, facts))),
        (_column("sheet", Meaning.TEXT, language), _attributes(facts, "sheet")),
        (_column("header_row", Meaning.COUNT, language), _counts(facts, "header_row")),
        (_column("rows", Meaning.COUNT, language), _counts(facts, "rows")),
        (_column("rows_dropped", Meaning.COUNT, language), _numbers(map(_dropped, sources))),
        (
            _column("dropped_why", Meaning.TEXT, language),
            _texts(_why(source, language) for source in sources),
        ),
        *(
            (_column(name, Meaning.COUNT, language), _counts(unmatched, name))
            for name in ("ids_without_account", "rows_without_account", "accounts_without_rows")
        ),
        (_column("mrr_without_rows", Meaning.MONEY, language), _counts(unmatched, "mrr_without_rows")),
    ]
    return _sheet("sources", columns, language)


def _read(source: CheckedSource) -> str:
    if source.facts is None:
        return "no"
    return "not_used" if source.is_own else "yes"


def _delimiter(facts: ReadFacts | None) -> str | None:
    return "TAB" if facts and facts.delimiter == "\t" else facts.delimiter if facts else None


def _dropped(source: CheckedSource) -> int | None:
    return sum(source.dropped) if source.facts else None


def _why(source: CheckedSource, language: Language) -> str | None:
    parts = [
        text(f"check.dropped.{reason}", language, count=f"{count:,}")
        for reason, count in zip(_LEFT_OUT, source.dropped, strict=True)
        if count
    ]
    return ", ".join(parts) or None


def _columns_sheet(
    sources: Sequence[CheckedSource], problems: Sequence[Problem], language: Language
) -> Sheet:
    rows = [(each, column) for each in sources if each.profile for column in each.profile.columns]
    every = [column for _, column in rows]
    share = [_share(column, source) for source, column in rows]
    said = _assumptions(problems, language)
    columns: list[tuple[Column, Values]] = [
        (_column("source", Meaning.TEXT, language), _texts(source.name for source, _ in rows)),
        (_column("header", Meaning.TEXT, language), _attributes(every, "header")),
        (_column("column", Meaning.TEXT, language), _attributes(every, "name")),
        (
            _coded("how", ("config", "known_header", "plain_name", "rolled_up", "not_used"), language),
            _texts((column.how or "not used").replace(" ", "_") for column in every),
        ),
        (_coded("type", ("id", "text", "number", "date", "boolean"), language), _attributes(every, "type")),
        (_column("filled", Meaning.COUNT, language), _counts(every, "filled")),
        (_column("filled_share", Meaning.SHARE, language), _numbers(share)),
        (_column("distinct", Meaning.COUNT, language), _counts(every, "distinct")),
        (_column("min", Meaning.TEXT, language), _attributes(every, "lowest")),
        (_column("max", Meaning.TEXT, language), _attributes(every, "highest")),
        (_column("example", Meaning.TEXT, language), _attributes(every, "example")),
        (
            _column("assumed", Meaning.LONG_TEXT, language),
            _texts(said.get((source.file, column.header)) for source, column in rows),
        ),
    ]
    return _sheet("columns", columns, language)


def _share(column: ColumnProfile, source: CheckedSource) -> float | None:
    rows = source.profile.rows if source.profile else 0
    return column.filled / rows if rows else None


def _assumptions(problems: Iterable[Problem], language: Language) -> dict[tuple[str | None, str | None], str]:
    """By file and header: how its cells were taken."""
    said: dict[tuple[str | None, str | None], list[str]] = {}
    for problem in problems:
        if problem.severity is Severity.NOTE and problem.scope is Scope.READING:
            place = problem.where.file, problem.where.column
            said.setdefault(place, []).append(problem_message(problem, language))
    return {place: "; ".join(messages) for place, messages in said.items()}


def _problems_sheet(groups: Sequence[GroupedProblem], language: Language) -> Sheet:
    labels = {each.value: text(f"writing.severity.{each}", language) for each in ORDER}
    severity = Column(
        id="severity", label=text("check.label.severity", language), meaning=Meaning.TEXT, labels=labels
    )
    columns: list[tuple[Column, Values]] = [
        (severity, _texts(group.severity.value for group in groups)),
        (_column("count", Meaning.COUNT, language), _counts(groups, "count")),
        (_column("places", Meaning.LONG_TEXT, language), _attributes(groups, "places")),
        (_column("message", Meaning.LONG_TEXT, language), _attributes(groups, "message")),
        (_column("hint", Meaning.LONG_TEXT, language), _attributes(groups, "hint")),
    ]
    return _sheet("problems", columns, language)


def _sheet(sheet_id: str, columns: list[tuple[Column, Values]], language: Language) -> Sheet:
    title = text(f"sheet.{sheet_id}", language)
    return Sheet(
        id=sheet_id, title=title, columns=tuple(c for c, _ in columns), values=tuple(v for _, v in columns)
    )


def _column(column_id: str, meaning: Meaning, language: Language) -> Column:
    return Column(id=column_id, label=text(f"check.label.{column_id}", language), meaning=meaning)


def _coded(column_id: str, codes: Iterable[str], language: Language) -> Column:
    labels = {code: text(f"check.{column_id}.{code}", language) for code in codes}
    return Column(
        id=column_id, label=text(f"check.label.{column_id}", language), meaning=Meaning.TEXT, labels=labels
    )


def _texts(values: Iterable[str | None]) -> Values:
    shown = list(values)
    array = np.empty(len(shown), dtype=object)
    array[:] = shown
    return array


def _numbers(values: Iterable[float | None]) -> Values:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _attributes(items: Iterable[Any], name: str) -> Values:
    return _texts(getattr(item, name, None) for item in items)


def _counts(items: Iterable[Any], name: str) -> Values:
    return _numbers(getattr(item, name, None) for item in items)
