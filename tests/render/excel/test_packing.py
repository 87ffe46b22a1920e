"""Parts of a workbook, against what XlsxWriter itself writes of the same cells."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from cscli.render.excel import packing
from cscli.render.excel.packing import PackedWorkbook

TEXTS = (
    "plain",
    "株式会社サンプル 😀",
    " leading",
    "trailing　",
    "\tinside\t",
    "two\nlines",
    "a < b & c > 'd' \"e\"",
    "_x0041_",
    "bell \x07",
    "\ufffe",
    "<r>bold</r>",
    "<r",
    "",
)


def parts(workbook: type, texts: tuple[str, ...], folder: Path) -> dict[str, bytes]:
    """The parts of a workbook with `texts` in a column, by name in their order."""
    packed = BytesIO()
    with workbook(packed, {"tmpdir": str(folder), "strings_to_formulas": False}) as book:
        book.add_worksheet("ページ").write_column(0, 0, texts)
    with zipfile.ZipFile(packed) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


@pytest.mark.parametrize("more", [0, 4_200], ids=["few", "many"])
@pytest.mark.parametrize("odd", [*TEXTS, None])
def test_parts_are_those_of_xlsxwriter(tmp_path: Path, odd: str | None, more: int) -> None:
    texts = (*(f"text {number} & more" for number in range(more)), *((odd,) if odd is not None else TEXTS))
    found = parts(PackedWorkbook, texts, tmp_path)
    assert found == parts(xlsxwriter.Workbook, texts, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("many", "most"), [(10**6, 1.5), (100, 1.2)], ids=["few cells", "many cells"])
def test_a_file_of_many_cells_is_at_most_a_fifth_larger_than_xlsxwriters(
    many: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_MANY_CELLS", many)
    texts = tuple(f"Company {number * 7919 % 10_000:05} K.K., since {number % 12}" for number in range(5_000))
    sizes = []
    for workbook in (PackedWorkbook, xlsxwriter.Workbook):
        packed = BytesIO()
        with workbook(packed, {}) as book:
            book.add_worksheet().write_column(0, 1, texts)
        sizes.append(len(packed.getvalue()))
    assert sizes[0] <= most * sizes[1]


def test_parts_that_may_be_huge_are_read_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their entries have the longer sizes of ZIP64. Oracles: openpyxl and calamine."""
    monkeypatch.setattr(packing, "_VERY_MANY_CELLS", 0)
    packed = BytesIO()
    with PackedWorkbook(packed, {"use_zip64": True}) as book:
        book.add_worksheet().write_column(0, 0, ["a", "b"])
    assert [cell.value for (cell,) in openpyxl.load_workbook(packed).worksheets[0].iter_rows()] == ["a", "b"]
    packed.seek(0)
    assert CalamineWorkbook.from_filelike(packed).get_sheet_by_index(0).to_python() == [["a"], ["b"]]


def test_nothing_is_written_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow disk, or one that others read, is not asked."""
    monkeypatch.setattr("tempfile.mkstemp", lambda *_args, **_named: pytest.fail("a file of its own"))
    with PackedWorkbook(BytesIO(), {}) as book:
        book.add_worksheet().write_column(0, 0, ["a" * 30_000 + str(number) for number in range(20)])
