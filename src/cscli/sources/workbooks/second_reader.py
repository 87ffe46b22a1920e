"""The cells of a small .xlsx, read from its XML by other means than calamine, and where the two differ."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from cscli.sources.workbooks.cells import CONTROLS, ESCAPED
from cscli.sources.workbooks.workbook_xml import column_index, find_row_before
from cscli.workspace.xlsx_package import member_ending, parse_xml

_LISTED = 20
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})\Z")

Place = tuple[int, int]


class DamagedSheetError(Exception):
    """XML that cannot be parsed, as no program writes it: the row (from 1) up to which it is sound, 0 where the texts
    that sheets share are damaged, and what the parser says.
    """

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(row, reason)
        self.row = row
        self.reason = reason


def find_differences(
    columns: list[list[Any]], start: Place, xml: bytes, raw: bytes
) -> list[tuple[int, int, str, str]]:
    """Row (from 1), column (from 0) and both readings of the first cells that differ.

    `columns` is the first reading, whose first cell is at `start`. Dates and times are not compared: here
    they are the numbers that stand in the file. Raises DamagedSheetError.
    """
    first_line, first_column = start
    second: dict[Place, Any] = {}
    differences = []
    for place, cell in _walk(_parse_sheet(xml), _shared_strings(raw)):
        if _shown(second.get(place)):  # two cells in one place: a reader keeps the one or the other
            differences.append((*place, _shown(second[place]), _shown(cell)))
        second[place] = cell
    for at, column in enumerate(columns, start=first_column):
        for line, cell in enumerate(column, start=first_line):
            other = second.pop((line, at), None)
            if cell.__class__ is float and other.__class__ is float and cell == other:
                continue
            if not _agree(cell, other):
                differences.append((line, at, str(cell), str(other)))
    beyond = [(line, at, "", str(cell)) for (line, at), cell in second.items() if _shown(cell)]
    return sorted(differences + beyond)[:_LISTED]


def _agree(cell: Any, other: Any) -> bool:
    if isinstance(cell, str) or cell is None:
        if isinstance(other, float):
            return _is_time(cell)
        return _shown(cell) == _shown(other)
    if isinstance(cell, bool) or isinstance(other, bool):
        return cell is other
    if isinstance(cell, float):
        return isinstance(other, float) and (cell == other or (cell != cell and other != other))  # noqa: PLR0124 - not a number
    return other is not None  # dates


def _is_time(cell: Any) -> bool:
    return isinstance(cell, str) and cell.count(":") == 2


def _shown(cell: Any) -> str:
    """The text without what readers keep or drop as they see fit: spaces at the ends, kinds of line break."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    decoded = ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)
    return " ".join(CONTROLS.sub("", decoded).split())


def _shared_strings(raw: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        name = member_ending(archive, "sharedstrings.xml")
        if name is None:
            return []
        try:
            root = parse_xml(archive.read(name))
        except ParseError as error:
            raise DamagedSheetError(0, str(error)) from error
        return [_text(item) for item in root if _tag(item) == "si"]


def _parse_sheet(xml: bytes) -> Element:
    try:
        return parse_xml(xml)
    except ParseError as error:
        line, column = error.position
        above = sum(map(len, xml.splitlines(keepends=True)[: line - 1]))
        raise DamagedSheetError(find_row_before(xml, above + column), str(error)) from error


def _walk(sheet: Element, strings: list[str]) -> Iterator[tuple[Place, Any]]:
    data = next((child for child in sheet if _tag(child) == "sheetData"), None)
    line = 0
    for row in data if data is not None else ():
        line = int(row.get("r", line + 1))
        column = -1
        for cell in row:
            if place := _REFERENCE.match(cell.get("r", "")):
                line, column = int(place[2]), column_index(place[1])
            else:
                column += 1
            yield (line, column), _value(cell, strings)


def _value(cell: Element, strings: list[str]) -> Any:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inner = next((child for child in cell if _tag(child) == "is"), None)
        return None if inner is None else _text(inner)
    text = next((child.text for child in cell if _tag(child) == "v"), None)
    if text is None or kind == "e":
        return None
    if kind == "s":
        return strings[int(text)]
    if kind == "b":
        return text.strip() in ("1", "true")
    try:
        return float(text) if kind == "n" else text
    except ValueError:
        return text


def _text(item: Element) -> str:
    """The runs of a text without its phonetic guide (furigana)."""
    parts = []
    for child in item:
        if _tag(child) == "t":
            parts.append(child.text or "")
        elif _tag(child) == "r":
            parts += [run.text or "" for run in child if _tag(run) == "t"]
    return "".join(parts)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
