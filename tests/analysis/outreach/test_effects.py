"""Differences with their intervals. Oracles: scipy's t test of Welch, the examples of Newcombe (1998), a table by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cscli.analysis.outreach.effects import Effect, by_lot, matched, shares_by_lot


def test_by_lot_is_the_t_test_of_welch() -> None:
    chance = np.random.default_rng(3)
    a, b = chance.normal(3, 2, 31), chance.normal(1, 5, 57)
    found = by_lot(np.append(a, np.nan), b)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (found.n_treated, found.n_control) == (31, 57)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.difference == pytest.approx(a.mean() - b.mean())


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_shares_as_newcombe_published_them(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Table II of the paper, method 10."""
    found = shares_by_lot(*(np.arange(n) < hits for hits, n in (first, second)))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_matched_weighs_strata_by_those_that_got_it() -> None:
    """By hand: stratum x: 2 treated (4, 6), 2 controls (1, 3): +3; y: 1 treated (10), 2 controls (9, 9): +1; z has treated alone.
    Weighted (2 x 3 + 1 x 1) / 3 = 7/3. Within: squares 2 + 2 + 0 + 0 = 4 over 7 - 4 = 3 degrees; error of it
    sqrt(4/3 x (4/9 x (1/2 + 1/2) + 1/9 x (1 + 1/2))) = 0.9027; t(0.975, 3) = 3.1824.
    """
    treated = pd.DataFrame({"stratum": ["x", "x", "y", "z"], "value": [4.0, 6.0, 10.0, 50.0]})
    control = pd.DataFrame({"stratum": ["x", "x", "y", "y", "w"], "value": [1.0, 3.0, 9.0, 9.0, 7.0]})
    found = matched(treated, control)
    assert (found.n_treated, found.n_control, found.dropped) == (3, 4, 1)
    assert found.difference == pytest.approx(7 / 3)
    assert (found.low, found.high) == pytest.approx((7 / 3 - 2.8728, 7 / 3 + 2.8728), abs=5e-4)


@pytest.mark.parametrize(
    ("n", "low", "high", "verdict"),
    [
        (19, 1.0, 2.0, "too_few"),
        (20, 1.0, 2.0, "better"),
        (20, -2.0, -1.0, "worse"),
        (20, -1.0, 1.0, "no_difference"),
    ],
)
def test_verdicts(n: int, low: float, high: float, verdict: str) -> None:
    assert Effect(n_treated=50, n_control=n, low=low, high=high).verdict == verdict


def test_nothing_can_be_said_of_nobody() -> None:
    nobody = pd.DataFrame({"stratum": pd.Series([], dtype=object), "value": pd.Series([], dtype="float64")})
    assert matched(nobody, nobody).verdict == "too_few"
    assert by_lot(np.array([]), np.array([1.0])).verdict == "too_few"
    assert np.isnan(shares_by_lot(np.array([], dtype=bool), np.array([True])).difference)
