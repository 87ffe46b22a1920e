"""Scores against the slow reference in exact fractions, over random rules and accounts; and what must always hold."""

import copy
import datetime as dt
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cscli.analysis.scoring.columns import add_columns
from cscli.analysis.scoring.health import HealthScores, score_accounts, scorecard_names
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from oracles.score_reference import Expected, score_all
from oracles.score_strategies import NUMBERS, TEXTS, Settings, as_yaml, books, configs

AS_OF = dt.date(2026, 1, 31)
NEAR = Fraction(1, 10**7)
TOLERANCE = 1e-9
quick = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def settled(config: Settings) -> Config:
    headers = Headers({"accounts": frozenset({"account_id", *NUMBERS, *TEXTS})}, complete=True)
    return settle(read_draft(as_yaml(config), "cscli.yaml"), headers)[0]


def frame_of(rows: list[Settings]) -> pd.DataFrame:
    columns: dict[str, Any] = {"account_id": pd.Series([f"A{at}" for at in range(len(rows))], dtype=object)}
    for name in (*NUMBERS, "tenure_months", "override_score"):
        columns[name] = pd.Series([row.get(name) for row in rows], dtype="float64")
    for name in TEXTS:
        columns[name] = pd.Series([row[name] for row in rows], dtype=object)
    return pd.DataFrame(columns)


def scored(rows: list[Settings], config: Settings) -> HealthScores:
    checked = settled(config)
    columns = add_columns(frame_of(rows), checked, AS_OF)
    return score_accounts(columns.frame, columns.conditions, checked)


def is_decided(expected: Expected, config: Settings) -> bool:
    """Whether no figure lies so near to an edge, without being on it, that floating point may cross it."""
    edges = [(expected.coverage, Fraction(config["min_data_coverage"]))]
    if expected.limited is not None:
        tenths = expected.limited * 10 - Fraction(1, 2)
        edges.append((tenths, Fraction(round(tenths))))
        before = expected.score_before_caps or Fraction(0)
        edges += [(before, bound) for bound in bounds_of(expected, config)]
    losses = sorted([*expected.losses.values(), Fraction(0)])
    edges += list(pairwise(losses))
    return all(left == right or abs(left - right) > NEAR for left, right in edges)


def bounds_of(expected: Expected, config: Settings) -> list[Fraction]:
    cards = [card for card in config["scorecards"] if card["name"] == expected.scorecard]
    rules = [rule for card in cards for rule in (*card["caps"], *card["floors"])]
    return [Fraction(rule.get("at_most", rule.get("at_least"))) for rule in rules]


def is_close(found: float, expected: Fraction | None) -> bool:
    return bool(np.isnan(found)) if expected is None else abs(found - float(expected)) <= TOLERANCE


def assert_same(found: HealthScores, row: int, expected: Expected) -> None:
    for at, name in enumerate(found.metrics):
        assert is_close(found.points[row, at], expected.points[name])
        contribution = expected.contributions.get(name, Fraction(0))
        written = found.contributions[row, at]
        assert is_close(0.0 if np.isnan(written) else written, contribution)
    for at, name in enumerate(found.group_names):
        assert is_close(found.groups[row, at], expected.groups.get(name))
    assert is_close(found.score_before_caps[row], expected.score_before_caps)
    assert is_close(found.score[row], expected.score)
    assert found.band[row] == expected.band
    assert is_close(found.data_coverage[row], expected.coverage)
    changed = [
        limit.rule.reason for limit, was in zip(found.limits, found.limits_changed[row], strict=True) if was
    ]
    assert changed == expected.changed
    assert found.overridden[row] == expected.overridden
    reasons = [found.metrics[at] for at in found.reason_metrics[row] if at >= 0]
    assert reasons == expected.reasons
    for loss, name in zip(found.reason_losses[row], reasons, strict=False):
        assert is_close(loss, expected.losses[name])


@pytest.mark.slow
@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(configs(), books)
def test_every_figure_equals_the_reference(config: Settings, rows: list[Settings]) -> None:
    expected = score_all(rows, config)
    found = scored(rows, config)
    names = scorecard_names(found, settled(config))
    compared = [row for row, account in enumerate(expected) if is_decided(account, config)]
    assume(compared)
    for row in compared:
        assert_same(found, row, expected[row])
        assert names[row] == expected[row].scorecard


