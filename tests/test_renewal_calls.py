"""Calls as people type them, by hand."""

import math

import pytest

from cscli.renewal_calls import DEFAULT_CALLS, call_word, read_call


@pytest.mark.parametrize(
    ("typed", "chance"),
    [
        ("renew", 0.05), ("Risk", 0.35), ("CHURN", 0.85), ("更新", 0.05), ("リスク", 0.35), ("解約", 0.85),
        ("20%", 0.2), ("20％", 0.2), ("20", 0.2), ("0.2", 0.2), ("0", 0.0), ("100", 1.0), ("1", 1.0), ("1%", 0.01),
    ],
)  # fmt: skip
def test_words_and_percentages(typed: str, chance: float) -> None:
    assert read_call(typed, DEFAULT_CALLS) == pytest.approx(chance)


@pytest.mark.parametrize("typed", ["perhaps", "-5", "120%", "101", "1,5"])
def test_others_are_not_read(typed: str) -> None:
    assert math.isnan(read_call(typed, DEFAULT_CALLS))


def test_words_are_one_in_both_languages() -> None:
    assert [call_word(each) for each in ("更新", "At risk", "20%")] == ["renew", "risk", "20%"]
