"""A grid of cells into a table: header row, one width, no blank or total rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Cell, Column, RawTable, ReadFacts
from cscli.errors import DataError, Problem, Severity
from cscli.sources.tabular.body import blank_errors, choose_rows, filled_rows, has_cell, to_body
from cscli.sources.tabular.files import FileBytes
from cscli.sources.tabular.grid import Grid
from cscli.sources.tabular.headers import (
    filled_cells,
    find_group_row,
    find_header_row,
    header_text,
    is_blank,
    join_groups,
)
from cscli.sources.tabular.options import ReadOptions
from cscli.sources.tabular.side_tables import leave_side_tables
from cscli.sources.tabular.totals import find_end, find_footer

_LISTED_ROWS = 20
_SCANNED_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a file was read, for its facts."""

    form: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
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
    titles: tuple[str, ...] = ()

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
        return RawTable(
            source=source,
            headers=self.headers,
            columns=self.columns,
            lines=self.lines,
            facts=facts,
            problems=said,
            titles=self.titles,
        )


def shape_table(grid: Grid, options: ReadOptions, known_headers: Callable[[str], bool]) -> Shaped:
    """The table in `grid`. DataError if it has no header, no rows, rows of unequal width, or twice the
    same header.
    """
    header_at, header_problems = _find_header(grid, options.header, known_headers)
    start = header_at + 1
    below, footer_lines = find_footer(grid, start)
    end, total_lines = find_end(grid, start, below)
    header, joined = _join_header(grid, header_at)
    body, width_problems = to_body(grid, start, end, header)
    if not end > start:
        raise DataError(Problem("reading.no_rows", where=grid.at(int(grid.lines[header_at]))))
    kept = [at for at, column in enumerate(body) if not is_blank(header[at]) or has_cell(column)]
    columns = [body[at] for at in kept]
    lines = grid.lines[start:end]
    stay, side_problems = leave_side_tables(
        grid, header, columns, kept, known_headers, int(grid.lines[header_at])
    )
    kept, columns = [kept[at] for at in stay], [columns[at] for at in stay]
    stays, row_problems = choose_rows(grid, columns, [grid.rows[header_at][at] for at in kept], lines)
    headers, name_problems = _name_columns(grid, header, kept, int(grid.lines[header_at]), options.columns)
    error_problems = blank_errors(grid, headers, columns, lines) if grid.may_be_errors else []
    total_problems = [
        *(Problem("reading.total_row", severity=Severity.NOTE, where=grid.at(line)) for line in total_lines),
        *_say_footer(grid, footer_lines),
    ]
    filled = filled_rows(columns, len(lines))
    stays &= filled
    return Shaped(
        headers=headers,
        columns=tuple(columns) if stays.all() else tuple(column[stays] for column in columns),
        lines=lines[stays],
        positions=tuple(grid.first_column + at for at in kept),
        header_row=int(grid.lines[header_at]),
        blank_rows=len(grid.rows) - end - len(total_lines) - len(footer_lines) + int((~filled).sum()),
        total_lines=(*total_lines, *footer_lines),
        problems=(
            *header_problems,
            *joined,
            *width_problems,
            *name_problems,
            *side_problems,
            *row_problems,
            *error_problems,
            *total_problems,
        ),
        titles=_titles(grid, header_at),
    )


def _say_footer(grid: Grid, lines: tuple[int, ...]) -> list[Problem]:
    if not lines:
        return []
    details = {"count": len(lines), "rows": ", ".join(map(str, lines[:_LISTED_ROWS]))}
    return [Problem("reading.footer", severity=Severity.NOTE, where=grid.at(lines[0]), details=details)]


def _titles(grid: Grid, header_at: int) -> tuple[str, ...]:
    """What stands in the rows above the header."""
    cells = (cell for row in grid.rows[:header_at] for cell in filled_cells(row))
    return tuple(cell.strip() for cell in cells if isinstance(cell, str))[:_LISTED_ROWS]


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
    return header_at, [
        Problem("reading.header_found", severity=Severity.NOTE, where=grid.at(line), value=str(line))
    ]


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
    return joined, [
        Problem(
            "reading.header_joined",
            severity=Severity.NOTE,
            where=grid.at(line),
            value=str(line),
            details=details,
        )
    ]


def _name_columns(
    grid: Grid, header: list[Cell], kept: list[int], line: int, asked_for: frozenset[str]
) -> tuple[tuple[str, ...], list[Problem]]:
    names, unnamed = [], []
    places: dict[str, list[int]] = {}
    for at in kept:
        name = header_text(header[at])
        if not name:
            name = f"(column {grid.letter(at)})"
            unnamed.append(
                Problem(
                    "reading.header_unnamed", severity=Severity.WARNING, where=grid.at(line, name), value=name
                )
            )
        names.append(name)
        places.setdefault(name, []).append(at)
    seen: set[str] = set()
    chosen: set[str] = set()
    for place, name in enumerate(names):
        names[place] = f"{name} ({grid.letter(kept[place])})" if name in seen else name
        seen.add(names[place])
        chosen |= {name} if names[place] in asked_for else set()
    twice = {name: at for name, at in places.items() if len(at) > 1 and name not in chosen}
    return tuple(names), [*unnamed, *(_say_repeated(grid, line, name, at) for name, at in twice.items())]


def _say_repeated(grid: Grid, line: int, name: str, places: list[int]) -> Problem:
    letters = ", ".join(map(grid.letter, places[:_LISTED_ROWS])) + (", …" if places[_LISTED_ROWS:] else "")
    details = {"letters": letters, "first": grid.letter(places[0]), "other": grid.letter(places[1])}
    return Problem(
        "reading.header_repeated",
        severity=Severity.WARNING,
        where=grid.at(line, name),
        value=name,
        details=details,
    )
