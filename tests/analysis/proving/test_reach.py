"""Oracle: tests/oracles/reference/proof: lists of the worst, tenths, bands and what luck would give."""

import numpy as np
import pytest

from cscli.analysis.proving.intervals import jeffreys, jeffreys_mean
from cscli.analysis.proving.rates import brier_skill, falling, rate_bands, within_a_year
from cscli.analysis.proving.reach import expected_below, reach, tenths
from cscli.analysis.revenue.ratio_interval import wilson_interval
from oracles.proof import cases_of, panel, quantities, risk_of, table

WEIGHTS = ("churned", "arr")


@pytest.mark.parametrize(
    "row", table("capacity_expected").to_dict("records"), ids=lambda row: str(row["calls_per_t0"])
)
def test_lists_of_the_worst(row: dict[str, float]) -> None:
    rows = panel()
    dates = cases_of(rows, "t0").strata
    churned = rows["churned"].to_numpy(np.float64)
    arr = churned * rows["arr"].to_numpy()
    at_stake = (rows["arr"] * (100 - rows["score"]) / 100).to_numpy()
    size = int(row["calls_per_t0"])
    lowest, money = (reach(risk_of(rows), weight, dates, size) for weight in (churned, arr))
    by_stake, money_by_stake = (reach(at_stake, weight, dates, size) for weight in (churned, arr))
    found = [
        lowest.called,
        lowest.reached,
        lowest.by_luck,
        money.reached,
        money.by_luck,
        by_stake.reached,
        money_by_stake.reached,
    ]
    names = (
        "called",
        "churned_caught",
        "by_luck",
        "arr_caught",
        "arr_by_luck",
        "by_arr_at_risk_churned",
        "by_arr_at_risk_arr",
    )
    assert found == pytest.approx([row[name] for name in names], abs=1e-6)


def test_tenths_share_ties_over_their_edges() -> None:
    rows, numbers = panel(), table("deciles_expected")
    found = tenths(risk_of(rows), rows["churned"].to_numpy(np.float64), cases_of(rows, "t0").strata)
    assert found[0] == pytest.approx(numbers["rows"].to_numpy(), abs=1e-6)
    assert found[1] == pytest.approx(numbers["churned"].to_numpy(), abs=1e-6)
    assert [found[0].sum(), found[1].sum()] == pytest.approx([len(rows), rows["churned"].sum()])


def test_luck_below_a_score() -> None:
    rows = panel()
    cases = cases_of(rows, "t0")
    found = expected_below(risk_of(rows) > -40, cases.churned, cases.strata)
    name = "expected by luck: per t0, churned x share of rows below 40, summed"
    assert found == pytest.approx(float(quantities("backtest_panel_expected")[name]))


def test_bands() -> None:
    numbers = table("bands_expected")
    rows, events = numbers["rows"].to_numpy(np.float64), numbers["churned"].to_numpy(np.float64)
    overall = float(events.sum() / rows.sum())
    found = rate_bands(rows[:3], events[:3], overall)
    for name, values in (("rate", found.rate), ("shrunk_20", found.shrunk), ("monotone", found.monotone)):
        assert values == pytest.approx(numbers[name].to_numpy()[:3], abs=1e-9)
    assert within_a_year(found.monotone, 60) == pytest.approx(numbers["p_12_months"].to_numpy()[:3], abs=1e-9)
    unknown = rate_bands(rows[3:], events[3:], overall)
    assert unknown.monotone == pytest.approx(numbers["monotone"].to_numpy()[3:], abs=1e-9)


@pytest.mark.parametrize("row", table("bands_expected").to_dict("records"), ids=lambda row: str(row["band"]))
def test_intervals_of_bands(row: dict[str, float]) -> None:
    k, n = row["churned"], row["rows"]
    found = [*wilson_interval(k, n), jeffreys_mean(k, n), *jeffreys(k, n)]
    names = ("wilson_lo", "wilson_hi", "jeffreys_mean", "jeffreys_lo", "jeffreys_hi")
    assert found == pytest.approx([row[name] for name in names], abs=1e-9)


def test_nobody_left_has_a_low_end_of_zero() -> None:
    """Brown, Cai & DasGupta: 0 where k = 0; Wilson's upper end z^2 / (n + z^2) of 0 in 10."""
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775327998))
    assert jeffreys(0, 10)[0] == 0
    assert jeffreys(10, 10)[1] == 1
    assert np.isnan(wilson_interval(0, 0)).all()


def test_rates_that_rise_are_pooled() -> None:
    """By hand: .1 and .3 with weights 1 and 3 become .25; then .5 before them stays."""
    assert falling(np.array([0.5, 0.1, 0.3, 0.05]), np.array([2.0, 1.0, 3.0, 1.0])) == pytest.approx(
        [0.5, 0.25, 0.25, 0.05]
    )


def test_skill_is_that_of_other_dates() -> None:
    """By hand: two dates, two bands, shrunk with 20 rows of the rate of the other date (1/4 in each)."""
    bands = np.array([0, 0, 1, 1] * 2)
    churned = np.array([True, False, False, False, False, True, False, False])
    dates = np.repeat([0, 1], 4)
    worse, better = (1 + 20 / 4) / 22, (0 + 20 / 4) / 22
    own = 2 * ((1 - worse) ** 2 + worse**2 + 2 * better**2)
    plain = 2 * (0.75**2 + 3 * 0.25**2)
    assert brier_skill(bands, churned, dates, 2) == pytest.approx(1 - own / plain)
    assert np.isnan(brier_skill(bands[:4], churned[:4], dates[:4], 2))
