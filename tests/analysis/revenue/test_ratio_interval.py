"""Intervals of NRR and GRR: how often they hold the truth, against published ways; and what is certain by hand."""

from math import erf, exp, sqrt

import numpy as np
import pytest

from books.revenue_tables import table
from cscli.analysis.revenue.ratio_interval import grr_interval, nrr_interval, tells_too_little


@pytest.mark.parametrize("accounts", [30, 100])
def test_small_books_are_covered_better_than_by_the_usual_ways(accounts: int) -> None:
    """MRR lognormal with sigma 1.2, one in ten leaves, the others change by a lognormal factor: what is true is
    known. The table has the coverage of three usual ways in such a study.
    """
    random, sigma, repeats = np.random.default_rng(20261121), 0.15, 400
    true_nrr = 0.9 * exp(sigma**2 / 2)
    true_grr = 0.9 * (exp(sigma**2 / 2) * (1 + erf(-sigma / sqrt(2))) / 2 + 0.5)
    held, missing = np.zeros(2), 0
    for _ in range(repeats):
        opening = random.lognormal(0, 1.2, accounts) * 1e6
        factor = np.where(random.random(accounts) < 0.1, 0, random.lognormal(0, sigma, accounts))
        o, c = opening.astype(np.int64), (opening * factor).astype(np.int64)
        for place, (truth, (low, high)) in enumerate(
            [(true_nrr, nrr_interval(o, c)), (true_grr, grr_interval(o, c))]
        ):
            missing += low is None
            held[place] += low is not None and high is not None and low <= truth <= high
    assert missing <= repeats * 2 / 100  # where one account has nearly all
    study = table("interval_coverage.csv")
    usual = study[(study["n_accounts"] == accounts) & (study["nominal"] == 0.95)]
    # two standard errors of the study below the best of the usual ways
    assert held[0] / repeats >= usual["coverage_nrr"].max() - 0.03
    assert held[1] / repeats >= usual["coverage_grr"].max() - 0.03
    assert held.min() / repeats >= 0.86


def test_nothing_lost_is_not_certain() -> None:
    """Forty equal accounts that all stayed: as Wilson's bound for 0 of 40, 8.76 %."""
    same = np.full(40, 100, dtype=np.int64)
    low, high = grr_interval(same, same)
    assert low == pytest.approx(1 - 0.08762160, abs=1e-7)
    assert high == 1
    assert nrr_interval(same, same) == (None, None)


def test_everything_lost() -> None:
    same = np.full(40, 100, dtype=np.int64)
    assert grr_interval(same, same * 0) == pytest.approx((0, 0.08762160), abs=1e-7)


def test_one_account_tells_nothing_of_the_spread() -> None:
    one = np.array([100], dtype=np.int64)
    assert nrr_interval(one, one * 2) == (None, None)
    assert grr_interval(one, one // 2) == (None, None)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [([100, 100], [100, 250]), ([100, 90], [0, 130]), ([100_000, 10, 10, 10, 10], [150_000, 0, 10, 10, 10])],
)
def test_too_few_accounts_have_no_interval(opening: list[int], closing: list[int]) -> None:
    """Student's t with one degree of freedom is 12.7: the interval would reach from next to nothing to thousands of %."""
    o, c = np.array(opening), np.array(closing)
    assert nrr_interval(o, c) == (None, None)
    assert tells_too_little(o, c)


def test_enough_accounts_have_one() -> None:
    o = np.full(10, 100)
    c = np.array([100, 110, 90, 100, 120, 100, 0, 100, 130, 100])
    assert None not in nrr_interval(o, c)
    assert not tells_too_little(o, c)
    assert not tells_too_little(o, o)  # nothing has changed, which needs no words


def test_money_unit_does_not_matter() -> None:
    o, c = np.array([100, 250, 70, 90]), np.array([120, 200, 0, 90])
    assert nrr_interval(o * 1000, c * 1000) == pytest.approx(nrr_interval(o, c), rel=1e-12)
    assert grr_interval(o * 1000, c * 1000) == pytest.approx(grr_interval(o, c), rel=1e-12)
