"""An Excel or ODS file into the columns of one sheet, as plain values that another process can send.

calamine reads first; openpyxl reads what calamine cannot.
"""

import io
import logging
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from cscli.sources.workbooks.cells import clean_column
from cscli.sources.workbooks.money_formats import find_signs
from cscli.sources.workbooks.sheet import BLOCK_ROWS, SheetColumns, WorkbookFaultError, pick_sheets
from cscli.sources.workbooks.workbook_xml import (
    count_hidden_rows,
    counts_from_1904,
    find_absurd_area,
    find_bad_cells,
    find_excess,
    find_last_line,
    find_stray_cell,
    read_sheet_xml,
)

if TYPE_CHECKING:
    from cscli.analysis.tables.raw import Cell  # numpy, which this process has no use for

_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",)}
_SMALL_BYTES = 1_000_000
"""Up to here every sheet is looked at, and the cells are read a second time by other means."""
_SMALL_XML_BYTES = 4_000_000
_HEAD_ROWS = 25
_MOST_DIFFERENCES = 20
_LOG = logging.getLogger(__name__)


def read_sheet(path: Path, form: str, pinned: str | None) -> SheetColumns:
    """The columns of sheet `pinned`, or of the first visible sheet with a table. WorkbookFaultError if there
    is none, or the file is damaged, encrypted, or would take more memory than any table.
    """
    raw = path.read_bytes()
    if form in ("html", "xml"):
        from cscli.sources.workbooks.markup import read_markup  # noqa: PLC0415 - rare

        return read_markup(path, raw, form, pinned)
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
    from cscli.sources.workbooks.openpyxl_reader import read_with_openpyxl  # noqa: PLC0415 - slow, and rarely needed

    return read_with_openpyxl(raw, pinned, reason)


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


def _read_with_calamine(path: Path, raw: bytes, form: str, pinned: str | None) -> SheetColumns:
    # By path it goes by the suffix, and says why it fails; by content it can only say that it fails.
    is_named_so = path.suffix.lower() in _SUFFIXES[form]
    opened = (
        CalamineWorkbook.from_path(path) if is_named_so else CalamineWorkbook.from_filelike(io.BytesIO(raw))
    )
    with opened as book:
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        hidden = [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible]
        wanted = pick_sheets(pinned, visible, hidden)
        taken, others, heads = _take_table(book, wanted, raw, form)
    taken.hidden = [] if pinned else hidden
    taken.others = others
    taken.heads = {str(taken.sheet): _head(taken), **heads} if heads else {}
    return taken


def _take_table(
    book: Any, wanted: list[str], raw: bytes, form: str
) -> tuple[SheetColumns, list[str], dict[str, list[list[str]]]]:
    """The first sheet with two rows and two columns, else the first with data; the other sheets with data."""
    taken: SheetColumns | None = None
    others: list[str] = []
    heads: dict[str, list[list[str]]] = {}
    for name in wanted:
        if taken is not None and len(raw) > _SMALL_BYTES and _is_table(taken):
            others += [name] if _has_data(book, name, raw, form) else []
            continue
        sheet = _convert(book, name, raw, form)
        if sheet is None:
            continue
        if taken is None or (_is_table(sheet) and not _is_table(taken)):
            sheet, taken = taken, sheet
        if sheet is not None:
            others.append(str(sheet.sheet))
            heads[str(sheet.sheet)] = _head(sheet)
    if taken is None:
        raise WorkbookFaultError("reading.no_sheet")
    return taken, others, heads


def _is_table(sheet: SheetColumns) -> bool:
    return sheet.height > 1 and len(sheet.columns) > 1


def _head(sheet: SheetColumns) -> list[list[str]]:
    rows = zip(*(column[:_HEAD_ROWS] for column in sheet.columns), strict=True)
    return [[cell for cell in row if isinstance(cell, str) and cell] for row in rows]


