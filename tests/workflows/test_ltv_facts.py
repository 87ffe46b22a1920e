"""What `ltv-report` decides by itself and says, on small workspaces worked by hand."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from cscli.errors import ConfigError
from cscli.reports.kit.model import Report, Sheet
from cscli.workflows import Request, RevenueOptions, ltv_report, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: JPY
language: LANGUAGE
sources:
  accounts: {file: accounts.csv}
SOURCE
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
ltv: {LTV}
"""
SUBS = "  subs: {file: subs.csv, kind: subscriptions}"


def workspace(folder: Path, accounts: str, *, subs: str = "", ltv: str = "", language: str = "en") -> Path:
    (folder / "accounts.csv").write_text(accounts, encoding="utf-8")
    if subs:
        (folder / "subs.csv").write_text(subs, encoding="utf-8")
    rules = RULES.replace("SOURCE", SUBS if subs else "").replace("{LTV}", f"{{{ltv}}}")
    (folder / "cscli.yaml").write_text(rules.replace("LANGUAGE", language), encoding="utf-8")
    return folder


def request_of(folder: Path, day: str, taken: str | None = None) -> Request:
    now = dt.datetime.fromisoformat(f"{taken or day}T12:00:00+00:00")
    return Request(rules=find_rules(None, folder), now=now, as_of=dt.date.fromisoformat(day))


def report_of(folder: Path, day: str) -> Report:
    return ltv_report(request_of(folder, day), RevenueOptions(), folder / "out.xlsx")


def sheets_of(report: Report) -> dict[str, Sheet]:
    return {sheet.id: sheet for sheet in report.sheets}


def summary_of(report: Report) -> dict[str, float]:
    summary = sheets_of(report)["summary"]
    return dict(zip(summary.column("measure"), summary.column("value"), strict=True))


HEAD = "account_id,started_on,churned_on,mrr,gross_margin,nps\n"
OLD = "".join(f"O{at},2015-01-15,,100,0.5,50\n" for at in range(60))
LEFT = "".join(f"L{at},2015-01-15,2025-{at + 4:02}-10,100,0.5,50\n" for at in range(6))


def test_late_entry_is_said_with_both_figures(tmp_path: Path) -> None:
    """Sixty-six accounts of eleven years, the first churn in April 2025: 123 months each before it are no time at risk."""
    report = report_of(workspace(tmp_path, HEAD + OLD + LEFT), "2025-12-31")
    found = {problem.code: problem for problem in report.problems}["ltv.churn_known_late"]
    assert (found.value, found.details["before"]) == ("2025-04", f"{66 * 122:,}")
    figures = summary_of(report)
    assert found.details["ltv"] == f"¥{figures['ltv']:,.0f}"
    assert found.details["other"] == f"¥{figures['ltv_as_given']:,.0f}"
    assert figures["ltv"] < figures["ltv_as_given"]
    months = 60 * 9 + sum(range(6))
    assert figures["monthly_churn"] == pytest.approx(6 / months)


def test_the_rules_pin_the_month(tmp_path: Path) -> None:
    report = report_of(workspace(tmp_path, HEAD + OLD + LEFT, ltv="churn_known_from: 2000-01"), "2025-12-31")
    assert not {problem.code for problem in report.problems} & {
        "ltv.churn_known_late",
        "ltv.churn_months_few",
    }
    assert "ltv_as_given" not in summary_of(report)


@pytest.mark.parametrize("value", ["2025-13", "'2025'", "2025-04-01"])
def test_a_month_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        report_of(workspace(tmp_path, HEAD + OLD, ltv=f"churn_known_from: {value}"), "2025-12-31")
    assert "churn_known_from" in str(raised.value.problems[0])


def test_nobody_left_is_a_bound(tmp_path: Path) -> None:
    """60 accounts x 131 months: at most 3 / 7860 a month."""
    report = report_of(workspace(tmp_path, HEAD + OLD), "2025-12-31")
    assert "nobody has left in 7,860 account-months" in report.headline
    assert "0.04%" in report.headline


