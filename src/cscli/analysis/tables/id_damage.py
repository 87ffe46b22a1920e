"""Ids that a spreadsheet has damaged: long ones turned into 1.23E+11, and ones that lost their leading zeros."""

import re
from collections import Counter

from cscli.analysis.tables.numbers import ObjectArray
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,}", re.IGNORECASE)
_SHOWN = 3


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
