"""Cells of a spreadsheet to dates; the order of day and month is decided from the whole column or not at all."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.numbers import MISSING_MARKS, ObjectArray

Dates = NDArray[np.datetime64]

_TIME = r"(?:[T\s]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\Z"
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_MONTH_NAME = re.compile(r"(\d{1,2})[-\s.]+([A-Za-z]{3,9})\.?[-\s,.]+(\d{4})" + _TIME)
_NAME_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})" + _TIME)
_ERA = re.compile(r"(令和|平成|昭和|[RHS])\s*(\d{1,2}|元)\s*[年./]\s*(\d{1,2})\s*[月./]\s*(\d{1,2})\s*日?\Z")
_SERIAL = re.compile(r"\d{5}(\.\d+)?\Z")
_ERA_START = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL_DAY_0 = dt.date(1899, 12, 30)
_LAST_SERIAL = 2_958_465  # 9999-12-31
_MISSING = np.datetime64("NaT", "us")


class Order(StrEnum):
    """How day and month stand in dates such as 1/2/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    AMBIGUOUS = "ambiguous"
    MIXED = "mixed"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class ParsedDates:
    """datetime64[us] `values` at midnight (NaT: missing), the mask `bad`, and what was assumed. `undecided`: the
    bad ones that would be dates if the order of day and month were known.
    """

    values: Dates
    bad: NDArray[np.bool_]
    undecided: NDArray[np.bool_]
    order: Order = Order.NONE
    serials: int = 0


def parse_dates(cells: ObjectArray, pattern: str | None = None, zone: ZoneInfo | None = None) -> ParsedDates:
    """The days in `cells`: dates, ISO and other texts, Excel serials; `pattern` (strptime) pins the form.

    A time with an offset is the day it was in `zone`; without a zone, the day as written.
    An order that cannot be told leaves every such cell bad, with the reason in `order`.
    """
    codes, uniques = pd.factorize(cells)
    texts = [_folded(cell) for cell in uniques if isinstance(cell, str)]
    order = Order.NONE if pattern else _find_order(texts)
    reader = _Reader(pattern, order, zone)
    days = [reader.read(cell) for cell in uniques]
    known = np.array([_MISSING if day is None else np.datetime64(day, "us") for day in days] + [_MISSING])
    absent = np.array([_is_absent(cell) for cell in uniques] + [True])
    values = known[codes].astype("datetime64[us]")
    serial = np.array([not pattern and _is_serial(cell) for cell in uniques] + [False])[codes] & ~np.isnat(
        values
    )
    bad = np.isnat(values) & ~absent[codes]
    no_order = order in (Order.AMBIGUOUS, Order.MIXED)
    open_ = np.array([no_order and _needs_order(cell) for cell in uniques] + [False])[codes]
    return ParsedDates(values, bad, bad & open_, order, int(serial.sum()))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _is_absent(cell: object) -> bool:
    if not isinstance(cell, str):
        return cell is None
    folded = _folded(cell).casefold()
    return not folded or folded in MISSING_MARKS


def _needs_order(cell: object) -> bool:
    match = _YEAR_LAST.match(_folded(cell)) if isinstance(cell, str) else None
    return match is not None and match[2] != "."


def _is_serial(cell: object) -> bool:
    if isinstance(cell, str):
        return _SERIAL.match(_folded(cell)) is not None
    return isinstance(cell, float | int) and cell <= _LAST_SERIAL


def _find_order(texts: list[str]) -> Order:
    pairs = [
        (int(match[1]), int(match[3]))
        for text in texts
        if (match := _YEAR_LAST.match(text)) and match[2] != "."
    ]
    if not pairs:
        return Order.NONE
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first and month_first:
        return Order.MIXED
    if day_first or month_first:
        return Order.DAY_FIRST if day_first else Order.MONTH_FIRST
    return Order.DAY_FIRST if all(first == second for first, second in pairs) else Order.AMBIGUOUS


@dataclass(frozen=True, slots=True)
class _Reader:
    pattern: str | None
    order: Order
    zone: ZoneInfo | None

    def read(self, cell: object) -> dt.date | None:
        """The day in `cell`, or None."""
        if isinstance(cell, dt.datetime):
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        try:
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                return _from_number(float(cell))
            return self._from_text(_folded(cell)) if isinstance(cell, str) else None
        except (ValueError, OverflowError):
            return None

    def _from_text(self, text: str) -> dt.date | None:
        if self.pattern:
            return dt.datetime.strptime(text, self.pattern).date()  # noqa: DTZ007 - only the day is used
        if match := _YEAR_FIRST.match(text) or _COMPACT.match(text):
            return self._moved(match, dt.date(int(match[1]), int(match[2]), int(match[3])))
        if match := _YEAR_LAST.match(text):
            return self._moved(match, self._year_last(match))
        if match := _MONTH_NAME.match(text):
            return self._moved(match, dt.date(int(match[3]), _month(match[2]), int(match[1])))
        if match := _NAME_FIRST.match(text):
            return self._moved(match, dt.date(int(match[3]), _month(match[1]), int(match[2])))
        if _SERIAL.match(text):
            return _from_number(float(text))
        if match := _ERA.match(text):
            year = 1 if match[2] == "元" else int(match[2])
            return dt.date(_ERA_START[match[1]] + year, int(match[3]), int(match[4]))
        return None

    def _year_last(self, match: re.Match[str]) -> dt.date | None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        if match[2] == "." or self.order is Order.DAY_FIRST:
            return dt.date(year, second, first)
        return dt.date(year, first, second) if self.order is Order.MONTH_FIRST else None

    def _moved(self, match: re.Match[str], day: dt.date | None) -> dt.date | None:
        """`day` as the calendar of `zone` has it, where the text bears a time with an offset."""
        if day is None or self.zone is None or not match["zone"]:
            return day
        offset = "+00:00" if match["zone"] in ("Z", "UTC", "GMT") else match["zone"]
        time = match["time"] if match["time"][2] == ":" else "0" + match["time"]
        return dt.datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(self.zone).date()


def _from_number(number: float) -> dt.date | None:
    """An Excel serial, or a date written as the number 20260131."""
    if 1 <= number <= _LAST_SERIAL:
        return _SERIAL_DAY_0 + dt.timedelta(days=int(number))
    if number.is_integer() and 19_000_101 <= number <= 22_001_231:
        return dt.date(int(number) // 10_000, int(number) // 100 % 100, int(number) % 100)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].casefold()) + 1
