"""An Excel or ODS file into the rows of one sheet, as plain values that another process could send.

calamine reads first; openpyxl reads what calamine cannot.
"""

import io
import logging
import re
import struct
import warnings
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from cscli.analysis.tables import Cell
from cscli.sources.workbook_xml import (
    BadCell,
    find_absurd_area,
    find_bad_cells,
    find_excess,
    read_sheet_xml,
)

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",)}
_LOG = logging.getLogger(__name__)


class WorkbookFaultError(Exception):
    """Why no sheet could be read: `code` of a problem, and what its text needs."""

    def __init__(self, code: str, value: str | None = None, nearest: str = "") -> None:
        super().__init__(code, value, nearest)
        self.code = code
        self.value = value
        self.nearest = nearest


@dataclass(eq=False)
class SheetRows:
    """The filled part of one sheet. Blank cells are None; the first row is number `first_line`."""

    sheet: str
    rows: list[list[Cell]]
    first_line: int = 1
    first_column: int = 0
    bad_cells: list[BadCell] = field(default_factory=list)
    is_checked: bool = True
    """Whether error cells could be looked for (not in xls, xlsb and ods)."""
    controls: int = 0
    hidden: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def read_sheet(path: Path, form: str, pinned: str | None) -> SheetRows:
    """The rows of sheet `pinned`, or of the first visible sheet with data. WorkbookFaultError if there
    is none, or the file is damaged, encrypted, or would take more memory than any table.
    """
    raw = path.read_bytes()
    _refuse_excess(raw, form)
    try:
        return _read_with_calamine(path, raw, form, pinned)
    except (WorkbookFaultError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as error:
        raise WorkbookFaultError("reading.encrypted") from error
    except BaseException as error:  # noqa: BLE001 - calamine's panics derive from BaseException
        _LOG.debug("calamine: %s", error)
        reason = " ".join(str(error).split())[:120]
    if form != "xlsx":
        raise WorkbookFaultError("reading.damaged_workbook", reason)
    return _read_with_openpyxl(raw, pinned, reason)


def _refuse_excess(raw: bytes, form: str) -> None:
    try:
        excess = _forged_sectors(raw) if form == "xls" else find_excess(raw)
    except Exception as error:
        raise WorkbookFaultError("reading.damaged_workbook", str(error)) from error
    if excess:
        raise WorkbookFaultError("reading.too_large", excess)


def _forged_sectors(raw: bytes) -> str | None:
    """A count of sectors in the OLE2 header that the file has no room for; readers reserve memory by it."""
    if not raw.startswith(b"\xd0\xcf") or len(raw) < 76:
        return None
    sector_bytes = 1 << min(struct.unpack_from("<H", raw, 30)[0], 16)
    tables, short_tables, further = (struct.unpack_from("<I", raw, at)[0] for at in (44, 64, 72))
    most = max(tables, short_tables, further)
    return f"{most:,} sectors" if most * sector_bytes > len(raw) else None


def _read_with_calamine(path: Path, raw: bytes, form: str, pinned: str | None) -> SheetRows:
    # By path it goes by the suffix, and says why it fails; by content it can only say that it fails.
    is_named_so = path.suffix.lower() in _SUFFIXES[form]
    opened = (
        CalamineWorkbook.from_path(path) if is_named_so else CalamineWorkbook.from_filelike(io.BytesIO(raw))
    )
    with opened as book:
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        hidden = [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible]
        wanted = _pick(pinned, visible, hidden)
        taken: SheetRows | None = None
        others = []
        for name in wanted:
            if taken is not None:
                others.append(name)
                continue
            taken = _convert(book, name, raw, form)
        if taken is None:
            raise WorkbookFaultError("reading.no_sheet")
        taken.hidden = [] if pinned else hidden
        taken.others = [name for name in others if _has_data(book, name, raw, form)]
    return taken


def _pick(pinned: str | None, visible: list[str], hidden: list[str]) -> list[str]:
    if pinned is None:
        return visible
    if pinned not in visible + hidden:
        raise WorkbookFaultError("reading.sheet_unknown", pinned, ", ".join(visible + hidden))
    return [pinned]


def _has_data(book: Any, name: str, raw: bytes, form: str) -> bool:
    """Whether a sheet that was not taken has cells; in an .xlsx its XML tells without loading it."""
    try:
        if form == "xlsx":
            return b"<v>" in read_sheet_xml(raw, name)
        return book.get_sheet_by_name(name).start is not None
    except Exception:  # noqa: BLE001 - this only words a note
        return True


def _convert(book: Any, name: str, raw: bytes, form: str) -> SheetRows | None:
    xml = _sheet_xml(raw, name) if form == "xlsx" else None
    if xml is not None and (area := find_absurd_area(xml)):
        raise WorkbookFaultError("reading.too_large", area)
    sheet: CalamineSheet = book.get_sheet_by_name(name)
    bad_cells = find_bad_cells(xml) if xml is not None else []
    if sheet.start is None:
        return None
    controls = 0

    def convert(cell: Any) -> Cell:
        nonlocal controls
        if cell == "":
            return None
        if isinstance(cell, str):
            cleaned, removed = _CONTROLS.subn("", cell)
            controls += removed
            return cleaned if cleaned.strip() else None
        if cell.__class__ is int:  # in xls and ods alone
            return float(cell)
        return _show_time(cell) if isinstance(cell, time | timedelta) else cell

    rows = [
        [
            cell
            if cell.__class__ is float
            or (cell and cell.__class__ is str and cell.isprintable() and cell[0] != " ")
            else convert(cell)
            for cell in row
        ]
        for row in sheet.to_python(skip_empty_area=True)
    ]
    line, column = sheet.start
    if not any(cell is not None for row in rows for cell in row) and not bad_cells:
        return None
    return SheetRows(name, rows, line + 1, column, bad_cells, xml is not None, controls)


def _sheet_xml(raw: bytes, name: str) -> bytes | None:
    try:
        return read_sheet_xml(raw, name)
    except Exception as error:  # noqa: BLE001 - then error cells go unchecked, and that is said
        _LOG.debug("sheet xml: %s", error)
        return None


def _show_time(cell: time | timedelta) -> str:
    """A time of day, or a duration, as Excel shows it: 09:30:00, 36:00:00."""
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    seconds = round(cell.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _read_with_openpyxl(raw: bytes, pinned: str | None, reason: str) -> SheetRows:
    import openpyxl  # noqa: PLC0415 - slow to load, and rarely needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            visible = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
            hidden = [name for name in sheets if name not in visible]
            read = [
                rows
                for name in _pick(pinned, visible, hidden)
                if (rows := _walk_cells(sheets[name])) is not None
            ]
    except (WorkbookFaultError, MemoryError):
        raise
    except Exception as error:
        raise WorkbookFaultError("reading.damaged_workbook", reason) from error
    if not read:
        raise WorkbookFaultError("reading.no_sheet")
    read[0].hidden = [] if pinned else hidden
    read[0].others = [rows.sheet for rows in read[1:]]
    return read[0]


def _walk_cells(sheet: Any) -> SheetRows | None:
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
    return SheetRows(sheet.title, [row + [None] * (width - len(row)) for row in rows], bad_cells=bad_cells)


def _plain(value: Any) -> Cell:
    if isinstance(value, str):
        decoded = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        cleaned = _CONTROLS.sub("", decoded)
        return cleaned if cleaned.strip() else None
    if isinstance(value, time | timedelta):
        return _show_time(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]  # openpyxl's remaining values are cells
