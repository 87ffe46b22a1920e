"""The calendar by hand: who is in the range, who twice, and what the owner said against the model."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.forecasting.calendar import fiscal_quarter, largest, list_renewals
from cscli.analysis.forecasting.chances import find_chances

AS_OF = dt.date(2026, 10, 31)
PAST = pd.DataFrame(columns=["band", "lost", "year", "arr", "arr_after"])
CHANCES = find_chances(PAST, ["good", "bad"], {"good": 0.1, "bad": 0.6})


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["A", "B", "C", "D", "E"],
            "name": None,
            "owner": "Aoki",
            "renews_on": pd.to_datetime(
                pd.Series(["2026-10-31", "2027-10-31", "2026-12-01", "2026-12-01", None])
            ),
            "notice_days": [30.0, np.nan, 60.0, np.nan, np.nan],
            "arr": [100.0, 100.0, 200.0, 1000.0, 50.0],
            "band": ["good", "good", "bad", "good", "bad"],
            "renewal_call": [None, None, "renew", "risk", None],
            "p_csm": [np.nan, np.nan, 0.05, 0.35, np.nan],
        }
    )


def test_the_range_begins_with_the_day_and_ends_before_the_same_day() -> None:
    found = list_renewals(frame(), AS_OF, 12, CHANCES, {})
    assert found["account_id"].tolist() == ["A", "C", "D"]
    assert found["month"].tolist() == ["2026-10", "2026-12", "2026-12"]
    assert found["arr_at_risk"].tolist() == pytest.approx([10.0, 120.0, 100.0])
    assert found["disagree"].tolist() == [None, "yes", "yes"]
    assert found["notice_by"].dt.strftime("%F").tolist()[:2] == ["2026-10-01", "2026-10-02"]


def test_a_longer_range_counts_a_renewal_again() -> None:
    found = list_renewals(frame(), AS_OF, 25, CHANCES, {"C": 24.0})
    days = found.groupby("account_id")["renews_on"].agg(lambda each: [f"{day:%F}" for day in each])
    assert days["A"] == ["2026-10-31", "2027-10-31", "2028-10-31"]
    assert days["C"] == ["2026-12-01"]
    assert found["again"].tolist().count(True) == 4


def test_largest_have_their_share() -> None:
    found = largest(list_renewals(frame(), AS_OF, 12, CHANCES, {}), 2)
    assert found["account_id"].tolist() == ["D", "C"]
    assert found["share"].tolist() == pytest.approx([1000 / 1300, 200 / 1300])


@pytest.mark.parametrize(
    ("month", "first", "expected"),
    [
        ("2026-10", 4, "FY2026 Q3"),
        ("2027-03", 4, "FY2026 Q4"),
        ("2026-01", 1, "FY2026 Q1"),
        ("2026-04", 4, "FY2026 Q1"),
    ],
)
def test_fiscal_quarters(month: str, first: int, expected: str) -> None:
    assert fiscal_quarter(month, first) == expected
