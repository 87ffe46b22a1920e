"""explain, diff and scoring from the history over a small book, by hand and by doing what explain proposes."""

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cscli.errors import DataError, UsageError
from cscli.reports.kit.model import Report
from cscli.workflows import Asked, Request, Span, diff, explain, score, score_stored
from cscli.workspace.rules import find_rules

pytestmark = pytest.mark.whole  # each scores a book of two weeks

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv, columns: {plan_code: Plan code}}}
metrics:
  use: {label: {en: Seat use, ja: ID利用率}, value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  idle: {value: as_of - last_login_on, points: {kind: linear, zero: 30, full: 0}}
  nps: {value: nps, points: {kind: piecewise, at: [[-100, 0], [0, 40], [50, 100]]}}
  plan: {value: plan_code, points: {kind: categories, map: {Basic: 20, Pro: 100}}}
segments:
  touch: [{name: high, when: mrr >= 1000}, {name: tech}]
scorecards:
  - name: standard
    groups: {one: {weight: 1, metrics: {use: 5, idle: 2, nps: 2, plan: 1}}}
    caps: [{when: overdue_invoices > 0, at_most: 39, reason: {en: Unpaid, ja: 未払い}}]
"""
HEAD = "account_id,name,MRR,seats,active_users,last_login_on,nps,Plan code,overdue_invoices\n"
FIRST = (
    HEAD
    + "A1,Acme,1000,20,8,2026-01-08,0,Basic,0\n"  # use 40, idle 7 days, nps 40, plan 20: 45.3333
    + "A2,Beta,2000,10,9,2026-01-30,50,Pro,1\n"
    + "A3,Cora,500,10,5,2026-01-30,,Basic,0\n"
    + "A4,Dora,70,10,1,2026-01-30,50,Basic,0\n"
)
SECOND = (
    HEAD
    + "A1,Acme,1000,20,14,2026-01-29,50,Basic,0\n"
    + "A2,Beta,2000,10,9,2026-02-06,50,Pro,0\n"
    + "A3,Cora,500,10,5,2026-01-30,25,Basic,0\n"
    + "A5,Eris,300,10,10,2026-02-06,50,Pro,0\n"
)
DAYS = (dt.date(2026, 1, 31), dt.date(2026, 2, 7))


def request(folder: Path, day: dt.date | None = None, **asked: Any) -> Request:
    now = dt.datetime(2026, 2, 9, 7, tzinfo=dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=day, **asked)


def rows(report: Report, name: str) -> list[dict[str, Any]]:
    sheet = next(sheet for sheet in report.sheets if sheet.id == name)
    columns = [sheet.column(column.id).tolist() for column in sheet.columns]
    return [
        dict(zip((column.id for column in sheet.columns), row, strict=True))
        for row in zip(*columns, strict=True)
    ]


def by(report: Report, name: str, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows(report, name)}


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the runs of two Saturdays."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    for text, day in zip((FIRST, SECOND), DAYS, strict=True):
        (tmp_path / "accounts.csv").write_text(text, encoding="utf-8")
        score(request(tmp_path, day), tmp_path / "out.json")
    return tmp_path


def test_contributions_of_one_account(workspace: Path) -> None:
    """Of 2026-01-31: weights 0.5, 0.2, 0.2, 0.1; points 40, 23.333 (23 days), 40, 20: 34.6667."""
    report = explain(request(workspace, DAYS[0]), Asked("A1"), None)
    found = by(report, "contributions", "metric")
    assert {name: round(row["contribution"], 4) for name, row in found.items()} == {
        "use": 20, "idle": 4.6667, "nps": 8, "plan": 2,
    }  # fmt: skip
    assert {name: round(row["lost"], 4) for name, row in found.items()} == {
        "use": 30, "idle": 15.3333, "nps": 12, "plan": 8,
    }  # fmt: skip
    facts = rows(report, "account")[0]
    assert (facts["score"], facts["band"], facts["gap"]) == (34.7, "at_risk", pytest.approx(5.3))
    assert facts["peers_of"] == "all accounts"  # two of touch high are too few
    # 34.7, 39, (25 + 20 x 0.9667 + 2) / 0.8 = 57.9 and 46.3 (5 + 19.33 + 20 + 2): the median of the four
    assert facts["peers_median"] == pytest.approx((39 + 46.3) / 2)
    assert facts["peers_rank"] == pytest.approx(0.125)


def test_what_it_proposes_does_it(workspace: Path) -> None:
    """Each proposal is typed into the export, and the book scored anew."""
    report = explain(request(workspace, DAYS[0]), Asked("acme"), None)
    proposals = by(report, "lift", "metric")
    # 39.95 - 34.6667 = 5.2833: use +10.5667 points, so 10.1 of 20 seats, so 11; nps +26.4 points
    assert (proposals["use"]["act_on"], proposals["use"]["now"], proposals["use"]["needed"]) == (
        "active_users",
        "8",
        "11",
    )
    assert (proposals["idle"]["act_on"], proposals["idle"]["needed"]) == ("last_login_on", "2026-01-16")
    assert (proposals["nps"]["value_now"], proposals["nps"]["value_needed"]) == ("0", "23")
    assert (proposals["plan"]["value_now"], proposals["plan"]["value_needed"]) == ("Basic", "Pro")
    for old, new in (("20,8,", "20,11,"), ("01-08", "01-16"), (",0,Basic", ",23,Basic"), ("Basic", "Pro")):
        first, line = FIRST.splitlines()[:2]
        for text, band in ((line.replace(old, new), "watch"), (line, "at_risk")):
            (workspace / "accounts.csv").write_text(f"{first}\n{text}\n", encoding="utf-8")
            asked = request(workspace, DAYS[0], remember=False)
            assert rows(score(asked, workspace / "out.json"), "accounts")[0]["band"] == band


def test_a_cap_is_named_and_what_it_hides(workspace: Path) -> None:
    report = explain(request(workspace, DAYS[0], language="ja"), Asked("A2"), None)
    limit = rows(report, "limits")[0]
    assert (limit["limit_kind"], limit["bound"], limit["reason"], limit["changed_score"]) == (
        "上限",
        39,
        "未払い",
        "○",
    )
    assert "未払い" in report.headline
    assert all(row["value_needed"] is None for row in rows(report, "lift"))


def test_the_newest_run_is_explained_and_its_course(workspace: Path) -> None:
    (workspace / "accounts.csv").unlink()  # the exports are not needed
    report = explain(request(workspace), Asked("A1"), workspace / "explained.xlsx")
    assert report.as_of == DAYS[1]
    assert [row["score"] for row in rows(report, "course")] == [34.7, 71.0]
    assert (workspace / "explained.xlsx").exists()
    assert "best band" in report.headline


def test_changed_rules_are_said_and_fresh_follows_them(workspace: Path) -> None:
    rules = workspace / "cscli.yaml"
    rules.write_text(RULES.replace("use: 5", "use: 0.001"), encoding="utf-8")
    stored = explain(request(workspace), Asked("A1"), None)
    assert (codes(stored), rows(stored, "account")[0]["score"]) == (["explain.other_rules"], 71)
    fresh = explain(request(workspace, DAYS[1]), Asked("A1", fresh=True), None)
    assert rows(fresh, "account")[0]["score"] != 71


def test_without_a_history_the_exports_are_read(workspace: Path) -> None:
    report = explain(request(workspace, DAYS[1], remember=False), Asked("A3"), None)
    assert report.inputs
    assert [sheet.id for sheet in report.sheets][-1] == "lift"


@pytest.mark.parametrize(
    ("account", "code"), [("A11", "explain.no_account_near"), ("zzzzzz", "explain.no_account")]
)
def test_an_account_that_there_is_not(workspace: Path, account: str, code: str) -> None:
    with pytest.raises(DataError, match=code):
        explain(request(workspace), Asked(account), None)


def test_a_day_without_a_run_says_which_there_are(workspace: Path) -> None:
    with pytest.raises(DataError) as caught:
        explain(request(workspace, dt.date(2026, 2, 1)), Asked("A1"), None)
    assert caught.value.problems[0].details["days"] == "2026-01-31, 2026-02-07"


def test_movements_between_bands(workspace: Path) -> None:
    """A1 at_risk to healthy, A2 39 to 95, A3 57.9 to 55.7 (idle 8 days, nps 70), A4 left, A5 new."""
    report = diff(request(workspace), Span(), workspace / "diff.json")
    found = {
        (row["movement"], row["band_from"], row["band_to"]): (row["accounts"], row["arr"])
        for row in rows(report, "movements")
    }
    assert found == {
        ("up", "at_risk", "healthy"): (2, 36000),
        ("new", None, "healthy"): (1, 3600),
        ("left", "watch", None): (1, 840),
        ("same", "watch", "watch"): (1, 6000),
    }
    accounts = by(report, "accounts", "account_id")
    assert accounts["A2"]["cap_or_override"] > 50
    assert accounts["A2"]["cause"].startswith("no longer: Unpaid")
    assert accounts["A1"]["cause"].startswith("Seat use 40% → 70% (+15.0)")
    assert accounts["A3"]["cause"] == "Idle 1 → 8 (−5.8)"
    # (25 + 14.6667 + 2) / 0.8 = 52.0833 without nps, 55.6667 with it
    assert accounts["A3"]["data_appeared"] == pytest.approx(55.6667 - 52.0833, abs=1e-3)
    assert report.headline.startswith("2026-01-31 to 2026-02-07: 0 fell a band, 2 rose, 1 new, 1 left")
    metrics = [row for row in rows(report, "metrics") if row["account_id"] == "A1"]
    assert [(row["metric"], round(row["part_points"], 4)) for row in metrics] == [
        ("use", 15), ("idle", 9.3333), ("nps", 12),
    ]  # fmt: skip


def test_days_in_the_wrong_order_or_too_near(workspace: Path) -> None:
    with pytest.raises(UsageError, match=r"diff\.wrong_order"):
        diff(request(workspace), Span(DAYS[1], DAYS[0]), None)
    with pytest.raises(UsageError, match=r"diff\.wrong_order"):
        diff(request(workspace), Span(DAYS[1]), None)
    with pytest.raises(DataError, match=r"diff\.nothing_before"):
        diff(request(workspace), Span(end=DAYS[0]), None)


def test_rules_that_changed_in_between(workspace: Path) -> None:
    """The second run again with plan at weight 11: config_changed, and none of it by today's rules."""
    (workspace / "cscli.yaml").write_text(RULES.replace("plan: 1", "plan: 11"), encoding="utf-8")
    score(request(workspace, DAYS[1]), workspace / "out.json")
    report = diff(request(workspace), Span(), workspace / "diff.json")
    assert "diff.rules_changed" in codes(report)
    accounts = by(report, "accounts", "account_id")
    # before caps of A1: 71 by the old weights, (71 x 10 + 20 x 10) / 20 by the new ones
    assert accounts["A1"]["config_changed"] == pytest.approx(-25.5, abs=1e-9)
    today = diff(request(workspace), Span(by_today=True), workspace / "diff.json")
    assert {row["config_changed"] for row in rows(today, "accounts")} == {0.0}


def test_another_comment_is_no_other_rule(workspace: Path) -> None:
    (workspace / "cscli.yaml").write_text(RULES + "# reviewed in February\n", encoding="utf-8")
    score(request(workspace, DAYS[1]), workspace / "out.json")
    assert codes(diff(request(workspace), Span(), None)) == []


def test_a_run_of_an_earlier_cscli_is_told_as_far_as_it_goes(workspace: Path) -> None:
    """Such a run kept no columns: taken away here, as a history brought forward has it."""
    with sqlite3.connect(workspace / ".cscli" / "history.db") as history:
        history.execute("DELETE FROM run_columns WHERE part = 'columns' AND name <> 'account_id'")
    report = explain(request(workspace), Asked("A1"), None)
    assert codes(report) == ["explain.no_columns"]
    assert rows(report, "account")[0]["score"] == 71
    assert rows(report, "lift") == []
    assert len(rows(diff(request(workspace), Span(), None), "accounts")) == 3
    with pytest.raises(DataError, match=r"recall\.no_columns"):
        score_stored(request(workspace), workspace / "again.json")


def test_accounts_without_data_or_scorecard(workspace: Path) -> None:
    """A8 has no value at all, A9 too few; under rules that no scorecard takes, nobody has a score."""
    text = HEAD + "A8,Hale,10,,,,,,0\nA9,Iris,10,10,,,,Pro,0\n"
    (workspace / "accounts.csv").write_text(text, encoding="utf-8")
    day = request(workspace, DAYS[1])
    nothing = explain(day, Asked("A8", fresh=True), workspace / "none.md")
    assert "no score" in nothing.headline
    few = explain(day, Asked("A9", fresh=True), None)
    assert [row["how"] for row in rows(few, "lift")] == [
        f"with data, the data coverage is {share}" for share in ("60%", "30%", "30%")
    ]
    (workspace / "cscli.yaml").write_text(
        RULES.replace("name: standard\n", "name: standard\n    when: mrr > 99\n"), encoding="utf-8"
    )
    unjudged = explain(request(workspace, DAYS[1]), Asked("A9", fresh=True), None)
    assert rows(unjudged, "contributions") == []


def test_a_stored_run_under_todays_rules_is_not_stored(workspace: Path) -> None:
    history = workspace / ".cscli" / "history.db"
    rules = RULES.replace("plan: 1", "plan: 11") + "derived: {reach: reached * 2}\n"
    rules = rules.replace(
        "  plan: {value", "  reach_: {value: reach, points: {kind: decay, half_life: 1}}\n  plan: {value"
    )
    rules = rules.replace("plan: 11}", "plan: 11, reach_: 1}").replace(
        "{plan_code: Plan code}", "{plan_code: Plan code, reached: Reached}"
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    with sqlite3.connect(history) as before:
        stored = list(before.iterdump())
    report = score_stored(request(workspace), workspace / "again.json")
    with sqlite3.connect(history) as after:
        assert list(after.iterdump()) == stored
    assert set(codes(report)) == {"recall.lacking_columns", "recall.rescored"}
    found = by(report, "accounts", "account_id")
    assert found["A1"]["score"] == pytest.approx(45.5, abs=1e-9)
    # the week before by the same rules: (34.6667 x 10 + 20 x 10) / 20 = 27.3
    assert found["A1"]["score_change"] == pytest.approx(18.2, abs=1e-9)
    assert np.isnan(found["A5"]["score_change"])
