"""What the XML inside an .xlsx tells and its readers do not: error cells, formulas that were never
calculated, and sizes that no honest file declares.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from cscli.workspace.xlsx_package import member_ending, sheet_part

_MAX_BYTES = 1_000_000_000
_MAX_SPARSE_CELLS = 100_000_000
_MAX_SPARSE_BYTES = 5_000_000
"""A larger sheet that is sparse meets the bound on memory."""
_MOST_DEFLATED = 1_032
"""Bytes that one byte of a deflated stream can become."""
_SPARSE = 50
"""Cells of the bounding box for each cell that is there: beyond, a sheet is no table."""
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_FORMULA_ONLY = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")([^>]*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_START = 100_000
"""Bytes in which a sheet whose tags have a prefix shows it."""
_VALUE = re.compile(rb"<(?:\w+:)?v>(.*?)</(?:\w+:)?v>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb"<row [^>]*\bhidden=\"(?:1|true)\"[^>/]*>")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d')
_FAR_COLUMN = re.compile(rb' r="[A-Z]{3}')
_FAR_BELOW = 50_000
_FIRST_VALUE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_DATE_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_UNIQUE = re.compile(rb'\buniqueCount="(\d+)"')


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell without a value: its row (from 1), column (from 0), and the error text, or None where a
    formula has no result.
    """

    line: int
    column: int
    error: str | None


def find_excess(raw: bytes) -> str | None:
    """What in the zip file `raw` is too large to open, or None."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        total = sum(member.file_size for member in archive.infolist())
        if total > _MAX_BYTES:
            return f"{total:,} bytes"
        for member in archive.infolist():
            if not member.filename.lower().endswith("sharedstrings.xml"):
                continue
            with archive.open(member) as stream:
                declared = _UNIQUE.search(stream.read(2048))
            if declared and int(declared[1]) > member.file_size:
                return f"{int(declared[1]):,} strings"
    return None


def read_sheet_xml(raw: bytes, sheet: str) -> bytes:
    """The XML of the worksheet named `sheet`. KeyError if the workbook does not list it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return _inflate(raw, archive.getinfo(sheet_part(archive, sheet)), archive)


def find_absurd_area(xml: bytes) -> str | None:
    """The extent of a sheet whose few cells lie so far apart that reading it would fill the memory."""
    if len(xml) > _MAX_SPARSE_BYTES:
        return None
    last_rows = _ROW.findall(xml, max(0, xml.rfind(b"<row ") - 8))
    rows = int(last_rows[-1]) if last_rows else 0
    cells = xml.count(b"<c ")
    allowed = max(_MAX_SPARSE_CELLS, _SPARSE * cells)
    if rows * (16_384 if _FAR_COLUMN.search(xml) else 702) <= allowed:
        return None
    letters = {letters.decode() for letters in _COLUMN.findall(xml)}
    columns = max(map(column_index, letters), default=-1) + 1
    return f"{rows:,} x {columns:,}" if rows * columns > allowed else None


def find_stray_cell(xml: bytes) -> tuple[str, int] | None:
    """The first cell with a value that stands so far below the table that somebody has put it there by accident, and
    how many blank rows are between.
    """
    last_rows = _ROW.findall(xml, max(0, xml.rfind(b"<row ") - 8))
    if not last_rows or int(last_rows[-1]) < _FAR_BELOW or xml.count(b"<row ") * 10 > int(last_rows[-1]):
        return None
    before = 0
    for row in _ROW.finditer(xml):
        number = int(row[1])
        if number - before > _FAR_BELOW:
            place = _FIRST_VALUE.search(xml, row.start())
            return (place[1].decode(), number - before - 1) if place else None
        before = number
    return None


def find_bad_cells(xml: bytes) -> list[BadCell]:
    """Cells with an error, and formulas saved without their result, in the sheet's order."""
    found = []
    if _holds(xml, b"e", b't="e"'):
        for attributes, content in _ERROR_CELL.findall(xml):
            value = _VALUE.search(content)
            found.append(_bad_cell(attributes, value[1].decode("utf-8", "replace") if value else "#ERROR"))
    if _holds(xml, b"f", b"<f") or b":f" in xml[:_START]:
        found += [_bad_cell(attributes, None) for attributes in _FORMULA_ONLY.findall(xml)]
    return sorted((cell for cell in found if cell is not None), key=lambda cell: (cell.line, cell.column))


def _holds(xml: bytes, letter: bytes, wanted: bytes) -> bool:
    """Whether `wanted` is among the cells. Most sheets do not even have its `letter` there, which is found out in
    a tenth of the time.
    """
    start, end = max(xml.find(b"<sheetData"), 0) + len(b"<sheetData"), xml.rfind(b"</sheetData")
    return xml.find(letter, start, end if end >= 0 else len(xml)) >= 0 and wanted in xml


def find_last_line(xml: bytes) -> int:
    """The number of the last row that has a value; 0 if the file does not number its rows."""
    last_value = max(xml.rfind(b"<v>"), xml.rfind(b"<is>"))
    row = xml.rfind(b"<row ", 0, max(last_value, 0))
    number = _ROW.match(xml, row) if row >= 0 else None
    return int(number[1]) if number else 0


def find_row_before(xml: bytes, at: int) -> int:
    """The number of the row that holds byte `at`; 0 where none does, or rows have no numbers."""
    row = _ROW.match(xml, max(xml.rfind(b"<row ", 0, at), 0))
    return int(row[1]) if row else 0


def count_hidden_rows(xml: bytes) -> int:
    """How many rows with cells are hidden."""
    return len(_HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else 0


def counts_from_1904(raw: bytes) -> bool:
    """Whether the workbook numbers its days from 1904, as those from old Macs do."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        name = member_ending(archive, "workbook.xml")
        return name is not None and _DATE_1904.search(archive.read(name)) is not None


def column_index(letters: str) -> int:
    """Index from 0 of the column that Excel calls `letters`."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _inflate(raw: bytes, member: zipfile.ZipInfo, archive: zipfile.ZipFile) -> bytes:
    """The content of `member` in one go, which takes two thirds of the time; calamine verifies its checksum."""
    if member.compress_type != zipfile.ZIP_DEFLATED or member.flag_bits & 1:
        return archive.read(member)
    name_length, extra_length = struct.unpack_from("<HH", raw, member.header_offset + 26)
    start = member.header_offset + 30 + name_length + extra_length
    size = min(member.file_size, member.compress_size * _MOST_DEFLATED) + 1
    return zlib.decompress(memoryview(raw)[start : start + member.compress_size], -zlib.MAX_WBITS, size)


def _bad_cell(attributes: bytes, error: str | None) -> BadCell | None:
    reference = _REFERENCE.search(attributes)
    if reference is None:
        return None
    return BadCell(int(reference[2]), column_index(reference[1].decode()), error)
