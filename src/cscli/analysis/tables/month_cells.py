"""Cells of a column of months, such as 2026-01, 202601 or 2026年1月, to cells that read as that month's first day."""

import re
import unicodedata

import numpy as np
import pandas as pd

from cscli.analysis.tables.numbers import ObjectArray

_MONTH = re.compile(r"((?:19|20)\d{2})(?:\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*月?度?|(0[1-9]|1[0-2]))\Z")


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
    match = _MONTH.match(text)
    return f"{match[1]}-{int(match[2] or match[3]):02d}-01" if match else cell
