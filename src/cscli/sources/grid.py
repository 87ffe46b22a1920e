"""Rows of cells, as a file has them, into a table: header row, one width, no blank or total rows."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables import Cell, Column, RawTable, ReadFacts
from cscli.errors import DataError, Location, Problem, Severity
from cscli.sources.files import FileBytes
from cscli.sources.headers import (
    filled_cells,
    find_group_row,
    find_header_row,
    header_text,
    is_blank,
    join_groups,
    looks_numeric,
)

_MAX_COLUMNS = 16_384
_LISTED_ROWS = 20
_COMPARED_ROWS = 50
_SCANNED_ROWS = 1_000
ERROR_TEXTS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"}
)
_TOTAL = re.compile(
    r"((grand |sub-?)?totals?|sum|合計|総合計|総計|計|小計)( ?\([\d,]+ ?(records?|rows?|件)\))?\s*:?"
)


class ColumnRows(Sequence[Sequence[Cell]]):
    """Columns of equal length, seen as rows."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(at, slice):
            return list(zip(*(column[at] for column in self.columns), strict=True))
        return [column[at] for column in self.columns]


@dataclass(frozen=True, eq=False)
class Grid:
    """Rows with their numbers in the file. Blank is "" or None."""

    rows: Sequence[Sequence[Cell]]
    lines: NDArray[np.int64]
    place: Location
    may_be_spaces: bool = False
    """Whether a cell of a text grid could be nothing but spaces."""
    may_be_errors: bool = False
    """Whether a cell could be the text of an error value, such as #N/A."""
    first_column: int = 0
    """Columns of the file before the first cell of each row."""

    def at(self, line: int, column: str | None = None) -> Location:
        return Location(self.place.file, self.place.sheet, line, column)

    def letter(self, index: int) -> str:
        return column_letter(self.first_column + index)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a file was read, for its facts."""

    form: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, eq=False)
class Shaped:
    """A grid's table, and where in the grid it was."""

    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    positions: tuple[int, ...]
    """Index in the file (from 0) of each column."""
    header_row: int
    blank_rows: int
    total_lines: tuple[int, ...]
    problems: tuple[Problem, ...]

    def table(self, file: FileBytes, source: str, how: ReadAs, problems: tuple[Problem, ...]) -> RawTable:
        """The raw table, with `problems` (found before shaping) in front of the grid's own."""
        facts = ReadFacts(
            file=file.name,
            sha256=file.sha256,
            size_bytes=len(file.raw),
            modified=file.modified,
            form=how.form,
            encoding=how.encoding,
            delimiter=how.delimiter,
            sheet=how.sheet,
            header_row=self.header_row,
            rows=len(self.lines),
            blank_rows=self.blank_rows,
            total_rows=len(self.total_lines),
        )
        said = (*problems, *self.problems)
        return RawTable(source, self.headers, self.columns, self.lines, facts, said)


def shape_table(grid: Grid, pinned_header: int | None, known_headers: Callable[[str], bool]) -> Shaped:
    """The table in `grid`. DataError if it has no header, no rows, rows of unequal width, or twice the
    same header.
    """
    header_at, header_problems = _find_header(grid, pinned_header, known_headers)
    start = header_at + 1
    end, total_lines = _find_end(grid, start)
    header, joined = _join_header(grid, header_at)
    body, width_problems = _to_body(grid, start, end, header)
    if not end > start:
        raise DataError(Problem("reading.no_rows", where=grid.at(int(grid.lines[header_at]))))
    kept = [at for at, column in enumerate(body) if not is_blank(header[at]) or _has_cell(column)]
    columns = [body[at] for at in kept]
    lines = grid.lines[start:end]
    stays, row_problems = _choose_rows(grid, columns, [grid.rows[header_at][at] for at in kept], lines)
    headers, name_problems = _name_columns(grid, header, kept, int(grid.lines[header_at]))
    error_problems = _blank_errors(grid, headers, columns, lines) if grid.may_be_errors else []
    total_problems = [Problem("reading.total_row", Severity.NOTE, grid.at(line)) for line in total_lines]
    filled = _filled_rows(columns, len(lines))
    stays &= filled
    return Shaped(
        headers,
        tuple(columns) if stays.all() else tuple(column[stays] for column in columns),
        lines[stays],
        tuple(grid.first_column + at for at in kept),
        int(grid.lines[header_at]),
        len(grid.rows) - end - len(total_lines) + int((~filled).sum()),
        total_lines,
        (*header_problems, *joined, *width_problems, *name_problems, *row_problems, *error_problems,
         *total_problems),
    )  # fmt: skip


