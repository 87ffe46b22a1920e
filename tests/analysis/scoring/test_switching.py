"""Optional metrics without data weigh nothing. Oracle: by hand."""

import pandas as pd

from cscli.analysis.scoring.switching import without_idle_metrics
from cscli.config.load import read_draft
from cscli.config.schema import Config

RULES = """
version: 1
sources: {accounts: {file: a.csv}}
metrics:
  use: {value: active_users, points: {kind: linear, zero: 0, full: 1}}
  nps: {value: nps, optional: true, points: {kind: linear, zero: 0, full: 1}}
  csat: {value: csat, points: {kind: linear, zero: 0, full: 1}}
scorecards:
  - name: s
    groups:
      usage: {weight: 60, metrics: {use: 50, csat: 50}}
      voice: {weight: 40, metrics: {nps: 100}}
"""


def rules() -> Config:
    config = read_draft(RULES, "cscli.yaml").config
    assert config is not None
    return config


def test_a_group_that_waits_as_a_whole_is_out_and_what_must_be_there_stays() -> None:
    frame = pd.DataFrame({"use": [1.0, 2.0], "nps": [None, None], "csat": [None, None]})
    config, idle = without_idle_metrics(rules(), frame)
    assert idle == ("nps",)
    assert {name: dict(group.metrics) for name, group in config.scorecards[0].groups.items()} == {
        "usage": {"use": 50, "csat": 50}
    }


def test_one_value_brings_the_metric_to_life() -> None:
    frame = pd.DataFrame({"use": [1.0, 2.0], "nps": [None, 5.0], "csat": [None, None]})
    config, idle = without_idle_metrics(rules(), frame)
    assert idle == ()
    assert set(config.scorecards[0].groups) == {"usage", "voice"}
