"""Oracle: tests/oracles/reference/proof, metrics."""

import numpy as np
import pytest

from cscli.analysis.proving.intervals import Numbers
from cscli.analysis.proving.metric_facts import correlate, judge_metric, mid_ranks
from cscli.analysis.proving.ranking import Cases, compare, rank
from oracles.proof import quantities, table

EXPECTED = table("metrics_expected")
NAMES = EXPECTED["metric"].tolist()
ROWS = table("metrics_panel")
POINTS = ROWS[NAMES].to_numpy(np.float64)
CASES = Cases(np.arange(len(ROWS)), (ROWS["churned"] == 1).to_numpy(), np.zeros(len(ROWS), dtype=np.intp))
WEIGHTS = EXPECTED["weight"].to_numpy(np.float64)


def risk(weights: Numbers) -> Numbers:
    """Minus the weighted mean of the points that are there."""
    known = ~np.isnan(POINTS)
    return np.asarray(-(np.where(known, POINTS, 0) @ weights) / (known @ weights), np.float64)


@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
def test_each_metric(place: int) -> None:
    facts, row = judge_metric(POINTS[:, place], CASES), EXPECTED.iloc[place]
    names = (
        "n",
        "churned",
        "missing_of_churned",
        "missing_of_stayed",
        "auc_alone",
        "se",
        "lo",
        "hi",
        "largest_reversal_z",
        "pure_values",
        "share_in_pure",
        "leak",
    )
    found = [
        facts.rows, facts.churned, facts.missing_of_churned, facts.missing_of_stayed, facts.auc.value, facts.auc.error,
        facts.auc.low, facts.auc.high, facts.reversal_z, facts.pure_values, facts.pure_share, facts.knows_too_much,
    ]  # fmt: skip
    assert np.array(found, float) == pytest.approx(row[list(names)].to_numpy(float), abs=1e-6)
    fifths = row[[f"rate_fifth{number}" for number in range(1, 6)]].to_numpy(float)
    assert facts.fifths == pytest.approx(fifths, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
def test_the_score_without_each(place: int) -> None:
    without = np.where(np.arange(len(NAMES)) == place, 0.0, WEIGHTS)
    found = compare(risk(WEIGHTS), risk(without), CASES)
    names = ["drop_one", "drop_one_se", "drop_lo", "drop_hi"]
    row = EXPECTED.iloc[place][names].to_numpy(float)
    assert np.array([found.value, found.error, found.low, found.high]) == pytest.approx(row, abs=1e-6)


def test_the_whole_score() -> None:
    found, numbers = rank(risk(WEIGHTS), CASES), quantities("metrics_score_expected").astype(float)
    assert [found.value, found.error] == pytest.approx(numbers.tolist(), abs=1e-9)


def test_pairs() -> None:
    numbers = table("metrics_pairs_expected")
    found = correlate(POINTS)
    assert [(NAMES[each.first], NAMES[each.second]) for each in found] == list(
        zip(numbers["a"], numbers["b"], strict=True)
    )
    assert [each.rows for each in found] == numbers["n"].tolist()
    assert [each.rho for each in found] == pytest.approx(numbers["spearman"].tolist(), abs=1e-6)
    assert [each.is_redundant for each in found] == numbers["redundant"].tolist()


def test_gaps_tell_where_those_that_left_lack_it_more_often() -> None:
    """60% of those that left had no NPS, 23% of the others: Fisher p far below .01; usage is never missing."""
    assert judge_metric(POINTS[:, NAMES.index("nps")], CASES).tells_by_gaps
    assert not judge_metric(POINTS[:, NAMES.index("usage")], CASES).tells_by_gaps


def test_only_reversals_beyond_luck_are_told() -> None:
    """`noise` has z 2.1, a chance find; `wrong` has 3.9."""
    assert not judge_metric(POINTS[:, NAMES.index("noise")], CASES).is_not_monotone
    assert judge_metric(POINTS[:, NAMES.index("wrong")], CASES).is_not_monotone


def test_level_values_share_their_places() -> None:
    assert mid_ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_a_metric_that_nobody_has_tells_nothing() -> None:
    facts = judge_metric(np.full(len(ROWS), np.nan), CASES)
    assert (facts.rows, facts.churned, facts.pure_share) == (0, 0, 0.0)
    assert np.isnan(facts.auc.value)
