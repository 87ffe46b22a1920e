"""What becomes of a forecast, by hand: each account is one case, judged on 2026-10-31, 45 days after a renewal."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.forecasting.outcomes import choose_known, resolve

AS_OF = dt.date(2026, 10, 31)
NONE = None
CASES = {  # renewal of the forecast: (churned_on, renews_on now, ARR now): outcome
    "left before": ("2026-08-01", "2026-07-20", NONE, 0.0, "lost"),
    "left 45 days after": ("2026-08-01", "2026-09-15", NONE, 0.0, "lost"),
    "renewed, then left": ("2026-08-01", "2026-09-16", NONE, 0.0, "renewed"),
    "runs on": ("2026-08-01", NONE, "2027-08-01", 120.0, "renewed"),
    "renewed early": ("2026-12-01", NONE, "2027-12-01", 120.0, "renewed"),
    "still here, same date": ("2026-08-01", NONE, "2026-08-01", 90.0, "renewed"),
    "pays nothing": ("2026-08-01", NONE, "2026-08-01", 0.0, "lost"),
    "too early": ("2026-09-20", NONE, "2026-09-20", 90.0, "open"),
    "to come": ("2027-01-01", NONE, "2027-01-01", 90.0, "open"),
    "gave notice": ("2026-12-01", "2026-12-01", "2026-12-01", 90.0, "open"),
}


@pytest.mark.parametrize("name", CASES)
def test_outcomes(name: str) -> None:
    due, churned, renews, arr, expected = CASES[name]
    forecasts = pd.DataFrame({"account_id": [name], "renews_on": pd.to_datetime([due]), "arr": [100.0]})
    book = pd.DataFrame(
        {
            "account_id": [name],
            "churned_on": pd.to_datetime(pd.Series([churned])),
            "renews_on": pd.to_datetime(pd.Series([renews])),
            "arr": [arr],
        }
    )
    assert resolve(forecasts, book, AS_OF)["outcome"].tolist() == [expected]


def test_who_is_no_longer_in_the_exports_is_not_judged() -> None:
    forecasts = pd.DataFrame(
        {"account_id": ["X"], "renews_on": pd.to_datetime(["2026-08-01"]), "arr": [100.0]}
    )
    book = pd.DataFrame({"account_id": ["Y"], "churned_on": pd.NaT, "renews_on": pd.NaT, "arr": [1.0]})
    book = book.astype({"churned_on": "datetime64[us]", "renews_on": "datetime64[us]"})
    assert resolve(forecasts, book, AS_OF)["outcome"].tolist() == ["gone"]


def test_a_later_forecast_proves_that_an_earlier_renewal_was_kept() -> None:
    """It pays nothing now, and was forecast for 2026 after 2025: 2025 was renewed, 2026 was lost."""
    due = pd.to_datetime(["2025-08-01", "2026-08-01"])
    forecasts = pd.DataFrame({"account_id": ["A", "A"], "renews_on": due, "arr": [100.0, 100.0]})
    book = pd.DataFrame(
        {
            "account_id": ["A"],
            "churned_on": pd.to_datetime(pd.Series([None])),
            "renews_on": due[1:],
            "arr": [0.0],
        }
    )
    assert resolve(forecasts, book, AS_OF)["outcome"].tolist() == ["renewed", "lost"]


def test_of_each_renewal_the_month_nearest_to_ninety_days_before() -> None:
    """The renewal of 2026-08-01, known on first days of months: 2026-05-01 is 92 days before it."""
    days = pd.to_datetime(["2026-01-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-20"])
    known = pd.DataFrame({"as_of": days, "account_id": "A", "renews_on": pd.Timestamp("2026-08-01")})
    known = known.assign(band=["a", "b", "c", "d", "e"], arr=np.arange(5.0))
    assert choose_known(known)["band"].tolist() == ["c"]
    assert choose_known(known.iloc[[0, 4]]).empty
