"""A report as Markdown with GitHub's tables, for wikis, tickets and mails."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cscli import __version__
from cscli.render.text.cells import is_number, without_controls
from cscli.render.text.display import display_texts
from cscli.render.text.problems import problem_table
from cscli.reports.kit.model import ChartKind, Report, Sheet, for_people
from cscli.texts import text

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~#&$]")
_BREAKS = re.compile(r"[\r\n\t\u2028\u2029]+")


def write_markdown(report: Report, path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(_parts(for_people(report)))


def escape_markdown(words: str) -> str:
    """The words as Markdown that shows them as they are, in one line, with nothing live in them."""
    return _SPECIAL.sub(_escaped, without_controls(_BREAKS.sub(" ", words)))


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found, f"\\{found}")


def _parts(report: Report) -> Iterator[str]:
    language = report.language
    yield f"# {escape_markdown(report.title)}\n\n{escape_markdown(report.headline)}\n\n"
    yield text("writing.as_of_line", language, as_of=report.as_of, version=__version__)
    yield f" `{report.config_digest}`\n"
    for sheet in report.sheets:
        yield f"\n## {escape_markdown(sheet.title)}\n\n"
        yield from _sheet(report, sheet)
        if sheet.note:
            yield f"\n{escape_markdown(sheet.note)}\n"
    if report.inputs:
        heads = [text(f"writing.input.{name}", language) for name in ("source", "file", "rows", "sha256")]
        yield f"\n## {text('writing.inputs', language)}\n\n"
        rows = [(given.source, given.file, f"{given.rows:,}", given.sha256) for given in report.inputs]
        yield from _table(heads, zip(*rows, strict=True), (False, False, True, False))
    if report.problems:
        names = ("severity", "place", "value", "message", "hint")
        heads = [text(f"writing.problem.{name}", language) for name in names]
        yield f"\n## {text('writing.problems', language)}\n\n"
        yield from _table(heads, zip(*problem_table(report), strict=True), (False,) * 5)


def _sheet(report: Report, sheet: Sheet) -> Iterator[str]:
    drawn = {chart.low for chart in sheet.charts if chart.kind is ChartKind.BRIDGE}
    pairs = [(c, v) for c, v in zip(sheet.columns, sheet.values, strict=True) if c.id not in drawn]
    shown = [display_texts(column, values, report.currency, report.language) for column, values in pairs]
    return _table([column.label for column, _ in pairs], shown, [is_number(values) for _, values in pairs])


def _table(heads: Sequence[str], columns: Iterable[Iterable[str]], right: Sequence[bool]) -> Iterator[str]:
    yield f"| {' | '.join(map(escape_markdown, heads))} |\n"
    yield f"| {' | '.join('---:' if is_right else '---' for is_right in right)} |\n"
    cells = [map(escape_markdown, column) for column in columns]
    for row in zip(*cells, strict=True):
        yield f"| {' | '.join(row)} |\n"
