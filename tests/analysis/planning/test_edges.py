"""What another edge of the lowest band would have caught. Oracle: a panel of 40 rows made by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.backtesting.panel import COUNTS, Panel
from cscli.analysis.planning.evidence import Evidence, compare_panels


def panel_of(score: list[float], churned: list[bool]) -> Panel:
    """One date, one segment."""
    count = len(score)
    rows = pd.DataFrame(
        {
            "account_id": [f"A{number:02}" for number in range(count)],
            "t0": pd.Series([pd.Timestamp("2025-06-30")] * count, dtype="datetime64[us]"),
            "segment": "all", "term": "monthly", "score": score, "before": score, "churned": churned,
            "arr": 1.0, "left_on": None, "band": "low",
        }
    )  # fmt: skip
    nothing = np.full((count, 1), np.nan)
    dates = pd.DataFrame({"t0": rows["t0"][:1], "source": "exports", **{name: [0] for name in COUNTS}})
    return Panel(
        rows=rows,
        points=nothing,
        covered=~np.isnan(nothing),
        card=np.zeros(count, dtype=np.intp),
        dates=dates,
    )


def compared(low: int, edges: tuple[float, float]) -> Evidence:
    """12 of 40 left; `low` of these have 40 points with 8 that stayed, all others 80."""
    score = [40.0] * low + [80.0] * (12 - low) + [40.0] * 8 + [80.0] * 20
    panel = panel_of(score, [True] * 12 + [False] * 28)
    found = compare_panels(panel, replace(panel), 5, edges)
    assert isinstance(found, Evidence)
    return found


def test_a_higher_edge_is_held_against_luck() -> None:
    """12 of 12 below the edge, where luck would have 12 x 20/40 = 6: 6 more, twice the spread of a count of 6 is 4.9."""
    found = compared(12, (30, 50))
    assert found.is_same_order
    assert (found.below_from.rows, found.below_from.left, found.below_from.by_luck) == (0, 0, 0)
    assert (found.below_to.rows, found.below_to.left) == (20, 12)
    assert found.below_to.by_luck == pytest.approx(6)
    assert found.is_beyond_luck


def test_what_luck_does_too_is_no_gain() -> None:
    """4 of 12, where luck would have 12 x 12/40 = 3.6."""
    found = compared(4, (30, 50))
    assert found.below_to.left == 4
    assert found.below_to.by_luck == pytest.approx(3.6)
    assert not found.is_beyond_luck


def test_the_same_edge_differs_nowhere() -> None:
    found = compared(12, (50, 50))
    assert found.below_from == found.below_to
    assert not found.is_beyond_luck
