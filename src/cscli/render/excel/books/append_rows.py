"""Rows added below a table in an .xlsx file, and headers at its right end, of which every other byte stays: no library that reads a workbook and
writes it again keeps all of it (charts, sparklines, results of formulas, what later versions of Excel invent).
"""

import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from xml.parsers import expat

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from cscli.render.text.cells import without_controls
from cscli.workspace.xlsx_package import sheet_part

LAST_ROW = 1_048_576
_CONTENT = frozenset({"v", "f", "is"})
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\b[^>]*?\bref=")([A-Z]+\d+)(?::([A-Z]+)(\d+))?"')
_SPANS = re.compile(rb"\s+spans=(?:\"[^\"]*\"|'[^']*')")
_NOT_UTF8 = re.compile(rb"\A(?:\xfe\xff|\xff\xfe|<\?xml[^>]*encoding=[\"'](?!utf-8|us-ascii))", re.IGNORECASE)


class NotExtendableError(Exception):
    """The file is not of a form to which rows can be added without touching the rest."""


def append_rows(workbook: bytes, sheet: str, header_row: int, rows: Sequence[Mapping[int, str]]) -> bytes:
    """`workbook` with `rows` (text by index of the column, from 0) below the last row of `sheet` that has a value.
    New cells look like most of those between them and `header_row` (from 1). Raises NotExtendableError.
    """
    return _changed(workbook, sheet, lambda xml: extend_sheet(xml, header_row, rows))


def append_headers(workbook: bytes, sheet: str, header_row: int, headers: Sequence[str]) -> bytes:
    """`workbook` with `headers` in the row `header_row` (from 1) of `sheet`, right of all that has a value there. They
    look like the header before them. Raises NotExtendableError.
    """
    return _changed(workbook, sheet, lambda xml: extend_header(xml, header_row, headers))


def _changed(workbook: bytes, sheet: str, change: Callable[[bytes], bytes]) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            part = sheet_part(archive, sheet)
            return _packed(archive, part, change(archive.read(part)))
    except (zipfile.BadZipFile, KeyError, StopIteration, expat.ExpatError, SyntaxError) as error:
        raise NotExtendableError(str(error)) from error


def extend_sheet(xml: bytes, header_row: int, rows: Sequence[Mapping[int, str]]) -> bytes:
    """The XML of a worksheet with `rows` added. Raises NotExtendableError."""
    if _NOT_UTF8.match(xml):
        raise NotExtendableError("encoding")
    found = _scan(xml, header_row)
    first = found.last.number + 1
    if first + len(rows) - 1 > LAST_ROW:
        raise NotExtendableError(f"{LAST_ROW} rows")
    blank = {row.number: row for row in found.below}
    if list(blank) != sorted(blank) or len(blank) != len(found.below):
        raise NotExtendableError("rows out of order")
    new = [
        _row_xml(xml, number, cells, blank.get(number), found)
        for number, cells in enumerate(rows, start=first)
    ]
    used = [row for row in found.below if row.number < first + len(rows)]
    start, end = found.last.end, used[-1].end if used else found.last.end
    return _with_dimension(xml[:start], first + len(rows) - 1) + "".join(new).encode() + xml[end:]


def extend_header(xml: bytes, header_row: int, headers: Sequence[str]) -> bytes:
    """The XML of a worksheet with `headers` added to a row. Raises NotExtendableError."""
    if _NOT_UTF8.match(xml):
        raise NotExtendableError("encoding")
    scanner = _Scanner(xml, header_row)
    scanner.parser.Parse(xml, True)
    row = scanner.header
    if row is None or not row.has_content:
        raise NotExtendableError(f"row {header_row}")
    first = max(scanner.widest, *row.cells) + 1
    style = row.styles.get(max(row.filled))
    cells = "".join(
        _cell_xml(header_row, column, style, text, scanner.prefix)
        for column, text in enumerate(headers, start=first)
    )
    opening_end, closing = xml.index(b">", row.start) + 1, xml.rindex(b"</", row.start, row.end)
    opening = _SPANS.sub(b"", xml[row.start : opening_end])  # a hint of how wide the row was
    head = _with_dimension(xml[: row.start], header_row, first + len(headers) - 1)
    return head + opening + xml[opening_end:closing] + cells.encode() + xml[closing:]


@dataclass(eq=False, kw_only=True)
class _Row:
    """A row element: its number, where it starts and ends, the style of each of its cells by column, all its `cells`,
    and those that are `filled`.
    """

    number: int
    start: int
    end: int = 0
    styles: dict[int, str] = field(default_factory=dict)
    cells: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)

    @property
    def has_content(self) -> bool:
        """Whether any of its cells has a value."""
        return bool(self.filled)


