"""Where the rows of a table end: above the total rows and blank rows that exports put below."""

import re
import unicodedata
from collections.abc import Sequence

from cscli.analysis.judging.row_words import is_note, is_summary
from cscli.analysis.tables.raw import Cell
from cscli.sources.tabular.grid import Grid
from cscli.sources.tabular.headers import filled_cells, is_blank, looks_numeric

_COMPARED_ROWS = 50
_TOTAL = re.compile(
    r"((grand |sub-?)?totals?|sum|合計|総合計|総計|計|小計)( ?\([\d,]+ ?(records?|rows?|件)\))?\s*:?"
)


def find_footer(grid: Grid, start: int) -> tuple[int, tuple[int, ...]]:
    """The index after the last row above a footer, and the footer's lines: rows of one field below a table of several,
    with nothing after them. One such row directly below the table is a torn line, unless it says itself what it is.
    """
    end = _skip_blank(grid, start, len(grid.rows))
    width = len(grid.rows[start - 1])
    first, lines = end, list[int]()
    while first > start and len(grid.rows[first - 1]) < min(width, 3) and width > 2:
        lines.append(int(grid.lines[first - 1]))
        first = _skip_blank(grid, start, first - 1)
    is_apart = bool(lines) and first > start and grid.lines[first - 1] + 1 < lines[-1]
    is_told = bool(lines) and _says_footer(grid.rows[end - 1][0])
    if not (len(lines) > 1 or is_apart or is_told):
        return end, ()
    first, sums = _sums_above(grid, start, first)
    return first, (*sums, *reversed(lines))


def _sums_above(grid: Grid, start: int, below: int) -> tuple[int, tuple[int, ...]]:
    """The index after the table, and the lines of the sums between it and a footer: `Grand Totals (45 records)` and, below
    it, figures in a row that ends early. They stand apart from the table, and none is as wide.
    """
    width, at = len(grid.rows[start - 1]), below
    while at > start and filled_cells(grid.rows[at - 1]) and len(grid.rows[at - 1]) < width:
        at -= 1
    is_block = at < below and at > start and not filled_cells(grid.rows[at - 1])
    if not is_block or not any(_says_footer(cell) for cell in grid.rows[at]):
        return below, ()
    lines = tuple(int(grid.lines[row]) for row in range(at, below))
    return _skip_blank(grid, start, at), lines


def _says_footer(cell: Cell) -> bool:
    return is_note(cell) or is_summary(cell)


def find_end(grid: Grid, start: int, below: int) -> tuple[int, tuple[int, ...]]:
    """The index after the last row above `below` that is neither blank nor a total, and the lines of the totals."""
    totals: list[int] = []
    end = _skip_blank(grid, start, below)
    while end > start and _is_total(
        grid.rows[end - 1], grid.rows[max(start, end - 1 - _COMPARED_ROWS) : end - 1]
    ):
        totals.append(int(grid.lines[end - 1]))
        end = _skip_blank(grid, start, end - 1)
    return end, tuple(reversed(totals))


def _skip_blank(grid: Grid, start: int, end: int) -> int:
    while end > start and not filled_cells(grid.rows[end - 1]):
        end -= 1
    return end


def _is_total(row: Sequence[Cell], above: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first filled cell says so, and most other columns of text are blank."""
    first = next((at for at, cell in enumerate(row) if not is_blank(cell)), None)
    label = None if first is None else row[first]
    if not isinstance(label, str):
        return False
    if not _TOTAL.fullmatch(unicodedata.normalize("NFKC", label).strip().casefold()):
        return False
    others = [at for at in range(len(row)) if at != first and _holds_text(above, at)]
    return 2 * sum(is_blank(row[at]) for at in others) >= len(others)


def _holds_text(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    cells = [row[at] for row in rows if at < len(row) and not is_blank(row[at])]
    return 2 * sum(not looks_numeric(cell) for cell in cells) > len(cells)