def _has_data(book: Any, name: str, raw: bytes, form: str) -> bool:
    """Whether a sheet that was not taken has cells; in an .xlsx its XML tells without loading it."""
    try:
        if form == "xlsx":
            return b"<v>" in read_sheet_xml(raw, name)
        return book.get_sheet_by_name(name).start is not None
    except Exception:  # noqa: BLE001 - this only words a note
        return True


def _convert(book: Any, name: str, raw: bytes, form: str) -> SheetColumns | None:
    xml = _sheet_xml(raw, name) if form == "xlsx" else None
    if xml is not None and (area := find_absurd_area(xml)):
        raise WorkbookFaultError("reading.too_large", area)
    if xml is not None and (stray := find_stray_cell(xml)):
        raise WorkbookFaultError("reading.stray_cell", stray[0], f"{stray[1]:,}")
    sheet = book.get_sheet_by_name(name)
    bad_cells = find_bad_cells(xml) if xml is not None else []
    if sheet.start is None:
        return None
    columns, controls = _to_columns(sheet.to_python(skip_empty_area=True))
    if not bad_cells and not any(map(_is_filled, columns)):
        return None
    line, first_column = sheet.start
    found = SheetColumns(
        sheet=name,
        columns=columns,
        first_line=line + 1,
        first_column=first_column,
        bad_cells=bad_cells,
        is_checked=xml is not None,
        controls=controls,
    )
    if form == "xls" and len(raw) <= _SMALL_XML_BYTES:
        _compare_records(found, raw)
    if xml is not None:
        found.last_line = find_last_line(xml)
        found.hidden_rows = count_hidden_rows(xml)
        found.is_1904 = counts_from_1904(raw)
        found.signs = find_signs(raw, xml)
        _compare(found, xml, raw)
    return found


def _to_columns(rows: list[list[Any]]) -> "tuple[list[list[Cell]], int]":
    """Clean columns, and the number of control characters that went. By blocks: what lies together in memory is
    looked at together.
    """
    columns: list[list[Cell]] = [[] for _ in (rows[0] if rows else ())]
    controls = 0
    for start in range(0, len(rows), BLOCK_ROWS):
        for column, cells in zip(columns, zip(*rows[start : start + BLOCK_ROWS], strict=True), strict=True):
            part = list(cells)
            controls += clean_column(part)
            column.extend(part)
    return columns, controls


def _is_filled(column: "list[Cell]") -> bool:
    return any(cell is not None and cell != "" for cell in column)


def _sheet_xml(raw: bytes, name: str) -> bytes | None:
    try:
        return read_sheet_xml(raw, name)
    except Exception as error:  # noqa: BLE001 - then error cells go unchecked, and that is said
        _LOG.debug("sheet xml: %s", error)
        return None


def _compare_records(found: SheetColumns, raw: bytes) -> None:
    """The second look at an .xls: errors, and cells that were not read."""
    from cscli.sources.workbooks.biff import compare, read_cells  # noqa: PLC0415 - for one form alone

    try:
        cells = read_cells(raw, str(found.sheet))
    except (struct.error, IndexError, ValueError, KeyError, RecursionError) as error:
        _LOG.debug("records: %s", error)
        return
    if cells is not None:
        found.bad_cells = sorted(cells.errors, key=lambda cell: (cell.line, cell.column))
        found.differences = compare(found.columns, (found.first_line, found.first_column), cells)[
            :_MOST_DIFFERENCES
        ]
        found.is_checked = True


def _compare(found: SheetColumns, xml: bytes, raw: bytes) -> None:
    if len(raw) > _SMALL_BYTES or len(xml) > _SMALL_XML_BYTES:
        return
    from cscli.sources.workbooks.second_reader import (  # noqa: PLC0415 - for small files alone
        DamagedSheetError,
        find_differences,
    )

    try:
        found.differences = find_differences(found.columns, (found.first_line, found.first_column), xml, raw)
    except DamagedSheetError as damage:
        found.damage = (damage.row, damage.reason)
    except Exception as error:  # noqa: BLE001 - a second opinion that cannot be had
        _LOG.debug("second reader: %s", error)
