"""A live workbook computes by itself what cscli computed, and follows when someone changes its Config sheet.

Oracle: `live_books.work_out`, plain Python account by account; the calculator is LibreOffice.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from books.live_books import LABELS, Book, Result, random_book, report_of, summarise, work_out
from books.opened import table_rows
from cscli.render import write_report

pytestmark = [
    pytest.mark.libreoffice,
    # openpyxl does not know data bars with a solid fill.
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]

Calculator = Callable[[Path], Path]
Cells = list[tuple[Any, ...]]


def rows(path: Path, sheet: str) -> Cells:
    cells = table_rows(load_workbook(path, data_only=True)[sheet])[1:]
    return [tuple(None if value == "" else value for value in row) for row in cells]


def expected(book: Book, result: Result) -> list[object]:
    capped = "; ".join(result.capped_by) or None
    groups = [result.groups.get(name) for name in ("usage", "voice", "commercial")]
    return [result.score, LABELS[result.band], result.coverage, capped, *groups]


def assert_follows(path: Path, book: Book) -> None:
    """The workbook shows what the oracle says of `book`."""
    results = [work_out(book, account) for account in book.accounts]
    shown = rows(path, "Customers' accounts")
    for account, result, row in zip(book.accounts, results, shown, strict=True):
        assert row[0] == account.id
        for value, wanted in zip(row[1:8], expected(book, result), strict=True):
            assert value == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted), row
    counts, money = summarise(book, results)
    summary = rows(path, "Summary")
    assert [row[0] for row in summary] == list(LABELS.values())
    assert [row[1] for row in summary] == counts
    assert [row[2] for row in summary] == pytest.approx([count / len(results) for count in counts])
    assert [row[3] for row in summary] == pytest.approx(money)


def find(workbook: Workbook, title: str, below: int) -> Any:
    """The cell in the first column of values, `below` rows under a title of the Config sheet."""
    sheet = workbook["Config"]
    titles = {cell.value: cell.row for cell in sheet["A"]}
    return sheet.cell(titles[title] + below, 3)


def test_calculator_computes_anew(recalculate: Calculator, tmp_path: Path) -> None:
    """Else the comparisons below would only read back the values that were written."""
    with xlsxwriter.Workbook(tmp_path / "wrong.xlsx") as workbook:
        workbook.add_worksheet("S").write_formula("A2", "=1+1", None, 5)
    assert rows(tmp_path / "wrong.xlsx", "S") == [(5,)]
    assert rows(recalculate(tmp_path / "wrong.xlsx"), "S") == [(2,)]


@pytest.mark.parametrize("seed", [1, 2])
def test_formulas_give_what_was_written(recalculate: Calculator, tmp_path: Path, seed: int) -> None:
    book = random_book(seed)
    path = write_report(report_of(book), tmp_path / "book.xlsx")
    assert_follows(path, book)
    computed = recalculate(path)
    assert_follows(computed, book)
    for sheet in ("Customers' accounts", "Summary", "Config"):
        for before, after in zip(rows(path, sheet), rows(computed, sheet), strict=True):
            for old, new in zip(before, after, strict=False):
                assert new == (pytest.approx(old, abs=1e-9) if isinstance(old, float) else old)


def test_formulas_follow_changes(recalculate: Calculator, tmp_path: Path) -> None:
    """A group's weight, a metric's weight, a cap, a band's edge and the least coverage, all at once."""
    book = random_book(3)
    path = write_report(report_of(book), tmp_path / "book.xlsx")
    workbook = load_workbook(path)
    for title, below, old, new in [
        ("Weights of groups", 2, 60, 10),
        ("Weights of metrics within their group", 2, 40, 90),
        ("Caps and floors", 2, 39, 28.3),
        ("Bands", 3, 40, 33),
        ("Data coverage", 1, 0.5, 0.7),
    ]:
        cell = find(workbook, title, below)
        assert cell.value == old
        cell.value = new
    workbook.save(tmp_path / "changed.xlsx")
    unchanged = [work_out(book, account).band for account in book.accounts]
    book.cards[0].groups["usage"] = 10
    book.cards[0].metrics["usage"]["metric_a"] = 90
    book.cards[0].limits[0].value = 28.3
    book.edges["fair"] = 33
    book.min_coverage = 0.7
    assert [work_out(book, account).band for account in book.accounts] != unchanged
    assert_follows(recalculate(tmp_path / "changed.xlsx"), book)


def test_formulas_read_their_own_row(tmp_path: Path) -> None:
    """So that sorting in Excel keeps them right: any other reference is to fixed cells of Config."""
    path = write_report(report_of(random_book(4, 12)), tmp_path / "book.xlsx")
    sheet = load_workbook(path)["Customers' accounts"]
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 50
    fixed = re.compile(r"'Config'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?|\"[^\"]*\"|1E-9")
    for cell in formulas:
        own = re.findall(r"[A-Z]+(\d+)", fixed.sub("", str(cell.value)))
        assert set(own) == {str(cell.row)}, cell.value
