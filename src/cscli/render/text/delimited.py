"""A report's first sheet as CSV (RFC 4180, UTF-8 with BOM) that a spreadsheet program cannot take for formulas."""

import csv
import re
from pathlib import Path

from cscli.render.text.cells import date_texts, is_date, is_number, number_texts, without_directions
from cscli.reports.kit.model import Report, Values

_SKIPPED = " \u00a0\u3000\ufeff\u200b\0\"'"
_STARTERS = tuple("=+-@\t\r\n＝＋－＠")
# Numbers, telephone numbers and rows of dashes. Possessive, so that no text takes more than linear time.
_HARMLESS = re.compile(
    r"[+-]?\d++(\.\d++)?([eE][+-]?\d++)?%?|[+-]?(?=[\s().,-]*\d)[\d\s().,-]++%?|-++", re.ASCII
)


def write_delimited(report: Report, path: Path) -> None:
    sheet = report.sheets[0]
    columns = [column_texts(values) for values in sheet.values]
    # A lone surrogate, which no text file can hold, becomes a question mark.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.id for column in sheet.columns])
        writer.writerows(zip(*columns, strict=True))


def column_texts(values: Values) -> list[str]:
    """The cells of a column as they stand in the file."""
    if is_number(values):
        return number_texts(values, "")
    if is_date(values):
        return date_texts(values, "")
    return [_cell_text(value) for value in values.tolist()]


def _cell_text(value: str | float | None) -> str:
    if value is None:
        return ""
    return (
        escape_formula(without_directions(value))
        if isinstance(value, str)
        else repr(value).removesuffix(".0")
    )


def escape_formula(text: str) -> str:
    """The text with `'` before it if a spreadsheet program might compute it. Taking away the `'` of
    a text whose rest needs one gives the text back.
    """
    if text.lstrip(_SKIPPED).startswith(_STARTERS) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text
