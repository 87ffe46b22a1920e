"""A workbook's cells are the report's values, whatever they are, and the same report gives the same bytes."""

import datetime as dt
import math
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from books.live_books import numbers, random_book, report_of, texts
from books.opened import header_row, table_rows
from cscli.errors import SourceError
from cscli.render import write_report
from cscli.render.excel.rows import cell_text
from cscli.render.excel.sheet import Names
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values

# openpyxl does not know data bars with a solid fill.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

HOSTILE = [
    "=1+1", "{=1+1}", "http://example.com", "file:///etc/passwd", "external:\\\\evil\\share", "00123", "1e5",
    "NA", "#REF!", "TRUE", "<r><t>x</t></r>", "a & b <c> \"d\" 'e'", " leading", "_x0041_", "株式会社 㐂",
    "line\nbreak", "😀", "123456789012345678",
]  # fmt: skip


def report_with(*pairs: tuple[Column, Values]) -> Report:
    columns, values = zip(*pairs, strict=True)
    plain = {"live": None, "sheets": (Sheet(id="things", title="Things", columns=columns, values=values),)}
    return report_of(random_book(1, 5), **plain)


def test_sheets_of_several_tables_hold_eight_points_on_paper(tmp_path: Path) -> None:
    """A column of n signs is 7 n + 5 pixels wide; A4 across has 1,306 at the 80% that make 8 points of 10. What is
    said at length goes on in a next line; twelve weights go on over a next page.
    """
    report = report_of(random_book(5, 12), headline="A sentence of many words. " * 30)
    assert report.live is not None
    labels = tuple(f"A weight with a long name {at}" for at, _ in enumerate(report.live.metric_labels))
    report = replace(report, live=replace(report.live, metric_labels=labels))
    book = load_workbook(write_report(report, tmp_path / "live.xlsx"))
    about, config = book["About"], book["Config"]
    across = [round(about.column_dimensions[letter].width - 5 / 7) * 7 + 5 for letter in "ABCDE"]
    assert sum(across) <= 1306
    assert about.max_column == 5
    setup = about.sheet_properties.pageSetUpPr
    assert setup is not None
    assert setup.fitToPage
    cell = about["A2"]
    assert cell.value == report.headline
    assert cell.alignment.wrap_text
    assert about.row_dimensions[2].height >= 13 * 5, "780 signs in lines of 180"
    assert config.page_setup.scale == 80
    assert config.print_title_cols == "$A:$B"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Oracle: the text itself, read back by openpyxl and by calamine."""
    report = report_with((Column(id="name", label="Name", meaning=Meaning.TEXT), texts(list(HOSTILE))))
    path = write_report(report, tmp_path / "hostile.xlsx")
    expected = [f"{value} " if value.startswith("<r>") else value for value in HOSTILE]
    sheet = load_workbook(path)["Things"]
    top = header_row(sheet)
    cells = sheet["A"][top:]
    assert [cell.value for cell in cells] == expected
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    read = CalamineWorkbook.from_path(path).get_sheet_by_name("Things").to_python()
    assert [row[0] for row in read[top:]] == expected


def test_what_a_cell_cannot_hold_is_cut_or_removed() -> None:
    """Excel's limit is 32,767 UTF-16 units; the mark of the cut counts."""
    assert cell_text("a\x00b\x1bc\x9fd\ud800e") == "abcde"
    assert cell_text("x" * 40_000) == "x" * 32_766 + "…"
    assert len(cell_text("😀" * 20_000).encode("utf-16-le")) // 2 <= 32_767
    assert cell_text("x" * 32_767) == "x" * 32_767


@pytest.mark.whole
def test_cells_are_those_of_xlsxwriter(tmp_path: Path) -> None:
    """Oracle: XlsxWriter's own cell by cell calls with the same values."""
    count = 5_000  # more than one chunk
    amounts = np.arange(count) * 1234.5678
    amounts[7] = math.nan
    days = np.datetime64("2026-01-01", "us") + np.arange(count).astype("timedelta64[D]")
    days[3] = np.datetime64("NaT")
    names = [None if number == 5 else f"Name {number % 11}" for number in range(count)]
    report = report_with(
        (Column(id="name", label="Name", meaning=Meaning.TEXT), texts(names)),
        (Column(id="amount", label="Amount", meaning=Meaning.MONEY), amounts),
        (Column(id="day", label="Day", meaning=Meaning.DATE), days),
    )
    path = write_report(report, tmp_path / "fast.xlsx")
    with xlsxwriter.Workbook(tmp_path / "slow.xlsx") as workbook:
        sheet = workbook.add_worksheet("Things")
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row in range(count):
            if names[row] is not None:
                sheet.write_string(row + 1, 0, names[row])
            if not math.isnan(amounts[row]):
                sheet.write_number(row + 1, 1, amounts[row])
            if not np.isnat(days[row]):
                sheet.write_datetime(row + 1, 2, days[row].astype(dt.datetime), date)
    fast, slow = (load_workbook(file)["Things"] for file in (path, tmp_path / "slow.xlsx"))
    rows = zip(table_rows(fast)[1:], table_rows(slow)[1:], strict=True)
    for mine, theirs in rows:
        assert mine[::2] == theirs[::2]
        assert mine[1] == (None if theirs[1] is None else pytest.approx(theirs[1], rel=1e-15))


