"""Forecasts of weekly runs, and what became of them months later. Oracle: three accounts, by hand."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cscli.reports.kit.model import Report
from cscli.workflows import Request, ledger, renewals
from cscli.workflows.run.running import RunOptions, run
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
HEAD = "account_id,name,owner,mrr,nps,renews_on,churned_on,started_on"
BEFORE = [
    "A,Alpha,Aoki,100,20,2026-03-01,,2024-03-01",
    "B,Beta,Aoki,200,80,2026-03-15,,2024-03-15",
    "C,Gamma,Baker,300,90,2026-12-01,,2025-01-01",
]
AFTER = [
    "A,Alpha,Aoki,100,20,2026-03-01,2026-03-01,2024-03-01",
    "B,Beta,Aoki,150,80,2027-03-15,,2024-03-15",
    "C,Gamma,Baker,300,90,2026-12-01,,2025-01-01",
]


def write(folder: Path, rows: list[str]) -> None:
    (folder / "accounts.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def asked(folder: Path, day: str) -> Request:
    as_of = dt.date.fromisoformat(day)
    now = dt.datetime.combine(as_of, dt.time(1), dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=as_of)


def rows_of(report: Report, sheet_id: str) -> list[dict[str, object]]:
    sheet = next(sheet for sheet in report.sheets if sheet.id == sheet_id)
    names = [column.id for column in sheet.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*sheet.values, strict=True)]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two weekly runs of January: forecasts of the first count."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path, BEFORE)
    renewals(asked(tmp_path, "2026-01-05"), None, tmp_path / "renewals.xlsx")
    renewals(asked(tmp_path, "2026-01-12"), None, tmp_path / "renewals.xlsx")
    return tmp_path


def test_before_a_renewal_all_is_open(workspace: Path) -> None:
    report = ledger(asked(workspace, "2026-02-01"), workspace / "ledger.xlsx")
    assert [row["outcome"] for row in rows_of(report, "forecasts")] == ["open"] * 3
    assert "3 forecasts are open; the first is resolved on 2026-04-16" in report.headline


def test_after_it_each_forecast_is_judged(workspace: Path) -> None:
    """A (.55) was lost, B (.05) renewed early with 150 in place of 200 a month, C is to come: bias (.55 + .05) / 2 - 1/2 =
    -.2; Brier (.45^2 + .05^2) / 2; of the ARR 1,200 x .55 + 2,400 x .05 = 780 expected lost, 1,200 lost.
    """
    write(workspace, AFTER)
    report = ledger(asked(workspace, "2026-05-01"), workspace / "ledger.xlsx")
    outcomes = {row["account_id"]: row["outcome"] for row in rows_of(report, "forecasts")}
    assert outcomes == {"A": "lost", "B": "renewed", "C": "open"}
    found = rows_of(report, "summary")[0]
    names = (
        "n",
        "lost",
        "mean_forecast",
        "rate",
        "bias",
        "brier",
        "arr_forecast_lost",
        "arr_lost",
        "contraction",
    )
    assert [found[name] for name in names] == pytest.approx(
        [2, 1, 0.3, 0.5, -0.2, (0.45**2 + 0.05**2) / 2, 780, 1200, 600 / 2400]
    )
    assert "optimistic by 20 points (1 lost: too few to judge)" in report.headline


def test_five_lost_renewals_are_measured_in_place_of_the_table(tmp_path: Path) -> None:
    """Six of eight at risk were lost: (6 + .5) / (8 + 1); of four healthy none: .5 / 5."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    names = [f"R{number}" for number in range(8)] + [f"H{number}" for number in range(4)]
    row = "{0},{0},Aoki,100,{1},{2},{3},2024-01-01"
    write(tmp_path, [row.format(each, 20 if each[0] == "R" else 90, "2026-04-01", "") for each in names])
    renewals(asked(tmp_path, "2026-01-05"), None, tmp_path / "renewals.xlsx")
    gone = names[:6]
    after = [
        row.format(
            each,
            20 if each[0] == "R" else 90,
            "" if each in gone else "2027-04-01",
            "2026-04-01" if each in gone else "",
        )
        for each in names
    ]
    write(tmp_path, after)
    report = renewals(asked(tmp_path, "2026-06-01"), None, tmp_path / "renewals.xlsx")
    p = {str(row["band"]): row["p"] for row in rows_of(report, "calendar")}
    assert p == {"at_risk": pytest.approx(6.5 / 9), "healthy": pytest.approx(0.5 / 5)}
    assert "assumed" not in report.headline
    assert "The chances are measured: 6 of 12 earlier renewals were lost" in report.headline


def test_what_changes_no_chance_changes_no_interval(tmp_path: Path) -> None:
    """The same sixty accounts under rules in the other language: the draws are those of the day."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    book = [f"R{n},R{n},Aoki,{100 + 7 * n},{n},2026-06-01,,2024-01-01" for n in range(20, 80)]
    write(tmp_path, book)
    request = asked(tmp_path, "2026-01-12")
    english, japanese = (
        rows_of(renewals(replace(request, overrides=(each,)), None, tmp_path / "r.xlsx"), "forecast")
        for each in ("language=en", "language=ja")
    )
    assert [(row["low"], row["high"]) for row in english] == [(row["low"], row["high"]) for row in japanese]


def test_a_run_makes_both_reports_and_keeps_the_forecasts(workspace: Path) -> None:
    """The ledger is made from the second run on: forecasts of the day itself do not count."""
    outcome = run(asked(workspace, "2026-02-02"), RunOptions())
    assert {"renewals.xlsx", "ledger.xlsx"} <= {each.file for each in outcome.manifest.outputs}
    report = ledger(asked(workspace, "2026-02-03"), workspace / "ledger.xlsx")
    days = {str(row["forecast_on"])[:10] for row in rows_of(report, "forecasts")}
    assert days == {"2026-01-05", "2026-02-02"}
