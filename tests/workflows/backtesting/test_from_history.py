"""Scores that runs of then kept, against who left afterwards. Oracle: 27 accounts made by hand.

At 2025-03-31 (lead 30, horizon 180 days: up to 2025-09-27) twelve of 24 leave on 2025-06-10. Ten of these have an NPS of 10 to
19 from 2025-02-24 on, two one of 90; the twelve that stay have 60 to 71: 10 x 12 of 144 pairs are ranked right, AUC 0.8333.
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cscli.reports.kit.model import Report
from cscli.texts import Language, text
from cscli.workflows import BacktestOptions, Request, backtest, score
from cscli.workspace.rules import find_rules
from places import TESTS

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
FALLS = dt.date(2025, 2, 24)
RUNS = [dt.date(2025, 1, 13) + dt.timedelta(days=14 * number) for number in range(10)]


def write(folder: Path, day: dt.date) -> None:
    """What the export of `day` says: notice by the end of March is known in March; Z is deleted in summer."""
    later = day > dt.date(2025, 6, 10)
    rows = ["account_id,name,owner,mrr,nps,started_on,churned_on"]
    for number in range(12):
        low = 10 + number if day >= FALLS else 80
        rows.append(
            f"L{number:02},Leaver,Aoki,{100 + number},{low if number < 10 else 90},2024-01-01,{'2025-06-10' if later else ''}"
        )
    rows += [f"S{number:02},Stayer,Aoki,200,{60 + number},2024-01-01," for number in range(12)]
    rows.append(f"N,Notice,Aoki,300,50,2024-01-01,{'2025-05-30' if day >= FALLS else ''}")
    rows.append(f"T,Too late,Aoki,300,50,2024-01-01,{'2025-04-20' if later else ''}")
    rows += [] if later else ["Z,Deleted,Aoki,300,50,2024-01-01,"]
    (folder / "accounts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def asked(folder: Path, day: dt.date, *overrides: str, late: int = 0) -> Request:
    now = dt.datetime.combine(day + dt.timedelta(days=late), dt.time(1), dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=day, overrides=overrides)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    (folder / "cscli.yaml").write_text(RULES, encoding="utf-8")
    for day in RUNS:
        write(folder, day)
        score(asked(folder, day), folder / "scored.csv")
    write(folder, dt.date(2025, 12, 31))
    return folder


def judge(folder: Path, *overrides: str) -> Report:
    return backtest(
        asked(folder, dt.date(2025, 12, 31), *overrides), BacktestOptions(), folder / "backtest.xlsx"
    )[0]


def row(report: Report, sheet_id: str, place: int = 0) -> dict[str, object]:
    sheet = next(sheet for sheet in report.sheets if sheet.id == sheet_id)
    return {column.id: values[place] for column, values in zip(sheet.columns, sheet.values, strict=True)}


@pytest.mark.parametrize("rules", ["today", "stored"])
def test_the_auc_of_what_was_known_then(workspace: Path, rules: str) -> None:
    report = judge(workspace, f"backtest.rules={rules}")
    assert row(report, "summary")["value"] == pytest.approx(120 / 144)
    assert row(report, "summary")["events"] == 12


def test_whom_nobody_could_have_helped_does_not_count(workspace: Path) -> None:
    found = row(judge(workspace), "dates")
    counts = {
        name: found[name] for name in ("eligible", "told_us", "too_late", "unknown", "churned", "locked_in")
    }
    assert counts == {
        "eligible": 24,
        "told_us": 1,
        "too_late": 1,
        "unknown": 1,
        "churned": 12,
        "locked_in": 0,
    }
    assert found["source"] == "history"


def test_how_long_before_they_left_they_were_below(workspace: Path) -> None:
    """From 2025-02-24 to 2025-06-10 are 106 days, for ten accounts."""
    sheet = next(sheet for sheet in judge(workspace).sheets if sheet.id == "lead_time")
    days = dict(zip(sheet.column("account_id"), sheet.column("lead_days"), strict=True))
    assert [days[f"L{number:02}"] for number in range(10)] == [106.0] * 10


def test_runs_made_long_afterwards_are_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path, dt.date(2025, 12, 31))
    score(asked(tmp_path, dt.date(2025, 3, 31), late=8), tmp_path / "scored.csv")
    with pytest.raises(Exception, match=r"backtest\.no_dates|backtest\.nothing_dated"):
        judge(tmp_path)


def test_the_trend_of_the_score_is_judged_beside_the_metrics(workspace: Path) -> None:
    """Five runs from 2025-01-27 to 2025-03-24: ten of twelve fell from 80, the other two and all that stayed are level: 10 x 12 pairs
    are ranked right, 2 x 12 tied, of 144.
    """
    sheet = next(sheet for sheet in judge(workspace).sheets if sheet.id == "metrics")
    found = dict(zip(sheet.column("metric"), sheet.column("auc"), strict=True))
    assert found["trend"] == pytest.approx(132 / 144)
    assert dict(zip(sheet.column("metric"), sheet.column("weight"), strict=True)) == {"nps": 1, "trend": 0}


def test_who_vanished_is_told_with_arr_and_can_be_said_to_have_left(workspace: Path) -> None:
    """Z (MRR 300) is in the run of 2025-05-19 and not in the exports of 2025-12-31: half way lies 2025-09-09, inside the window."""
    report = judge(workspace)
    said = {problem.code: problem.details for problem in report.problems}["backtest.absent"]
    assert said == {"count": 1, "arr": "3,600"}
    assert row(report, "dates")["unknown_arr"] == 3600
    left = judge(workspace, "backtest.absent_means=churned")
    assert "backtest.absent" not in {problem.code for problem in left.problems}
    found = row(left, "dates")
    assert (found["unknown"], found["unknown_arr"], found["churned"], found["eligible"]) == (0, 0, 13, 25)


def test_other_rules_are_judged_by_the_same_dates(workspace: Path) -> None:
    """Upside down they rank the other way round: 1 - 120 / 144. Their own dates do not count."""
    other = workspace / "other.yaml"
    upside_down = RULES.replace("zero: 0, full: 100", "zero: 100, full: 0")
    other.write_text(upside_down + "backtest: {horizon: 31}\n", encoding="utf-8")
    (workspace / "cscli.yaml").write_text(RULES + "backtest: {horizon: 180}\n", encoding="utf-8")
    options = BacktestOptions(rules=find_rules(str(other), workspace))
    report, _ = backtest(asked(workspace, dt.date(2025, 12, 31)), options, workspace / "other.xlsx")
    assert row(report, "summary")["value"] == pytest.approx(24 / 144)
    assert row(report, "summary")["events"] == 12


RESTATED = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
  visits: {file: visits.csv, kind: rows, at: day, rollup: {visits: sum(count), calls: sum(calls)}}
metrics:
  visits: {value: visits, points: {kind: linear, zero: 0, full: 100}}
  calls: {value: calls, points: {kind: linear, zero: 0, full: 100}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {visits: 1, calls: 1}}}}]
"""