def test_same_report_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_report(report_of(random_book(1)), tmp_path / "first.xlsx")
    monkeypatch.setattr("time.time", lambda: 0.0)
    second = write_report(report_of(random_book(1)), tmp_path / "second.xlsx")
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_a_formula_without_live(tmp_path: Path) -> None:
    path = write_report(report_of(random_book(1), live=None), tmp_path / "plain.xlsx")
    assert load_workbook(path).sheetnames == ["Customers' accounts", "Summary", "About"]
    with zipfile.ZipFile(path) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist() if "worksheets/" in name)


def test_formats_follow_meaning(tmp_path: Path) -> None:
    one = numbers([1.0])
    meanings = [Meaning.SCORE, Meaning.CHANGE, Meaning.SHARE, Meaning.MONEY, Meaning.COUNT, Meaning.NUMBER]
    columns = [(Column(id=meaning, label=meaning.title(), meaning=meaning), one) for meaning in meanings]
    day = np.array(["2026-10-31"], dtype="datetime64[us]")
    report = report_with(*columns, (Column(id="day", label="Day", meaning=Meaning.DATE), day))
    for language, currency, expected in [
        ("en", "USD", ["0.0", "+0.0;-0.0;0.0", "0%", '"$"#,##0.00', "#,##0", "#,##0", "yyyy-mm-dd"]),
        ("ja", "JPY", ["0.0", "+0.0;-0.0;0.0", "0%", '"¥"#,##0', "#,##0", "#,##0", "yyyy/mm/dd"]),
    ]:
        path = write_report(replace(report, language=language, currency=currency), tmp_path / "f.xlsx")  # type: ignore[arg-type]  # a literal
        sheet = load_workbook(path)["Things"]
        row = sheet[header_row(sheet) + 1]
        assert [cell.number_format for cell in row] == expected
        assert row[-1].value == dt.datetime(2026, 10, 31)  # noqa: DTZ001 - as openpyxl reads a day