def column_letter(index: int) -> str:
    """Excel's name of the column with this index from 0: A, B, ... AA."""
    name, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(65 + letter) + name
    return name


def _find_header(
    grid: Grid, pinned: int | None, known_headers: Callable[[str], bool]
) -> tuple[int, list[Problem]]:
    if pinned is not None:
        found = np.flatnonzero(grid.lines == pinned)
        if not len(found) or not filled_cells(grid.rows[int(found[0])]):
            raise DataError(Problem("reading.header_blank", where=grid.at(pinned), value=str(pinned)))
        return int(found[0]), []
    header_at = find_header_row(grid.rows[:_SCANNED_ROWS], known_headers)
    if header_at is None:
        raise DataError(Problem("reading.empty_file", where=grid.place))
    if not any(map(filled_cells, grid.rows[:header_at])):
        return header_at, []
    line = int(grid.lines[header_at])
    return header_at, [Problem("reading.header_found", Severity.NOTE, grid.at(line), str(line))]


def _join_header(grid: Grid, header_at: int) -> tuple[list[Cell], list[Problem]]:
    """The header's cells; where it is in two rows, the lower ones, with their groups where they repeat."""
    header = list(grid.rows[header_at])
    group_at = find_group_row(grid.rows, header_at)
    if group_at is None:
        return header, []
    joined = join_groups(list(grid.rows[group_at]), header)
    if joined == header:
        return header, []
    line = int(grid.lines[header_at])
    changed = [str(new) for new, old in zip(joined, header, strict=True) if new != old]
    details = {"headers": ", ".join(changed[:_LISTED_ROWS]), "upper": int(grid.lines[group_at])}
    return joined, [Problem("reading.header_joined", Severity.NOTE, grid.at(line), str(line), details)]


def _find_end(grid: Grid, start: int) -> tuple[int, tuple[int, ...]]:
    """The index after the last row that is neither blank nor a total, and the lines of the totals."""
    totals: list[int] = []
    end = _skip_blank(grid, start, len(grid.rows))
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


def _to_body(grid: Grid, start: int, end: int, header: list[Cell]) -> tuple[list[Column], list[Problem]]:
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
    return [Problem("reading.blank_fields", Severity.NOTE, grid.place, str(trimmed))] if trimmed else []


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
    # Row by row first: cells of a row lie together in memory, and going by column costs four times as much.
    matrix = np.array(body, dtype=object)
    matrix[matrix == ""] = None
    columns = list(matrix.T.copy())
    if may_be_spaces:
        for column in columns:
            column[:] = [None if cell is None or cell.isspace() else cell for cell in column]
    return columns


def _choose_rows(
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
    return ~repeats, [Problem("reading.header_again", Severity.NOTE, where, str(len(again)), {"rows": shown})]


def _blank_errors(
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


def _filled_rows(columns: list[Column], rows: int) -> NDArray[np.bool_]:
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


def _has_cell(column: Column) -> bool:
    return any(cell is not None for cell in column)


def _name_columns(
    grid: Grid, header: list[Cell], kept: list[int], line: int
) -> tuple[tuple[str, ...], list[Problem]]:
    names, unnamed = [], []
    for at in kept:
        name = header_text(header[at])
        if not name:
            name = f"(column {grid.letter(at)})"
            unnamed.append(Problem("reading.header_unnamed", Severity.WARNING, grid.at(line, name), name))
        names.append(name)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise DataError(*(_say_repeated(grid, line, name, names, kept) for name in repeated))
    return tuple(names), unnamed


def _say_repeated(grid: Grid, line: int, name: str, names: list[str], kept: list[int]) -> Problem:
    letters = ", ".join(grid.letter(at) for at, other in zip(kept, names, strict=True) if other == name)
    return Problem(
        "reading.header_repeated", where=grid.at(line, name), value=name, details={"letters": letters}
    )
