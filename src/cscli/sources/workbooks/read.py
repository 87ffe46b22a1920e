"""One sheet of a workbook into a raw table, with its error cells named and its size checked."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cscli.analysis.tables.raw import Cell, Column, RawTable
from cscli.errors import DataError, Location, Problem, Scope, Severity
from cscli.nearest import nearest_names
from cscli.sources.tabular.collector import collector_paused
from cscli.sources.tabular.files import FileBytes
from cscli.sources.tabular.grid import ColumnRows, Grid, column_letter
from cscli.sources.tabular.options import ReadOptions
from cscli.sources.tabular.shape import ReadAs, Shaped, shape_table
from cscli.sources.workbooks.bounded import read_bounded
from cscli.sources.workbooks.sheet import SheetColumns, WorkbookFaultError

_UNCHECKED = ("xlsb", "ods")
_EXAMPLES = 3


def read_excel(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool], form: str
) -> RawTable:
    """The table in a workbook of `form`. DataError if it has none, is damaged, encrypted or too large, or
    lacks the pinned sheet.
    """
    with collector_paused():
        return _read(file, source, options, known_headers, form)


def _read(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool], form: str
) -> RawTable:
    try:
        sheet = read_bounded(file.path, form, options.sheet)
        best = _best_known(sheet, known_headers)
        if best is not None:
            others = [name for name in (str(sheet.sheet), *sheet.others) if name != best]
            hidden = sheet.hidden
            sheet = read_bounded(file.path, form, best)
            sheet.others, sheet.hidden = others, hidden
    except WorkbookFaultError as fault:
        raise DataError(explain_fault(fault, file.place)) from fault
    place = Location(file=file.name, sheet=sheet.sheet)
    lines = np.arange(sheet.first_line, sheet.first_line + sheet.height, dtype=np.int64)
    rows = ColumnRows([_to_array(column) for column in sheet.columns])
    # An .xlsx tells its error cells; the others may show them as text.
    grid = Grid(
        rows=rows, lines=lines, place=place, may_be_errors=form != "xlsx", first_column=sheet.first_column
    )
    shaped = shape_table(grid, options, known_headers)
    problems = (
        *_say_sheet(place, sheet, form, is_chosen=best is not None),
        *_say_bad_cells(place, sheet, shaped),
        *_say_losses(place, sheet, shaped),
    )
    table = shaped.table(file, source, ReadAs(form, sheet=sheet.sheet), problems)
    headers = dict(zip(shaped.positions, shaped.headers, strict=True))
    signs = {headers[at]: found for at, found in sheet.signs.items() if at in headers}
    return replace(table, signs=signs) if signs else table


def _to_array(column: list[Cell]) -> Column:
    array = np.empty(len(column), dtype=object)
    array[:] = column
    array[array == ""] = None
    return array


def _best_known(sheet: SheetColumns, known_headers: Callable[[str], bool]) -> str | None:
    """Another sheet than the one that was read, if a row of it has more known headers than any of that one."""
    if len(sheet.heads) < 2:
        return None
    hits = {
        name: max(sum(known_headers(cell.strip()) for cell in set(row)) for row in head or [[]])
        for name, head in sheet.heads.items()
    }
    best = max(hits, key=lambda name: hits[name])  # the first of those that have as many
    return best if hits[best] > max(1, hits[str(sheet.sheet)]) else None


def explain_fault(fault: WorkbookFaultError, place: Location) -> Problem:
    """Why a workbook cannot be read, with the sheets that come nearest to a name that it has not."""
    sheets = fault.nearest.split(", ")
    nearest = nearest_names(fault.value or "", sheets, 1, 0.5) or sheets[:1]
    details = {
        "nearest": nearest[0],
        "sheets": fault.nearest,
        "reason": fault.value or "?",
        "kind": fault.value,
        "rows": fault.nearest,
    }
    return Problem(fault.code, where=place, value=fault.value, details=details)


def _say_sheet(place: Location, sheet: SheetColumns, form: str, *, is_chosen: bool) -> list[Problem]:
    said = []
    if sheet.others:
        details = {"others": ", ".join(sheet.others)}
        code = "reading.sheet_chosen" if is_chosen else "reading.sheet_taken"
        said.append(
            Problem(
                code,
                severity=Severity.NOTE,
                where=place,
                value=sheet.sheet,
                details=details,
                scope=Scope.SHEET,
            )
        )
    if sheet.hidden:
        said.append(
            Problem(
                "reading.sheets_hidden", severity=Severity.NOTE, where=place, value=", ".join(sheet.hidden)
            )
        )
    if sheet.controls:
        said.append(
            Problem(
                "reading.controls_removed", severity=Severity.WARNING, where=place, value=str(sheet.controls)
            )
        )
    if form in _UNCHECKED or not sheet.is_checked:
        said.append(Problem("reading.errors_unchecked", severity=Severity.NOTE, where=place))
    if sheet.hidden_rows:
        said.append(
            Problem(
                "reading.hidden_rows", severity=Severity.WARNING, where=place, value=str(sheet.hidden_rows)
            )
        )
    if sheet.is_1904:
        said.append(Problem("reading.dates_from_1904", severity=Severity.NOTE, where=place))
    return said


def _say_bad_cells(place: Location, sheet: SheetColumns, shaped: Shaped) -> list[Problem]:
    names = dict(zip(shaped.positions, shaped.headers, strict=True))
    said = []
    for cell in sheet.bad_cells:
        if cell.line < shaped.header_row or cell.line in shaped.total_lines:
            continue
        letter = column_letter(cell.column)
        where = Location(
            file=place.file, sheet=place.sheet, line=cell.line, column=names.get(cell.column, letter)
        )
        code = "reading.error_cell" if cell.error else "reading.formula_without_result"
        said.append(Problem(code, where=where, value=cell.error, details={"cell": f"{letter}{cell.line}"}))
    return said


def _say_losses(place: Location, sheet: SheetColumns, shaped: Shaped) -> list[Problem]:
    """Where the file tells of more than was read, or a second reader of something else."""
    said = []
    last_line = sheet.first_line + sheet.height - 1
    if sheet.last_line > last_line:
        details = {"expected": sheet.last_line}
        said.append(
            Problem(
                "reading.rows_missing",
                severity=Severity.ERROR,
                where=place,
                value=str(last_line),
                details=details,
            )
        )
    if sheet.damage:
        row, reason = sheet.damage
        where = Location(file=place.file, sheet=place.sheet, line=row or None)
        said.append(
            Problem("reading.damaged_sheet", severity=Severity.ERROR, where=where, details={"reason": reason})
        )
    known_bad = {(cell.line, cell.column) for cell in sheet.bad_cells}
    differ = [
        each for each in sheet.differences if each[0] >= shaped.header_row and each[:2] not in known_bad
    ]
    if differ:
        shown = [f"{column_letter(at)}{line}: {one!r} / {two!r}" for line, at, one, two in differ[:_EXAMPLES]]
        where = Location(file=place.file, sheet=place.sheet, line=differ[0][0])
        cells: dict[str, object] = {"cells": "; ".join(shown)}
        said.append(
            Problem(
                "reading.readers_differ",
                severity=Severity.WARNING,
                where=where,
                value=str(len(differ)),
                details=cells,
            )
        )
    return said
