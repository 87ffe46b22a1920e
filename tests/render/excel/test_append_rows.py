"""Rows added to a workbook: all else stays byte for byte, and other programs read the new rows."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from cscli.render.excel.books.append_rows import LAST_ROW, NotExtendableError, append_rows, extend_sheet

SHEET = "xl/worksheets/sheet2.xml"


def rich_workbook() -> bytes:
    """Two sheets; the second with a title column, a chart, sparkline, comment, dropdown and formula, and blank
    formatted rows below.
    """
    packed = io.BytesIO()
    workbook = xlsxwriter.Workbook(packed, {"in_memory": True})
    workbook.add_worksheet("Other").write("A1", "stays")
    sheet = workbook.add_worksheet("Typed & kept")
    bold, red = workbook.add_format({"bold": True}), workbook.add_format({"bg_color": "red"})
    sheet.write_row("B2", ["Account ID", "Note", "Trend"], bold)
    for row, name in enumerate(["A1", "A2", "A3"], start=2):
        sheet.write(row, 1, name, red if name == "A3" else bold)
        sheet.write(row, 2, f"note {name}")
        sheet.add_sparkline(row, 3, {"range": "Other!A1:C1"})
    sheet.write_comment("C3", "ask them")
    sheet.write_formula("F3", "=1+1", None, 2)
    sheet.data_validation("C3:C100", {"validate": "list", "source": [1, 2]})
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Other!$A$1:$A$2"})
    sheet.insert_chart("H2", chart)
    sheet.set_row(5, 39.75, red)  # blank, but with a height
    sheet.write_blank("C6", None, red)
    sheet.set_row(9, 50.25)
    workbook.close()
    return packed.getvalue()


def members(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_other_part_and_every_other_byte_of_the_sheet_stays() -> None:
    before = rich_workbook()
    after = append_rows(before, "Typed & kept", 2, [{1: "A4"}, {1: "A5", 2: "x"}])
    old, new = members(before), members(after)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == [SHEET]
    head, _, tail = old[SHEET].partition(b'<row r="6"')
    start, end = head.index(b"<sheetData>"), tail.index(b'<row r="10"')
    assert new[SHEET].count(head[start:]) == 1
    assert new[SHEET].endswith(tail[end:])
    assert b"sparkline" in new[SHEET]


@pytest.mark.filterwarnings("ignore:Sparkline Group extension:UserWarning")  # openpyxl drops them
def test_new_rows_stand_below_the_last_value_and_look_like_most_of_the_others() -> None:
    after = append_rows(rich_workbook(), "Typed & kept", 2, [{1: "A4", 2: "<&>"}, {1: "A5"}])
    book = openpyxl.load_workbook(io.BytesIO(after))
    sheet = book["Typed & kept"]
    assert [[cell.value for cell in row] for row in sheet["B2:C7"]] == [
        ["Account ID", "Note"], ["A1", "note A1"], ["A2", "note A2"], ["A3", "note A3"], ["A4", "<&>"], ["A5", None],
    ]  # fmt: skip
    assert sheet["B6"].font.bold  # as A1 and A2, not red as A3
    assert sheet["C6"].fill.fgColor.rgb == "FFFF0000"  # the blank cell that was there keeps its colour
    assert sheet.row_dimensions[6].height == 39.75
    assert sheet.row_dimensions[10].height == 50.25
    assert sheet["F3"].value == "=1+1"
    assert sheet["C3"].comment.text == "ask them"
    assert sheet.dimensions == "B2:F7"
    assert book["Other"]["A1"].value == "stays"


def test_a_sheet_with_a_prefix_and_cells_without_references() -> None:
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c></x:row><x:row><x:c/><x:c s="3"><x:v>1</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    after = extend_sheet(xml, 1, [{0: "a\x01b"}])
    added = b'<x:row r="3"><x:c r="A3" t="inlineStr"><x:is><x:t xml:space="preserve">ab</x:t></x:is></x:c><x:c r="B3" s="3"/></x:row>'
    assert after == xml.replace(b"</x:sheetData>", added + b"</x:sheetData>")


@pytest.mark.parametrize(
    "xml",
    [
        b"<worksheet><sheetData/></worksheet>",
        b"<worksheet><sheetData><row>",
        '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16"),
        f'<worksheet><sheetData><row r="{LAST_ROW}"><c><v>1</v></c></row></sheetData></worksheet>'.encode(),
        b'<worksheet><sheetData><row r="1"><c><v>1</v></c></row><row r="3"/><row r="2"/></sheetData></worksheet>',
    ],
    ids=["no rows", "cut off", "not UTF-8", "full", "out of order"],
)
def test_what_cannot_be_extended_without_harm_is_refused(xml: bytes) -> None:
    packed = io.BytesIO()
    rest = members(rich_workbook())
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in rest.items():
            archive.writestr(name, xml if name == SHEET else content)
    with pytest.raises(NotExtendableError):
        append_rows(packed.getvalue(), "Typed & kept", 1, [{0: "A"}])


@pytest.mark.parametrize("workbook", [b"no zip at all", b""])
def test_no_workbook_at_all_is_refused(workbook: bytes) -> None:
    with pytest.raises(NotExtendableError):
        append_rows(workbook, "Sheet1", 1, [{0: "A"}])
