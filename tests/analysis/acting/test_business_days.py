"""Due dates. Oracles: a calendar read by hand, and the Cabinet Office's list of Japan's holidays."""

import datetime as dt

import numpy as np
import pandas as pd

from cscli.analysis.acting.business_days import due_dates
from places import SHARED_DATA, needs_shared_data

OFFICIAL = SHARED_DATA / "japanese" / "syukujitsu.csv"


def due(as_of: str, *days: float, japanese: bool = True) -> list[str]:
    found = due_dates(
        np.full(len(days), np.datetime64(as_of)), np.array(days, dtype=np.float64), japanese=japanese
    )
    return [str(day) for day in found.astype("datetime64[D]")]


def test_weekends_and_a_holiday_do_not_count() -> None:
    """Saturday 31 October 2026; Tuesday 3 November is Culture Day."""
    assert due("2026-10-31", 0, 1, 2, 3) == ["2026-11-02", "2026-11-02", "2026-11-04", "2026-11-05"]
    assert due("2026-10-31", 0, 1, 2, 3, japanese=False) == [
        "2026-11-02", "2026-11-02", "2026-11-03", "2026-11-04",
    ]  # fmt: skip


def test_substitute_and_bridge_holidays_do_not_count() -> None:
    """6 May 2026 stands in for 3 May, a Sunday; 22 September 2026 lies between two holidays."""
    assert due("2026-05-01", 1) == ["2026-05-07"]
    assert due("2026-09-18", 1) == ["2026-09-24"]


def test_a_business_day_with_nothing_to_wait_for_is_due_today() -> None:
    assert due("2026-10-30", 0, 1) == ["2026-10-30", "2026-11-02"]


def test_the_turn_of_the_year_and_missing_days() -> None:
    assert due("2026-12-31", np.nan, 1) == ["NaT", "2027-01-04"]


def test_an_account_without_any_list_has_no_due_date() -> None:
    assert due("2026-12-31") == []


@needs_shared_data
def test_every_holiday_of_the_official_list_is_passed_over() -> None:
    """From the day before each holiday, one business day leads to the first day that is neither."""
    table = pd.read_csv(OFFICIAL, encoding="cp932")
    days = pd.to_datetime(table.iloc[:, 0]).dt.date
    official = {day for day in days if day.year >= 2024}
    for year in range(2024, max(official).year + 1):
        day = dt.date(year, 1, 1)
        while day.year == year:
            expected = day + dt.timedelta(days=1)
            while expected.weekday() >= 5 or expected in official:
                expected += dt.timedelta(days=1)
            if expected.year == year:
                assert due(day.isoformat(), 1) == [expected.isoformat()], day
            day += dt.timedelta(days=1)
