"""Arrays of a report as text: shortest numbers, ISO dates, and text without what cannot be shown."""

import re

import numpy as np

from cscli.reports.kit.model import Values

_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Marks that turn the direction of what follows: a name could rewrite the row around it.
_CONTROLS = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)

_EXACT = 2.0**53


def is_number(values: Values) -> bool:
    return values.dtype.kind in "fiub"


def is_date(values: Values) -> bool:
    return values.dtype.kind == "M"


def one_value(values: Values, row: int) -> Values:
    """The value of a row; among texts, a number (or nothing) as a number."""
    one = values[row : row + 1]
    return one if isinstance(one[0], str) else one.astype(np.float64)


def number_texts(values: Values, missing: str) -> list[str]:
    """The shortest text that reads back as the same number, whole ones without a point."""
    numbers = values.astype(np.float64) + 0.0  # -0.0 becomes 0.0
    if (np.abs(numbers) < _EXACT).all() and (numbers == np.trunc(numbers)).all():
        return list(map(str, numbers.astype(np.int64).tolist()))
    texts = [text.removesuffix(".0") for text in map(repr, numbers.tolist())]
    for row in np.flatnonzero(~np.isfinite(numbers)).tolist():
        texts[row] = missing
    return texts


def date_texts(values: Values, missing: str) -> list[str]:
    """ISO dates."""
    texts: list[str] = np.datetime_as_string(values.astype("datetime64[D]")).tolist()
    for row in np.flatnonzero(np.isnat(values)).tolist():
        texts[row] = missing
    return texts


def without_directions(text: str) -> str:
    """Without the marks that turn the direction of what follows; all else stays as it is."""
    return text if text.isprintable() else _DIRECTIONS.sub("", text)


def without_controls(text: str) -> str:
    """Without control characters (tab and line feed stay), marks that turn the direction of what follows, lone
    surrogates and non-characters.
    """
    return text if text.isprintable() else _CONTROLS.sub("", text)
