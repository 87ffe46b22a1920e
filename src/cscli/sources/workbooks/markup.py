"""An HTML page or an XML spreadsheet of 2003, saved under the name of a workbook, into the columns of a sheet."""

import re
from datetime import datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

from cscli.errors import DataError
from cscli.sources.workbooks.cells import clean_column
from cscli.sources.workbooks.sheet import SheetColumns, WorkbookFaultError, pick_sheets
from cscli.sources.workbooks.workbook_xml import BadCell
from cscli.workspace.xlsx_package import parse_xml

if TYPE_CHECKING:
    from cscli.analysis.tables.raw import Cell

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MAX_SPAN = 16_384
_MAX_CELLS = 20_000_000
_Rows = list[list[Any]]


def read_markup(path: Path, raw: bytes, form: str, pinned: str | None) -> SheetColumns:
    """The one table of an HTML page, or the first visible sheet with data of an XML spreadsheet.

    WorkbookFaultError if there is none, or it cannot be told which of several is meant.
    """
    return _read_html(path, raw) if form == "html" else _read_xml(raw, pinned)


def _read_html(path: Path, raw: bytes) -> SheetColumns:
    parser = _Tables()
    parser.feed(_decode(path, raw))
    parser.close()
    if parser.is_form:
        raise WorkbookFaultError("reading.markup", "HTML")
    tables = [rows for rows in map(_spread, parser.tables) if _is_table(rows)]
    if not tables:
        raise WorkbookFaultError("reading.markup", "HTML")
    if len(tables) > 1:
        raise WorkbookFaultError("reading.several_tables", str(len(tables)))
    return _to_sheet(None, tables[0])


