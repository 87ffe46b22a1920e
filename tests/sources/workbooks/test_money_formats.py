"""Currencies that only the number formats of cells name, in workbooks of two writers."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cscli.sources import read_table

FORMATS = {
    "[$€-407] #,##0.00": "EUR",
    "[$$-409]#,##0.00": "USD",
    '"¥"#,##0': "JPY",
    "#,##0 [$CHF]": "CHF",
    "#,##0.00": None,
    '0.0" units"': None,
}


def by_openpyxl(path: Path, formats: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Account ID", "MRR"])
    for at, form in enumerate(formats):
        sheet.append([f"A{at}", 100 + at])
        sheet.cell(at + 2, 2).number_format = form
    book.save(path)


def by_xlsxwriter(path: Path, formats: list[str]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Account ID", "MRR"])
        for at, form in enumerate(formats):
            sheet.write(at + 1, 0, f"A{at}")
            sheet.write(at + 1, 1, 100 + at, book.add_format({"num_format": form}))


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
def test_what_formats_show_is_known_by_row(tmp_path: Path, write: object) -> None:
    path = tmp_path / "accounts.xlsx"
    forms = [*FORMATS, "[$€-407] #,##0.00"]
    write(path, forms)  # type: ignore[operator]
    table = read_table(path, "accounts")
    most, others = table.signs["MRR"]
    shown = [others.get(line, most) for line in table.lines.tolist()]
    wanted = [FORMATS[form] for form in forms]
    assert [code for code, named in zip(shown, wanted, strict=True) if named] == [
        code for code in wanted if code
    ]
    assert most == "EUR", "a cell without a sign is in the currency of most"


def test_a_book_without_signs_has_none(tmp_path: Path) -> None:
    by_openpyxl(tmp_path / "plain.xlsx", ["#,##0.00"] * 3)
    assert read_table(tmp_path / "plain.xlsx", "accounts").signs == {}
