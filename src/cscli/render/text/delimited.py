"""A report's first sheet as CSV (RFC 4180, UTF-8 with BOM) that a spreadsheet program cannot take for formulas."""

import csv
import re
from pathlib import Path

from cscli.render.text.cells import date_texts, is_date, is_number, number_texts, without_directions
from cscli.reports.kit.model import Report, Values

_BLOCK_ROWS = 1 << 14
_SKIPPED = " \u00a0\u3000\ufeff\u200b\0\"'"
_STARTERS = tuple("=+-@\t\r\n＝＋－＠")
# Numbers, telephone numbers and rows of dashes. Possessive, so that no text takes more than linear time.
_HARMLESS = re.compile(
    r"[+-]?\d++(\.\d++)?([eE][+-]?\d++)?%?|[+-]?(?=[\s().,-]*\d)[\d\s().,-]++%?|-++", re.ASCII
)


def write_delimited(report: Report, path: Path) -> None:
    sheet = report.sheets[0]
    # A lone surrogate, which no text file can hold, becomes a question mark.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.id for column in sheet.columns])
        for start in range(0, len(sheet), _BLOCK_ROWS):  # the texts of a large book would not fit beside it
            block = [column_texts(values[start : start + _BLOCK_ROWS]) for values in sheet.values]
            writer.writerows(zip(*block, strict=True))


def column_texts(values: Values) -> list[str]:
    """The cells of a column as they stand in the file."""
    if is_number(values):
        return number_texts(values, "")
    if is_date(values):
        return date_texts(values, "")
    cells = values.tolist()
    texts = {cell: escape_formula(without_directions(cell)) for cell in set(cells) if isinstance(cell, str)}
    return [texts[cell] if isinstance(cell, str) else _number_text(cell) for cell in cells]


def _number_text(value: float | None) -> str:
    return "" if value is None else repr(value).removesuffix(".0")


def escape_formula(text: str) -> str:
    """The text with `'` before it if a spreadsheet program might compute it. Taking away the `'` of
    a text whose rest needs one gives the text back.
    """
    if text.lstrip(_SKIPPED).startswith(_STARTERS) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text
