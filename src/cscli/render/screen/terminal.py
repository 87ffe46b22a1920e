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
_ROOMY = 14
_GAP = 2
_HEAD_LINES = 2
_CELL_LINES = 2
_MEASURE_LINES = 4
_OPENING = " (（「−"
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
    """A column as text: its head, cells, colours of cells by text, the most lines that a cell may take (0: it is never narrowed)."""

    head: str
    cells: Sequence[str]
    styles: Mapping[str, str]
    is_right: bool
    lines: int

    @property
    def width(self) -> int:
        return max(cell_len(cell) for cell in (self.head, *self.cells))

    @property
    def is_figures(self) -> bool:
        return self.is_right and not self.lines

    @property
    def roomy(self) -> int:
        """The least width at which its head and its cells stay whole in their lines, unless these are very long."""
        if not self.lines:
            head = max(_least(self.head, _HEAD_LINES), min(cell_len(self.head), _NARROWEST))
            return max(head, *(cell_len(cell) for cell in self.cells))
        least = max(_least(cell, _HEAD_LINES) for cell in (self.head, *self.cells))
        return min(self.width, max(_NARROWEST, min(least, _ROOMY)))

    @property
    def narrowest(self) -> int:
        """The least width at which it still says something."""
        return min(self.roomy, _NARROWEST) if self.lines else self.roomy


def _least(words: str, lines: int) -> int:
    """The least width at which `words` take no more than `lines`, and no word is cut."""
    whole = cell_len(words)
    narrow = range(-(-whole // lines), whole)
    return next((cells for cells in narrow if _stays_whole(wrapped(words, cells), cells, lines)), whole)


def _stays_whole(parts: Sequence[str], cells: int, lines: int) -> bool:
    return len(parts) <= lines and all(cell_len(part) <= cells for part in parts)


def _column(report: Report, sheet: Sheet, column_id: str, rows: int) -> _Shown:
    column = next(column for column in sheet.columns if column.id == column_id)
    values = sheet.column(column_id)[:rows]
    cells = [plain(cell) for cell in display_texts(column, values, report.currency, report.language)]
    styles: Mapping[str, str] = {}
    if column.meaning is Meaning.BAND:
        tones = band_tones(report, column)
        styles = {plain(column.labels.get(name, name)): tone.solid for name, tone in tones.items()}
    is_words = column.meaning in (Meaning.TEXT, Meaning.LONG_TEXT, Meaning.PROSE)
    return _Shown(
        head=plain(column.label),
        cells=cells,
        styles=styles,
        is_right=is_number(values),
        lines=_MEASURE_LINES if column_id == _MEASURE else _CELL_LINES if is_words else 0,
    )


def _fit(columns: list[_Shown], width: int, has_unicode: bool) -> list[_Shown]:
    """Breaks the heads of figures into lines where the table does not fit, then texts, the widest first; then leaves out what is empty, cuts
    texts, and leaves out columns from the right.
    """
    widths = [column.width for column in columns]
    if sum(widths) + _GAP * len(widths) > width:
        widths = [column.roomy if column.is_figures else column.width for column in columns]
    while sum(widths) + _GAP * len(widths) > width:
        if _narrow(widths, [column.roomy for column in columns]):
            continue
        empty = [i for i, column in enumerate(columns) if i and not any(column.cells)]
        if not empty and _narrow(widths, [column.narrowest for column in columns]):
            continue
        if len(widths) == 1:
            break
        out = max(empty, default=len(widths) - 1)
        columns, widths = ([*each[:out], *each[out + 1 :]] for each in (columns, widths))
    mark = "…" if has_unicode else "..."
    return [_broken(column, size, mark) for column, size in zip(columns, widths, strict=True)]


def _narrow(widths: list[int], floors: Sequence[int]) -> bool:
    """Takes a cell from the widest column that is above its floor; False where there is none."""
    above = [i for i, floor in enumerate(floors) if widths[i] > floor]
    if above:
        widths[max(above, key=widths.__getitem__)] -= 1
    return bool(above)


def _broken(column: _Shown, width: int, mark: str) -> _Shown:
    if column.width <= width:
        return column
    head = _in_lines(column.head, width, _HEAD_LINES, mark)
    return replace(
        column, head=head, cells=[_in_lines(cell, width, column.lines or 1, mark) for cell in column.cells]
    )


def _in_lines(words: str, width: int, most: int, mark: str) -> str:
    """`words` in at most `most` lines of `width`, with a mark where some are left out."""
    if cell_len(words) <= width:
        return words
    found = wrapped(words, width)
    lines = [line if cell_len(line) <= width else _cut(line, width, mark) for line in found[:most]]
    if len(found) > most and not lines[-1].endswith(mark):
        lines[-1] = _cut(f"{lines[-1]} {found[most]}", width, mark)
    return "\n".join(lines)


def _cut(words: str, width: int, mark: str) -> str:
    return set_cell_size(words, width - len(mark)).rstrip(_OPENING) + mark


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
