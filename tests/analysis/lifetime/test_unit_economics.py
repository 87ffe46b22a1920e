"""Worked by hand: lives as of a day, what years bring, and where a change of LTV came from."""

import datetime as dt
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.revenue_tables import history_of, subscriptions
from cscli.analysis.lifetime.decomposition import LtvFactors, decompose, tabulate_changes
from cscli.analysis.lifetime.ltv import LtvTerms, estimate_segments
from cscli.analysis.lifetime.ltv_accounts import expect_remaining, past_revenue, value_accounts
from cscli.analysis.lifetime.payback import mean_cac, measure_economics, tabulate_years
from cscli.analysis.lifetime.survival import fit_survival
from cscli.analysis.lifetime.tenures import tenures_of
from oracles.revenue_by_hand import factors_of

FACTORS = st.builds(
    LtvFactors,
    arpa=st.floats(1, 1e6),
    gross_margin=st.floats(0.01, 1),
    months=st.floats(0.1, 60),
)


def accounts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["A", "B", "C", "D"],
            "started_on": pd.to_datetime(pd.Series(["2024-01-15", "2024-06-30", "2026-06-01", None])),
            "churned_on": pd.to_datetime(pd.Series([None, "2025-06-30", "2026-12-01", None])),
            "mrr": [100.0, 50.0, 30.0, 1.0],
            "gross_margin": [0.8, 0.5, np.nan, 0.1],
            "cac": [600.0, np.nan, 200.0, 1.0],
        }
    )


def test_lives_as_of_a_day() -> None:
    """A: 29 months and a half; B left after 12; C has not left yet; D has no start."""
    found = tenures_of(accounts(), dt.date(2026, 6, 30))
    assert found["account_id"].tolist() == ["A", "B", "C"]
    assert found["months"].tolist() == [29, 12, 0]
    assert found["churned"].tolist() == [False, True, False]
    earlier = tenures_of(accounts(), dt.date(2025, 1, 31))
    assert (earlier["months"].tolist(), earlier["churned"].tolist()) == ([12, 7], [False, False])


def test_lives_take_their_last_mrr_from_the_history() -> None:
    history = history_of(
        subscriptions(
            ("A", "2024-01-15", "2026-01-01", 70),
            ("A", "2026-01-01", None, 90),
            ("B", "2024-06-30", "2025-06-30", 40),
        ),
        "2026-06-30",
    )
    assert tenures_of(accounts(), dt.date(2026, 6, 30), history)["mrr"].tolist() == [90, 40, 30]
    assert tenures_of(accounts(), dt.date(2025, 8, 31), history)["mrr"].tolist() == [70, 40]


def test_lives_that_cannot_be_are_left_out() -> None:
    frame = accounts().assign(churned_on=pd.to_datetime(pd.Series([None, "2024-06-29", None, None])))
    assert tenures_of(frame, dt.date(2026, 6, 30))["account_id"].tolist() == ["A", "C"]


def test_past_revenue_is_what_was_paid() -> None:
    """A: 2 months of 70 and 4 of 90; B has no line, so that its MRR x tenure stands for it."""
    history = history_of(
        subscriptions(("A", "2026-01-15", "2026-03-01", 70), ("A", "2026-03-01", None, 90)), "2026-06-30"
    )
    paid = past_revenue(history, np.array(["B", "A"], dtype=object))
    assert np.isnan(paid[0])
    assert paid[1] == 500
    tenures = tenures_of(accounts(), dt.date(2026, 6, 30))
    terms = LtvTerms(gross_margin=0.5)
    found = value_accounts(
        tenures, None, estimate_segments(tenures, None, terms), terms, np.array([500, np.nan, 0])
    )
    total = found["ltv_total"] - found["ltv_remaining"]
    assert total.tolist() == pytest.approx([250, 0.5 * 50 * 12, 0])


def test_factors_multiply_to_the_headline() -> None:
    found = estimate_segments(tenures_of(accounts(), dt.date(2026, 6, 30)), None, LtvTerms())[0]
    factors = factors_of(found)
    assert factors is not None
    assert factors.ltv == pytest.approx(found.ltv.value)


def test_margin_is_weighted_by_mrr() -> None:
    """(100 x 0.8 + 50 x 0.5) / 150; ARPA is the mean of all three, the one that left included."""
    found = estimate_segments(tenures_of(accounts(), dt.date(2026, 6, 30)), None, LtvTerms())[0]
    assert found.gross_margin == pytest.approx(0.7)
    assert found.arpa == 60


