"""Texts of whole columns in a workbook's table of shared texts. Oracle: XlsxWriter's own way, a text at a time."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from cscli.render.excel.rows import TableSheet, cell_text
from cscli.render.text.wide import text_width, widest

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
