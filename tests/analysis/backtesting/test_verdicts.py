"""Oracle: the rules of the verdict, on intervals made by hand."""

import numpy as np
import pytest

from cscli.analysis.backtesting.verdicts import interval_of, judge, strength
from cscli.analysis.proving.ranking import Auc


@pytest.mark.parametrize(
    ("value", "low", "high", "churned", "verdict"),
    [
        (0.7, 0.6, 0.8, 20, "predicts"),
        (0.7, 0.6, 0.8, 19, "cannot_tell"),
        (0.55, 0.45, 0.64, 20, "no_signal"),
        (0.6, 0.45, 0.7, 49, "cannot_tell"),
        (0.6, 0.45, 0.7, 50, "no_signal"),
        (0.3, 0.2, 0.4, 12, "wrong_way"),
        (0.7, 0.6, 0.8, 9, "cannot_tell"),
        (np.nan, np.nan, np.nan, 30, "cannot_tell"),
    ],
)
def test_each_verdict(value: float, low: float, high: float, churned: int, verdict: str) -> None:
    assert judge(Auc(value=value, error=0.1, low=low, high=high, pairs=100), churned) == verdict


def test_one_that_ranks_all_right_has_an_interval_too() -> None:
    """Wilson of 20 of 20: its low end is n / (n + z^2) = 20 / 23.8415."""
    low, high = interval_of(Auc(value=1.0, error=0.0, low=np.nan, high=np.nan, pairs=400), 20)
    assert (low, high) == pytest.approx((20 / (20 + 1.959963984540054**2), 1.0))


def test_words_of_strength() -> None:
    assert [strength(each) for each in (0.59, 0.6, 0.7, 0.81)] == ["hardly", "somewhat", "well", "strongly"]
