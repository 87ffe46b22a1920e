"""The cells of an .xls, read from its records by other means than calamine: where they stand, and numbers and errors."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cscli.sources.workbooks.cells import ESCAPED
from cscli.sources.workbooks.workbook_xml import BadCell

_END, _MOST_SECTORS = 0xFFFFFFFA, 1 << 20
_BOF, _EOF, _FILE_PASS, _BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0085
_NUMBER, _RK, _MUL_RK, _BOOL_ERR = 0x0203, 0x027E, 0x00BD, 0x0205
_TEXTS = (0x0204, 0x00FD, 0x00D6)
_FORMULAS = (0x0006, 0x0206, 0x0406)
"""One kind, whatever its number says: some programs write another than they should."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
TEXT = "text"
"""Stands for a text: which one it is, is not read."""

Place = tuple[int, int]


@dataclass
class FoundCells:
    """By row (from 1) and column (from 0): a number, `TEXT` or a truth value; and the cells that hold an error."""

    values: dict[Place, float | str | bool] = field(default_factory=dict)
    errors: list[BadCell] = field(default_factory=list)


def read_cells(raw: bytes, sheet: str) -> FoundCells | None:
    """The cells of the sheet of that name. None for a file of an older form, or one that is encrypted. Raises
    struct.error, IndexError, ValueError, UnicodeDecodeError where it is damaged.
    """
    stream = _stream(raw, ("Workbook",))
    if stream is None:
        return None
    at = _sheet_offset(stream, sheet)
    if at is None:
        return None
    found, depth = FoundCells(), 0
    for kind, data in _records(stream, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
        if depth == 1:
            _take(kind, data, found)
    return found


def compare(
    columns: Sequence[Sequence[object]], start: Place, found: FoundCells
) -> list[tuple[int, int, str, str]]:
    """Row, column and both readings of cells that differ; `columns` is the first reading, whose first cell is at
    `start`. Dates are numbers here, and texts are only known to be there.
    """
    differences = []
    for (line, column), value in sorted(found.values.items()):
        row, at = line - start[0], column - start[1]
        is_inside = 0 <= at < len(columns) and 0 <= row < len(columns[at])
        cell = columns[at][row] if is_inside else None
        is_lost = cell is None or (cell == "" and value != TEXT)
        is_other = (
            isinstance(cell, float) and isinstance(value, float) and abs(cell - value) > 1e-9 * abs(value)
        )
        if is_lost or is_other:
            differences.append((line, column, "" if cell is None else str(cell), str(value)))
    return differences


def _take(kind: int, data: bytes, found: FoundCells) -> None:
    if kind == _MUL_RK:
        row, first = struct.unpack_from("<HH", data)
        for at in range((len(data) - 6) // 6):
            found.values[row + 1, first + at] = _rk(struct.unpack_from("<I", data, 6 + 6 * at)[0])
        return
    if kind not in (_NUMBER, _RK, _BOOL_ERR, *_TEXTS, *_FORMULAS):
        return
    row, column = struct.unpack_from("<HH", data)
    place = (row + 1, column)
    if kind == _NUMBER:
        found.values[place] = struct.unpack_from("<d", data, 6)[0]
    elif kind == _RK:
        found.values[place] = _rk(struct.unpack_from("<I", data, 6)[0])
    elif kind in _TEXTS:
        found.values[place] = TEXT
    elif kind == _BOOL_ERR:
        _take_bool(place, data[6], data[7] == 1, found)
    else:
        _take_result(place, data, found)


def _take_result(place: Place, data: bytes, found: FoundCells) -> None:
    """What a formula came to; a blank text is as good as nothing."""
    if data[12:14] != b"\xff\xff":
        found.values[place] = struct.unpack_from("<d", data, 6)[0]
    elif data[6] in (1, 2):
        _take_bool(place, data[8], data[6] == 2, found)
    elif data[6] == 0:
        found.values[place] = TEXT


def _take_bool(place: Place, code: int, is_error: bool, found: FoundCells) -> None:
    if is_error:
        found.errors.append(BadCell(*place, _ERRORS.get(code, "#ERROR")))
    else:
        found.values[place] = code == 1


def _rk(number: int) -> float:
    value: float
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", number & 0xFFFFFFFC))[0]
    return value / 100 if number & 1 else value


def _sheet_offset(stream: bytes, sheet: str) -> int | None:
    for kind, data in _records(stream, 0):
        if kind == _FILE_PASS or (kind == _BOF and struct.unpack_from("<H", data)[0] != 0x0600):
            return None
        if kind == _BOUND_SHEET:
            size, is_wide = data[6], data[7] & 1
            name = data[8 : 8 + size * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1")
            if name == sheet or ESCAPED.sub("", name) == sheet:
                return int(struct.unpack_from("<I", data)[0])
        if kind == _EOF:
            return None
    return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(raw: bytes, names: tuple[str, ...]) -> bytes | None:
    """The content of a stream of a compound file; None where there is none of these names."""
    sector, mini = 1 << struct.unpack_from("<H", raw, 30)[0], 1 << struct.unpack_from("<H", raw, 32)[0]
    fat_count, directory, cutoff, mini_fat = (struct.unpack_from("<I", raw, at)[0] for at in (44, 48, 56, 60))
    difat = list(struct.unpack_from("<109I", raw, 76))
    at = struct.unpack_from("<I", raw, 68)[0]
    while at < _END and len(difat) < _MOST_SECTORS:
        entries = struct.unpack_from(f"<{sector // 4}I", raw, (at + 1) * sector)
        difat += entries[:-1]
        at = entries[-1]
    fat = b"".join(
        raw[(each + 1) * sector : (each + 2) * sector] for each in difat[:fat_count] if each < _END
    )
    links = struct.unpack(f"<{len(fat) // 4}I", fat[: len(fat) // 4 * 4])
    folder = _chain(raw, links, directory, sector, sector)
    root = folder[:128]
    for start in range(0, len(folder), 128):
        entry = folder[start : start + 128]
        size = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(size - 2, 0)].decode("utf-16-le", "replace") not in names:
            continue
        first, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            return _chain(raw, links, first, sector, sector)[:length]
        small = _chain(raw, links, struct.unpack_from("<I", root, 116)[0], sector, sector)
        mini_raw = _chain(raw, links, mini_fat, sector, sector)
        mini_links = struct.unpack(f"<{len(mini_raw) // 4}I", mini_raw)
        return _chain(small, mini_links, first, mini, 0)[:length]
    return None


def _chain(raw: bytes, links: tuple[int, ...], at: int, size: int, offset: int) -> bytes:
    """The sectors from `at` on, one after the other. ValueError for a circle."""
    parts: list[bytes] = []
    while at < _END:
        if len(parts) > len(links):
            raise ValueError(at)
        parts.append(raw[at * size + offset : (at + 1) * size + offset])
        at = links[at]
    return b"".join(parts)
