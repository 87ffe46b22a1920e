"""Lifetime value against the reference tables: a telephone company by contract, eight segments, payback by hand."""

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import TELCO, table, values
from cscli.analysis.lifetime.ltv import (
    LtvEstimate,
    LtvTerms,
    estimate_segments,
    tabulate_segments,
)
from cscli.analysis.lifetime.ltv_accounts import value_accounts
from cscli.analysis.lifetime.payback import payback_adjusted, payback_simple
from cscli.analysis.lifetime.renewals import discounted_lifetime, fit_renewals
from cscli.analysis.lifetime.shrinkage import shrink_hazards
from cscli.analysis.lifetime.survival import geometric_months, restricted_months
from cscli.analysis.revenue.estimate import Remark
from cscli.analysis.revenue.retention import wilson
from oracles.revenue_by_hand import (
    annual_from_monthly,
    monthly_from_annual,
    plain_survival,
    restricted_error,
    simple_ltv,
    survive,
)
from places import NO_SHARED_DATA

TERMS = LtvTerms(horizon_months=60, discount_rate_annual=0.10, gross_margin=0.70)
MONTHLY = 1.1 ** (1 / 12) - 1


@pytest.fixture(scope="module")
def telco() -> pd.DataFrame:
    if not TELCO.exists():
        pytest.skip(NO_SHARED_DATA)
    frame = pd.read_csv(TELCO)
    return pd.DataFrame(
        {
            "account_id": frame["customerID"],
            "months": frame["tenure"],
            "churned": frame["Churn"] == "Yes",
            "mrr": frame["MonthlyCharges"],
            "gross_margin": np.nan,
            "cac": np.nan,
            "segment": frame["Contract"].astype(object),
        }
    )


@pytest.fixture(scope="module")
def estimates(telco: pd.DataFrame) -> dict[str, LtvEstimate]:
    found = estimate_segments(telco, telco["segment"].to_numpy(dtype=object), TERMS)
    return {one.segment: one for one in found}


GROUPS = ["all", "Month-to-month", "One year", "Two year"]


@pytest.mark.parametrize("group", GROUPS)
def test_telco_by_contract(estimates: dict[str, LtvEstimate], group: str) -> None:
    """The three estimates differ by up to forty times; a horizon keeps them honest."""
    expected = table("telco_ltv_methods.csv").set_index("group").loc[group]
    found = estimates[group]
    assert found.arpa is not None
    assert (found.accounts, found.churned, found.account_months) == tuple(
        expected[["n", "events", "customer_months"]]
    )
    undiscounted = restricted_months(found.curve, 60).value
    assert undiscounted is not None
    pairs = {
        "arpa": found.arpa,
        "hazard_events_per_month": found.monthly_churn,
        "naive_life_1_over_hazard": found.simple_months.value,
        "rmst60": undiscounted,
        # of month-to-month fewer than ten are left after 70 months, where ours has the tail
        "rmst72": float(plain_survival(found.curve, 72).sum()),
        "rmst72_se": restricted_error(found.curve, 72),
        "discounted_months_60_10pct": found.restricted_months.value,
        "LTV_naive_gm70": found.simple.value,
        "LTV_rmst60_gm70": simple_ltv(found.arpa, 0.7, undiscounted),
        "LTV_disc60_gm70": found.ltv.value,
    }
    for name, value in pairs.items():
        # the table is rounded to four or two digits
        assert value == pytest.approx(expected[name], rel=1e-5, abs=5.1e-3 if "LTV" in name else 1e-4), name


@pytest.mark.parametrize("group", GROUPS)
def test_telco_renewals_by_month(telco: pd.DataFrame, group: str) -> None:
    """Where the reference's fit ran off to a + b = 6e8, contracts do not differ, and its sums are nearly ours."""
    expected = table("telco_ltv_methods.csv").set_index("group").loc[group]
    chosen = telco if group == "all" else telco[telco["segment"] == group]
    model = fit_renewals(chosen["months"].to_numpy(np.int64), chosen["churned"].to_numpy(bool))
    assert model is not None
    if expected["sbg_alpha"] > 1e4:
        assert model.remarks == (Remark.NO_HETEROGENEITY,)
    else:
        shapes = (model.alpha, model.beta)
        assert shapes == pytest.approx((expected["sbg_alpha"], expected["sbg_beta"]), abs=1e-3)
    assert survive(model, 60).sum() == pytest.approx(expected["sbg_months60"], rel=1e-3)
    assert survive(model, 72).sum() == pytest.approx(expected["sbg_months72"], rel=1e-3)
    assert discounted_lifetime(model, MONTHLY) == pytest.approx(expected["sbg_DEL_10pct"], rel=1e-3)


def test_telco_survival_is_as_published(estimates: dict[str, LtvEstimate]) -> None:
    curve = estimates["all"].curve
    assert [round(float(curve.at(t)), 5) for t in (12, 24, 72)] == [0.84320, 0.78874, 0.59279]
    assert estimates["all"].median.remarks == (Remark.NOT_REACHED,)
    assert estimates["Month-to-month"].median.value == 35


