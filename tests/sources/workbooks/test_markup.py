"""HTML tables and XML spreadsheets under the name of a workbook, as CRMs save them; cells read by hand."""

from datetime import date
from pathlib import Path

import pytest

from cscli.errors import DataError
from cscli.sources import read_table
from cscli.texts import problem_message

TABLE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><style>td {{}}</style>
</head><body><table border=1><tr><th>Account ID</th><th>Account Name</th><th>Amount</th></tr>
<tr><td>00123</td><td>Crédito &amp; Co.<br>Lima</td><td>1,234.50</td></tr>
<tr><td>00124<td>B&#233;ta<td></tr></table></body></html>"""


def write(folder: Path, content: str, encoding: str = "utf-8", name: str = "report.xls") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path, "accounts")
    problem = caught.value.problems[0]
    assert problem_message(problem, "en")
    assert problem_message(problem, "ja")
    return problem.code


@pytest.mark.parametrize(("encoding", "charset"), [("utf-8", "utf-8"), ("cp1252", "windows-1252")])
def test_html_table_named_xls(tmp_path: Path, encoding: str, charset: str) -> None:
    table = read_table(write(tmp_path, TABLE.format(charset=charset), encoding), "accounts")
    assert table.headers == ("Account ID", "Account Name", "Amount")
    assert [list(column) for column in table.columns] == [
        ["00123", "00124"],
        ["Crédito & Co. Lima", "Béta"],
        ["1,234.50", None],
    ]
    assert table.facts.form == "html"
    assert [problem.code for problem in table.problems] == ["reading.form_differs"]


def test_html_with_merged_group_headers(tmp_path: Path) -> None:
    page = """<table><tr><td rowspan=2>id</td><td colspan=2>2025</td><td colspan=2>2026</td></tr>
    <tr><td>mrr</td><td>seats</td><td>mrr</td><td>seats</td></tr><tr><td>A1</td><td>1</td><td>2</td><td>3</td>
    <td>4</td></tr></table>"""
    table = read_table(write(tmp_path, page.replace(">2025", ">FY25").replace(">2026", ">FY26")), "accounts")
    assert table.headers == ("id", "FY25 mrr", "FY25 seats", "FY26 mrr", "FY26 seats")
    assert [column[0] for column in table.columns] == ["A1", "1", "2", "3", "4"]
    assert "reading.header_joined" in [problem.code for problem in table.problems]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><body><form><input type=password></form></body></html>", "reading.markup"),
        (TABLE.format(charset="utf-8").replace("<body>", "<body><input type='password'>"), "reading.markup"),
        ("<html><body><p>Session expired</p></body></html>", "reading.markup"),
        ("<html>" + 2 * TABLE[TABLE.index("<table") : TABLE.index("</body")], "reading.several_tables"),
        ("<?xml version='1.0'?><error>denied</error>", "reading.markup"),
    ],
)
def test_pages_that_are_no_table_are_refused(tmp_path: Path, page: str, code: str) -> None:
    assert refusal(write(tmp_path, page)) == code


def test_html_named_csv_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, TABLE.format(charset="utf-8"), name="report.csv")) == "reading.markup"


def test_layout_tables_around_the_table_do_not_count(tmp_path: Path) -> None:
    page = TABLE.format(charset="utf-8").replace(
        "<table", "<table><tr><td>Report</td><td></td></tr><tr><td><table"
    )
    page = page.replace("</table>", "</table></td></tr></table>")
    assert read_table(write(tmp_path, page), "accounts").columns[0].tolist() == ["00123", "00124"]


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Accounts"><Table>
<Row><Cell><Data ss:Type="String">id</Data></Cell><Cell><Data ss:Type="String">mrr</Data></Cell>
<Cell><Data ss:Type="String">since</Data></Cell><Cell><Data ss:Type="String">vip</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">00123</Data></Cell><Cell><Data ss:Type="Number">10.5</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-01-31T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data ss:Type="String">A2</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Boolean">0</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_xml_spreadsheet_named_xls(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, XML), "accounts")
    assert table.headers == ("id", "mrr", "since", "vip")
    assert [list(column) for column in table.columns] == [
        ["00123", "A2"],
        [10.5, None],
        [date(2026, 1, 31), None],
        [True, False],
    ]
    assert table.lines.tolist() == [2, 4]
    errors = [problem for problem in table.problems if problem.code == "reading.error_cell"]
    assert [(error.where.line, error.where.column, error.value) for error in errors] == [(4, "mrr", "#N/A")]


def test_xml_bombs_and_broken_xml_are_refused(tmp_path: Path) -> None:
    bomb = XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aa">]><Workbook', 1).replace("00123", "&a;")
    assert refusal(write(tmp_path, bomb)) == "reading.damaged_workbook"
    assert refusal(write(tmp_path, XML[:-40])) == "reading.damaged_workbook"
    assert refusal(write(tmp_path, XML.replace('ss:Index="4"', 'ss:Index="99999999"'))) == "reading.too_large"
