"""An .xlsx that calamine cannot read into the columns of one sheet, by openpyxl."""

import io
import warnings
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl

from cscli.sources.workbooks.cells import CONTROLS, ESCAPED, show_time
from cscli.sources.workbooks.sheet import SheetColumns, WorkbookFaultError, pick_sheets
from cscli.sources.workbooks.workbook_xml import BadCell

if TYPE_CHECKING:
    from cscli.analysis.tables.raw import Cell


def read_with_openpyxl(raw: bytes, pinned: str | None, reason: str) -> SheetColumns:
    """The first visible sheet with data. WorkbookFaultError with `reason` if it cannot be read either."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            visible = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
            hidden = [name for name in sheets if name not in visible]
            names = pick_sheets(pinned, visible, hidden)
            read = [sheet for name in names if (sheet := _walk_cells(sheets[name])) is not None]
    except (WorkbookFaultError, MemoryError):
        raise
    except Exception as error:
        raise WorkbookFaultError("reading.damaged_workbook", reason) from error
    if not read:
        raise WorkbookFaultError("reading.no_sheet")
    read[0].hidden = [] if pinned else hidden
    read[0].others = [str(sheet.sheet) for sheet in read[1:]]
    return read[0]


def _walk_cells(sheet: Any) -> SheetColumns | None:
    sheet.reset_dimensions()  # a wrong <dimension> would cut the sheet short
    rows: list[list[Cell]] = []
    bad_cells = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        row: list[Cell] = []
        for column, cell in enumerate(cells):
            if cell.data_type == "e":
                bad_cells.append(BadCell(line, column, str(cell.value)))
                row.append(None)
            else:
                row.append(_plain(cell.value))
        rows.append(row)
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        return None
    width = max(map(len, rows))
    padded = [row + [None] * (width - len(row)) for row in rows]
    columns = [list(column) for column in zip(*padded, strict=True)]
    return SheetColumns(sheet=sheet.title, columns=columns, bad_cells=bad_cells)


def _plain(value: Any) -> "Cell":
    if isinstance(value, str):
        decoded = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        cleaned = CONTROLS.sub("", decoded)
        return cleaned if cleaned.strip() else None
    if isinstance(value, time | timedelta):
        return show_time(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]  # openpyxl's remaining values are cells
