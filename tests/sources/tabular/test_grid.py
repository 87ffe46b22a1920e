"""Header rows, total rows and names of columns; expectations worked out by hand."""

from pathlib import Path

import pytest

from cscli.analysis.tables.raw import Cell
from cscli.errors import DataError
from cscli.sources import ReadOptions, read_table
from cscli.sources.tabular.grid import column_letter
from cscli.sources.tabular.headers import find_header_row


def write(folder: Path, content: str) -> Path:
    path = folder / "accounts.csv"
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["id", "name", "mrr"], ["1", "Acme", "10"]], 0),
        ([["Accounts by plan", "", ""], ["", "", ""], ["id", "name", "mrr"], ["1", "Acme", "10"]], 2),
        # Text all over: the first row is the header, whatever is below.
        ([["id", "plan"], ["A", "Gold"], ["B", "Silver"]], 0),
        # Years as headers are still headers when no row below could be one.
        ([["account", "2024", "2025"], ["Acme", "10", "20"]], 0),
        # A wide row with a date above the headers.
        ([["Exported", "2026-01-05"], ["id", "mrr"], ["A1", "10"], ["A2", "20"]], 1),
        # One header left blank.
        ([["id", "", "mrr"], ["A1", "x", "10"], ["A2", "y", "20"]], 0),
        ([["", ""], [None, " "]], None),
        ([["ID", "ID"], ["A1", "B1"]], 0),
    ],
)
def test_header_row_by_shape(rows: list[list[Cell]], expected: int | None) -> None:
    assert find_header_row(rows, lambda _: False) == expected


def test_row_with_most_known_headers_wins() -> None:
    rows: list[list[Cell]] = [["Group", "Money"], ["id", "mrr"], ["A1", "B"]]
    assert find_header_row(rows, {"id", "mrr"}.__contains__) == 1


def test_one_known_word_among_data_does_not_win() -> None:
    rows: list[list[Cell]] = [["change", "field", "value"], ["1", "status", "x"], ["2", "owner", "y"]]
    assert find_header_row(rows, {"status"}.__contains__) == 0


def test_header_below_titles_is_said_and_can_be_pinned(tmp_path: Path) -> None:
    path = write(tmp_path, "My report\n\nid,name,mrr\n1,Acme,10\n")
    found = read_table(path, "accounts")
    pinned = read_table(path, "accounts", ReadOptions(header=3))
    assert found.headers == pinned.headers == ("id", "name", "mrr")
    assert [problem.code for problem in found.problems] == ["reading.header_found"]
    assert not pinned.problems
    assert pinned.lines.tolist() == [4]
    with pytest.raises(DataError) as caught:
        read_table(path, "accounts", ReadOptions(header=2))
    assert caught.value.problems[0].code == "reading.header_blank"


@pytest.mark.parametrize(
    "label",
    ["Total", "TOTAL:", "Grand Total", "合計", "総　計".replace("　", ""), "Grand Totals (2 records)"],
)
def test_total_row_is_dropped_and_said(tmp_path: Path, label: str) -> None:
    path = write(tmp_path, f"name,plan,mrr\nAcme,Gold,10\nBeta,Basic,20\n,,\n{label},,30\n")
    table = read_table(path, "accounts")
    assert table.columns[2].tolist() == ["10", "20"]
    assert (table.facts.rows, table.facts.blank_rows, table.facts.total_rows) == (2, 1, 1)
    assert [(problem.code, problem.where.line) for problem in table.problems] == [("reading.total_row", 5)]


@pytest.mark.parametrize("last", ["Total,Gold,30", "A3,Total,30", "Totally,,30"])
def test_accounts_that_only_resemble_a_total_stay(tmp_path: Path, last: str) -> None:
    table = read_table(write(tmp_path, f"name,plan,mrr\nAcme,Gold,10\nBeta,Basic,20\n{last}\n"), "accounts")
    assert table.facts.rows == 3


def test_column_without_header_is_named_and_empty_columns_go(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "id,name,,mrr,,\n1,Acme,x,10,,\n2,Beta,,20,,\n"), "accounts")
    assert table.headers == ("id", "name", "(column C)", "mrr")
    assert [problem.code for problem in table.problems] == ["reading.header_unnamed"]


def test_repeated_header_names_both_columns(tmp_path: Path) -> None:
    """The first is used; the other has its letter in its name."""
    table = read_table(write(tmp_path, "id,mrr, mrr\n1,10,20\n"), "accounts")
    assert table.headers == ("id", "mrr", "mrr (C)")
    assert table.problems[0].details == {"letters": "B, C", "first": "B", "other": "C"}


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(16_385))
    with pytest.raises(DataError) as caught:
        read_table(write(tmp_path, f"{header}\n{header}\n"), "accounts")
    assert caught.value.problems[0].code == "reading.too_many_columns"


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")])
def test_column_letters(index: int, letter: str) -> None:
    assert column_letter(index) == letter
