"""What would lift an account: by hand for each kind of normaliser, and over random books by scoring all anew."""

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from standing_books import config_of, scored, settled

from cscli.analysis.explaining.actionable import as_day
from cscli.analysis.explaining.lift import LiftPlan, MetricLift, Obstacle, plan_lift, score_needed
from cscli.analysis.explaining.what_if import WhatIf
from cscli.analysis.past.scored_run import ScoredRun
from cscli.config.schema import Config
from oracles.score_strategies import Settings, books, configs

quick = settings(
    deadline=None,
    max_examples=6,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
RULES = """\
version: 1
{derived}
metrics:
  m: {{value: {value}, points: {points}}}
  rest: {{value: x1, points: {{kind: linear, zero: 0, full: 100}}}}
scorecards:
  - name: standard
    groups: {{one: {{weight: 1, metrics: {{m: 1, rest: 1}}}}}}
    caps: [{{when: {cap}, at_most: 50, reason: A cap}}]
bands: [{{name: good, from: 70}}, {{name: poor, from: 0}}]
"""


def plan(
    account: Settings,
    points: str,
    *others: Settings,
    value: str = "x0",
    derived: str = "",
    cap: str = "t0 = 'P1'",
) -> LiftPlan:
    config = settled(RULES.format(points=points, value=value, derived=derived, cap=cap))
    return plan_lift(WhatIf(scored([account, *others], config), 0))


def of(found: LiftPlan, metric: str = "m") -> MetricLift:
    return next(proposal for proposal in found.proposals if proposal.metric == metric)


@pytest.mark.parametrize(
    ("points", "now", "expected"),
    [
        # rest = 60; the score is (m + 60) / 2; 69.95 rounds to 70.0, so m needs 79.9 points
        ("{kind: linear, zero: 0, full: 10}", 5.5, 7.99),
        ("{kind: linear, zero: 30, full: 3}", 20.5, 30 - 27 * 0.799),
        ("{kind: piecewise, at: [[0, 0], [10, 90], [20, 0]]}", 1.5, 10 * 79.9 / 90),
        ("{kind: piecewise, at: [[0, 0], [10, 90], [20, 0]]}", 19.5, 20 - 10 * 79.9 / 90),
        ("{kind: piecewise, at: [[0, 80], [10, 0]]}", 9.5, 0.0125),
        ("{kind: steps, at: [[0, 10], [5, 70], [8, 90]]}", 5.5, 8),
        ("{kind: steps, at: [[0, 10], [5, 90], [8, 0]]}", 9.5, math.nextafter(8, 0)),
        ("{kind: target, target: 400, after_months: 2}", 20.5, 400 * 0.5 * 0.799),
        ("{kind: logistic, middle: 10, scale: 2}", 1.5, 10 + 2 * math.log(79.9 / 20.1)),
        ("{kind: logistic, middle: 10, scale: -2}", 15.5, 10 - 2 * math.log(79.9 / 20.1)),
        ("{kind: decay, half_life: 10}", 30.5, 10 * math.log2(100 / 79.9)),
    ],
)
def test_the_exact_inverse_of_each_kind(points: str, now: float, expected: float) -> None:
    found = of(plan({"x0": now, "x1": 60, "tenure_months": 1}, points))
    assert found.change
    assert found.change.exact == pytest.approx(expected, abs=1e-9)
    assert found.points_needed == pytest.approx(79.9, abs=1e-9)


def test_a_value_that_a_person_would_write_is_on_the_side_that_suffices() -> None:
    """7.99 of 10: in a book of whole numbers 8; where there are others 7.99 stays."""
    whole = of(plan({"x0": 5, "x1": 60}, "{kind: linear, zero: 0, full: 10}", {"x0": 2}))
    assert whole.change
    assert whole.change.value == 8
    third = of(plan({"x0": 1.5, "x1": 60}, "{kind: piecewise, at: [[0, 0], [10, 90], [20, 0]]}"))
    assert third.change
    assert third.change.value == 8.88


def test_a_category_is_lifted_to_the_next_that_is_enough() -> None:
    found = of(
        plan(
            {"t1": "Silver", "x1": 60},
            "{kind: categories, map: {Silver: 10, Gold: 80, 重要: 100}}",
            value="t1",
        )
    )
    assert found.change
    assert found.change.value == "Gold"


def test_a_rank_among_peers() -> None:
    """Of five, rank 4 is (4 - 0.5) / 5 = 70 points, the best 90; in between a tie with the best: 80."""
    others = [{"x0": value, "x1": 60} for value in (10, 20, 30, 40)]
    found = of(plan({"x0": 5, "x1": 60}, "{kind: percentile}", *others))
    assert found.change
    assert found.change.value == 40
    down = of(plan({"x0": 45, "x1": 60}, "{kind: percentile, lower_is_better: true}", *others))
    assert down.change
    assert down.change.value == 10
    beyond = of(plan({"x0": 5, "x1": 52}, "{kind: percentile}", *others))
    assert beyond.change
    assert beyond.change.value == 41
    assert beyond.points_needed == pytest.approx(87.9)


def test_a_value_that_is_missing() -> None:
    """Rest alone is 60; with m the score is (m + 60) / 2."""
    found = of(plan({"x1": 60}, "{kind: linear, zero: 0, full: 10}"))
    assert found.change
    assert found.change.exact == pytest.approx(7.99)


@pytest.mark.parametrize(
    ("value", "derived", "account", "column", "needed"),
    [
        # 79.9% of 25 are 19.975 -> 20
        ("x0 / x2", "", {"x0": 12, "x2": 25}, "x0", 20),
        ("ratio", "derived: {ratio: 'x0 / nullif(x2, 0)'}", {"x0": 12, "x2": 25}, "x0", 20),
        # growth 0.799 on 20: 35.98 -> 36
        ("x0 / x2 - 1", "", {"x0": 25, "x2": 20}, "x0", 36),
    ],
)
def test_the_column_that_a_person_can_act_on(
    value: str, derived: str, account: Settings, column: str, needed: float
) -> None:
    found = of(
        plan(
            {**account, "x1": 60},
            "{kind: linear, zero: 0, full: 1}",
            {"x0": 3, "x2": 7},
            value=value,
            derived=derived,
        )
    )
    assert found.change
    assert found.change.actionable
    assert (found.change.actionable.column, found.change.column) == (column, needed)


def test_days_since_a_day() -> None:
    """Full points at 0 days, none at 10: 2.01 days at most, so two: the last login must be two days back."""
    config = settled(
        RULES.format(
            points="{kind: linear, zero: 10, full: 0}",
            value="as_of - last_login_on",
            derived="",
            cap="t0 = 'P1'",
        )
    )
    base = scored([{"x1": 60}], config)
    columns = base.columns.assign(last_login_on=np.array(["2026-01-20"], "datetime64[us]"))
    scored_run = ScoredRun(**{**vars(base), "columns": columns, "measured": base.measured.assign(m=11.0)})
    fresh = WhatIf(scored_run, 0).scores([None])
    points = base.points.copy()
    points[0, 0] = 0
    scored_run = ScoredRun(
        **{
            **vars(scored_run),
            "score": fresh.score,
            "points": points,
            "covered": ~np.isnan(points),
            "band": fresh.band,
        }
    )
    found = of(plan_lift(WhatIf(scored_run, 0)))
    assert found.change
    assert found.change.column is not None
    assert (as_day(found.change.column).isoformat(), found.change.value) == ("2026-01-29", 2)


def test_what_no_metric_can_do() -> None:
    not_enough = of(plan({"x0": 6, "x1": 30}, "{kind: linear, zero: 0, full: 10}"))
    assert (not_enough.obstacle, not_enough.score_at_best) == (Obstacle.NOT_ENOUGH, 65)
    no_value = of(plan({"x0": 5.5, "x1": 60}, "{kind: steps, at: [[0, 30], [5, 70]]}"))
    assert no_value.obstacle is Obstacle.NO_SUCH_VALUE


def test_a_cap_holds_whatever_the_values_are() -> None:
    found = plan({"x0": 9, "x1": 90, "t0": "P1"}, "{kind: linear, zero: 0, full: 10}")
    assert found.held_by == ("scorecards[0].caps[0].when",)
    assert [proposal.obstacle for proposal in found.proposals] == [Obstacle.HELD, Obstacle.HELD]


def test_a_cap_that_a_metric_lifts_by_itself() -> None:
    """The score would be 75; a cap of 50 holds while m is under 5.25."""
    found = plan({"x0": 5, "x1": 100}, "{kind: linear, zero: 0, full: 10}", {"x0": 4.5}, cap="m < 5.25")
    assert found.held_by == ("scorecards[0].caps[0].when",)
    lifted = of(found).change
    assert lifted
    assert lifted.value == 5.25
    assert of(found, "rest").obstacle is Obstacle.HELD


def test_who_is_at_the_top_overridden_or_not_judged() -> None:
    linear = "{kind: linear, zero: 0, full: 10}"
    top = plan({"x0": 9, "x1": 90}, linear)
    assert (top.band, top.gap, top.proposals) == (None, 20, ())
    assert plan({"x0": 9, "x1": 90, "override_score": 55}, linear).held_by == ("override",)
    assert plan({}, linear).held_by == ("no_score",)


def test_with_too_little_data_what_is_missing_is_said() -> None:
    rules = RULES.format(
        points="{kind: linear, zero: 0, full: 10}", value="x0", derived="min_data_coverage: 0.6", cap="x2 > 0"
    )
    found = plan_lift(WhatIf(scored([{"x1": 90}], settled(rules)), 0))
    assert (found.held_by, found.coverage) == (("data_coverage",), {"m": 1.0})


def replaced(config: Settings, metric: str, account: str, value: float | str) -> Config:
    """The same rules, but for `account` the metric has `value`."""
    literal = f"'{value}'" if isinstance(value, str) else repr(float(value))
    changed = copy.deepcopy(config)
    column = changed["metrics"][metric]["value"]
    changed["metrics"][metric]["value"] = (
        f"CASE WHEN account_id = '{account}' THEN {literal} ELSE {column} END"
    )
    return config_of(changed)


@pytest.mark.slow
@quick
@given(config=configs(), rows=books, data=st.data())
def test_every_proposal_reaches_the_band_and_a_smaller_change_does_not(
    config: Settings, rows: list[Settings], data: st.DataObject
) -> None:
    """Each proposed value is put into the rules and the whole book scored anew."""
    rules = config_of(config)
    scored_run = scored(rows, rules)
    row = data.draw(st.integers(0, len(rows) - 1))
    found = plan_lift(WhatIf(scored_run, row))
    proposed = [proposal for proposal in found.proposals if proposal.change]
    assume(proposed)
    assert found.band
    edge, account = found.band.from_, f"A{row}"
    for proposal in proposed:
        change = proposal.change
        assert change
        for value in {change.value, change.exact}:
            again = scored(rows, replaced(config, proposal.metric, account, value))
            assert again.score[row] >= edge - 1e-9
        now = scored_run.measured[proposal.metric].iloc[row]
        if isinstance(change.exact, float) and not math.isnan(now) and abs(change.exact - now) > 1e-3:
            less = change.exact + (now - change.exact) / 1000
            again = scored(rows, replaced(config, proposal.metric, account, less))
            assert again.limited[row] < score_needed(edge) + 1e-7


@pytest.mark.slow
@quick
@given(config=configs(), rows=books, data=st.data())
def test_where_nothing_is_proposed_no_value_does_it(
    config: Settings, rows: list[Settings], data: st.DataObject
) -> None:
    scored_run = scored(rows, config_of(config))
    row = data.draw(st.integers(0, len(rows) - 1))
    found = plan_lift(WhatIf(scored_run, row))
    stuck = [proposal.metric for proposal in found.proposals if proposal.obstacle]
    assume(stuck and found.band)
    assert found.band
    for name in stuck:
        values: list[Any] = ["Gold", "Silver", "重要", "0", "new"]
        if config["metrics"][name]["value"].startswith("x"):
            values = [
                *np.linspace(-20, 120, 57),
                *(corner[0] for corner in config["metrics"][name]["points"].get("at", [])),
            ]
        scores = WhatIf(scored_run, row).scores([(name, value) for value in values])
        assert not (scores.score >= found.band.from_ - 1e-9).any(), "without a score, no band is reached"
