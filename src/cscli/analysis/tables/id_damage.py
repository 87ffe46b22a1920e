"""Ids that a spreadsheet has damaged: long ones turned into 1.23E+11, and ones that lost their leading zeros."""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.numbers import ObjectArray
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,}", re.IGNORECASE)
_SHOWN = 3
_LEADING_ZERO = re.compile(r"\s*[+-]?[0０]\d")
_ANY_LEADING_ZERO = re.compile(r"^\s*[+-]?[0０]\d", re.MULTILINE)
_WHOLE = re.compile(r"\d{6,}")
_CODE = re.compile(r"(?=[^a-z]*[a-z])(?=\D*\d)[0-9a-z_-]{5,}", re.IGNORECASE)


def find_damaged_ids(raw: RawTable, header: str, ids: ObjectArray) -> tuple[Problem, ...]:
    """Problems of the text ids in column `header`: an ERROR for each id in scientific notation, one WARNING
    for ids of digits that are shorter than the zero-padded ones beside them.
    """
    if not any(map(_could_be_damaged, ids)):
        return ()
    scientific = [
        Problem("data.id_scientific", where=raw.locate(row, header), value=text)
        for row, text in enumerate(ids)
        if text is not None and "+" in text and _SCIENTIFIC.fullmatch(text)
    ]
    return (*scientific, *_find_lost_zeros(raw, header, ids))


def are_codes(cells: ObjectArray, bad: NDArray[np.bool_]) -> bool:
    """Whether the cells of a column, of which those `bad` are no numbers, are keys written in digits: with zeros in front,
    or whole, long and of one length, with codes of letters and digits among them (3136178a).
    """
    texts = [cell for cell in cells if type(cell) is str]
    # One look at the whole column takes a tenth of the time.
    if _ANY_LEADING_ZERO.search("\n".join(texts)) and any(map(_LEADING_ZERO.match, texts)):
        return True
    if not bad.any() or not all(type(cell) is str and _CODE.fullmatch(cell) for cell in cells[bad]):
        return False
    others = [cell for cell in cells[~bad] if cell is not None]
    return len(set(map(len, map(str, others)))) == 1 and all(_WHOLE.fullmatch(str(cell)) for cell in others)


def _could_be_damaged(text: str | None) -> bool:
    return text is not None and ("+" in text or text[0] == "0")


def _find_lost_zeros(raw: RawTable, header: str, ids: ObjectArray) -> tuple[Problem, ...]:
    """Only where every padded id has one width and no id of digits is wider: then a shorter one is odd."""
    digits = [(row, text) for row, text in enumerate(ids) if text and text.isascii() and text.isdigit()]
    padded = Counter(len(text) for _, text in digits if text[0] == "0")
    if len(padded) != 1:
        return ()
    width = next(iter(padded))
    if width < 2 or any(len(text) > width for _, text in digits):
        return ()
    short = [(row, text) for row, text in digits if len(text) < width]
    if not short:
        return ()
    details = {"count": len(short), "width": width, "example": short[0][1].zfill(width)}
    shown = ", ".join(text for _, text in short[:_SHOWN])
    return (
        Problem(
            "data.id_lost_zeros",
            severity=Severity.WARNING,
            where=raw.locate(short[0][0], header),
            value=shown,
            details=details,
        ),
    )
