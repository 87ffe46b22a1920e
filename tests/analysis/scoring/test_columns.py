"""Columns from columns, segments and teams, and what needs the score; worked out by hand."""

import datetime as dt

import pandas as pd
import pytest

from cscli.analysis.scoring.columns import add_columns, add_late_columns
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from cscli.errors import ConfigError

AS_OF = dt.date(2026, 1, 31)
NAMES = ("mrr", "nps", "plan", "tenure_months", "started_on")
RULES = """
version: 1
derived:
  per_head: doubled / 3
  doubled: 2 * mrr
metrics:
  answer: {value: per_head + nps, points: {kind: linear, zero: 0, full: 100}}
  nps: {value: nps, points: {kind: linear, zero: -100, full: 100}}
segments:
  care: [{name: close, when: touch = 'high' AND phase = 'new'}, {name: rescue, when: band = 'at_risk'}, {name: usual}]
  touch: [{name: high, when: mrr >= 90}, {name: low, when: mrr >= 30}, {name: tech}]
  phase: [{name: new, when: tenure_months < 3}, {name: grown, when: touch <> 'tech'}]
teams: [{name: First, when: care = 'rescue'}, {name: Second}]
scorecards:
  - name: new
    when: phase = 'new'
    groups: {g: {weight: 1, metrics: {answer: 1, nps: 1}}}
  - name: all
    groups: {g: {weight: 1, metrics: {answer: 1}}}
    caps: [{when: nps < 0, at_most: 39, reason: Unhappy}]
"""


def rules(text: str = RULES) -> Config:
    return settle(read_draft(text, "cscli.yaml"), Headers({"accounts": frozenset({"mrr", "nps"})}))[0]


def book() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": pd.Series(["A", "B", "C", "D"], dtype=object),
            "mrr": [90.0, 30.0, 3.0, None],
            "nps": [50.0, -10.0, None, 0.0],
            "plan": pd.Series(["x", None, None, None], dtype=object),
            "tenure_months": [1.0, 12.0, None, 2.0],
            "started_on": pd.Series(
                [pd.Timestamp("2025-12-31"), pd.NaT, pd.NaT, pd.NaT], dtype="datetime64[us]"
            ),
        }
    )


def test_derived_columns_and_metrics_come_in_any_order() -> None:
    frame = add_columns(book(), rules(), AS_OF).frame
    assert frame["doubled"].tolist()[:3] == [180, 60, 6]
    assert frame["per_head"].tolist()[:3] == [60, 20, 2]
    assert frame["answer"].tolist()[:2] == [110, 10]
    assert frame["answer"].isna().tolist() == [False, False, True, True]
    assert frame["account_id"].tolist() == ["A", "B", "C", "D"]


def test_the_first_rule_that_holds_wins_and_segments_read_segments() -> None:
    frame = add_columns(book(), rules(), AS_OF).frame
    assert frame["touch"].tolist() == ["high", "low", "tech", "tech"]
    assert frame["phase"].tolist() == ["new", "grown", None, "new"]  # C: no tenure, and of the tech touch
    assert "care" not in frame


def test_a_condition_on_a_missing_value_does_not_hold() -> None:
    conditions = add_columns(book(), rules(), AS_OF).conditions
    assert conditions["scorecards[1].caps[0].when"].tolist() == [False, True, False, False]
    assert conditions["scorecards[0].when"].tolist() == [True, False, False, True]


def test_segments_and_the_team_that_need_the_score_come_after_it() -> None:
    frame = add_columns(book(), rules(), AS_OF).frame
    late = add_late_columns(
        frame.assign(score=1.0, band=pd.Series(["at_risk", "at_risk", "watch", "watch"], dtype=object)),
        rules(),
        AS_OF,
    )
    assert late["care"].tolist() == ["close", "rescue", "usual", "usual"]
    assert late["team"].tolist() == ["Second", "First", "Second", "Second"]


@pytest.mark.parametrize("value", ["plan", "started_on"])
def test_points_of_numbers_refuse_text_and_dates_with_the_key(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        add_columns(book(), rules(RULES.replace("per_head + nps", value)), AS_OF)
    assert [(p.code, p.where.key) for p in caught.value.problems] == [
        ("scoring.not_a_number_metric", "metrics.answer.value")
    ]


def test_a_rule_that_is_no_condition_is_refused_with_its_key() -> None:
    with pytest.raises(ConfigError) as caught:
        add_columns(book(), rules(RULES.replace("nps < 0", "nps + 1")), AS_OF)
    assert [p.where.key for p in caught.value.problems] == ["scorecards[1].caps[0].when"]
