"""Columns of a frame as the page reads them: short numbers, missing as null, texts through a dictionary."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.reports.dashboard.model import Json
from cscli.reports.kit.looks import Look
from cscli.reports.kit.model import Meaning

_EXACT = 2.0**53


def numbers(values: NDArray[np.float64], decimals: int) -> list[Json]:
    """Rounded, whole ones without a point, missing as null."""
    rounded = np.round(np.asarray(values, np.float64), decimals) + 0.0
    return [_short(value) for value in rounded.tolist()]


def counts(values: NDArray[np.float64]) -> list[Json]:
    """Whole numbers, missing as null."""
    return numbers(values, 0)


def _short(value: float) -> Json:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def as_shown(values: NDArray[np.float64], look: Look | None) -> list[Json]:
    """Numbers with as many digits as people see of them: the page writes them as every other report does."""
    meaning, decimals = (look.meaning, look.decimals) if look else (Meaning.NUMBER, None)
    size = np.abs(values)
    if decimals is not None:
        places = np.full(len(values), decimals + (2 if meaning is Meaning.SHARE else 0))
    elif meaning is Meaning.SHARE:
        places = np.where(size >= 0.01, 2, 3)
    elif meaning in (Meaning.DAYS, Meaning.MONEY):
        places = np.zeros(len(values), dtype=np.intp)
    else:
        places = np.where(size >= 1000, 0, np.where(size >= 10, 1, 2))
    return [
        _short(round(value, int(place))) if np.isfinite(value) else None
        for value, place in zip(values.tolist(), places.tolist(), strict=True)
    ]


def words(values: "pd.Series[Any]", labels: Mapping[str, str] | None = None) -> dict[str, Json]:
    """Texts as `w`, the distinct ones in their order, and `a`, of each account which of them (-1: missing). `labels`: what
    people read for a value; its order is that of the values, then the others by the alphabet.
    """
    texts = values.astype(object).where(values.notna(), None)
    there = sorted({str(value) for value in texts if value is not None})
    known = [value for value in labels or {} if value in there]
    order = [*known, *(value for value in there if value not in known)]
    place = {value: at for at, value in enumerate(order)}
    return {
        "w": [(labels or {}).get(value, value) for value in order],
        "a": [-1 if value is None else place[str(value)] for value in texts],
    }


def days_from(values: "pd.Series[Any]", as_of: dt.date) -> list[Json]:
    """Dates as days after `as_of`, missing as null."""
    days = pd.to_datetime(values).to_numpy("datetime64[D]")
    return day_numbers(days, as_of)


def day_numbers(days: NDArray[np.datetime64], as_of: dt.date) -> list[Json]:
    """The same of an array."""
    apart = (days.astype("datetime64[D]") - np.datetime64(as_of, "D")).astype(np.float64)
    apart[np.isnat(days)] = np.nan
    return counts(apart)


def plain_text(value: object) -> str | None:
    """A text that is there."""
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload] # any cell


def by_row(pairs: Sequence[tuple[int, Json]]) -> dict[str, Json]:
    """Values of a few accounts by their places on the page, as JSON has keys."""
    return {str(row): value for row, value in sorted(pairs, key=lambda pair: pair[0])}
