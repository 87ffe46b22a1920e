"""Six accounts over seven month ends, worked out by hand (reference tables): MRR, movements, and what was kept."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import history_of, table, values
from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr import MrrHistory
from cscli.analysis.revenue.mrr_lines import Rates
from cscli.analysis.revenue.retention import Window, monthly_rates, retain
from oracles.revenue_by_hand import list_movements

FIRST, LAST = "2023-12", "2024-06"


@pytest.fixture(scope="module")
def history() -> MrrHistory:
    names = {"account": "account_id", "start_date": "started_on", "end_date": "ended_on"}
    frame = table("mrr_subscriptions.csv").rename(columns=names)
    frame[["started_on", "ended_on"]] = frame[["started_on", "ended_on"]].apply(pd.to_datetime)
    rates = table("mrr_fx.csv")
    fx = dict(zip(rates["month"], rates["usd_jpy_month_end"], strict=True))
    return history_of(frame, "2024-06-30", Rates("JPY", {"USD": 150.0}, {"USD": fx}))


@pytest.fixture(scope="module")
def months(history: MrrHistory) -> pd.DataFrame:
    both = move(history).merge(monthly_rates(history, move(history)), on="month")
    return both[both["month"] > FIRST].reset_index(drop=True)


def test_mrr_at_constant_rates(history: MrrHistory) -> None:
    expected = table("mrr_expected_closing_constant_fx.csv").set_index("account")
    money = pd.DataFrame(history.money(), index=history.account_ids, columns=history.labels)
    assert money[expected.columns].to_dict() == expected.to_dict()


def test_movements_by_account(history: MrrHistory) -> None:
    found = list_movements(history)
    found = found[found["month"] > FIRST].rename(columns={"account_id": "account"})
    expected = table("mrr_expected_movements.csv")
    assert found[expected.columns].to_dict("records") == expected.to_dict("records")


def test_movements_by_month(months: pd.DataFrame) -> None:
    expected = table("mrr_expected_monthly.csv")
    for name in ("month", "new", "expansion", "reactivation", "fx"):
        assert months[name].tolist() == expected[name].tolist(), name
    for name in ("contraction", "churn"):
        assert (-months[name]).tolist() == expected[name].tolist(), name
    assert months["closing"].tolist() == expected["closing_mrr_spot"].tolist()
    assert months["accounts_opening"].tolist() == expected["opening_logos"].tolist()
    assert months["accounts_closing"].tolist() == expected["closing_logos"].tolist()
    assert months["accounts_churned"].tolist() == expected["churned_logos"].tolist()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("nrr", "nrr"),
        ("grr", "grr"),
        ("logo_churn", "logo_churn"),
        ("gross_churn", "gross_mrr_churn"),
        ("net_churn", "net_mrr_churn_with_reactivation"),
        ("quick_ratio", "quick_ratio"),
        ("arpa", "arpa"),
    ],
)
def test_rates_by_month(months: pd.DataFrame, ours: str, theirs: str) -> None:
    """Reactivation is no part of NRR; a quick ratio without losses is missing."""
    expected = table("mrr_expected_monthly.csv")[theirs]
    np.testing.assert_allclose(months[ours], expected, rtol=0, atol=5e-9)


def test_rates_by_month_are_closed_cohorts(history: MrrHistory, months: pd.DataFrame) -> None:
    """The same month as a window of one month, from the accounts' own amounts."""
    for row in months.itertuples():
        before = history.labels[history.at(str(row.month)) - 1]
        kept = retain(history, Window("1m", before, str(row.month)))
        assert kept.nrr.value == pytest.approx(row.nrr, abs=1e-12)
        assert kept.grr.value == pytest.approx(row.grr, abs=1e-12)
        assert kept.logo_churn.value == pytest.approx(row.logo_churn, abs=1e-12)


def test_half_a_year(history: MrrHistory) -> None:
    expected: Any = values("mrr_expected_window.csv")
    kept = retain(history, Window("6m", FIRST, LAST))
    assert kept.opening_mrr == expected["opening"] == 330_000
    assert kept.nrr.value == expected["nrr"] == 345 / 330
    assert kept.grr.value == expected["grr_capped_per_account"] == 320 / 330
    assert kept.logo_churn.value == expected["logo_churn_point_to_point"] == 0


def test_usual_mistakes_do_not_come_out(history: MrrHistory) -> None:
    wrong = {name: value for name, value in values("mrr_expected_window.csv").items() if "wrong" in name}
    kept = retain(history, Window("6m", FIRST, LAST))
    for value in (kept.nrr.value, kept.grr.value):
        assert all(value != pytest.approx(mistake, abs=1e-6) for mistake in wrong.values())
    assert len(wrong) == 4
