"""Workbooks: written by XlsxWriter and openpyxl, and 40 odd or broken ones from Apache POI."""

import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cscli.analysis.tables.raw import Cell
from cscli.errors import CscliError, DataError, Problem, Severity
from cscli.sources import ReadOptions, read_table
from cscli.sources.workbooks.grid import read_sheet
from cscli.sources.workbooks.openpyxl_reader import read_with_openpyxl
from cscli.texts import problem_hint, problem_message
from places import SHARED_DATA, needs_shared_data

WORKBOOKS = SHARED_DATA / "hostile" / "workbooks"
EXPECTED = json.loads((WORKBOOKS / "expected.json").read_text()) if WORKBOOKS.is_dir() else {}
CELL = '<c r="{}"><v>1</v></c>'


def replace_member(source: Path, target: Path, member: str, old: str, new: str) -> Path:
    """A copy of a workbook with one text replaced in one of its parts."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name == member:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            copy.writestr(name, content)
    return target


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """Headers in row 3 from column B on, below a title; row 6 blank; an error in D5; a total in row 8."""
    path = tmp_path / "accounts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("Accounts")
        sheet.write(0, 1, "Accounts by plan")
        sheet.write_row(2, 1, ["id", "name", "mrr", "since", "seen", "vip"])
        sheet.write_row(3, 1, ["00123", " Acme", 10.5])
        sheet.write_datetime(3, 4, datetime(2026, 1, 2), day)  # noqa: DTZ001 - Excel has no zones
        sheet.write_datetime(3, 5, datetime(2026, 1, 2, 3, 4), minute)  # noqa: DTZ001 - Excel has no zones
        sheet.write_boolean(3, 6, True)
        sheet.write_row(4, 1, ["1e5", "  "])
        sheet.write_formula(4, 3, "=NA()", None, "#N/A")
        sheet.write_row(6, 1, ["NA", "Gamma\x07", 3])
        sheet.write_row(7, 1, ["Total", None, 13.5])
        other = book.add_worksheet("Other")
        other.write_row(0, 0, ["a", "b"])
        other.write_row(1, 0, [1, 2])
        book.add_worksheet("Empty")
        book.add_worksheet("Secret").hide()
    return path


def test_cells_rows_and_problems(accounts: Path) -> None:
    table = read_table(accounts, "accounts")
    assert table.headers == ("id", "name", "mrr", "since", "seen", "vip")
    assert table.lines.tolist() == [4, 5, 7]
    assert table.columns[0].tolist() == ["00123", "1e5", "NA"]
    assert table.columns[1].tolist() == [" Acme", None, "Gamma"]
    assert table.columns[2].tolist() == [10.5, None, 3.0]
    assert table.columns[3][0] == date(2026, 1, 2)
    assert table.columns[4][0] == datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - Excel has no zones
    assert table.columns[5][0] is True
    facts = table.facts
    assert (facts.form, facts.sheet, facts.header_row, facts.rows) == ("xlsx", "Accounts", 3, 3)
    assert (facts.blank_rows, facts.total_rows) == (1, 1)
    said = {problem.code: problem for problem in table.problems}
    assert set(said) == {
        f"reading.{name}"
        for name in (
            "sheet_taken", "sheets_hidden", "controls_removed", "error_cell", "header_found", "total_row",
        )
    }  # fmt: skip
    assert said["reading.sheet_taken"].details == {"others": "Other"}
    error = said["reading.error_cell"]
    assert (error.severity, error.value, error.details) == (Severity.ERROR, "#N/A", {"cell": "D5"})
    assert (error.where.sheet, error.where.line, error.where.column) == ("Accounts", 5, "mrr")
    assert all(problem_message(problem, "ja") for problem in table.problems)


def _as_day(cell: Cell) -> Cell:
    """Openpyxl gives a day as a moment at midnight."""
    return cell.date() if isinstance(cell, datetime) else cell


def test_openpyxl_reads_the_same_rows(accounts: Path) -> None:
    first = read_sheet(accounts, "xlsx", None)
    second = read_with_openpyxl(accounts.read_bytes(), None, "")
    assert second.others == first.others
    assert second.hidden == first.hidden
    assert [(cell.line, cell.column, cell.error) for cell in second.bad_cells] == [(5, 3, "#N/A")]
    by_line = {
        number: row for number, row in enumerate(zip(*second.columns, strict=True), start=1) if any(row)
    }
    for number, row in enumerate(zip(*first.columns, strict=True), start=first.first_line):
        cells = [_as_day(cell) for cell in by_line.get(number, [])]
        assert cells[first.first_column :] == ([_as_day(cell or None) for cell in row] if any(row) else [])


def test_pinned_sheet(accounts: Path) -> None:
    assert read_table(accounts, "accounts", ReadOptions(sheet="Other")).headers == ("a", "b")
    with pytest.raises(DataError) as caught:
        read_table(accounts, "accounts", ReadOptions(sheet="accounts"))
    details = caught.value.problems[0].details
    assert (details["nearest"], details["sheets"]) == ("Accounts", "Accounts, Other, Empty, Secret")


def test_chart_sheets_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        chart_sheet = book.add_chartsheet("Chart")
        sheet = book.add_worksheet("Data")
        sheet.write_column(0, 0, ["id", "A1"])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Data!$A$1:$A$2"})
        chart_sheet.set_chart(chart)
    assert read_table(path, "accounts").facts.sheet == "Data"


def test_formula_without_result_is_an_error(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Data", 0)
    sheet.append(["id", "mrr"])
    sheet.append(["A1", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    problems = read_table(tmp_path / "a.xlsx", "accounts").problems
    assert [(problem.code, problem.where.line, problem.where.column) for problem in problems] == [
        ("reading.formula_without_result", 2, "mrr")
    ]


def test_wrong_names_of_workbooks(accounts: Path) -> None:
    as_csv = accounts.rename(accounts.with_suffix(".csv"))
    with pytest.raises(DataError) as caught:
        read_table(as_csv, "accounts")
    assert caught.value.problems[0].code == "reading.workbook_named_text"
    as_xls = as_csv.rename(as_csv.with_suffix(".xls"))
    table = read_table(as_xls, "accounts")
    assert table.facts.form == "xlsx"
    assert table.problems[0].code == "reading.form_differs"


def test_wrong_dimension_does_not_cut_the_sheet(accounts: Path, tmp_path: Path) -> None:
    path = replace_member(
        accounts,
        tmp_path / "b.xlsx",
        "xl/worksheets/sheet1.xml",
        '<dimension ref="B1:G8"/>',
        '<dimension ref="A1"/>',
    )
    assert read_table(path, "accounts").facts.rows == 3
    assert read_with_openpyxl(path.read_bytes(), None, "").height == 8


def run_apart(path: Path) -> str:
    """The code of the refusal of `path`, read in another process: a guard that fails would abort it."""
    program = (
        "import sys, pathlib, cscli.sources as s, cscli.errors as e\n"
        "try: s.read_table(pathlib.Path(sys.argv[1]), 'x')\n"
        "except e.CscliError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_files_that_would_fill_the_memory_are_refused(accounts: Path, tmp_path: Path) -> None:
    far = replace_member(
        accounts,
        tmp_path / "far.xlsx",
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        f'<row r="1048576">{CELL.format("XFD1048576")}</row></sheetData>',
    )
    assert run_apart(far) == "reading.too_large"
    forged = replace_member(
        accounts, tmp_path / "forged.xlsx", "xl/sharedStrings.xml", 'uniqueCount="', 'uniqueCount="42949672'
    )
    assert run_apart(forged) == "reading.too_large"


@needs_shared_data
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", sorted(EXPECTED) or ["none"])
def test_odd_and_broken_workbooks_give_a_table_or_a_clear_refusal(name: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        table = read_table(WORKBOOKS / name, "accounts")
    except CscliError as error:
        problems = error.problems
    else:
        assert len({len(column) for column in table.columns} | {len(table.lines)}) == 1
    assert all(problem_message(problem, "en") for problem in problems)
    assert all(problem_hint(problem, "ja") != "" for problem in problems)
    found = {problem.code for problem in problems}
    unreadable = {"reading.damaged_workbook", "reading.too_large"}
    if EXPECTED[name] == "readable":
        no_table = {"reading.no_sheet", "reading.no_rows", "reading.header_repeated"}
        assert found <= no_table
    else:
        assert found
        assert found <= (unreadable if EXPECTED[name] == "unreadable" else {"reading.encrypted"})
