"""Parts of a workbook, against what XlsxWriter itself writes of the same cells."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

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


def test_a_file_is_at_most_a_fifth_larger_than_xlsxwriters(tmp_path: Path) -> None:
    texts = tuple(f"Company {number * 7919 % 10_000:05} K.K., since {number % 12}" for number in range(5_000))
    sizes = []
    for workbook in (PackedWorkbook, xlsxwriter.Workbook):
        packed = BytesIO()
        with workbook(packed, {"tmpdir": str(tmp_path)}) as book:
            book.add_worksheet().write_column(0, 0, texts)
        sizes.append(len(packed.getvalue()))
    assert sizes[0] <= 1.2 * sizes[1]
