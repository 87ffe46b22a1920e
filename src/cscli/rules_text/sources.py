"""Proposed sources to the lines of `sources:`, each with what the file was taken for and why."""

from collections.abc import Iterator, Mapping, Sequence

from cscli.analysis.proposing.proposed import ProposedColumn, ProposedSource, UndecidedDates
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.tables.raw import RawTable
from cscli.config.work.contact_fields import contact_field
from cscli.rules_text.scalars import formula, in_comment, quoted
from cscli.texts import Language, text

_LISTED = 40
_WIDE = 110


def source_lines(
    source: ProposedSource, path: str, language: Language, zone: str, kept: str = ""
) -> Iterator[str]:
    """The lines of one source. `zone`: of times that bear none; `kept`: lines of the preset's own source (its rollup)."""
    yield f"  {source.name}:"
    yield f"    file: {quoted(path)}"
    if source.table.facts.parts and source.kind != "events":
        count = len(source.table.facts.parts)
        yield f"    files: all   # {text('init.comment.all_files', language, count=count)}"
    yield f"    # {_reading(source.table, language)}"
    yield from (f"    # {line}" for line in taken_for(source, language))
    yield from _rows(source, language)
    yield from _columns(source, language)
    yield from _types(source)
    yield from _dates(source.dates, language)
    if source.status:
        yield f"    status: {{column: {quoted(source.status)}}}   # {text('init.comment.status', language)}"
    if source.keep:
        yield f"    keep: {formula(source.keep[0])}   # {text('init.comment.keep', language, values=in_comment(source.keep[1]))}"
    if source.kind == "events":
        if not source.bears_zones:
            yield f"    naive_times_are: {zone}   # {text('init.comment.zone', language)}"
        yield "    windows: [7, 28, 90]"
    if kept:
        yield kept.rstrip("\n")
    elif source.rollup:
        yield "    rollup:"
        for rollup in source.rollup:
            yield f"      {rollup.name}: {formula(rollup.formula)}   # {say(rollup.why, language)}"


def _rows(source: ProposedSource, language: Language) -> Iterator[str]:
    """What its rows are, whose, and of which day."""
    if source.kind != "accounts":
        yield f"    kind: {source.kind}"
    if source.via:
        yield f"    via: {source.via}   # {text('init.comment.via', language, via=source.via)}"
    if source.at:
        yield f"    at: {source.at}   # {text('init.comment.at', language)}"


def taken_for(source: ProposedSource, language: Language) -> Iterator[str]:
    """What the file was taken for and why; another reading that was nearly as good."""
    kind = text(f"init.kind.{source.taken_for}", language)
    signs = text("init.comma", language).join(say(why, language) for why in source.why)
    yield in_comment(text("init.comment.taken", language, kind=kind, why=signs)) if signs else kind
    if source.second is not None:
        other = text(f"init.kind.{source.second.kind}", language)
        yield text("init.comment.second", language, kind=other)


def say(why: Why, language: Language) -> str:
    """A reason in words."""
    return in_comment(text(f"init.why.{why.code}", language, value=why.value))


def _reading(table: RawTable, language: Language) -> str:
    facts = table.facts
    parts = [
        text("init.comment.sheet", language, value=facts.sheet) if facts.sheet else None,
        text("init.comment.header", language, value=facts.header_row) if facts.header_row != 1 else None,
        facts.encoding,
        text("init.comment.rows", language, count=facts.rows),
    ]
    return in_comment(text("init.comment.read", language, how=", ".join(part for part in parts if part)))


def _columns(source: ProposedSource, language: Language) -> Iterator[str]:
    ordered = sorted(source.columns, key=lambda column: column.name != "account_id")
    entries = [(column, f"      {column.name}: {_header(column)}") for column in ordered]
    width = min(max((len(entry) for _, entry in entries), default=0), 50)
    yield "    columns:"
    for column, entry in entries:
        yield f"{entry:<{width}}  # {say(column.why, language)}"
    of_people = source.kind == "contacts"
    people = [header for header in source.unused if of_people and contact_field(header)]
    for key, headers in (
        ("people", people),
        ("unused", [each for each in source.unused if each not in people]),
    ):
        if headers:
            start = f"    # {text(f'init.comment.{key}', language)} "
            yield from _wrapped(start, [in_comment(header) for header in headers])


def _header(column: ProposedColumn) -> str:
    return "[]" if column.header is None else quoted(column.header)


def _types(source: ProposedSource) -> Iterator[str]:
    if source.types:
        listed = ", ".join(f"{name}: {kind}" for name, kind in source.types.items())
        yield f"    types: {{{listed}}}"


def _wrapped(start: str, names: Sequence[str]) -> Iterator[str]:
    more = f" … (+{len(names) - _LISTED})" if len(names) > _LISTED else ""
    line = start
    for at, name in enumerate(shown := list(names[:_LISTED])):
        part = name + (", " if at < len(shown) - 1 else more)
        if len(line) + len(part) > _WIDE and line != start:
            yield line.rstrip()
            line = "    #   "
        line += part
    yield line.rstrip()


def _dates(dates: Sequence[UndecidedDates], language: Language) -> Iterator[str]:
    for column in dates:
        example = in_comment(column.example)
        key = "init.comment.dates_mixed" if column.mixed else "init.comment.dates_undecided"
        yield f"    # {text(key, language, name=column.name, example=example)}"
        if not column.mixed:
            yield f'    # dates: {{{column.name}: "%d/%m/%Y"}}'
            yield f'    # dates: {{{column.name}: "%m/%d/%Y"}}'


def left_lines(left: Mapping[str, str]) -> Iterator[str]:
    """Files without use, each with the reason."""
    for path, why in left.items():
        yield f"  # {in_comment(path)}: {in_comment(why)}"
