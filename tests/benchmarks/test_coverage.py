"""The simulated market whose truth is known: what is asked of it, in fewer books than the benchmark's."""

import importlib
from types import ModuleType

import numpy as np
import pytest

from places import BENCHMARKS


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("coverage_of_ltv")


def test_the_truth_is_the_sum_of_its_formula(market: ModuleType) -> None:
    """e^10.5 x 0.75 x the sum of (0.98 / 1.1^(1/12))^t over 60 months, as a geometric series."""
    ratio = 0.98 / 1.1 ** (1 / 12)
    assert market.truth() == pytest.approx(np.exp(10.5) * 0.75 * (1 - ratio**60) / (1 - ratio))


def test_nobody_left_before_the_export_knew_of_it(market: ModuleType) -> None:
    accounts, _ = market.make_book(np.random.default_rng(1))
    assert accounts["churned_on"].min() >= np.datetime64("2024-05-01")
    assert accounts["started_on"].min() < np.datetime64("2023-04-01")


def test_intervals_hold_the_truth(market: ModuleType) -> None:
    """Of 150 books 95% are 142; fewer than 133 or 150 would be chance once in a thousand times."""
    share, mean = market.coverage(150)
    assert 133 / 150 <= share < 1
    assert mean == pytest.approx(1, abs=0.03)
