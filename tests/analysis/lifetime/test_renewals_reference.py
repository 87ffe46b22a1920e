"""Fader & Hardie (2007), Table 1 and their note on several cohorts; CDNOW for customers without a contract."""

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import table, values
from cscli.analysis.lifetime.renewals import RenewalModel, discounted_lifetime, fit_renewals
from cscli.analysis.orders.purchase_models import (
    Purchases,
    chance_alive,
    expect_future_purchases,
    expect_purchases,
    expect_value,
    fit_purchases,
    fit_spend,
)
from cscli.analysis.revenue.estimate import Remark
from oracles.revenue_by_hand import residual_lifetime, survive


def fit_survivors(*cohorts: list[int]) -> RenewalModel:
    """Of contracts alive at the start and after each renewal."""
    lost = [(t, True, c[t - 1] - c[t]) for c in cohorts for t in range(1, len(c))]
    rows = lost + [(len(c) - 1, False, c[-1]) for c in cohorts]
    periods, churned, counts = (np.array(column) for column in zip(*rows, strict=True))
    model = fit_renewals(periods, churned, counts)
    assert model is not None
    return model


@pytest.fixture(scope="module", params=["regular", "high_end"])
def case(request: pytest.FixtureRequest) -> tuple[RenewalModel, pd.Series, pd.DataFrame]:
    years = table("sbg_tables.csv").query("dataset == @request.param").reset_index(drop=True)
    model = fit_survivors([round(1000 * share) for share in years["S_actual"][:8]])
    return model, table("sbg_params.csv").set_index("dataset").loc[request.param], years


def test_parameters_are_the_reference(case: tuple[RenewalModel, pd.Series, pd.DataFrame]) -> None:
    model, expected, _ = case
    assert (model.alpha, model.beta) == pytest.approx((expected["alpha"], expected["beta"]), abs=1e-3)
    assert model.log_likelihood == pytest.approx(expected["loglik_n1000"], abs=1e-2)
    assert model.mean_churn == pytest.approx(expected["mean_theta"], abs=1e-3)


def test_survival_of_years_ahead_is_the_reference(case: tuple[RenewalModel, pd.Series, pd.DataFrame]) -> None:
    model, expected, years = case
    survival = survive(model, 13)
    np.testing.assert_allclose(survival, years["S_sbg_fit_on_years_1_7"], rtol=0, atol=1e-4)
    np.testing.assert_allclose(
        survival[1:] / survival[:-1], years["retention_r_t_model"][1:], rtol=0, atol=1e-4
    )
    assert discounted_lifetime(model, 0.10) == pytest.approx(expected["DEL_d10pct"], abs=1e-3)
    found = [residual_lifetime(model, year, 0.10) for year in range(1, 13)]
    np.testing.assert_allclose(found, years["DERL_d10pct_active_n_eq_year"][1:], rtol=0, atol=1e-3)


def test_discounted_lifetime_is_the_sum_of_its_definition() -> None:
    model = RenewalModel(alpha=0.7, beta=1.2, mean_churn=0.7 / 1.9, log_likelihood=0.0, n=1, events=1)
    terms = survive(model, 2000) / 1.1 ** np.arange(2000)
    assert discounted_lifetime(model, 0.10) == pytest.approx(terms.sum(), rel=1e-9)


def test_several_cohorts() -> None:
    expected = table("sbg_params.csv").set_index("dataset").loc["multi_cohort_case1"]
    survivors = [10_000, 8_000, 6_480, 5_307, 4_391]
    model = fit_survivors(survivors, survivors[:4], survivors[:3], survivors[:2])
    assert (model.alpha, model.beta) == pytest.approx((expected["alpha"], expected["beta"]), abs=1e-3)
    assert model.log_likelihood == pytest.approx(expected["loglik_n1000"], abs=1e-2)


def test_alike_contracts_are_told() -> None:
    """A tenth leaves every time: geometric, and the lifetime is 1 / (1 - 0.9 / 1.1)."""
    model = fit_survivors([10_000, 9_000, 8_100, 7_290, 6_561])
    assert model.remarks == (Remark.NO_HETEROGENEITY,)
    assert discounted_lifetime(model, 0.10) == pytest.approx(1 / (1 - 0.9 / 1.1), rel=1e-9)
    assert residual_lifetime(model, 5, 0.10) == pytest.approx(0.9 / (1 - 0.9 / 1.1), rel=1e-9)


@pytest.mark.parametrize("churned", [[False, False], [True, True]])
def test_nothing_to_fit(churned: list[bool]) -> None:
    assert fit_renewals(np.array([1, 1]), np.array(churned)) is None


def test_purchases_of_cdnow() -> None:
    expected, frame = values("cdnow_params.csv"), table("cdnow_rfm_grouped.csv")
    seen = Purchases(*(frame[name].to_numpy(np.float64) for name in frame.columns))
    model = fit_purchases(seen)
    assert model is not None
    shapes = (model.r, model.alpha, model.a, model.b)
    named = tuple(expected[f"bgnbd_{name}"] for name in ("r", "alpha", "a", "b"))
    assert shapes == pytest.approx(named, abs=2e-3)
    assert model.log_likelihood == pytest.approx(expected["bgnbd_LL"], abs=1e-2)
    one = Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86]), np.array([1.0]))
    assert expect_purchases(model, 39) == pytest.approx(expected["bgnbd_E_X_39weeks_new_customer"], abs=2e-3)
    future = expect_future_purchases(model, one, 39)
    assert future[0] == pytest.approx(expected["bgnbd_condE_39w_x2_tx30.43_T38.86"], abs=2e-3)
    alive = chance_alive(model, one)
    assert alive[0] == pytest.approx(expected["bgnbd_palive_x2_tx30.43_T38.86"], abs=2e-3)
    total = (expect_future_purchases(model, seen, 39) * seen.counts).sum()
    assert total == pytest.approx(expected["bgnbd_condE_39w_total_cohort"], abs=2e-3)


def test_spend_of_cdnow() -> None:
    expected, frame = values("cdnow_params.csv"), table("cdnow_gamma_gamma_repeaters.csv")
    frequency, value = (frame[name].to_numpy(np.float64) for name in ("frequency", "monetary_value"))
    model = fit_spend(frequency, value)
    assert model is not None
    named = tuple(expected[f"gg_{name}"] for name in ("p", "q", "v"))
    assert (model.p, model.q, model.v) == pytest.approx(named, abs=2e-3)
    assert model.log_likelihood == pytest.approx(expected["gg_LL"], abs=1e-2)
    assert model.mean == pytest.approx(expected["gg_population_mean"], abs=2e-3)
    first = expect_value(model, np.array([2.0]), np.array([22.35]))
    assert first[0] == pytest.approx(expected["gg_condE_customer1_x2_m22.35"], abs=2e-3)


def test_nobody_bought_again() -> None:
    zero = np.zeros(3)
    assert fit_purchases(Purchases(zero, zero, zero + 10, zero + 1)) is None
    assert fit_spend(zero, zero) is None
