"""Worksheets as a reader opens them: the first begins with the report's sentence, each has a filter in its header."""

import re
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet


def header_row(sheet: Worksheet) -> int:
    """The number of the row with the header, which bears the filter; 1 where nothing does."""
    rows = re.findall(r"\d+", sheet.auto_filter.ref or "A1")
    return int(rows[0])


def table_rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The values from the header on."""
    return list(sheet.iter_rows(min_row=header_row(sheet), values_only=True))


def below_sentence(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows as calamine reads them, from the header on: below the blank row after the sentence."""
    blank = next(number for number, row in enumerate(rows) if not any(row))
    return rows[blank + 1 :]