def _is_table(rows: _Rows) -> bool:
    """Whether two rows at least have two filled cells: boxes that lay out a page have not."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > 1


def _decode(path: Path, raw: bytes) -> str:
    from cscli.sources.tabular.encoding import decode_text  # noqa: PLC0415 - not for workbooks
    from cscli.sources.tabular.files import FileBytes  # noqa: PLC0415

    declared = _CHARSET.search(raw[:4096])
    file = FileBytes(path, raw, "", 0.0)
    for pinned in (declared[1].decode() if declared else None, None):
        try:
            return decode_text(file, pinned).text
        except DataError:
            continue
    raise WorkbookFaultError("reading.no_encoding")


class _Tables(HTMLParser):
    """Collects the tables of a page: rows of (text, columns, rows) for each cell. Outer tables for layout
    have no cells of their own once the inner ones are taken out.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.is_form = False
        self._open: list[list[list[tuple[str, int, int]]]] = []
        self._cells: list[tuple[list[str], int, int]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._end_cell()
            self._open.append([])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._cells.append(([], _span(given.get("colspan")), _span(given.get("rowspan"))))
        elif tag in ("script", "style"):
            self._silent += 1
        elif tag == "input" and (given.get("type") or "").lower() == "password":
            self.is_form = True
        elif tag == "br" and self._cells:
            self._cells[-1][0].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self.tables.append(self._open.pop())
        elif tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if self._cells and not self._silent:
            self._cells[-1][0].append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()
        while self._open:  # a page that was cut short
            self.tables.append(self._open.pop())

    def _end_cell(self) -> None:
        while self._cells:
            parts, columns, rows = self._cells.pop()
            if self._open and not self._open[-1]:
                self._open[-1].append([])
            if self._open:
                self._open[-1][-1].append((" ".join("".join(parts).split()), columns, rows))


def _span(value: str | None) -> int:
    return max(1, min(int(value), _MAX_SPAN)) if value and value.strip().isdecimal() else 1


def _spread(table: list[list[tuple[str, int, int]]]) -> _Rows:
    """Rows of equal width: a cell over several columns or rows stands in the first, the others are blank."""
    rows: _Rows = []
    below: dict[int, int] = {}
    for cells in table:
        row: list[Any] = []
        left = {column: more - 1 for column, more in below.items() if more > 1}
        for text, columns, deep in cells:
            while below.get(len(row)):
                row.append("")
            start = len(row)
            row += [text, *[""] * (columns - 1)]
            left |= dict.fromkeys(range(start, start + columns), deep - 1) if deep > 1 else {}
        below = left
        rows.append(row)
        if len(rows) * max(map(len, rows[:1])) > _MAX_CELLS:
            raise WorkbookFaultError("reading.too_large", f"{len(rows):,} rows")
    return _pad([row for row in rows if row])


def _pad(rows: _Rows) -> _Rows:
    width = max(map(len, rows), default=0)
    if width * len(rows) > _MAX_CELLS:
        raise WorkbookFaultError("reading.too_large", f"{len(rows):,} x {width:,}")
    return [row + [""] * (width - len(row)) for row in rows]


def _read_xml(raw: bytes, pinned: str | None) -> SheetColumns:
    try:
        book = parse_xml(raw)
    except (ParseError, ValueError, LookupError) as error:
        raise WorkbookFaultError("reading.damaged_workbook", str(error)[:120]) from error
    if not str(book.tag).endswith("spreadsheet}Workbook"):
        raise WorkbookFaultError("reading.markup", "XML")
    sheets = {
        _get(sheet, "Name") or str(at): sheet for at, sheet in enumerate(_children(book, "Worksheet"), 1)
    }
    visible = [name for name, sheet in sheets.items() if not _is_hidden(sheet)]
    hidden = [name for name in sheets if name not in visible]
    read = []
    for name in pick_sheets(pinned, visible, hidden):
        bad_cells: list[BadCell] = []
        rows = _pad(_walk_rows(sheets[name], bad_cells))
        if any(any(cell not in (None, "") for cell in row) for row in rows):
            read.append(_to_sheet(name, rows, bad_cells))
    if not read:
        raise WorkbookFaultError("reading.no_sheet")
    read[0].hidden = [] if pinned else hidden
    read[0].others = [str(sheet.sheet) for sheet in read[1:]]
    return read[0]


def _walk_rows(sheet: Element, bad_cells: list[BadCell]) -> _Rows:
    rows: _Rows = []
    for table in _children(sheet, "Table"):
        for row in _children(table, "Row"):
            _skip_to(rows, row, [], 1_048_576)
            cells: list[Any] = []
            for cell in _children(row, "Cell"):
                _skip_to(cells, cell, None, _MAX_SPAN)
                value = _xml_value(cell)
                if isinstance(value, BadCell):
                    bad_cells.append(BadCell(len(rows) + 1, len(cells), value.error))
                    value = None
                cells += [value, *[None] * min(int(_get(cell, "MergeAcross") or 0), _MAX_SPAN)]
            rows.append(cells)
    return rows


def _skip_to(items: list[Any], element: Element, blank: Any, most: int) -> None:
    index = _get(element, "Index") or ""
    if index.isdecimal() and int(index) > most:
        raise WorkbookFaultError("reading.too_large", index)
    while index.isdecimal() and len(items) + 1 < int(index):
        items.append([] if blank == [] else blank)


def _xml_value(cell: Element) -> "Cell | BadCell":
    data = next(_children(cell, "Data"), None)
    text = "" if data is None else "".join(data.itertext())
    kind = "" if data is None else _get(data, "Type")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.time() != time.min else moment.date()
        if kind == "Boolean":
            return text.strip() == "1"
    except ValueError:
        return text
    return BadCell(0, 0, text or "#ERROR") if kind == "Error" else text


def _is_hidden(sheet: Element) -> bool:
    return any(
        str(element.tag).endswith("}Visible") and element.text != "SheetVisible"
        for options in _children(sheet, "WorksheetOptions")
        for element in options
    )


def _children(element: Element, tag: str) -> Any:
    return (child for child in element if str(child.tag).rpartition("}")[2] == tag)


def _get(element: Element, name: str) -> str | None:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


def _to_sheet(name: str | None, rows: _Rows, bad_cells: list[BadCell] | None = None) -> SheetColumns:
    columns: list[list[Cell]] = [list(column) for column in zip(*rows, strict=True)]
    controls = sum(map(clean_column, columns))
    return SheetColumns(sheet=name, columns=columns, bad_cells=bad_cells or [], controls=controls)
