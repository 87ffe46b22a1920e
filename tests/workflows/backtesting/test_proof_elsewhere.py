"""What a back-test found is told where the score is used. Oracle: seventy accounts by hand, of `test_from_history`'s kind."""

import datetime as dt
from pathlib import Path

import pytest

from cscli.config.load import read_draft
from cscli.workflows import Asked, BacktestOptions, Request, at_risk, backtest, explain, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
language: LANGUAGE
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
bands: [{name: good, from: 50}, {name: poor, from: 0}]
"""
LABEL = {"en": "Does the score tell who leaves?", "ja": "スコアで解約を見分けられるか"}


def run(folder: Path, day: dt.date) -> None:
    """Half of 70 accounts have an NPS from 20 on and 31 of those leave on 2025-06-10, the other half of 80, of which one leaves."""
    left = "2025-06-10" if day > dt.date(2025, 6, 10) else ""
    rows = [
        f"P{number},100,{20 + number / 10},2024-01-01,{left if number < 31 else ''}" for number in range(35)
    ]
    rows += [
        f"G{number},100,{80 - number / 10},2024-01-01,{left if number < 1 else ''}" for number in range(35)
    ]
    (folder / "accounts.csv").write_text(
        "account_id,mrr,nps,started_on,churned_on\n" + "\n".join(rows), encoding="utf-8"
    )
    score(asked(folder, day), folder / "scored.csv")


def asked(folder: Path, day: dt.date, *overrides: str) -> Request:
    now = dt.datetime.combine(day, dt.time(1), dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=day, overrides=overrides)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_was_found_is_told_in_score_and_explain(tmp_path: Path, language: str) -> None:
    (tmp_path / "cscli.yaml").write_text(RULES.replace("LANGUAGE", language), encoding="utf-8")
    run(tmp_path, dt.date(2025, 3, 31))
    run(tmp_path, dt.date(2025, 12, 31))
    today = asked(tmp_path, dt.date(2025, 12, 31))
    before = score(today, tmp_path / "o.csv")
    assert LABEL[language] not in dict(before.definitions)
    report, yaml = backtest(today, BacktestOptions(), tmp_path / "b.xlsx", probabilities=True)
    auc = dict(zip(report.sheets[0].column("measure"), report.sheets[0].column("value"), strict=True))["auc"]
    told = dict(score(today, tmp_path / "o.csv").definitions)[LABEL[language]]
    assert "2025-03-31" in told
    assert f"AUC {auc:.2f}" in told
    assert "32" in told
    explained = explain(today, Asked("P33"), None).headline
    assert ("31 of 35" if language == "en" else "35社のうち、31社") in explained
    other = score(asked(tmp_path, dt.date(2025, 12, 31), "min_data_coverage=0.4"), tmp_path / "o.csv")
    other_rules = "It judged other rules" if language == "en" else "今とは異なるルール"
    assert other_rules in dict(other.definitions)[LABEL[language]]
    (tmp_path / ".cscli" / "backtest.json").write_text("{torn", encoding="utf-8")
    assert LABEL[language] not in dict(score(today, tmp_path / "o.csv").definitions)
    assert yaml is not None
    draft = read_draft(RULES.replace("LANGUAGE", language) + yaml, "cscli.yaml", ())
    assert draft.config is not None
    measured = draft.config.at_risk.measured_on
    assert measured is not None
    assert (measured.left, measured.to) == (32, dt.date(2025, 3, 31))
    assumed = at_risk(today, tmp_path / "r.csv").headline
    assert ("assumed, not measured" if language == "en" else "仮の値") in assumed
    (tmp_path / "cscli.yaml").write_text(RULES.replace("LANGUAGE", language) + yaml, encoding="utf-8")
    known = at_risk(asked(tmp_path, dt.date(2025, 12, 31)), tmp_path / "r.csv").headline
    assert ("measured on 32 that left, 2025" if language == "en" else "解約32社、2025年") in known
