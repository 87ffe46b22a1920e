"""A report on a terminal: the first rows of its first sheet, then the sentence that matters most."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cscli.render.text.bands import band_tones
from cscli.render.text.cells import is_number, without_controls
from cscli.render.text.display import display_texts
from cscli.reports.kit.model import Meaning, Report, Sheet
from cscli.texts import text
from cscli.texts.columns import wrapped

_BREAKS = re.compile(r"[\r\n\t\u2028\u2029]+")
_NARROWEST = 8
_GAP = 2
_MEASURE = "measure"
"""The column without whose words a row of figures says nothing."""


def show_report(report: Report, console: Console, *, rows: int = 10) -> None:
    """Prints at most `rows` rows of the columns in `report.short`, as wide as the console, and the headline."""
    show_sheet(report, report.sheets[0], report.short, console, rows=rows)
    show_sentence(report.headline, console)


def show_sentence(words: str, console: Console) -> None:
    """Prints what matters most in lines as wide as the console, broken where the language allows it."""
    for line in words.splitlines():
        for part in wrapped(plain(line), console.width):
            console.print(Text(part, style="bold"), highlight=False)


def show_sheet(report: Report, sheet: Sheet, columns: Sequence[str], console: Console, *, rows: int) -> None:
    """Prints at most `rows` rows of `columns`, as wide as the console, and how many more there are."""
    has_unicode = console.encoding.lower().startswith("utf")
    shown = min(rows, len(sheet))
    if not (shown and columns):
        return
    fitting = _fit([_column(report, sheet, name, shown) for name in columns], console.width, has_unicode)
    console.print(_table(fitting, has_unicode=has_unicode), highlight=False)
    if shown < len(sheet):
        more = text("writing.more", report.language, count=f"{len(sheet) - shown:,}")
        console.print(Text(("… " if has_unicode else "... ") + more, style="dim"), highlight=False)


def plain(words: str) -> str:
    """The words in one line, without anything that could steer a terminal."""
    return without_controls(_BREAKS.sub(" ", words))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A column as text: its head, cells, colours of cells by text, width, whether it may be narrower than its texts, and whether these then go on
    in a second line instead of being cut.
    """

    head: str
    cells: Sequence[str]
    styles: Mapping[str, str]
    is_right: bool
    can_shrink: bool
    wraps: bool

    @property
    def width(self) -> int:
        return max(cell_len(cell) for cell in (self.head, *self.cells))


def _column(report: Report, sheet: Sheet, column_id: str, rows: int) -> _Shown:
    column = next(column for column in sheet.columns if column.id == column_id)
    values = sheet.column(column_id)[:rows]
    cells = [plain(cell) for cell in display_texts(column, values, report.currency, report.language)]
    styles: Mapping[str, str] = {}
    if column.meaning is Meaning.BAND:
        tones = band_tones(report, column)
        styles = {plain(column.labels.get(name, name)): tone.solid for name, tone in tones.items()}
    can_shrink = column.meaning in (Meaning.TEXT, Meaning.LONG_TEXT, Meaning.PROSE)
    return _Shown(
        head=plain(column.label),
        cells=cells,
        styles=styles,
        is_right=is_number(values),
        can_shrink=can_shrink,
        wraps=column_id == _MEASURE,
    )


def _fit(columns: list[_Shown], width: int, has_unicode: bool) -> list[_Shown]:
    """Narrows the widest texts until the table fits, then leaves out columns from the right."""
    widths = [column.width for column in columns]
    while sum(widths) + _GAP * len(widths) > width:
        cuttable = [i for i, column in enumerate(columns) if column.can_shrink and widths[i] > _NARROWEST]
        if cuttable:
            widths[max(cuttable, key=widths.__getitem__)] -= 1
        elif len(widths) > 1:
            columns, widths = columns[:-1], widths[:-1]
        else:
            break
    mark = "…" if has_unicode else "..."
    return [_cut(column, size, mark) for column, size in zip(columns, widths, strict=True)]


def _cut(column: _Shown, width: int, mark: str) -> _Shown:
    if column.width <= width:
        return column
    if column.wraps:
        return replace(column, cells=["\n".join(wrapped(cell, width)) for cell in column.cells])
    head, *cells = (
        cell if cell_len(cell) <= width else set_cell_size(cell, width - len(mark)).rstrip() + mark
        for cell in (column.head, *column.cells)
    )
    return replace(column, head=head, cells=cells)


def _table(columns: Sequence[_Shown], *, has_unicode: bool) -> Table:
    frame = box.SIMPLE_HEAD if has_unicode else box.ASCII2
    table = Table(box=frame, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["right", "left"] = "right" if column.is_right else "left"
        table.add_column(Text(column.head), justify=justify, no_wrap=True, overflow="crop")
    for row in zip(*(column.cells for column in columns), strict=True):
        pairs = zip(row, columns, strict=True)
        table.add_row(*(Text(cell, style=column.styles.get(cell, "")) for cell, column in pairs))
    return table
