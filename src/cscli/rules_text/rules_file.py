"""A preset and a proposal for its sources to the text of a commented config file."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from cscli.analysis.proposing.proposal import ProposedColumn, ProposedSource, UndecidedDates
from cscli.analysis.tables.raw import RawTable

_PLAIN = re.compile(r"[^\W\d_][\w]*([ ／（）()/][\w（）()]+)*\Z")
_CONSTANTS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_LISTED = 40


@dataclass(frozen=True, slots=True)
class PresetText:
    """The lines of a preset: up to and with `sources:`, those of each source, and those after."""

    head: tuple[str, ...]
    sources: Mapping[str, tuple[str, ...]]
    tail: tuple[str, ...]


def split_preset(text: str) -> PresetText:
    """The parts of a preset, whose sources are keys indented by two spaces."""
    lines = text.splitlines()
    start = lines.index("sources:") + 1
    end = next((at for at in range(start, len(lines)) if re.match(r"[a-z]", lines[at])), len(lines))
    sources: dict[str, list[str]] = {}
    for line in lines[start:end]:
        if match := re.match(r"  ([a-z]\w*):", line):
            sources[match[1]] = []
        if line.strip():
            sources[list(sources)[-1]].append(line)
    blocks = {name: tuple(block) for name, block in sources.items()}
    return PresetText(tuple(lines[:start]), blocks, ("", *lines[end:]))


def rules_text(
    preset: str,
    sources: Sequence[ProposedSource],
    others: tuple[Sequence[ProposedSource], Sequence[ProposedSource]],
    paths: Mapping[int, str],
    language: str,
) -> str:
    """The text of `preset` with the proposed sources in place of its own, and below them `others`: those added, and
    those left over, as comments. `paths`: by id() of each table.
    """
    added, left_over = others
    parts = split_preset(preset)
    by_name = {source.name: source for source in sources}
    lines = [_in_language(line, language) for line in parts.head]
    for name, block in parts.sources.items():
        source = by_name.get(name)
        if source is None:
            lines += _waiting(block)
        else:
            lines += _given(block, source, paths[id(source.table)])
    for source in added:
        lines += _added(source, paths[id(source.table)])
    for other in left_over:
        lines += _left_over(other, paths[id(other.table)])
    return "\n".join([*lines, *parts.tail]) + "\n"


def add_log(
    text: str,
    log: tuple[str, str, str | None],
    columns: Mapping[str, str | None],
    stand_ins: Mapping[str, tuple[str, str]],
) -> str:
    """`text` with the event log `log` (name, path, zone of times that bear none) as one more source. `columns`: the
    header of each, None where there is none. `stand_ins`: columns that nobody else gives, each with its formula
    over the log's columns and the reason.
    """
    name, path, naive_times_are = log
    parts = split_preset(text)
    block = [
        "  # A row is something that a user did. For metrics there are now users_28d, events_28d, active_days_28d, last_seen_on",
        "  # and more: `cscli config reference`, event columns. For example users_28d / seats, or users_28d / users_28d_prev.",
        f"  {name}:",
        f"    file: {_quoted(path)}        # a pattern or a folder takes all files that it names",
        "    kind: events",
        "    columns:",
        *(
            f"      {column}: {'[]' if header is None else _quoted(header)}"
            for column, header in columns.items()
        ),
        "    windows: [7, 28]",
    ]
    if naive_times_are is not None:
        block.append(f"    naive_times_are: {naive_times_are}   # the times bear no zone: is it this one?")
    lines = [*parts.head, *(line for source in parts.sources.values() for line in source), *block]
    whole = "\n".join([*lines, *parts.tail]) + "\n"
    derived = "".join(f"  {column}: {formula}   # {why}\n" for column, (formula, why) in stand_ins.items())
    return whole.replace("\nderived:\n", f"\nderived:\n{derived}", 1)


def say_without_data(text: str, without_data: Sequence[str], *, every: bool) -> str:
    """`text` with a comment above its metrics that names those for which the exports have nothing."""
    if not without_data:
        return text
    said = ["# Without data in these exports, so not counted: " + ", ".join(without_data) + "."]
    if every:
        said = [
            "# None of these metrics has data in these exports: every account will be `unknown`. Give the columns that",
            "# they need under `columns:` above, add exports, or put metrics of your own here.",
        ]
    return text.replace("\nmetrics:\n", "\n" + "\n".join(said) + "\nmetrics:\n", 1)


def file_path(file: str, folder: str) -> str:
    """How the config in `folder` names `file` (both absolute): with forward slashes, relative unless all that
    the two have in common is the root, or not even a drive.
    """
    try:
        common = PurePath(os.path.commonpath([file, folder]))
    except ValueError:  # two drives of Windows
        common = PurePath(file).parents[-1]
    shown = file if common == common.parent else os.path.relpath(file, folder)
    return PurePath(shown).as_posix()


def _in_language(line: str, language: str) -> str:
    if not line.startswith("language:") or line.startswith(f"language: {language}"):
        return line
    return f"language: {language}                  # the headers of the accounts are in it"


def _given(block: Sequence[str], source: ProposedSource, path: str) -> Iterator[str]:
    rest = list(_without(block[1:], ("file", "optional", "columns")))
    yield block[0]
    yield f"    file: {_quoted(path)}"
    yield f"    # {_reading(source.table)}"
    if rest and rest[0].startswith("    kind:"):
        yield rest.pop(0)
    yield from _columns(source)
    yield from _dates(source.dates)
    yield from rest


def _added(source: ProposedSource, path: str) -> Iterator[str]:
    is_revenue = source.kind != "rows"
    purpose = (
        "revenue for `cscli ltv-report`" if is_revenue else "what can be added up of its rows by account"
    )
    yield f"  # The preset has no source for this file. Proposed: {purpose}."
    yield f"  {source.name}:"
    yield f"    file: {_quoted(path)}"
    yield f"    # {_reading(source.table)}"
    why = "told by its headers" if is_revenue else "an account may have many rows"
    yield f"    kind: {source.kind:<41} # {why}"
    yield from _columns(source)
    yield from _dates(source.dates)
    if source.rollup:
        yield "    rollup:"
    for rollup in source.rollup:
        yield f"      {rollup.name}: {json.dumps(rollup.formula, ensure_ascii=False)}   # {_in_comment(rollup.why)}"


def _without(lines: Sequence[str], keys: Sequence[str]) -> Iterator[str]:
    """`lines` but for the keys of the source's own level that are named, with all that belongs to them."""
    dropping = False
    for line in lines:
        if match := re.match(r"    ([a-z]\w*):", line):
            dropping = match[1] in keys
        if not dropping:
            yield line


