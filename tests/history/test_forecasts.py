"""Forecasts in a database of each kind: the first timely run of a month counts, and nothing rewrites it."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cscli.history import forget_account, forget_day, read_forecasts
from cscli.history.database.connection import writing
from cscli.history.forecasts import add_forecasts

HERE = Path()
LATER = dt.date(2027, 12, 31)


def made(p: float, *accounts: str) -> pd.DataFrame:
    day = pd.Timestamp("2027-03-01")
    rows = {
        "account_id": list(accounts),
        "renews_on": day,
        "arr": 0.1 + 0.2,
        "band": "watch",
        "owner": None,
        "p_model": p,
    }
    return pd.DataFrame(rows).assign(p_csm=np.nan, rules="abc")


def store(url: str, as_of: dt.date, table: pd.DataFrame, days_late: int = 0) -> None:
    moment = dt.datetime.combine(as_of, dt.time(7), dt.UTC) + dt.timedelta(days=days_late)
    with writing(url, HERE) as connection:
        add_forecasts(connection, as_of, moment, table)


@pytest.fixture
def kept(history_url: str) -> str:
    store(history_url, dt.date(2026, 10, 5), made(0.1, "A"))
    store(history_url, dt.date(2026, 10, 12), made(0.2, "A", "B"))
    store(history_url, dt.date(2026, 11, 2), made(0.3, "A"), days_late=8)
    store(history_url, dt.date(2026, 11, 9), made(0.4, "A"), days_late=7)
    return history_url


def test_nothing_yet(history_url: str) -> None:
    assert read_forecasts(history_url, HERE, LATER).empty


def test_the_first_timely_run_of_a_month_counts(kept: str) -> None:
    found = read_forecasts(kept, HERE, LATER)
    rows = zip(found["account_id"], found["forecast_on"].dt.strftime("%F"), found["p_model"], strict=True)
    assert list(rows) == [("A", "2026-10-05", 0.1), ("B", "2026-10-12", 0.2), ("A", "2026-11-09", 0.4)]


def test_values_come_back_exactly(kept: str) -> None:
    row = read_forecasts(kept, HERE, LATER).iloc[0]
    assert (row["arr"], row["owner"], row["renews_on"]) == (0.1 + 0.2, None, pd.Timestamp("2027-03-01"))
    assert np.isnan(row["p_csm"])


def test_forecasts_of_the_day_itself_do_not_count(kept: str) -> None:
    assert read_forecasts(kept, HERE, dt.date(2026, 10, 12))["account_id"].tolist() == ["A"]


def test_what_is_forgotten_is_gone(kept: str) -> None:
    assert forget_account(kept, HERE, "A", dt.datetime(2026, 10, 30, tzinfo=dt.UTC)).forecasts == 2
    assert read_forecasts(kept, HERE, LATER)["account_id"].tolist() == ["B"]
    assert forget_day(kept, HERE, dt.date(2026, 10, 12)).forecasts == 1
    assert read_forecasts(kept, HERE, LATER).empty
