"""Tables that stand side by side on one sheet. Oracle: sheets laid out by hand, whose accounts are known."""

from pathlib import Path

import pytest
import xlsxwriter

from cscli.analysis.tables.raw import RawTable
from cscli.errors import Severity
from cscli.sources import read_table

Row = list[object]
ACCOUNTS: list[Row] = [
    ["Account ID", "Name", "MRR"],
    *([f"A{row}", f"Account {row}", 100.0 * row] for row in range(1, 7)),
]
TOTAL: Row = ["Total", None, 2100.0]
OWNERS: list[Row] = [["Owner", "Region"], ["Sato", "East"], ["Kim", "West"]]
LEGEND: list[Row] = [["Colour", "Word"], ["red", "late"], ["green", "fine"]]


def beside(left: list[Row], right: list[Row], blanks: int = 1) -> list[Row]:
    """Both in one grid, so many blank columns apart."""
    height = max(len(left), len(right))
    one, other = (table + [[None] * len(table[0])] * (height - len(table)) for table in (left, right))
    return [[*a, *[None] * blanks, *b] for a, b in zip(one, other, strict=True)]


def read(tmp_path: Path, rows: list[Row], form: str) -> RawTable:
    path = tmp_path / f"accounts.{form}"
    if form == "csv":
        lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Sheet1")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return read_table(path, "accounts")


def told(table: RawTable) -> list[tuple[str, str | None]]:
    return [
        (problem.code, problem.value) for problem in table.problems if problem.severity is not Severity.NOTE
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("blanks", [1, 3])
def test_a_shorter_table_on_the_right_is_left_out(tmp_path: Path, form: str, blanks: int) -> None:
    table = read(tmp_path, beside(ACCOUNTS, OWNERS, blanks), form)
    assert table.headers == ("Account ID", "Name", "MRR")
    assert table.facts.rows == 6
    assert told(table) == [("reading.side_table", "Owner, Region")]


def test_a_longer_one_adds_no_rows(tmp_path: Path) -> None:
    owners = [OWNERS[0], *[OWNERS[1]] * 9]
    table = read(tmp_path, beside(ACCOUNTS, owners), "xlsx")
    assert (table.headers, table.facts.rows) == (("Account ID", "Name", "MRR"), 6)
    assert told(table) == [("reading.side_table", "Owner, Region")]


def test_accounts_on_the_right_of_a_legend(tmp_path: Path) -> None:
    table = read(tmp_path, beside(LEGEND, ACCOUNTS), "xlsx")
    assert (table.headers, table.facts.rows) == (("Account ID", "Name", "MRR"), 6)
    assert told(table) == [("reading.side_table", "Colour, Word")]


def test_a_table_of_the_same_height_is_read_and_told(tmp_path: Path) -> None:
    owners = [OWNERS[0][:1], *[OWNERS[1][:1]] * 6]
    table = read(tmp_path, beside(ACCOUNTS, owners), "xlsx")
    assert table.headers == ("Account ID", "Name", "MRR", "Owner")
    assert told(table) == [("reading.side_columns", "Owner")]


def test_columns_with_gaps_belong_to_the_rows(tmp_path: Path) -> None:
    notes: list[Row] = [["Notes"], [None], ["called"], [None], [None], ["sent offer"], [None]]
    table = read(tmp_path, beside(ACCOUNTS, notes), "xlsx")
    assert table.headers == ("Account ID", "Name", "MRR", "Notes")
    assert told(table) == []


def test_a_total_below_makes_no_other_table(tmp_path: Path) -> None:
    left = [*ACCOUNTS, TOTAL]
    owners = [OWNERS[0][:1], *[OWNERS[1][:1]] * 6]
    table = read(tmp_path, beside(left, owners), "xlsx")
    assert table.headers == ("Account ID", "Name", "MRR", "Owner")
    assert told(table) == [("reading.side_columns", "Owner")]