@pytest.mark.parametrize(("source", "verdict"), [("auto", "leak"), ("history", "ok")])
def test_what_was_restated_after_the_fact_is_found(tmp_path: Path, source: str, verdict: str) -> None:
    """In March all had 50 visits and 30 calls. Since then somebody set the visits in March of the twelve that left to 10: a run of March
    knows better. Where a date is scored from the exports of today (2024-12-31), the metric does not count.
    """
    (tmp_path / "cscli.yaml").write_text(RESTATED, encoding="utf-8")

    def export(day: dt.date, visits: int) -> None:
        left = "2025-06-10" if day > dt.date(2025, 6, 10) else ""
        people = [(f"L{number:02}", left, visits) for number in range(12)]
        people += [(f"S{number:02}", "", 50) for number in range(12)]
        rows = [f"{who},{number},2024-01-01,{end}" for number, (who, end, _) in enumerate(people)]
        (tmp_path / "accounts.csv").write_text(
            "account_id,mrr,started_on,churned_on\n" + "\n".join(rows), encoding="utf-8"
        )
        lines = [f"{who},2024-12-01,{count},{30 + number}" for number, (who, _, count) in enumerate(people)]
        (tmp_path / "visits.csv").write_text(
            "account_id,day,count,calls\n" + "\n".join(lines), encoding="utf-8"
        )

    export(dt.date(2025, 3, 31), 50)
    score(asked(tmp_path, dt.date(2025, 3, 31)), tmp_path / "scored.csv")
    export(dt.date(2025, 12, 31), 10)
    report = judge(tmp_path, "backtest.from=2024-12-31", f"backtest.source={source}")
    sheet = next(sheet for sheet in report.sheets if sheet.id == "metrics")
    columns = [sheet.column(name) for name in ("metric", "flag", "verdict")]
    found = {name: (flag, word) for name, flag, word in zip(*columns, strict=True)}
    assert found["visits"] == ("restated", verdict)
    assert found["calls"] == ("strong", "ok")  # the lower numbers left, and the exports still say the same


ALL_LEFT = TESTS / "errors" / "backtest_everybody_left"
ONE_BAND = TESTS / "errors" / "backtest_one_band"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_where_there_is_nothing_to_compare_no_figure_is_made_up(tmp_path: Path, language: Language) -> None:
    folder = Path(shutil.copytree(ALL_LEFT, tmp_path / "all"))
    headline = judge(folder, f"language={language}").headline
    assert ("no AUC" if language == "en" else "AUC は計算できません") in headline
    assert "nan" not in headline
    assert headline.endswith(text("headline.backtest.next.cannot_tell", language))
    folder = Path(shutil.copytree(ONE_BAND, tmp_path / "one"))
    assert (" 0 points" if language == "en" else " 0点") not in judge(folder, f"language={language}").headline
