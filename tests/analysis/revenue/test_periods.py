"""The months of billing intervals, by hand; and amounts of lines whose system forgot what they paid."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.revenue.line_faults import LineFaults
from cscli.analysis.revenue.periods import monthly_amounts, months_in
from cscli.errors import Location


@pytest.mark.parametrize(
    ("word", "months"),
    [
        ("monthly", 1), ("月払い", 1), ("毎月払い", 1), ("P1M", 1), ("30 days", 1), ("every 2 months", 2), ("隔月", 2), ("quarterly", 3),
        ("四半期", 3), ("3か月", 3), ("半期", 6), ("semi-annual", 6), ("6-month", 6), ("年一括", 12), ("Annual (12 months)", 12),
        ("per annum", 12), ("365 days", 12), ("2年", 24), ("36ヶ月契約", 36), ("annual, billed monthly", None), ("12", None), ("金額", None),
        ("二年", 24), ("三年契約", 36), ("十二か月", 12), ("Two years", 24), ("every three months", 3), ("triennial", 36), ("Half-yearly", 6),
    ],
)  # fmt: skip
def test_months_in(word: str, months: float | None) -> None:
    assert months_in(word) == months


def amounts(**columns: Sequence[object]) -> tuple[list[float], list[str]]:
    frame = pd.DataFrame(columns)
    faults = LineFaults(ids=np.array(["A"] * len(frame), dtype=object), locate=lambda _row: Location())
    return monthly_amounts(frame, "amount", faults).tolist(), [each.code for each in faults.found]


END = [pd.NaT, pd.Timestamp("2026-05-15")]


def test_mrr_that_is_0_since_the_end_is_the_amount_by_its_period() -> None:
    found = amounts(mrr=[100.0, 0.0], amount=[1200.0, 840.0], interval=["year", "year"], ended_on=END)
    assert found == ([100.0, 70.0], ["revenue.mrr_before_end"])


def test_mrr_that_is_0_since_the_end_and_without_amount_is_said() -> None:
    assert amounts(mrr=[100.0, 0.0], ended_on=END) == ([100.0, 0.0], ["revenue.mrr_lost_at_end"])


def test_a_line_of_0_among_ended_lines_that_paid_is_one_of_0() -> None:
    end = [pd.NaT, *[pd.Timestamp("2026-05-15")] * 2]
    assert amounts(mrr=[100.0, 0.0, 50.0], ended_on=end) == ([100.0, 0.0, 50.0], [])


def test_amounts_that_follow_the_quantity_are_those_of_whole_lines() -> None:
    """Two prices, 20 and 216 a seat, in lines of many seats."""
    seats = [19.0, 5.0, 12.0, 30.0, 7.0, 3.0]
    price = [216.0, 20.0, 216.0, 20.0, 20.0, 216.0]
    lines = [each * seat for each, seat in zip(price, seats, strict=True)]
    found = amounts(amount=lines, quantity=seats, interval=["month"] * 6)
    assert found == (lines, ["revenue.of_whole_lines"])


def test_amounts_that_repeat_whatever_the_quantity_are_those_of_one() -> None:
    seats, price = [19.0, 5.0, 12.0, 30.0], [216.0, 20.0, 216.0, 20.0]
    found = amounts(amount=price, quantity=seats, interval=["month"] * 4)
    assert found == ([4104.0, 100.0, 2592.0, 600.0], ["revenue.times_quantity"])
