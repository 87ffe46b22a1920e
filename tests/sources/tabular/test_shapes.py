"""Headers in two rows, headers that come again, sheets to choose from, error values, damaged ids; worked by hand."""

from pathlib import Path

import pytest
import xlsxwriter

from cscli.analysis.tables.conform import conform
from cscli.config.schema import Source
from cscli.errors import Severity
from cscli.sources import read_table
from cscli.sources.workbooks.second_reader import find_differences
from cscli.texts import problem_line

KNOWN = {"Account ID", "MRR", "Seats"}


def csv_file(folder: Path, content: str) -> Path:
    path = folder / "accounts.csv"
    path.write_text(content, encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    problems = read_table(path, "accounts", known_headers=KNOWN.__contains__).problems
    for problem in problems:
        assert problem_line(problem, "en")
        assert problem_line(problem, "ja")
    return [problem.code for problem in problems]


def test_group_headers_above_are_joined_only_where_names_repeat(tmp_path: Path) -> None:
    path = csv_file(tmp_path, ",,Q1,,Q2,\nid,plan,mrr,seats,mrr,logins\nA1,Pro,1,2,3,4\nA2,Pro,1,2,3,4\n")
    table = read_table(path, "accounts")
    assert table.headers == ("id", "plan", "Q1 mrr", "seats", "Q2 mrr", "logins")
    assert codes(path) == ["reading.header_found", "reading.header_joined"]


def test_merged_headers_with_names_in_both_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "Account ID")
        sheet.merge_range("B1:C1", "Usage")
        sheet.merge_range("D1:D2", "MRR")
        sheet.write_row("B2", ["logins", "users"])
        sheet.write_row("A3", ["A1", 5, 6, 7])
        sheet.write_row("A4", ["A2", 8, 9, 10])
    table = read_table(path, "accounts", known_headers=KNOWN.__contains__)
    assert table.headers == ("Account ID", "logins", "users", "MRR")
    assert table.columns[1].tolist() == [5.0, 8.0]
    assert table.facts.header_row == 2
    assert "reading.header_joined" in codes(path)


def test_header_again_among_the_data_is_left_out_and_said(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,mrr\nA1,1\nid,mrr\nA2,2\n")
    table = read_table(path, "accounts")
    assert table.columns[0].tolist() == ["A1", "A2"]
    assert table.lines.tolist() == [2, 4]
    assert codes(path) == ["reading.header_again"]


def test_two_stray_quotes_that_swallow_rows_are_said(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'id,name,mrr\nA1,"Acme,1\nA2,Beta,2\nA3,Gamma",3\nA4,Delta,4\n')
    assert codes(path) == ["reading.rows_in_field"]
    assert codes(csv_file(tmp_path, 'id,name,mrr\nA1,"Acme\nTokyo, Japan",1\nA2,Beta,2\n')) == []


def test_error_values_as_text_are_missing_and_said(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,mrr,name\nA1,#N/A,x\nA2,2,#REF!\nA3,3,#1 fan\n")
    table = read_table(path, "accounts")
    assert table.columns[1].tolist() == [None, "2", "3"]
    assert table.columns[2].tolist() == ["x", None, "#1 fan"]
    found = [(p.where.line, p.where.column, p.value, p.severity) for p in table.problems]
    assert found == [(2, "mrr", "#N/A", Severity.ERROR), (3, "name", "#REF!", Severity.ERROR)]


def test_sheet_with_most_known_headers_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        notes = book.add_worksheet("Read me")
        notes.write_column(0, 0, ["About", "this", "export"])
        summary = book.add_worksheet("Summary")
        for row, cells in enumerate([["Plan", "Count"], ["Pro", 2]]):
            summary.write_row(row, 0, cells)
        data = book.add_worksheet("Data")
        for row, cells in enumerate([["Account ID", "MRR", "Seats"], ["A1", 1, 2]]):
            data.write_row(row, 0, cells)
    table = read_table(path, "accounts", known_headers=KNOWN.__contains__)
    assert table.facts.sheet == "Data"
    said = next(problem for problem in table.problems if problem.code == "reading.sheet_chosen")
    assert said.details == {"others": "Summary, Read me"}
    # Without any known header: the first sheet that is a table at all.
    assert read_table(path, "accounts").facts.sheet == "Summary"


def test_dates_from_1904_are_right_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["id", "since"])
        sheet.write(1, 0, "A1")
        sheet.write_number(1, 1, 44591, day)  # 2026-01-31: 46053 days from 1900, 1462 fewer from 1904
    table = read_table(path, "accounts")
    assert str(table.columns[1][0]) == "2026-01-31"
    assert [problem.code for problem in table.problems] == ["reading.dates_from_1904"]


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        (["1.23E+11", "123456789012"], [("data.id_scientific", "1.23E+11")]),
        (["00123", "00124", "125"], [("data.id_lost_zeros", "125")]),
        (["1e5", "2e7"], []),
        (["00123", "123456"], []),
        (["0012", "00123", "125"], []),
        (["1", "22", "333"], []),
        (["A0001", "A1"], []),
    ],
)
def test_ids_that_excel_damaged(tmp_path: Path, ids: list[str], found: list[tuple[str, str]]) -> None:
    path = csv_file(tmp_path, "account_id,mrr\n" + "".join(f"{text},1\n" for text in ids))
    typed = conform(read_table(path, "accounts"), Source(), None)
    assert typed.frame["account_id"].tolist() == ids
    said = [problem for problem in typed.problems if problem.code.startswith("data.id_")]
    assert [(problem.code, problem.value) for problem in said] == found
    assert all(problem_line(problem, "ja") for problem in said)


def test_second_reader_names_the_cells_that_differ() -> None:
    xml = (
        b'<worksheet xmlns="urn:x"><sheetData><row r="2"><c r="B2"><v>1.5</v></c><c r="C2" t="inlineStr"><is><t>x</t>'
        b'<rPh><t>kana</t></rPh></is></c></row><row r="3"><c r="B3" t="b"><v>1</v></c><c r="D3"><v>9</v></c></row>'
        b"</sheetData></worksheet>"
    )
    empty_zip = b"PK\x05\x06" + bytes(18)
    assert find_differences([[1.5, True], ["x", None], [None, 9.0]], (2, 1), xml, empty_zip) == []
    assert find_differences([[1.5, False], ["y", None]], (2, 1), xml, empty_zip) == [
        (2, 2, "y", "x"),
        (3, 1, "False", "True"),
        (3, 3, "", "9.0"),
    ]
