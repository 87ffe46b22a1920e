"""Trends of an account from its runs: stored scores, those of other rules scored again, and what rules make of it.

Oracle: six weekly exports by hand. F falls by two points of NPS a week, S stays, N is new. The NPS is the score.
"""

import datetime as dt
from pathlib import Path

import pytest

from cscli.errors import CscliError
from cscli.reports.kit.model import Report
from cscli.workflows import Request, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {label: LABEL, value: nps, points: {kind: linear, zero: 0, full: FULL}}}
segments: {course: [{name: slipping, when: trend = 'WORD' AND score > 50}, {name: fine}]}
scorecards: [{name: s, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
WEEKS = [dt.date(2026, 1, 5) + dt.timedelta(weeks=week) for week in range(6)]


def run(
    folder: Path, week: int, *, full: int = 100, label: str = "NPS", word: str = "falling", late: int = 0
) -> Report:
    rules = RULES.replace("FULL", str(full)).replace("LABEL", label).replace("WORD", word)
    (folder / "cscli.yaml").write_text(rules, encoding="utf-8")
    rows = [f"F,{80 - 2 * week}", "S,70", *(["N,60"] if week > 2 else [])]
    (folder / "accounts.csv").write_text("account_id,nps\n" + "\n".join(rows) + "\n", encoding="utf-8")
    now = dt.datetime.combine(WEEKS[week] + dt.timedelta(days=late), dt.time(3), dt.UTC)
    request = Request(rules=find_rules(None, folder), now=now, as_of=WEEKS[week])
    return score(request, folder / "o.csv")


def trends(report: Report) -> dict[str, list[object]]:
    sheet = report.sheets[0]
    columns = [sheet.column(name).tolist() for name in ("account_id", "trend", "trend_change", "course")]
    return {account: values for account, *values in zip(*columns, strict=True)}


def test_six_runs_make_a_trend_that_rules_can_read(tmp_path: Path) -> None:
    """The label is another in every run: that changes no score."""
    reports = [run(tmp_path, week, label=f"L{week}") for week in range(6)]
    assert trends(reports[3])["F"][0] is None  # four runs
    found = trends(reports[5])
    assert found["F"] == ["falling", -10.0, "slipping"]
    assert found["S"] == ["steady", 0.0, "fine"]
    assert found["N"][0] is None


def test_runs_under_other_rules_count_as_today_would_have_judged_them(tmp_path: Path) -> None:
    """Half of the weeks the full score was at 200: by those scores F would have risen by 32 points."""
    for week in range(5):
        run(tmp_path, week, full=200 if week < 3 else 100)
    assert trends(run(tmp_path, 5))["F"] == ["falling", -10.0, "slipping"]


def test_runs_made_long_afterwards_tell_nothing(tmp_path: Path) -> None:
    for week in range(5):
        run(tmp_path, week, late=8)
    assert trends(run(tmp_path, 5))["F"][0] is None


def test_a_word_that_is_no_trend_is_told(tmp_path: Path) -> None:
    with pytest.raises(CscliError, match=r"config\.unknown_value"):
        run(tmp_path, 0, word="faling")