def test_much_beyond_the_data_is_in_the_sentence(tmp_path: Path) -> None:
    young = "".join(f"Y{at},2025-{at % 9 + 1:02}-01,,100,0.5,50\n" for at in range(40))
    gone = "".join(f"G{at},2025-0{at + 1}-01,2025-{at + 7:02}-01,100,0.5,50\n" for at in range(4))
    report = report_of(workspace(tmp_path, HEAD + young + gone), "2025-12-31")
    share = summary_of(report)["beyond_data"]
    assert share > 1 / 3
    assert f"{share:.0%} of it lies beyond the data." in report.headline


def test_sources_that_disagree_on_who_left_are_counted(tmp_path: Path) -> None:
    """B has left by date and pays on; C pays no more and has no date; A and D agree."""
    accounts = "account_id,started_on,churned_on,nps\nA,2024-01-01,,50\nB,2024-01-01,2025-03-01,50\nC,2024-01-01,,50\nD,2024-01-01,2025-03-01,50\n"
    subs = "account_id,started_on,ended_on,mrr\nA,2024-01-01,,10\nB,2024-01-01,,10\nC,2024-01-01,2025-02-01,10\nD,2024-01-01,2025-03-01,10\n"
    report = report_of(workspace(tmp_path, accounts, subs=subs), "2025-12-31")
    found = {problem.code: problem for problem in report.problems}["ltv.departures_differ"]
    assert found.details == {"count": 2, "by_date": 2, "by_status": "-", "by_mrr": 2}
    figures = summary_of(report)
    assert (figures["left_by_date"], figures["left_by_mrr"]) == (2, 2)


@pytest.mark.parametrize(("taken", "is_told"), [("2024-12-31", True), ("2025-06-30", False)])
def test_health_is_held_against_money(tmp_path: Path, taken: str, is_told: bool) -> None:
    """Of four healthy accounts one grew by half, of four at risk two left. A run that was made up later tells nothing."""
    ids = [f"A{at}" for at in range(8)]
    nps = [90] * 4 + [10] * 4
    accounts = "account_id,started_on,churned_on,nps\n"
    accounts += "".join(f"{who},2024-01-01,,{value}\n" for who, value in zip(ids, nps, strict=True))
    subs = "account_id,started_on,ended_on,mrr\n"
    subs += "".join(f"{who},2024-01-01,{'2025-06-01' if at > 5 else ''},100\n" for at, who in enumerate(ids))
    subs += "A0,2025-05-01,,50\n"
    workspace(tmp_path, accounts, subs=subs)
    score(request_of(tmp_path, "2024-12-31", taken), tmp_path / "scored.xlsx")
    sheets = sheets_of(report_of(tmp_path, "2025-12-31"))
    assert ("retention_by_band" in sheets) is is_told
    if is_told:
        kept = sheets["retention_by_band"]
        nrr = dict(zip(kept.column("band"), kept.column("nrr"), strict=True))
        assert nrr == {"all": pytest.approx(650 / 800), "at_risk": 0.5, "healthy": pytest.approx(450 / 400)}
        assert kept.column("opening_month")[0] == "2024-12"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "CS performance benchmark"), ("ja", "ベンチマーク調査")]
)
def test_published_figures_name_their_survey_in_the_language(
    tmp_path: Path, language: str, words: str
) -> None:
    folder = workspace(tmp_path, HEAD + OLD, ltv="published_benchmarks: [nrr_japan_mean]", language=language)
    report = report_of(folder, "2025-12-31")
    summary = sheets_of(report)["summary"]
    row = list(summary.column("measure")).index("benchmark_nrr_japan_mean")
    assert words in summary.column("definition")[row]
    assert np.isclose(summary.column("value")[row], 1.09)
