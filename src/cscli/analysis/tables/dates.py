"""Cells of a spreadsheet to dates; the order of day and month is decided from the whole column or not at all."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.date_forms import (
    MONTH_ALONE,
    SHORT_YEAR_FIRST,
    YEAR_LAST,
    DateForm,
    DateReader,
    Order,
    day_and_month,
    epoch_number,
    folded,
    is_serial,
    real_day,
)
from cscli.analysis.tables.numbers import MISSING_MARKS, ObjectArray

Dates = NDArray[np.datetime64]

_EPOCH_SECONDS = (1_104_537_600, 4_102_444_800)  # the years 2005 to 2099
_OPEN_ENDED = frozenset(
    {
        "自動更新",
        "解約なし",
        "未解約",
        "なし",
        "無期限",
        "期限なし",
        "永年",
        "auto-renew",
        "auto renew",
        "evergreen",
        "open-ended",
        "ongoing",
        "perpetual",
    }
)
_NEVER_FROM = 2_900
"""A year from here on says that there is no such date: 9999-12-31, 2999-12-31."""
_NO_DATES = frozenset(
    {"0000-00-00", "0000/00/00", "1900-01-00", "1/0/1900", "0000-00-00 00:00:00", "0", "00/00/0000", "9999年"}
)
_SENTINELS = frozenset(
    {dt.date(1970, 1, 1), dt.date(1900, 1, 1), dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1, 1, 1)}
)
"""What systems write for no date: their own day 0."""
_MISSING = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ParsedDates:
    """datetime64[us] `values` at midnight (NaT: missing), the mask `bad`, and what was assumed. `undecided`: the
    bad ones that would be dates if the order of day and month were known.
    """

    values: Dates
    bad: NDArray[np.bool_]
    undecided: NDArray[np.bool_]
    order: Order = Order.NONE
    serials: int = 0
    epochs: int = 0
    months: int = 0
    sentinels: int = 0


def parse_dates(
    cells: ObjectArray, pattern: str | None = None, zone: ZoneInfo | None = None, form: DateForm | None = None
) -> ParsedDates:
    """The days in `cells`: dates, ISO and other texts, Excel serials; `pattern` (strptime) pins the form.

    A time with an offset is the day it was in `zone`; without a zone, the day as written.
    An order that cannot be told leaves every such cell bad, with the reason in `order`.
    """
    form = form or DateForm(pattern)
    codes, uniques = pd.factorize(cells)
    texts = [folded(cell) for cell in uniques if isinstance(cell, str)]
    epoch = _find_epoch(uniques, form.pattern)
    order = Order.NONE if form.pattern or epoch else _settle_order(uniques, texts, form)
    reader = DateReader(form, order, zone, epoch)
    days = [reader.read(cell) for cell in uniques]
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
    known = np.array([_MISSING if day is None else np.datetime64(day, "us") for day in days] + [_MISSING])
    absent = np.array([_is_absent(cell) for cell in uniques] + [True])
    if not form.pattern:
        gone = np.array([_is_no_date(cell, day) for cell, day in zip(uniques, days, strict=True)] + [False])
        known[gone], absent = _MISSING, absent | gone
    values = known[codes].astype("datetime64[us]")
    serial = np.array([not (form.pattern or epoch) and is_serial(cell) for cell in uniques] + [False])[
        codes
    ] & ~np.isnat(values)
    bad = np.isnat(values) & ~absent[codes]
    no_order = order in (Order.AMBIGUOUS, Order.MIXED, Order.SWAPPED)
    open_ = np.array([no_order and _needs_order(cell) for cell in uniques] + [False])[codes]
    alone = np.array([isinstance(cell, str) and _is_month(cell) for cell in uniques], dtype=bool)
    return ParsedDates(
        values=values,
        bad=bad,
        undecided=bad & open_,
        order=order,
        serials=int(serial.sum()),
        epochs=int(counts.sum()) if epoch and not form.pattern else 0,
        months=int(counts[alone].sum()),
        sentinels=int(counts[np.array([day in _SENTINELS for day in days], dtype=bool)].sum()),
    )


def find_order(cells: ObjectArray) -> Order:
    """How day and month stand in `cells`, as far as they tell by themselves."""
    return _find_order([folded(cell) for cell in pd.unique(cells) if isinstance(cell, str)])


def looks_swapped(cells: ObjectArray) -> bool:
    """Whether the column is one of d/m/y that a program of m/d/y has half converted: real dates (or ISO) where the
    day is at most 12, and text where it cannot be a month. Enough of both.
    """
    real = [day for cell in pd.unique(cells) if (day := real_day(cell))]
    pairs = [
        pair for cell in pd.unique(cells) if isinstance(cell, str) and (pair := day_and_month(folded(cell)))
    ]
    return (
        len(real) > 1
        and len(pairs) > 0
        and len(real) + len(pairs) > 3
        and all(day.day <= 12 for day in real)
        and all(max(pair) > 12 for pair in pairs)
    )


def _settle_order(uniques: ObjectArray, texts: list[str], form: DateForm) -> Order:
    if form.year_first:  # 25/4/1 is no question; 1/4/2025 is
        texts = [text for text in texts if not SHORT_YEAR_FIRST.match(text)]
        uniques = np.array([cell for cell in uniques if not _is_short(cell)], dtype=object)
    found = _find_order(texts)
    if found is Order.AMBIGUOUS and form.order in (Order.DAY_FIRST, Order.MONTH_FIRST):
        return form.order
    return Order.SWAPPED if looks_swapped(uniques) else found


def _is_short(cell: object) -> bool:
    return isinstance(cell, str) and SHORT_YEAR_FIRST.match(folded(cell)) is not None


def _find_epoch(uniques: ObjectArray, pattern: str | None) -> int:
    """How many units of the column's numbers make a second, if all of them are seconds since 1970; else 0."""
    if pattern:
        return {"epoch_s": 1, "epoch_ms": 1000}.get(pattern, 0)
    filled = [cell for cell in uniques if not _is_absent(cell)]
    numbers = [epoch_number(cell) for cell in filled]
    for unit in (1, 1000):
        low, high = (edge * unit for edge in _EPOCH_SECONDS)
        if numbers and all(number is not None and low <= number < high for number in numbers):
            return unit
    return 0


def _is_month(text: str) -> bool:
    return MONTH_ALONE.match(folded(text)) is not None


def _is_no_date(cell: object, day: dt.date | None) -> bool:
    if day is None:
        return isinstance(cell, str) and folded(cell).casefold() in _NO_DATES | _OPEN_ENDED
    return day in _SENTINELS or day.year >= _NEVER_FROM


def _is_absent(cell: object) -> bool:
    if not isinstance(cell, str):
        return cell is None
    text = folded(cell).casefold()
    return not text or text in MISSING_MARKS


def _needs_order(cell: object) -> bool:
    match = YEAR_LAST.match(folded(cell)) if isinstance(cell, str) else None
    return match is not None and match[2] != "."


def _find_order(texts: list[str]) -> Order:
    pairs = [
        (int(match[1]), int(match[3]))
        for text in texts
        if (match := YEAR_LAST.match(text)) and match[2] != "."
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
