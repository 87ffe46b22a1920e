"""The workbook in which people type, found by its headers wherever they stand, into a raw table."""

from dataclasses import replace
from pathlib import Path

from cscli.analysis.tables.people import people_column
from cscli.analysis.tables.raw import RawTable
from cscli.errors import DataError, Location, Scope
from cscli.sources.reading import read_table
from cscli.sources.tabular.options import ReadOptions


def header_cells(path: Path, sheet: str, header_row: int) -> dict[int, str]:
    """The texts of a row (from 1) of a sheet by column (from 0), read by the bounded process as every workbook is.
    Raises SourceError, DataError as for any table.
    """
    from cscli.sources.workbooks.bounded import read_bounded  # noqa: PLC0415 - for workbooks alone
    from cscli.sources.workbooks.read import explain_fault  # noqa: PLC0415
    from cscli.sources.workbooks.sheet import WorkbookFaultError  # noqa: PLC0415

    try:
        found = read_bounded(path, "xlsx", sheet)
    except WorkbookFaultError as fault:
        raise DataError(explain_fault(fault, Location(file=path.name))) from fault
    row = header_row - found.first_line
    cells = enumerate((column[row] for column in found.columns), start=found.first_column)
    return {column: str(cell) for column, cell in cells if cell not in (None, "")}


def read_people(path: Path) -> RawTable:
    """Every column of the sheet that people fill in; that there is another, with the scale, is known. SourceError, DataError as for any table."""
    table = read_table(path, "inputs", ReadOptions(), lambda header: people_column(header) is not None)
    return replace(table, problems=tuple(each for each in table.problems if each.scope is not Scope.SHEET))
