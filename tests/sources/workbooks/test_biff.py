"""The second look at an .xls: no row is lost silently, errors are named, and damage ends in no traceback.

The files are written here record by record; calamine, which reads first, is the other reading.
"""

import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest

from cscli.errors import CscliError
from cscli.sources import read_table
from cscli.sources.workbooks.biff import TEXT, read_cells

FORMULA, WRONG_FORMULA, LABEL, NUMBER, RK, BOOL_ERR = 0x0006, 0x0406, 0x0204, 0x0203, 0x027E, 0x0205
Record = tuple[int, bytes]


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def at(row: int, column: int) -> bytes:
    return struct.pack("<HHH", row, column, 0)


def label(row: int, column: int, text: str) -> Record:
    return LABEL, at(row, column) + struct.pack("<HB", len(text), 0) + text.encode("latin-1")


def number(row: int, column: int, value: float) -> Record:
    return NUMBER, at(row, column) + struct.pack("<d", value)


def formula(row: int, column: int, value: float, kind: int = FORMULA) -> Record:
    tokens = b"\x1e" + struct.pack("<H", 1)
    return kind, at(row, column) + struct.pack("<dHIH", value, 0, 0, len(tokens)) + tokens


def error(row: int, column: int, code: int) -> Record:
    return BOOL_ERR, at(row, column) + bytes([code, 1])


def write_xls(path: Path, *records: Record) -> Path:
    """A workbook with one sheet, `Sheet1`, as a compound file with one stream."""
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600))
    name = b"\x06\x00Sheet1"
    size = len(bof) + 4 + 6 + len(name) + 4
    start = bof + record(0x0085, struct.pack("<IH", size, 0) + name) + record(0x000A, b"")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x0600))
    stream = start + sheet + b"".join(record(*each) for each in records) + record(0x000A, b"")
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    path.write_bytes(compound_file(stream))
    return path


def compound_file(stream: bytes) -> bytes:
    sectors = len(stream) // 512
    links = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat = struct.pack("<128I", *links, *[0xFFFFFFFF] * (128 - len(links)))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return (
        head
        + fat
        + entry("Root Entry", 5, 0xFFFFFFFE, 0, 1)
        + entry("Workbook", 2, 2, len(stream))
        + bytes(256)
        + stream
    )


def entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    ends = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", len(raw), kind, 1)
        + ends
        + bytes(36)
        + struct.pack("<III", first, size, 0)
    )


HEAD = (label(0, 0, "account_id"), label(0, 1, "mrr"))
ROWS = (label(1, 0, "A1"), number(1, 1, 10.0), label(2, 0, "A2"), formula(2, 1, 20.0))


def test_records_are_read_as_they_are_written(tmp_path: Path) -> None:
    rk = (RK, at(3, 1) + struct.pack("<I", (1250 << 2) | 3))
    found = read_cells(
        write_xls(tmp_path / "x.xls", *HEAD, *ROWS, rk, error(4, 1, 42)).read_bytes(), "Sheet1"
    )
    assert found is not None
    assert found.values == {
        (1, 0): TEXT, (1, 1): TEXT, (2, 0): TEXT, (2, 1): 10.0, (3, 0): TEXT, (3, 1): 20.0, (4, 1): 12.5
    }  # fmt: skip
    assert [(cell.line, cell.column, cell.error) for cell in found.errors] == [(5, 1, "#N/A")]


def test_a_sound_file_says_nothing(tmp_path: Path) -> None:
    table = read_table(write_xls(tmp_path / "x.xls", *HEAD, *ROWS), "accounts")
    assert [column.tolist() for column in table.columns] == [["A1", "A2"], [10.0, 20.0]]
    assert [problem.code for problem in table.problems] == []


def test_a_row_of_records_that_calamine_passes_over_is_told(tmp_path: Path) -> None:
    """Some programs number the record of a formula as an older form did."""
    lost = (formula(3, 0, 3.0, WRONG_FORMULA), formula(3, 1, 30.0, WRONG_FORMULA))
    table = read_table(write_xls(tmp_path / "x.xls", *HEAD, *ROWS, *lost), "accounts")
    said = {problem.code: problem for problem in table.problems}
    if len(table.lines) == 2:
        assert "A4: '' / '3.0'" in str(said["reading.readers_differ"].details["cells"])
    else:
        assert said == {}


def test_errors_are_named(tmp_path: Path) -> None:
    table = read_table(
        write_xls(tmp_path / "x.xls", *HEAD, *ROWS, label(3, 0, "A3"), error(3, 1, 23)), "accounts"
    )
    (problem,) = [problem for problem in table.problems if problem.code == "reading.error_cell"]
    assert (problem.value, problem.details["cell"]) == ("#REF!", "B4")


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_refused_or_told(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - damage
    raw = bytearray(write_xls(tmp_path / "x.xls", *HEAD, *ROWS).read_bytes())
    for _ in range(chance.randint(1, 6)):
        raw[chance.choice([chance.randrange(76), chance.randrange(512, 2300)])] = chance.randrange(256)
    (tmp_path / "x.xls").write_bytes(bytes(raw[: chance.choice([len(raw), chance.randrange(600, len(raw))])]))
    headers: tuple[str, ...] = ("refused",)
    with suppress(CscliError):
        headers = read_table(tmp_path / "x.xls", "accounts").headers
    assert headers
