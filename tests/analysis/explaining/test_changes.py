"""The split of a change: tables worked out by hand, and over random books and rules that the parts add up."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standing_books import config_of, scored, settled, stored

from cscli.analysis.explaining.changes import PARTS, Changes, split_changes
from cscli.analysis.past.scored_run import ScoredRun
from cscli.config.schema import Config
from oracles.score_reference import score_all
from oracles.score_strategies import Settings, books, configs

quick = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
RULES = """\
version: 1
metrics:
  x0: {value: x0, points: {kind: linear, zero: 0, full: 100}}
  x1: {value: x1, points: {kind: linear, zero: 0, full: 100}}
  x2: {value: x2, points: {kind: linear, zero: 0, full: 100}, missing: 20}
scorecards:
  - name: gold
    when: t0 = 'Gold'
    groups: {one: {weight: 1, metrics: {x0: 1}}}
  - name: standard
    groups:
      one: {weight: 60, metrics: {x0: 1, x1: 1}}
      two: {weight: 40, metrics: {x2: 1}}
    caps: [{when: t1 = 'P1', at_most: 30, reason: P1}]
"""
NOTHING = dict.fromkeys(PARTS, 0.0)


def split(
    before: Settings, after: Settings, rules: str = RULES, rules_after: str = RULES
) -> dict[str, float]:
    """The parts of one account's change."""
    first, then = settled(rules), settled(rules_after)
    by_first = stored([after], first) if rules_after != rules else None
    changes = split_changes(stored([before], first), stored([after], then), by_first)
    assert sum(part[0] for part in changes.parts.values()) == pytest.approx(
        changes.change[0], abs=1e-9, nan_ok=True
    )
    return {name: float(part[0]) for name, part in changes.parts.items()}


ALL = {"x0": 50, "x1": 50, "x2": 50}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # weights 0.3, 0.3, 0.4: 10 points more are 3; 20 fewer are -8
        ({**ALL, "x0": 60, "x2": 30}, {"values_moved": -5}),
        # x1 gone: x0 alone carries the group, which was 50 and is 50; then x0 +10 was weighed with 0.3
        ({"x0": 60, "x2": 50}, {"values_moved": 3, "data_vanished": 3}),
        # x2 has no data: it counts 20 points, 0.4 x (20 - 50)
        ({"x0": 50, "x1": 50}, {"data_vanished": -12}),
        # the scorecard gold has x0 only: 50 stays; from there nothing
        ({**ALL, "t0": "Gold"}, {}),
        # standard with x0 = 80: 59; under gold 80
        ({**ALL, "x0": 80, "t0": "Gold"}, {"values_moved": 9, "scorecard_changed": 21}),
        ({**ALL, "t1": "P1"}, {"cap_or_override": -20}),
        ({**ALL, "override_score": 77.25}, {"cap_or_override": 27.25, "rounding": 0.05}),
        # 50.13 x 0.3 = 0.039 more, and rounded to 50.0
        ({**ALL, "x0": 50.13}, {"values_moved": 0.039, "rounding": -0.039}),
    ],
)
def test_one_change_at_a_time_is_named(after: Settings, expected: dict[str, float]) -> None:
    assert split(ALL, after) == pytest.approx({**NOTHING, **expected}, abs=1e-9)


def test_data_that_appears() -> None:
    """x0 alone 40: (60 x 40 + 40 x 20) / 100 = 32; with x1 = 100 the group is 70: 50; with x2 = 50 also: 62."""
    found = split({"x0": 40}, {"x0": 40, "x1": 100, "x2": 50})
    assert found == pytest.approx({**NOTHING, "data_appeared": 30}, abs=1e-9)


def test_other_rules_for_the_same_data() -> None:
    """Weight 10 in place of 40 for x2 = 100: (60 x 50 + 10 x 100) / 70 = 57.142857, shown as 57.1; before 70."""
    data = {**ALL, "x2": 100}
    found = split(data, data, RULES, RULES.replace("two: {weight: 40", "two: {weight: 10"))
    assert found["config_changed"] == pytest.approx(400 / 7 - 70, abs=1e-9)
    assert found["rounding"] == pytest.approx(57.1 - 400 / 7, abs=1e-9)


def test_a_metric_under_another_name_is_a_change_of_rules() -> None:
    """The new rules know it as `usage`; the data did not move, and neither does the score."""
    renamed = RULES.replace("  x0: {value", "  usage: {value").replace("{x0: 1", "{usage: 1")
    assert split(ALL, ALL, RULES, renamed) == pytest.approx(NOTHING, abs=1e-9)
    found = split(ALL, {**ALL, "x0": 60}, RULES, renamed)
    assert found == pytest.approx({**NOTHING, "values_moved": 3}, abs=1e-9)


