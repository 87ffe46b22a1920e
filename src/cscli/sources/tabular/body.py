"""The rows below the header into columns of one length, without what is no data."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Cell, Column
from cscli.errors import DataError, Problem, Scope, Severity
from cscli.sources.tabular.grid import ERROR_TEXTS, ColumnRows, Grid
from cscli.sources.tabular.headers import filled_cells, is_blank

_MAX_COLUMNS = 16_384
_LISTED_ROWS = 20
_BLOCK_ROWS = 1024


def to_body(grid: Grid, start: int, end: int, header: list[Cell]) -> tuple[list[Column], list[Problem]]:
    """The columns between two rows, as wide as the header."""
    if len(header) > _MAX_COLUMNS:
        details = {"limit": _MAX_COLUMNS}
        value = str(len(header))
        raise DataError(Problem("reading.too_many_columns", where=grid.place, value=value, details=details))
    if isinstance(grid.rows, ColumnRows):
        return [column[start:end] for column in grid.rows.columns], []
    body = list(grid.rows[start:end])
    problems = _make_rectangular(grid, header, body, grid.lines[start:end])
    return (_to_columns(body, may_be_spaces=grid.may_be_spaces) if body else []), problems


def _make_rectangular(
    grid: Grid, header: list[Cell], body: list[Sequence[Cell]], lines: NDArray[np.int64]
) -> list[Problem]:
    """Gives every row of `body` the header's width, where that only adds or takes blanks."""
    width = len(header)
    if set(map(len, body)) <= {width}:
        return []
    named = max(at for at, cell in enumerate(header) if not is_blank(cell)) + 1
    odd = [at for at, row in enumerate(body) if len(row) != width]
    wrong, trimmed = [], 0
    for at in odd:
        row = body[at]
        is_empty = not filled_cells(row)
        if is_empty or (len(row) >= named and not filled_cells(row[width:])):
            body[at] = [*row[:width], *([""] * (width - len(row)))]
            trimmed += not is_empty
        else:
            wrong.append(at)
    if wrong:
        raise DataError(*_say_widths(grid, body, lines, wrong, width))
    return (
        [Problem("reading.blank_fields", severity=Severity.NOTE, where=grid.place, value=str(trimmed))]
        if trimmed
        else []
    )


def _say_widths(
    grid: Grid, body: list[Sequence[Cell]], lines: NDArray[np.int64], wrong: list[int], width: int
) -> list[Problem]:
    listed = [
        Problem(
            "reading.row_width",
            where=grid.at(int(lines[at])),
            value=str(len(body[at])),
            details={"expected": width},
        )
        for at in wrong[:_LISTED_ROWS]
    ]
    if len(wrong) > _LISTED_ROWS:
        listed.append(Problem("reading.more_rows", where=grid.place, value=str(len(wrong) - _LISTED_ROWS)))
    return listed


def _to_columns(body: list[Sequence[Cell]], *, may_be_spaces: bool) -> list[Column]:
    table = np.empty((len(body[0]), len(body)), dtype=object)
    for start in range(0, len(body), _BLOCK_ROWS):
        # Cells of a row lie together in memory: a block of them is turned while it is in the cache.
        block = np.array(body[start : start + _BLOCK_ROWS], dtype=object)
        block[block == ""] = None
        table[:, start : start + _BLOCK_ROWS] = block.T
    columns = list(table)
    if may_be_spaces:
        for column in columns:
            column[:] = [None if cell is None or cell.isspace() else cell for cell in column]
    return columns


def choose_rows(
    grid: Grid, columns: list[Column], header: list[Cell], lines: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Which rows are data and not the header once more, as where exports were put one below the other."""
    repeats = np.ones(len(lines), dtype=bool)
    for column, name in zip(columns, header, strict=True):
        at = np.flatnonzero(repeats)
        repeats[at] = column[at] == (None if is_blank(name) else name)
        if not repeats.any():
            break
    if not repeats.any() or repeats.all():
        return np.ones(len(lines), dtype=bool), []
    again = lines[repeats].tolist()
    shown = ", ".join(map(str, again[:_LISTED_ROWS]))
    where = grid.at(again[0])
    said = Problem(
        "reading.header_again",
        severity=Severity.NOTE,
        where=where,
        value=str(len(again)),
        details={"rows": shown},
        scope=Scope.ROWS,
        count=len(again),
    )
    return ~repeats, [said]


def blank_errors(
    grid: Grid, headers: tuple[str, ...], columns: list[Column], lines: NDArray[np.int64]
) -> list[Problem]:
    """Takes the error values of a spreadsheet, written as text, out of `columns`; says where they stood."""
    found = []
    for header, column in zip(headers, columns, strict=True):
        for at in np.flatnonzero([cell in ERROR_TEXTS for cell in column]).tolist():
            where = grid.at(int(lines[at]), header)
            details = {"cell": f"{header} {lines[at]}"}
            found.append(Problem("reading.error_cell", where=where, value=str(column[at]), details=details))
            column[at] = None
    return found


def filled_rows(columns: list[Column], rows: int) -> NDArray[np.bool_]:
    """Which rows have a cell; looks at each further column only for rows blank so far."""
    filled = np.zeros(rows, dtype=bool)
    open_rows = np.arange(rows)
    for column in columns:
        has_cell = np.array([cell is not None for cell in column[open_rows]], dtype=bool)
        filled[open_rows[has_cell]] = True
        open_rows = open_rows[~has_cell]
        if not len(open_rows):
            break
    return filled


def has_cell(column: Column) -> bool:
    return any(cell is not None for cell in column)
