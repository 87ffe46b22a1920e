"""The report of a check on a terminal: its sources, the columns of each, and every kind of problem."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cscli.render.screen.terminal import plain, show_sentence, show_sheet
from cscli.reports.data.check import SHORT_COLUMNS
from cscli.reports.data.metrics import SHORT_METRICS
from cscli.reports.kit.model import Report, Sheet
from cscli.texts import Language, text
from cscli.texts.columns import width, wrapped

_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
_FEW = 12
_GAP = 2


def show_check(report: Report, console: Console, *, every_column: bool) -> None:
    """Prints the report `check`, as wide as the console; of the columns of a source the used ones, or every one."""
    sources, columns, *metrics, problems = report.sheets
    show_sheet(report, sources, report.short, console, rows=len(sources))
    for name, file in zip(sources.column("source"), sources.column("file"), strict=True):
        mask = columns.column("source") == name
        if not every_column and mask.sum() > _FEW:
            mask &= columns.column("how") != "not_used"
        if mask.any():
            title = text("check.of_source", report.language, source=name, file=file)
            console.print(Text("\n" + plain(title), style="bold"))
            show_sheet(report, _rows(columns, mask), SHORT_COLUMNS, console, rows=len(columns))
    for sheet in metrics:
        console.print(Text("\n" + plain(sheet.title), style="bold"))
        show_sheet(report, sheet, SHORT_METRICS, console, rows=len(sheet))
    _show_problems(problems, report.language, console)
    console.print()
    show_sentence(report.headline, console)


def _rows(sheet: Sheet, mask: NDArray[np.bool_]) -> Sheet:
    return replace(sheet, values=tuple(values[mask] for values in sheet.values))


def _show_problems(sheet: Sheet, language: Language, console: Console) -> None:
    """Each kind once, with all its places."""
    if not len(sheet):
        return
    console.print(Text("\n" + plain(sheet.title), style="bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for justify in ("left", "right", "left"):
        grid.add_column(no_wrap=True, justify=justify)
    labels = sheet.columns[0].labels
    kinds: dict[tuple[str, str, str | None], tuple[float, list[str]]] = {}
    for severity, count, places, message, hint in zip(*sheet.values, strict=True):
        before, all_places = kinds.get((severity, message, hint), (0.0, []))
        kinds[severity, message, hint] = (before + count, [*all_places, *filter(None, [places])])
    counts = [f"{count:,.0f}" for count, _ in kinds.values()]
    room = console.width - max(map(width, labels.values())) - max(map(len, counts)) - 2 * _GAP
    comma = text("phrase.comma", language)
    for shown, ((severity, message, hint), (_, all_places)) in zip(counts, kinds.items(), strict=True):
        words = Text("\n".join(wrapped(plain(message), room)))
        for part in (comma.join(all_places), hint):
            if part:
                words.append("\n" + "\n".join(wrapped(plain(part), room)), style="dim")
        grid.add_row(Text(labels[severity], style=_STYLES[severity]), Text(shown), words)
    console.print(grid)