def test_header_filter_and_frozen_panes(tmp_path: Path) -> None:
    report = report_with(
        (Column(id="account_id", label="Account ID", meaning=Meaning.ID), texts(["1", "2"])),
        (Column(id="name", label="名前", meaning=Meaning.TEXT), texts(["株式会社青空商事サンプル", "B"])),
    )
    sheet = load_workbook(write_report(report, tmp_path / "view.xlsx"))["Things"]
    assert sheet["A1"].value == report.headline
    assert [cell.value for cell in sheet[3]] == ["Account ID", "名前"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", "A3:B5")
    assert 24 < sheet.column_dimensions["B"].width < 32  # twelve wide characters


def test_days_before_excel_are_text(tmp_path: Path) -> None:
    days = np.array(["1899-05-06", "2026-01-02", "NaT"], dtype="datetime64[us]")
    report = report_with((Column(id="day", label="Day", meaning=Meaning.DATE), days))
    sheet = load_workbook(write_report(report, tmp_path / "old.xlsx"))["Things"]
    assert [row[0] for row in table_rows(sheet)[1:]] == ["1899-05-06", "2026-01-02", None]


def test_empty_sheets_can_be_written(tmp_path: Path) -> None:
    report = report_with(
        (Column(id="name", label="Name", meaning=Meaning.TEXT), texts([])),
        (Column(id="n", label="N", meaning=Meaning.NUMBER), numbers([])),
    )
    sheet = load_workbook(write_report(report, tmp_path / "empty.xlsx"))["Things"]
    assert table_rows(sheet) == [("Name", "N")]


def test_worksheet_names_are_allowed_and_once() -> None:
    names = Names()
    assert names.take("A/B: [x]") == "A B   x"
    assert names.take("a/b: [X]") == "a b   X 2"
    assert names.take("'" * 3) == "Sheet"
    assert len(names.take("long " * 20)) == 31


def test_more_rows_than_excel_has(tmp_path: Path) -> None:
    report = report_with((Column(id="n", label="N", meaning=Meaning.NUMBER), np.zeros(1_048_576)))
    with pytest.raises(SourceError) as caught:
        write_report(report, tmp_path / "many.xlsx")
    assert [problem.code for problem in caught.value.problems] == ["writing.too_many_rows"]
    assert list(tmp_path.iterdir()) == []


def test_lines_of_counts_are_no_percent(tmp_path: Path) -> None:
    """Oracle: the axis of XlsxWriter's own chart, as its file has it."""
    formats = {}
    for meaning in (Meaning.NUMBER, Meaning.RATE):
        columns = (
            Column(id="calls", label="Calls", meaning=Meaning.COUNT),
            Column(id="caught", label="Caught", meaning=meaning),
        )
        chart = Chart(kind=ChartKind.LINES, title="Caught", categories="calls", values="caught")
        values = (np.array([1.0, 2.0]), np.array([0.5, 1.0]) * (34 if meaning is Meaning.NUMBER else 1))
        sheet = Sheet(id="s", title="S", columns=columns, values=values, charts=(chart,))
        path = write_report(
            report_of(random_book(1, 5), live=None, sheets=(sheet,)), tmp_path / f"{meaning}.xlsx"
        )
        with zipfile.ZipFile(path) as packed:
            drawn = packed.read("xl/charts/chart1.xml").decode()
        formats[meaning] = re.findall(r'<c:valAx>.*?formatCode="([^"]*)"', drawn)[0]
    assert formats[Meaning.RATE] == "0%"
    assert "%" not in formats[Meaning.NUMBER]


def test_a_wrapped_text_gives_way_for_what_stands_first(tmp_path: Path) -> None:
    """Three columns of 40 signs, 285 pixels each, and a text that takes 46 at most end at 1,182 of the 1,285 pixels of the paper; the
    day of 15 signs is on it because the text gives a sign for each that lacks. One that does not stand first gets none.
    """
    wide, texts = np.array(["x" * 37] * 3, dtype=object), np.array(["word " * 20] * 3, dtype=object)
    last = np.array(["y" * 12] * 3, dtype=object)
    columns = [Column(id=f"c{at}", label=f"C{at}", meaning=Meaning.TEXT) for at in range(3)]
    reasons = Column(id="reasons", label="R", meaning=Meaning.LONG_TEXT)
    due = Column(id="due", label="D", meaning=Meaning.TEXT)
    report = report_with(*((column, wide) for column in columns), (reasons, texts), (due, last))
    ends = {}
    for first in (("c0", "c1", "c2", "reasons"), ("c0", "c1", "c2", "reasons", "due")):
        shown = replace(report, sheets=(replace(report.sheets[0], first=first),))
        sheet = load_workbook(write_report(shown, tmp_path / f"{len(first)}.xlsx")).worksheets[0]
        found = re.search(r":\$([A-Z])\$", str(sheet.print_area))
        ends[first[-1]] = found[1] if found else "all"
    assert ends == {"reasons": "D", "due": "all"}


def test_paper_holds_eight_points_and_the_whole_chart_below(tmp_path: Path) -> None:
    """Eight columns of 40 signs, 285 pixels each, beside a narrow one: four go into the 1,285 that A4 surely has at 80%. Below three rows stand a
    note of four rows and a chart; what the paper holds ends after the chart does.
    """
    wide = np.array(["x" * 37] * 3, dtype=object)
    columns = [Column(id=f"c{at}", label=f"C{at}", meaning=Meaning.TEXT) for at in range(8)]
    points = (Column(id="n", label="N", meaning=Meaning.NUMBER), np.array([1.0, 2.0, 3.0]))
    report = report_with(points, *((column, wide) for column in columns))
    chart = Chart(kind=ChartKind.RADAR, title="Radar", categories="c0", values="n")
    report = replace(report, sheets=(replace(report.sheets[0], charts=(chart,), note="Read this"),))
    sheet = load_workbook(write_report(report, tmp_path / "wide.xlsx")).worksheets[0]
    found = re.search(r"\$A\$1:\$([A-Z])\$(\d+)$", str(sheet.print_area))
    assert found
    assert found[1] == "E", "the number, and four wide ones"
    begins = sheet._charts[0].anchor._from.row  # type: ignore[attr-defined]  # openpyxl has no other way to tell
    assert begins >= 3 + 4
    assert int(found[2]) * 17 >= begins * 17 + 420, "420 pixels, in rows of 17"
    footer = sheet.oddFooter
    assert footer is not None
    assert "not on paper: 4 columns" in str(footer.left.text)