def test_telco_new_account_is_worth_its_segment(
    telco: pd.DataFrame, estimates: dict[str, LtvEstimate]
) -> None:
    """An account of tenure 0 can expect the restricted months of its segment; one that left, none."""
    found = value_accounts(telco, telco["segment"].to_numpy(dtype=object), estimates.values(), TERMS)
    new = found[(found["tenure_months"] == 0) & (found["segment"] == "Two year")]
    assert len(new) == 10
    assert new["expected_months"].tolist() == pytest.approx(
        [estimates["Two year"].restricted_months.value] * 10, rel=1e-12
    )
    assert (found.loc[telco["churned"], "ltv_remaining"] == 0).all()
    assert found["expected_months"].between(0, 60).all()


def test_segments_are_shrunk() -> None:
    """Eight segments, two without churn: prior, hazards, intervals and what they make of 60 months."""
    frame, prior = table("eb_segment_ltv.csv"), values("eb_prior.csv")
    found = shrink_hazards(frame["churn_events"].to_numpy(), frame["account_months"].to_numpy())
    assert found.shape == pytest.approx(prior["prior_shape"], abs=1e-3)
    assert found.rate_months == pytest.approx(prior["prior_rate_months"], abs=1e-3)
    assert found.log_likelihood == pytest.approx(prior["neg_binomial_LL"], abs=1e-6)
    assert found.pooled_hazard == pytest.approx(prior["pooled_hazard"], abs=1e-8)
    for name, values_found in (
        ("hazard_shrunk", found.hazard),
        ("post_lo", found.low),
        ("post_hi", found.high),
    ):
        np.testing.assert_allclose(values_found, frame[name], rtol=0, atol=1e-7)
    for row, value, low, high in zip(frame.itertuples(), found.hazard, found.low, found.high, strict=True):
        money = float(str(row.arpa)) * 0.75
        assert money / value == pytest.approx(row.ltv_shrunk_undiscounted, rel=1e-5)
        assert money * geometric_months(value, 60, 0) == pytest.approx(row.ltv_shrunk_60m, rel=1e-5)
        for hazard, expected in (
            (value, row.ltv_shrunk_60m_disc10),
            (high, row.ltv_60m_disc10_lo),
            (low, row.ltv_60m_disc10_hi),
        ):
            assert money * geometric_months(hazard, 60, 0.10) == pytest.approx(expected, rel=1e-5)


def test_fewer_than_four_segments_are_pooled() -> None:
    found = shrink_hazards(np.array([1, 5, 0]), np.array([100, 100, 100]))
    assert found.remarks == (Remark.POOLED,)
    assert found.hazard.tolist() == [0.02, 0.02, 0.02]


def test_alike_segments_are_pooled() -> None:
    found = shrink_hazards(np.array([5, 6, 5, 4, 5]), np.array([100] * 5))
    assert found.remarks == (Remark.POOLED,)


def test_the_number_that_everyone_knows() -> None:
    assert simple_ltv(50_000, 0.75, 12) == 450_000


def test_payback_and_rates() -> None:
    expected = values("misc_expected.csv")
    margin, survival = 310 * 0.75, np.array([0.9851**t for t in range(60)])
    assert payback_simple(3200, margin) == pytest.approx(
        expected["cac_payback_simple_months_cac3200_arpa310_gm75"], abs=1e-6
    )
    assert payback_adjusted(3200, margin, survival) == 16
    assert payback_adjusted(3200, margin, survival, 0.10) == 17
    hazard = shrunk_smb_annual()
    ltv = margin * geometric_months(hazard, 60, 0.10)
    assert ltv == pytest.approx(expected["ltv60_discounted10pct"], rel=1e-6)
    assert ltv / 3200 == pytest.approx(expected["ltv_cac_60_discounted"], abs=1e-6)
    assert margin / hazard / 3200 == pytest.approx(expected["ltv_cac_naive"], rel=1e-6)
    assert annual_from_monthly(0.02) == pytest.approx(expected["annual_from_monthly_churn_2pct"], abs=1e-8)
    assert monthly_from_annual(0.20) == pytest.approx(expected["monthly_from_annual_churn_20pct"], abs=1e-8)
    assert wilson(0, 40).high == pytest.approx(expected["wilson95_hi_0_of_40"], abs=1e-8)
    three = wilson(3, 40)
    assert (three.low, three.high) == pytest.approx(
        (expected["wilson95_lo_3_of_40"], expected["wilson95_hi_3_of_40"]), abs=1e-8
    )


def shrunk_smb_annual() -> float:
    frame = table("eb_segment_ltv.csv")
    found = shrink_hazards(frame["churn_events"].to_numpy(), frame["account_months"].to_numpy())
    return float(found.hazard[frame["segment"].tolist().index("SMB annual")])


def test_the_table_of_segments_has_all_first(estimates: dict[str, LtvEstimate]) -> None:
    found = tabulate_segments(list(estimates.values()))
    assert found["segment"].tolist() == GROUPS
    assert found["ltv_shrunk"].notna().all()
    assert found["remarks"].tolist()[-1] == (Remark.POOLED,)
