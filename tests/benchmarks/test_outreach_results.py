"""A share of the books of `benchmarks/outreach_results.py`: what does nothing is not praised, and +5 is found.

The oracle is the truth that the books are made with. Of 60 books 95% are 57, and 3 sigma below that are 52.
"""

import importlib

import pytest

from places import BENCHMARKS


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["held_out", "control"])
def test_intervals_hold_the_truth_and_before_against_after_does_not(
    monkeypatch: pytest.MonkeyPatch, arm: str
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    simulate = importlib.import_module("outreach_results").simulate
    nothing = simulate(60, 1, arm, 0.0)
    assert nothing.covered >= 52 / 60
    assert nothing.before_after < 0.2
    planted = simulate(60, 2, arm, 5.0)
    assert planted.covered >= 52 / 60
    assert planted.found > 0.6
    assert abs(planted.mean_difference - 5.0) < 1.0
