"""One sheet of a workbook into a raw table, with its error cells named."""

from collections.abc import Callable
from difflib import get_close_matches

import numpy as np

from cscli.analysis.tables import RawTable
from cscli.errors import DataError, Location, Problem, Severity
from cscli.sources.excel_cells import SheetRows, WorkbookFaultError, read_sheet
from cscli.sources.files import FileBytes
from cscli.sources.grid import Grid, ReadAs, Shaped, column_letter, shape_table
from cscli.sources.options import ReadOptions


def read_excel(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool], form: str
) -> RawTable:
    """The table in a workbook of `form`. DataError if it has none, is damaged or encrypted, or lacks the
    pinned sheet.
    """
    try:
        sheet = read_sheet(file.path, form, options.sheet)
    except WorkbookFaultError as fault:
        raise DataError(_explain(file, fault)) from fault
    place = Location(file=file.name, sheet=sheet.sheet)
    lines = np.arange(sheet.first_line, sheet.first_line + len(sheet.rows), dtype=np.int64)
    grid = Grid(sheet.rows, lines, place, first_column=sheet.first_column)
    shaped = shape_table(grid, options.header, known_headers)
    problems = (*_say_sheet(place, sheet), *_say_bad_cells(place, sheet, shaped))
    return shaped.table(file, source, ReadAs(form, sheet=sheet.sheet), problems)


def _explain(file: FileBytes, fault: WorkbookFaultError) -> Problem:
    details: dict[str, object] = {}
    if fault.code == "reading.sheet_unknown":
        names = fault.nearest.split(", ")
        nearest = get_close_matches(fault.value or "", names, n=1, cutoff=0.5) or names[:1]
        details = {"nearest": nearest[0], "sheets": fault.nearest}
    if fault.code == "reading.damaged_workbook":
        details = {"reason": fault.value or "?"}
    return Problem(fault.code, where=file.place, value=fault.value, details=details)


def _say_sheet(place: Location, sheet: SheetRows) -> list[Problem]:
    said = []
    if sheet.others:
        names = ", ".join(sheet.others)
        said.append(Problem("reading.sheet_taken", Severity.NOTE, place, sheet.sheet, {"others": names}))
    if sheet.hidden:
        said.append(Problem("reading.sheets_hidden", Severity.NOTE, place, ", ".join(sheet.hidden)))
    if sheet.controls:
        said.append(Problem("reading.controls_removed", Severity.WARNING, place, str(sheet.controls)))
    if not sheet.is_checked:
        said.append(Problem("reading.errors_unchecked", Severity.NOTE, place))
    return said


def _say_bad_cells(place: Location, sheet: SheetRows, shaped: Shaped) -> list[Problem]:
    names = dict(zip(shaped.positions, shaped.headers, strict=True))
    said = []
    for cell in sheet.bad_cells:
        if cell.line < shaped.header_row or cell.line in shaped.total_lines:
            continue
        letter = column_letter(cell.column)
        where = Location(place.file, place.sheet, cell.line, names.get(cell.column, letter))
        code = "reading.error_cell" if cell.error else "reading.formula_without_result"
        said.append(Problem(code, where=where, value=cell.error, details={"cell": f"{letter}{cell.line}"}))
    return said