def test_where_nobody_but_a_person_gave_a_score_all_of_it_is_theirs() -> None:
    rules = RULES.replace(", missing: 20", "")
    found = split({"override_score": 80}, ALL, rules, rules)
    assert found == pytest.approx({**NOTHING, "cap_or_override": -30}, abs=1e-9)


def test_without_a_score_at_one_end_there_is_no_change_and_no_part() -> None:
    rules = RULES.replace(", missing: 20", "")
    assert np.isnan(list(split(ALL, {}, rules, rules).values())).all()


def test_a_step_without_any_score_leaves_it_to_the_next() -> None:
    """x0 goes and x1 comes: between the two nothing is known, so all of it is what appeared."""
    rules = RULES.replace(", missing: 20", "").replace("x0: 1, x1: 1", "x0: 1, x1: 1")
    found = split({"x0": 40}, {"x1": 90}, rules, rules)
    assert found == pytest.approx({**NOTHING, "data_appeared": 50}, abs=1e-9)


def test_who_came_and_who_left() -> None:
    config = settled(RULES)
    start = scored([{"id": "A", **ALL}, {"id": "B", **ALL}], config)
    end = scored([{"id": "C", **ALL}, {"id": "B", **ALL}], config)
    changes = split_changes(start, end)
    assert (changes.before.tolist(), changes.after.tolist()) == ([1], [1])
    assert (changes.came.tolist(), changes.left.tolist()) == ([0], [0])
    assert changes.change.tolist() == [0.0]


def both(draw: Any) -> tuple[list[Settings], list[Settings]]:
    one, other = draw(books), draw(books)
    return one, other


def compare(
    one: Config, other: Config, before: list[Settings], after: list[Settings]
) -> tuple[ScoredRun, ScoredRun, Changes]:
    start, end = stored(before, one), stored(after, other)
    return start, end, split_changes(start, end, stored(after, one))


@pytest.mark.slow
@quick
@given(one=configs(), other=st.none() | configs(), before=books, after=books)
def test_parts_sum_to_the_change_whatever_moved(
    one: Settings, other: Settings | None, before: list[Settings], after: list[Settings]
) -> None:
    config = config_of(one)
    start, end, changes = compare(config, config_of(other) if other else config, before, after)
    expected = end.score[changes.after] - start.score[changes.before]
    total = sum(changes.parts.values())
    np.testing.assert_allclose(total, expected, atol=1e-9)
    np.testing.assert_allclose(changes.change, expected, atol=1e-12)
    known = ~np.isnan(expected)
    np.testing.assert_allclose(
        changes.by_metric.sum(axis=1)[known], changes.parts["values_moved"][known], atol=1e-9
    )
    assert (np.abs(changes.parts["rounding"][known]) <= 0.1 + 1e-9).all()
    if other is None:
        assert (np.abs(changes.parts["config_changed"][known]) < 1e-9).all()


@pytest.mark.slow
@quick
@given(config=configs(), before=books, after=books)
def test_steps_are_those_of_the_slow_reference(
    config: Settings, before: list[Settings], after: list[Settings]
) -> None:
    """Values that moved, from exact fractions: where both ends have data, weight of the start x change of points."""
    size = min(len(before), len(after))
    before, after = before[:size], after[:size]
    start, end, changes = compare(config_of(config), config_of(config), before, after)
    exact = list(zip(score_all(before, config), score_all(after, config), strict=True))
    for at, (old, new) in enumerate(exact):
        if np.isnan(changes.change[at]) or old.score_before_caps is None or new.score_before_caps is None:
            continue
        moved = Fraction(0)
        for column, name in enumerate(config["metrics"]):
            points = old.points[name], new.points[name]
            if start.covered[at, column] and end.covered[at, column] and name in old.contributions:
                share = (old.contributions[name] + old.losses[name]) / 100
                moved += share * (points[1] - points[0])  # type: ignore[operator]  # both have data
        assert changes.parts["values_moved"][at] == pytest.approx(float(moved), abs=1e-7)


@pytest.mark.whole
@quick
@given(config=configs(), rows=books)
def test_a_stored_run_stands_as_it_was_scored(config: Settings, rows: list[Settings]) -> None:
    """What is derived from the stored figures is what scoring had found."""
    rules = config_of(config)
    one, other = scored(rows, rules), stored(rows, rules)
    for name in ("points", "covered", "scorecard", "before", "limited", "score", "coverage"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert one.capped_by == other.capped_by
    known = ~np.isnan(one.score)
    assert (np.abs(one.limited - one.score)[known] <= 0.05 + 1e-9).all()
