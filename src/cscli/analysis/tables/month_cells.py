"""Cells of a column of months, such as 2026-01, 202601 or 2026年1月, to cells that read as that month's first day."""

import re
import unicodedata

import numpy as np
import pandas as pd

from cscli.analysis.tables.numbers import ObjectArray

_MONTH = re.compile(r"((?:19|20)\d{2})(?:\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*月?度?|(0[1-9]|1[0-2]))\Z")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])\s*[-/.]\s*((?:19|20)\d{2})\Z")
_MONTH_NAME = re.compile(r"([A-Za-z]{3,9})\.?[-\s,']*((?:19|20)?\d{2})\Z")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def complete_months(cells: ObjectArray) -> ObjectArray:
    """`cells`, with a day where only year and month stand; everything else as it is."""
    codes, uniques = pd.factorize(cells)
    completed = np.empty(len(uniques) + 1, dtype=object)
    completed[:-1] = [_complete(cell) for cell in uniques]
    completed[-1] = None
    return completed[codes]


def _complete(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    elif isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip()
    else:
        return cell
    month = read_month(text)
    return f"{month}-01" if month else cell


def read_month(text: str) -> str | None:
    """The month that `text` is, as YYYY-MM: 2026-01, 202601, 2026年1月, 01/2026, Jan 2026, Jan-26; else None."""
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _MONTH.match(text):
        return f"{match[1]}-{int(match[2] or match[3]):02d}"
    if match := _MONTH_FIRST.match(text):
        return f"{match[2]}-{int(match[1]):02d}"
    match = _MONTH_NAME.match(text)
    if match is None or match[1][:3].casefold() not in _NAMES:
        return None
    year = int(match[2]) if len(match[2]) == 4 else 2000 + int(match[2])
    return f"{year}-{_NAMES.index(match[1][:3].casefold()) + 1:02d}"