def even_halves(score: float) -> tuple[list[Settings], Settings]:
    """One account whose score is exactly the mean of 0 and 2 x `score`."""
    rows: list[Settings] = [{**dict.fromkeys(NUMBERS), **dict.fromkeys(TEXTS), "tenure_months": 1}]
    rows[0].update(x0=0, x1=2 * score)
    linear = {"kind": "linear", "zero": 0, "full": 100}
    config: Settings = {
        "version": 1,
        "metrics": {name: {"value": f"x{name[1]}", "points": linear} for name in ("m0", "m1")},
        "segments": {"touch": [{"name": "all"}]},
        "scorecards": [{"name": "card0", "groups": {"g0": {"weight": 7, "metrics": {"m0": 3, "m1": 3}}}, "caps": [], "floors": []}],
        "min_data_coverage": 0,
        "bands": [{"name": "low", "from": 0}, {"name": "high", "from": 40}],
    }  # fmt: skip
    return rows, config


@pytest.mark.whole
@quick
@given(st.integers(0, 499))
@example(399)  # 39.95 is 40.0, and `high`
def test_a_half_goes_up_and_the_band_judges_the_rounded_score(tenths: int) -> None:
    rows, config = even_halves((2 * tenths + 1) / 20)
    found = scored(rows, config)
    assert found.score[0] == (tenths + 1) / 10
    assert found.band[0] == ("high" if tenths >= 399 else "low")


@pytest.mark.slow
@quick
@given(configs(), books, st.randoms())
def test_the_order_of_rows_is_irrelevant(config: Settings, rows: list[Settings], random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    straight, shuffled = scored(rows, config), scored([rows[at] for at in order], config)
    np.testing.assert_array_equal(shuffled.score, straight.score[order])
    np.testing.assert_array_equal(shuffled.band, straight.band[order])
    np.testing.assert_array_equal(shuffled.reason_metrics, straight.reason_metrics[order])
    np.testing.assert_allclose(shuffled.contributions, straight.contributions[order], rtol=0, atol=TOLERANCE)


@pytest.mark.whole
@quick
@given(configs(), books)
def test_contributions_sum_to_the_score_and_shares_stay_shares(
    config: Settings, rows: list[Settings]
) -> None:
    found = scored(rows, config)
    has_score = ~np.isnan(found.score_before_caps)
    np.testing.assert_allclose(
        np.nansum(found.contributions, axis=1)[has_score],
        found.score_before_caps[has_score],
        rtol=0,
        atol=TOLERANCE,
    )
    assert np.isnan(found.contributions[~has_score]).all()
    assert ((found.data_coverage >= 0) & (found.data_coverage <= 1 + TOLERANCE)).all()
    has_score = ~np.isnan(found.score)  # a person can set one where there is no data
    assert ((found.score[has_score] >= 0) & (found.score[has_score] <= 100)).all()
    assert (found.band[~has_score] == "unknown").all()


@pytest.mark.slow
@quick
@given(configs(), books, st.sampled_from([0.1, 7, 1000]))
def test_weights_are_relative(config: Settings, rows: list[Settings], factor: float) -> None:
    scaled = copy.deepcopy(config)
    for card in scaled["scorecards"]:
        for group in card["groups"].values():
            group["weight"] *= factor
            group["metrics"] = {name: weight * factor for name, weight in group["metrics"].items()}
    before, after = scored(rows, config), scored(rows, scaled)
    np.testing.assert_array_equal(before.score, after.score)
    np.testing.assert_array_equal(before.band, after.band)
    np.testing.assert_array_equal(before.reason_metrics, after.reason_metrics)
    np.testing.assert_allclose(before.data_coverage, after.data_coverage, rtol=0, atol=TOLERANCE)


@pytest.mark.slow
@quick
@given(configs(), books)
def test_a_metric_without_any_data_changes_nothing_but_coverage(
    config: Settings, rows: list[Settings]
) -> None:
    longer = copy.deepcopy(config)
    longer["derived"] = {"nowhere": "CAST(NULL AS DOUBLE)"}
    longer["metrics"]["silent"] = {"value": "nowhere", "points": {"kind": "decay", "half_life": 1}}
    for card in longer["scorecards"]:
        next(iter(card["groups"].values()))["metrics"]["silent"] = 5
    without, found = scored(rows, config), scored(rows, longer)
    np.testing.assert_array_equal(without.score, found.score)
    np.testing.assert_allclose(without.groups, found.groups, rtol=0, atol=TOLERANCE)
    np.testing.assert_array_equal(
        without.reason_metrics[:, :3], found.reason_metrics[:, : without.reason_metrics.shape[1]]
    )
    assert (found.data_coverage <= without.data_coverage + TOLERANCE).all()
