"""Amounts such as 1.100: thousands of a book that writes them with a point, or a fraction of three digits."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity

_POINTED = re.compile(r"\D*\d{1,3}\.\d{3}\D*")
_WHOLE = re.compile(r"\D*\d{1,3}\D*")
_FEWEST = 3
_CODES_OF_MILLS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Their units have a thousand parts."""


def read_points(
    numbers: NDArray[np.float64], name: str, raw: RawTable, header: str, *, decimal_comma: bool
) -> tuple[NDArray[np.float64], list[Problem]]:
    """`numbers` of the money column `name` with 1.100 as 1,100 where that is sure, else missing (either reading is far wrong),
    and what is said of it. `decimal_comma`: the file writes its fractions with a comma.
    """
    found = _pointed(raw, header, decimal_comma=decimal_comma)
    if found is None:
        return numbers, []
    rows, is_sure = found
    first = int(np.argmax(rows))
    said = Problem(
        "data.points_are_thousands" if is_sure else "data.points_undecided",
        severity=Severity.WARNING if is_sure else Severity.ERROR,
        where=raw.locate(first, header),
        value=str(raw.column(header)[first]),
        details={"name": name, "count": int(rows.sum())},
    )
    return np.where(rows, numbers * 1e3 if is_sure else np.nan, numbers), [said]


def _pointed(raw: RawTable, header: str, *, decimal_comma: bool) -> tuple[NDArray[np.bool_], bool] | None:
    """The cells that are written as 1.100 where no other cell has a fraction, and whether they are thousands for sure: the
    file has decimal commas elsewhere, or whole numbers stand beside them. None where the column has fewer than three.
    """
    cells = raw.column(header)
    texts = {cell for cell in cells.tolist() if type(cell) is str}
    if not any("." in text for text in texts):
        return None
    plain = {text: unicodedata.normalize("NFKC", text) for text in texts}
    pointed = {text for text in texts if _POINTED.fullmatch(plain[text])}
    others = [text for text in texts - pointed if re.search(r"\d", plain[text])]
    if not pointed or any("." in plain[text] or "," in plain[text] for text in others):
        return None
    found = np.array([type(cell) is str and cell in pointed for cell in cells], dtype=bool)
    if found.sum() < (1 if decimal_comma else _FEWEST) or _has_mills(raw):
        return None
    whole = any(_WHOLE.fullmatch(plain[text]) for text in others) or any(
        isinstance(cell, int | float) for cell in cells
    )
    return found, decimal_comma or whole


def _has_mills(raw: RawTable) -> bool:
    return any(
        isinstance(cell, str) and cell.strip().upper() in _CODES_OF_MILLS
        for column in raw.columns
        for cell in column[:50]
    )
