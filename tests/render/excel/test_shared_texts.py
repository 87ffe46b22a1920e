"""Texts of whole columns in a workbook's table of shared texts. Oracle: XlsxWriter's own way, a text at a time."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from cscli.render.excel.packing import PackedWorkbook
from cscli.render.excel.rows import InlineTexts, TableSheet, Texts, cell_text, inline_texts
from cscli.render.text.wide import text_width, told_width, widest

_COLUMNS: Sequence[Sequence[str | None]] = [
    ["a", None, "b", "a", "日本"],
    [],
    [None, None],
    ["a\u202eb", "ab", "c\x07", "a"],
    ["<r>x</r>", "<r>", "plain"],
    ["x" * 40_000, "x" * 16_384, "é" * 33_000, ""],
    ["two\nlines", "tab\there", "new"],
]


def one_by_one(sheet: TableSheet, texts: Sequence[str | None]) -> list[int]:
    share = sheet.str_table._get_shared_string_index
    return [-1 if text is None else share(cell_text(text)) for text in texts]


def test_the_table_of_texts_is_that_of_single_cells() -> None:
    fast, slow = (Workbook(BytesIO()).add_worksheet("a", TableSheet) for _ in range(2))
    for texts in _COLUMNS:
        assert fast.text_numbers(texts) == one_by_one(slow, texts)
    tables = fast.str_table, slow.str_table
    assert tables[0].string_table == tables[1].string_table
    assert [(table.count, table.unique_count) for table in tables] == [(18, 15)] * 2, (
        "counted by hand: 18 texts, 15 of them different"
    )


@pytest.mark.parametrize("texts", [["a", "abc", ""], ["日本", "abc"], ["é", "ab"], [], [""]])
def test_the_widest_is_that_of_each(texts: list[str]) -> None:
    assert widest(texts) == max(map(text_width, texts), default=0)


@pytest.mark.parametrize(
    "odd",
    ["plain", "a < b & c > 'd'", "日本", None, "", " first", "last ", "two\nlines", "_x0041_", "<r>x</r>", "c\x07", "a　b", "é" * 20_000],
)  # fmt: skip
def test_texts_in_their_cells_are_read_as_shared_ones_are(odd: str | None) -> None:
    """Oracles: the reading of openpyxl and of calamine, with the column shared as it is where there are fewer rows."""
    texts = [*(f"Company {number}" for number in range(1_200)), odd, None]
    read = []
    for is_inline in (True, False):
        packed = BytesIO()
        workbook = PackedWorkbook(packed, {})
        sheet = workbook.add_worksheet("a", TableSheet)
        cells = inline_texts(0, texts) if is_inline else None
        sheet.fill([cells or Texts(0, sheet.text_numbers(texts))], len(texts))
        workbook.close()
        by_calamine = (
            CalamineWorkbook.from_filelike(BytesIO(packed.getvalue())).get_sheet_by_index(0).to_python()
        )
        by_openpyxl = openpyxl.load_workbook(packed)["a"].iter_rows(values_only=True)
        read.append((list(by_openpyxl), by_calamine))
    assert read[0] == read[1]


def test_texts_are_in_their_cells_where_hardly_two_are_the_same() -> None:
    ids, plans = [f"A{number}" for number in range(1_000)], ["Team", "Business"] * 500
    assert inline_texts(3, ids) == InlineTexts(3, ids)
    assert inline_texts(3, ids[:999]) is inline_texts(3, plans) is inline_texts(3, [*ids, " a"]) is None


@pytest.mark.parametrize("enough", [2, 60])
@pytest.mark.parametrize("texts", [["a", None, "abc", ""], [], [None], ["日本", "a"], ["日本語"], [1.5, "a"]])
def test_a_width_that_is_told_is_the_widest_or_enough(texts: list[Any], enough: int) -> None:
    told = told_width(texts, enough)
    if told is None:
        assert texts[0] in ("日本語", 1.5, "日本")
        return
    assert told == widest([text for text in texts if text]) or enough <= told