def _reading(table: RawTable) -> str:
    facts = table.facts
    parts = [
        f"sheet {facts.sheet}" if facts.sheet else None,
        f"header in row {facts.header_row}",
        facts.encoding,
        f"{facts.rows} rows",
    ]
    return "read as: " + _in_comment(", ".join(part for part in parts if part))


def _columns(source: ProposedSource) -> Iterator[str]:
    ordered = sorted(source.columns, key=lambda column: column.name != "account_id")
    entries = [(column, f"      {_quoted(column.name)}: {_header(column)}") for column in ordered]
    width = min(max((len(entry) for _, entry in entries), default=0), 50)
    yield "    columns:"
    for column, entry in entries:
        yield f"{entry:<{width}}  # {_in_comment(column.why)}"
    if source.unused:
        yield from _wrapped("    # Not used: ", [_in_comment(header) for header in source.unused])


def _header(column: ProposedColumn) -> str:
    return "[]" if column.header is None else _quoted(column.header)


def _wrapped(start: str, names: Sequence[str]) -> Iterator[str]:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    line = start
    for at, name in enumerate(shown := list(names[:_LISTED])):
        part = name + (", " if at < len(shown) - 1 else more)
        if len(line) + len(part) > 110 and line != start:
            yield line.rstrip()
            line = "    #   "
        line += part
    yield line.rstrip()


def _dates(dates: Sequence[UndecidedDates]) -> Iterator[str]:
    for column in dates:
        example = _in_comment(column.example)
        if column.mixed:
            yield f"    # {column.name}: some dates have the day first and some the month first, such as {example}: mend the export."
            continue
        yield f"    # Dates such as {example} fit both orders of day and month: take the marks off the right one."
        yield f'    # dates: {{{column.name}: "%d/%m/%Y"}}    # day first'
        yield f'    # dates: {{{column.name}: "%m/%d/%Y"}}    # month first'


def _waiting(block: Sequence[str]) -> Iterator[str]:
    yield block[0]
    yield "    # None of the given files: its columns are missing until there is such a file."
    yield from block[1:]


def _left_over(source: ProposedSource, path: str) -> Iterator[str]:
    yield "  # The preset has no use for this file. To use it, take off the marks and put its columns into metrics."
    yield f"  # {source.name}:"
    yield f"  #   file: {_quoted(path)}"
    if not source.columns:
        yield "  #   columns: {account_id: ...}      # no column holds ids of the accounts"
    for column in source.columns:
        yield f"  #   columns: {{account_id: {_header(column)}}}      # {_in_comment(column.why)}"
    yield f"  #   kind: {source.kind}"
    if source.kind == "rows":
        yield f"  #   rollup: {{{source.name}_rows: count(*)}}"
    yield from (
        line.replace("    #", "  #  ", 1)
        for line in _wrapped("    # Columns: ", [_in_comment(h) for h in source.unused])
    )


def _quoted(text: str) -> str:
    """`text` as a YAML scalar: plain where nobody can misread it, else quoted as JSON is."""
    if _PLAIN.match(text) and text.casefold() not in _CONSTANTS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _in_comment(text: str) -> str:
    """`text` on one line, without marks that could end a comment or hide text."""
    return "".join(mark if mark.isprintable() else " " for mark in text)