def test_the_worth_of_accounts() -> None:
    """Twenty accounts of one kind: half leave after 12 months, so that 12 more are worth twice as much."""
    months = np.array([12] * 10 + [24] * 10)
    curve = fit_survival(months, months == 12)
    terms = LtvTerms(horizon_months=12, discount_rate_annual=0.0, gross_margin=0.5)
    remaining = expect_remaining(curve, 12, terms)
    assert remaining[0] == 12
    assert remaining[6] == pytest.approx(6 + 6 * 0.5)
    assert remaining[12] == 12
    tenures = pd.DataFrame(
        {
            "account_id": np.arange(20).astype(str),
            "months": months,
            "churned": months == 12,
            "mrr": 10.0,
            "gross_margin": np.nan,
            "cac": 50.0,
        }
    )
    found = value_accounts(tenures, None, estimate_segments(tenures, None, terms), terms)
    assert found[["ltv_remaining", "ltv_total", "ltv_cac"]].to_numpy().tolist()[0] == [0, 60, 1.2]
    last = found.iloc[-1]
    # after the curve's end the hazard of all, 10 events in 360 months, goes on
    ahead = sum((1 - 10 / 360) ** step for step in range(12))
    assert last["expected_months"] == pytest.approx(ahead)
    assert last["ltv_total"] == pytest.approx(10 * 0.5 * (24 + ahead))


def test_years_per_hundred_of_revenue() -> None:
    """Half stay for a second year: 100, then 50 of revenue; 70 % margin, 120 to win, 1 of 10 a month to keep."""
    months = np.array([12] * 10 + [24] * 10)
    tenures = pd.DataFrame(
        {"months": months, "churned": months == 12, "mrr": 10.0, "gross_margin": 0.7, "cac": 144.0}
    )
    terms = LtvTerms(horizon_months=24)
    found = estimate_segments(tenures, None, terms)[0]
    years = tabulate_years(found, mean_cac(tenures), 1.0, terms)
    assert years is not None
    expected = {
        "revenue": [100, 50],
        "gross_margin": [70, 35],
        "acquisition": [120, 0],
        "cost_to_keep": [10, 5],
        "margin": [-60, 30],
        "cumulative_margin": [-60, -30],
    }
    for name, values in expected.items():
        assert years[name].tolist() == pytest.approx(values), name
    economics = measure_economics(found, 144.0, terms)
    assert economics.payback_months.value == pytest.approx(144 / 7)
    # 84 in the first year, then 3.5 a month
    assert economics.payback_adjusted.value is None
    assert measure_economics(found, 98.0, terms).payback_adjusted.value == 16


@given(FACTORS, FACTORS)
def test_a_change_is_split_without_a_rest(before: LtvFactors, after: LtvFactors) -> None:
    """Against the definition: the mean effect of each factor over all six orders of change."""
    found = decompose(before, after)
    scale = before.ltv + after.ltv
    assert found.before + found.churn + found.arpa + found.margin == pytest.approx(
        found.after, abs=1e-9 * scale
    )
    names = ("arpa", "gross_margin", "months")
    effects = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        now = {name: getattr(before, name) for name in names}
        for name in order:
            start = LtvFactors(**now).ltv
            now[name] = getattr(after, name)
            effects[name] += (LtvFactors(**now).ltv - start) / 6
    assert (found.arpa, found.margin, found.churn) == pytest.approx(
        (effects["arpa"], effects["gross_margin"], effects["months"]), abs=1e-9 * scale
    )
    back = decompose(after, before)
    assert back.churn == pytest.approx(-found.churn, abs=1e-9 * scale)


def test_changes_between_dates() -> None:
    """From 100 x 0.5 x 10 to 100 x 0.5 x 12 all is churn; a date without an LTV has no change."""
    first, second = LtvFactors(100, 0.5, 10), LtvFactors(100, 0.5, 12)
    found = tabulate_changes({"all": {"2024-12-31": first, "2025-12-31": second, "2026-12-31": None}})
    assert found["to"].tolist() == ["2025-12-31", "2026-12-31"]
    parts = found[["ltv_before", "churn", "arpa", "margin", "ltv_after"]]
    assert parts.to_numpy().tolist()[0] == [
        500,
        100,
        0,
        0,
        600,
    ]
    assert found[["churn", "ltv_after"]].isna().to_numpy().tolist() == [[False, False], [True, True]]
    assert tabulate_changes({}).empty
