"""Cells of a column to what they look like: full-width digits, currency signs, text among numbers, mixed dates."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.numbers import MISSING_MARKS
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Scope, Severity
from cscli.fields import FieldType
from cscli.texts import Listed, Phrase

_CURRENCY = re.compile("[¥￥\\\\$€£円]|JPY|USD|EUR|GBP")
_DIGITS = re.compile(r"\d+")
_TIME = re.compile(r"[T\s]\d{1,2}:\d{2}.*")

_Test = Callable[[str], bool]


def find_forms(raw: RawTable, typed: TypedTable) -> Iterator[Problem]:
    """A note for each way in which cells of numbers and dates differ from plain ones, with count and first row."""
    for column in typed.columns:
        header = column.mapped.header
        cells = raw.column(header)
        texts = np.fromiter((type(cell) is str for cell in cells), bool, len(cells))
        if column.type in (FieldType.NUMBER, FieldType.DATE) and texts.any():
            yield from _find_marks(raw, header, texts)
            find = _find_number_forms if column.type is FieldType.NUMBER else _find_date_forms
            yield from find(raw, header, texts)


def _find_marks(raw: RawTable, header: str, texts: NDArray[np.bool_]) -> Iterator[Problem]:
    yield from _say(raw, header, "check.read_as_missing", _where(raw, header, texts, _is_mark))


def _find_number_forms(raw: RawTable, header: str, texts: NDArray[np.bool_]) -> Iterator[Problem]:
    wide = _where(raw, header, texts, _has_wide_digits)
    yield from _say(raw, header, "check.wide_digits", wide)
    signs = _where(raw, header, texts, lambda cell: _CURRENCY.search(cell) is not None)
    yield from _say(raw, header, "check.currency_signs", signs)
    if any(type(cell) in (int, float) for cell in raw.column(header)):
        plain = _where(raw, header, texts, lambda cell: not _is_mark(cell))
        yield from _say(raw, header, "check.text_numbers", plain)


def _find_date_forms(raw: RawTable, header: str, texts: NDArray[np.bool_]) -> Iterator[Problem]:
    cells = raw.column(header)
    written = _where(raw, header, texts, lambda cell: bool(cell.strip()) and not _is_mark(cell))
    if any(cell is not None and type(cell) is not str for cell in cells):
        yield from _say(raw, header, "check.text_dates", written)
    shapes = Counter(_shape(cells[row]) for row in written)
    if len(shapes) > 1:
        firsts = {_shape(cells[row]): str(cells[row]).strip() for row in reversed(written)}
        ranked = sorted(shapes.items(), key=lambda entry: (-entry[1], entry[0]))
        listed = Listed(tuple(Phrase("cells_like", (firsts[shape], count)) for shape, count in ranked[:3]))
        place = raw.locate(header=header)
        yield Problem(
            "check.date_forms",
            severity=Severity.NOTE,
            where=place,
            value=firsts[ranked[0][0]],
            details={"count": len(shapes), "forms": listed},
            scope=Scope.READING,
        )


def _where(raw: RawTable, header: str, texts: NDArray[np.bool_], is_such: _Test) -> list[int]:
    """The rows of the `texts` that are such; each different cell is looked at once."""
    rows = np.flatnonzero(texts)
    cells = raw.column(header)[rows].tolist()
    such = {cell for cell in dict.fromkeys(cells) if is_such(cell)}
    return [row for row, cell in zip(rows.tolist(), cells, strict=True) if cell in such] if such else []


def _say(raw: RawTable, header: str, code: str, rows: list[int]) -> Iterator[Problem]:
    if rows:
        example = str(raw.column(header)[rows[0]]).strip()
        place = raw.locate(rows[0], header)
        yield Problem(
            code,
            severity=Severity.NOTE,
            where=place,
            value=example,
            details={"count": len(rows)},
            scope=Scope.READING,
        )


def _is_mark(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell).strip().casefold() in MISSING_MARKS


def _has_wide_digits(cell: str) -> bool:
    return not cell.isascii() and any(character in "０１２３４５６７８９" for character in cell)


def _shape(cell: str) -> str:
    """2026/1/31 and 2026/12/1 have one shape, 2026年1月31日 has another."""
    return _DIGITS.sub("9", _TIME.sub("", unicodedata.normalize("NFKC", cell).strip()))
