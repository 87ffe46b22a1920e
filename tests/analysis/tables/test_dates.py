"""Cells to days; every expectation worked out by hand with a calendar."""

import datetime as dt

import numpy as np
import pytest

from books.raw_tables import TOKYO, cells
from cscli.analysis.tables.date_forms import Order
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.raw import Cell

LAST_OF_JANUARY = dt.date(2026, 1, 31)


def days(*written: Cell, pattern: str | None = None) -> list[dt.date | None]:
    found = parse_dates(cells(*written), pattern, TOKYO).values
    return [None if np.isnat(day) else day.astype("M8[D]").astype(object) for day in found]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-31",
        "2026/1/31",
        "2026.01.31",
        "２０２６／１／３１",
        "2026年1月31日",
        "2026 年 1 月 31 日",
        "令和8年1月31日",
        "R8.1.31",
        "R8/1/31",
        "31.01.2026",
        "31.1.26",
        "20260131",
        "31 Jan 2026",
        "31-Jan-2026",
        "January 31, 2026",
        "2026-01-31 23:30",
        "2026-01-31T14:59:59Z",  # 23:59:59 in Tokyo
        "2026-01-30T15:00:00Z",  # midnight in Tokyo
        "2026-01-30T23:30:00+0800",
        "2026-01-30 10:00:00.123 -05:00",
        46053.0,  # the serial of 2026-01-31: 46023 is 2026-01-01
        46053.75,
        "46053",
        20260131.0,
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 23, 59),  # noqa: DTZ001 - a cell of a workbook has no zone
    ],
)
def test_forms_of_the_same_day(written: Cell) -> None:
    assert days(written) == [LAST_OF_JANUARY]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("平成31年4月30日", dt.date(2019, 4, 30)),
        ("昭和64年1月7日", dt.date(1989, 1, 7)),
        ("2024-02-29", dt.date(2024, 2, 29)),
        (60.0, dt.date(1900, 2, 28)),  # Excel's day that never was, 1900-02-29, shifts the days before it
        (1e9, None),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("soon", None),
    ],
)
def test_single_dates(written: Cell, expected: dt.date | None) -> None:
    assert days(written) == [expected]


def test_a_time_with_an_offset_is_the_day_as_written_where_no_zone_is_known() -> None:
    found = parse_dates(cells("2026-01-30T15:00:00Z"))
    assert found.values.tolist() == [dt.datetime(2026, 1, 30)]  # noqa: DTZ001 - days have no zone


def test_the_whole_column_decides_the_order() -> None:
    assert days("1/2/2026", "31/1/2026") == [dt.date(2026, 2, 1), LAST_OF_JANUARY]
    assert days("1/2/2026", "1/31/2026") == [dt.date(2026, 1, 2), LAST_OF_JANUARY]
    assert parse_dates(cells("1/2/2026", "1/31/2026")).order is Order.MONTH_FIRST
    assert parse_dates(cells("3/3/2026")).order is Order.DAY_FIRST  # either way the same day


@pytest.mark.parametrize(
    ("written", "order"),
    [(["1/2/2026", "11/12/2025"], Order.AMBIGUOUS), (["31/1/2026", "1/31/2026"], Order.MIXED)],
)
def test_an_order_that_cannot_be_told_leaves_the_cells_bad(written: list[str], order: Order) -> None:
    found = parse_dates(cells(*written, "2026-01-31", "soon", None))
    assert found.order is order
    assert found.bad.tolist() == [True, True, False, True, False]
    assert found.undecided.tolist() == [True, True, False, False, False]


def test_a_pinned_form_is_the_only_one() -> None:
    assert days("1-2-2026", "31-1-2026", pattern="%d-%m-%Y") == [dt.date(2026, 2, 1), LAST_OF_JANUARY]
    assert days("2026-01-31", pattern="%d-%m-%Y") == [None]


def test_serials_are_counted_and_marks_of_absence_are_not_bad() -> None:
    found = parse_dates(cells(46053.0, 46053.0, "46052", "2026-01-31", "-", "N/A", None, "soon"))
    assert found.serials == 3
    assert found.bad.tolist() == [False] * 7 + [True]
