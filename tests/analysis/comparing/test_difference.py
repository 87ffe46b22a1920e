"""The adjusted difference against the worked example. Oracle: `tests/oracles/practice/effect_expected.csv`."""

import pandas as pd
import pytest

from cscli.analysis.comparing.difference import Stratum, compare
from places import PRACTICE

COUNTS = ["used", "used_left", "not_used", "not_used_left"]


@pytest.mark.parametrize("row", pd.read_csv(PRACTICE / "effect_expected.csv").to_dict("records"))
def test_the_difference_is_that_of_the_example(row: dict[str, object]) -> None:
    strata = pd.read_csv(PRACTICE / "effect_strata.csv")
    mine = strata[strata["content_id"] == row["content_id"]]
    found = compare(
        [Stratum(**{name: int(each[name]) for name in COUNTS}) for each in mine.to_dict("records")]
    )
    assert found.verdict == row["verdict"]
    figures = [
        found.used,
        found.used_left,
        found.not_used,
        found.not_used_left,
        found.crude,
        found.adjusted,
        found.low,
        found.high,
    ]
    assert figures == pytest.approx(
        [row[name] for name in (*COUNTS, "difference", "adjusted", "low", "high")], abs=5e-7, nan_ok=True
    )


def test_without_two_arms_nothing_is_compared() -> None:
    assert compare([Stratum(used=40, used_left=12, not_used=0, not_used_left=0)]).verdict == "too_few"
    assert compare([]).verdict == "too_few"
