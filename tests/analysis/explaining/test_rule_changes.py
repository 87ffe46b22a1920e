"""The split of a change between two sets of rules: by hand, and over random books and rules that the parts add up."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from standing_books import config_of, scored, settled

from cscli.analysis.planning.rule_changes import PARTS, split_by_rule
from oracles.score_strategies import Settings, books, configs

quick = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
RULES = """\
version: 1
metrics:
  x0: {value: x0, points: {kind: linear, zero: 0, full: 100}}
  x1: {value: x1, points: {kind: linear, zero: 0, full: 100}, missing: 20}
scorecards:
  - name: all
    groups: {one: {weight: 1, metrics: {x0: 60, x1: 40}}}
    caps: [{when: t1 = 'P1', at_most: 30, reason: P1}]
bands: [{name: healthy, from: 70}, {name: watch, from: 40}, {name: at_risk, from: 0}]
"""
NOTHING = dict.fromkeys(PARTS, 0.0)


def split(data: Settings, *changes: tuple[str, str]) -> tuple[dict[str, float], tuple[str, ...]]:
    """The parts of one account's change where the rules' text changes so, and what moves its band."""
    rules = RULES
    for before, after in changes:
        assert before in rules
        rules = rules.replace(before, after)
    found = split_by_rule(scored([data], settled(RULES)), scored([data], settled(rules)))
    return {name: float(part[0]) for name, part in found.parts.items()}, found.band_by[0]


@pytest.mark.parametrize(
    ("data", "change", "expected", "band_by"),
    [
        # 0.6 x 50 + 0.4 x 80 = 62; with halves 65: 0.1 x (80 - 62) + 0.1 x (62 - 50)
        ({"x0": 50, "x1": 80}, ("x0: 60, x1: 40", "x0: 50, x1: 50"), {"weights": 3}, ()),
        # x0 = 50 of 80 is 62.5 points: 0.6 x 12.5 more, and 69.5
        (
            {"x0": 50, "x1": 80},
            ("x0, points: {kind: linear, zero: 0, full: 100", "x0, points: {kind: linear, zero: 0, full: 80"),
            {"points": 7.5},
            (),
        ),
        # without data x1 counts 20, then 70: 0.4 x 50; 38 becomes 58
        ({"x0": 50}, ("missing: 20", "missing: 70"), {"coverage": 20}, ("score",)),
        # then not at all: 50
        ({"x0": 50}, (", missing: 20", ""), {"coverage": 12}, ("score",)),
        ({"x0": 50, "x1": 80, "t1": "P1"}, ("at_most: 30", "at_most: 45"), {"limits": 15}, ("score",)),
        ({"x0": 50, "x1": 80}, ("from: 70", "from: 60"), {}, ("edges",)),
        ({"x0": 50}, ("bands:", "min_data_coverage: 0.7\nbands:"), {}, ("coverage",)),
    ],
)
def test_one_rule_at_a_time_is_named(
    data: Settings, change: tuple[str, str], expected: dict[str, float], band_by: tuple[str, ...]
) -> None:
    parts, moved_by = split(data, change)
    assert parts == pytest.approx({**NOTHING, **expected}, abs=1e-9)
    assert moved_by == band_by


def test_a_metric_that_goes_is_a_change_of_weights() -> None:
    """62 becomes 50, by x1 alone x (80 - 62) less, and x0 0.4 x (50 - 62) more."""
    parts, _ = split({"x0": 50, "x1": 80}, ("x0: 60, x1: 40", "x0: 1"))
    assert parts == pytest.approx({**NOTHING, "weights": -12}, abs=1e-9)


@pytest.mark.slow
@quick
@given(one=configs(), other=configs(), rows=books)
def test_parts_sum_to_the_change_whatever_the_rules(
    one: Settings, other: Settings, rows: list[Settings]
) -> None:
    old, new = scored(rows, config_of(one)), scored(rows, config_of(other))
    found = split_by_rule(old, new)
    expected = new.score[found.after] - old.score[found.before]
    np.testing.assert_allclose(sum(found.parts.values()), expected, atol=1e-8)
    moved = old.band[found.before] != new.band[found.after]
    assert [bool(steps) for steps in found.band_by] == moved.tolist()
