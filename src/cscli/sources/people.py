"""The workbooks in which people type, found by their headers wherever they stand, into raw tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from cscli.analysis.inputs.books import BookSheet
from cscli.analysis.tables.people import people_column
from cscli.analysis.tables.raw import RawTable, ReadFacts
from cscli.errors import DataError, Location, Scope
from cscli.sources.reading import read_table
from cscli.sources.tabular.files import load_file
from cscli.sources.tabular.options import ReadOptions
from cscli.texts import LANGUAGES, catalogue

_NO_SUCH_SHEET = frozenset({"reading.sheet_unknown"})
_NO_ROWS = frozenset({"reading.no_rows"})
_ENOUGH = 0.5
"""Share of its columns that a sheet under another title must have."""


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


def read_sheet(path: Path, sheet: BookSheet) -> RawTable | None:
    """Every column of that sheet of a book: found by its title in either language, else by its headers, as a renamed one; None where no sheet has its
    columns. SourceError, DataError as for any table.
    """
    titles = [catalogue(language)[f"phrase.input.sheet.{sheet.id}"] for language in LANGUAGES]
    for title in (*titles, None):
        try:
            table = read_table(
                path, sheet.id, ReadOptions(sheet=title), lambda header: sheet.column_of(header) is not None
            )
        except DataError as error:
            codes = {each.code for each in error.problems}
            if title is not None and codes <= _NO_SUCH_SHEET:
                continue
            if codes <= _NO_ROWS:
                return _without_rows(path, sheet, error.problems[0].where)
            raise
        if title is not None or sum(
            sheet.column_of(header) is not None for header in table.headers
        ) >= _ENOUGH * len(sheet.names):
            return replace(
                table, problems=tuple(each for each in table.problems if each.scope is not Scope.SHEET)
            )
    return None


def _without_rows(path: Path, sheet: BookSheet, where: Location) -> RawTable:
    """The table of a sheet that has its headers and nothing below them."""
    row = where.line or 1
    headers = tuple(header_cells(path, where.sheet or "", row).values())
    file = load_file(path)
    facts = ReadFacts(
        file=file.name, sha256=file.sha256, size_bytes=len(file.raw), modified=file.modified, form="xlsx",
        encoding=None, delimiter=None, sheet=where.sheet, header_row=row, rows=0, blank_rows=0, total_rows=0,
    )  # fmt: skip
    columns = tuple(np.array([], dtype=object) for _ in headers)
    return RawTable(
        source=sheet.id,
        headers=headers,
        columns=columns,
        lines=np.array([], dtype=np.int64),
        facts=facts,
        problems=(),
    )