@dataclass(eq=False)
class _Found:
    """The last row with a value, the blank rows below it, the commonest style of each column, and the prefix of
    the sheet's tags.
    """

    last: _Row
    below: list[_Row]
    styles: dict[int, str]
    prefix: str


def _scan(xml: bytes, header_row: int) -> _Found:
    """Walks through the sheet once. NotExtendableError if no row has a value."""
    scanner = _Scanner(xml, header_row)
    scanner.parser.Parse(xml, True)
    if scanner.last is None:
        raise NotExtendableError("no rows")
    styles = {column: counted.most_common(1)[0][0] for column, counted in scanner.styles.items()}
    return _Found(scanner.last, scanner.below, styles, scanner.prefix)


class _Scanner:
    """Expat tells at which byte each row begins and ends."""

    def __init__(self, xml: bytes, header_row: int) -> None:
        self.styles: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._header_row = header_row
        self.last: _Row | None = None
        self.header: _Row | None = None
        self.widest = 0
        self.below: list[_Row] = []
        self.prefix = ""
        self._xml = xml
        self._row: _Row | None = None
        self._number = self._column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        if name == "c" and self._row is not None:
            reference = attributes.get("r")
            self._column = _column_of(reference.rstrip("0123456789")) if reference else self._column + 1
            self._row.cells.add(self._column)
            if "s" in attributes:
                self._row.styles[self._column] = attributes["s"]
        elif name in _CONTENT and self._row is not None:
            self._row.filled.add(self._column)
            self.widest = max(self.widest, self._column)
        elif name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._row, self._column = _Row(number=self._number, start=self.parser.CurrentByteIndex), -1
        elif name == "sheetData":
            self.prefix = prefix and prefix + ":"

    def _end(self, tag: str) -> None:
        if self._row is None or tag.rpartition(":")[2] != "row":
            return
        self._row.end = self._xml.index(b">", self.parser.CurrentByteIndex) + 1
        if self._row.number == self._header_row:
            self.header = self._row
        if self._row.has_content:
            self.last, self.below = self._row, []
            if self._row.number > self._header_row:
                for column, style in self._row.styles.items():
                    self.styles[column][style] += 1
        else:
            self.below.append(self._row)
        self._row = None


@cache
def _column_of(letters: str) -> int:
    column: int = xl_cell_to_rowcol(f"{letters}1")[1]
    return column


def _row_xml(xml: bytes, number: int, cells: Mapping[int, str], blank: _Row | None, found: _Found) -> str:
    """A new row, in the place of the blank one of its number, whose height and styles it keeps."""
    tag = f"{found.prefix}row"
    opening = f'<{tag} r="{number}">'
    if blank is not None:
        end = xml.index(b">", blank.start)
        opening = xml[blank.start : end].decode().removesuffix("/") + ">"
    styles = {**found.styles, **(blank.styles if blank else {})}
    columns = sorted({*styles, *cells})
    inside = "".join(_cell_xml(number, at, styles.get(at), cells.get(at), found.prefix) for at in columns)
    return f"{opening}{inside}</{tag}>"


def _cell_xml(number: int, column: int, style: str | None, text: str | None, prefix: str) -> str:
    start = f'<{prefix}c r="{xl_col_to_name(column)}{number}"' + (f' s="{style}"' if style else "")
    if text is None:
        return f"{start}/>"
    shown = escape(without_controls(text), quote=False)
    return f'{start} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{shown}</{prefix}t></{prefix}is></{prefix}c>'


def _with_dimension(head: bytes, last_row: int, last_column: int = 0) -> bytes:
    """What stands before the new cells, with the sheet's extent as far as them."""

    def longer(match: re.Match[bytes]) -> bytes:
        letters, row = match[3] or match[2].rstrip(b"0123456789"), int(match[4] or 0)
        column: bytes = xl_col_to_name(max(_column_of(letters.decode()), last_column)).encode()
        return match[1] + match[2] + b":" + column + str(max(row, last_row)).encode() + b'"'

    return _DIMENSION.sub(longer, head, count=1)


def _packed(archive: zipfile.ZipFile, changed_part: str, changed: bytes) -> bytes:
    """The archive once more, member by member, with `changed` as the content of one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as copy:
        copy.comment = archive.comment
        for member in archive.infolist():
            info = zipfile.ZipInfo(member.filename, member.date_time)
            info.compress_type, info.external_attr = member.compress_type, member.external_attr
            info.create_system, info.comment = member.create_system, member.comment
            copy.writestr(info, changed if member.filename == changed_part else archive.read(member))
    return packed.getvalue()
