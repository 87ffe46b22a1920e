"""`cscli backtest` as people run it: a real process. Oracle: books made by hand, or by known chances."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from books.leaving_book import write_book
from books.small_book import cscli
from cscli.errors import CscliError
from cscli.workflows import BacktestOptions, Request, backtest
from cscli.workspace.rules import find_rules

NEXT = {
    "predicts": "`--write-probabilities` gives the measured chances",
    "no_signal": "call nobody by this score alone",
    "cannot_tell": "add older exports (`cscli history backfill`)",
}
"""What is to be done by the verdict."""


def write_snapshot(folder: Path) -> None:
    """60 accounts: 20 have left. `minutes` of those is 0 to 19, of the others 5 to 44; `survey` tells it all; `usage` is the same
    for all.
    """
    rows = ["account_id,name,Contract,minutes,usage,survey,Left"]
    rows += [f"L{number},Name,Monthly,{number},5,{number % 3},Yes" for number in range(20)]
    rows += [f"S{number},Name,Monthly,{5 + number},5,{6 + number % 3},No" for number in range(40)]
    (folder / "book.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "cscli.yaml").write_text(
        "version: 1\ncurrency: JPY\nsources: {accounts: {file: book.csv, columns: {minutes: minutes, usage: usage, survey: survey}}}\n"
        "metrics:\n"
        "  minutes: {value: minutes, points: {kind: linear, zero: 0, full: 50}}\n"
        "  usage: {value: usage, points: {kind: linear, zero: 0, full: 10}}\n"
        "  survey: {value: survey, points: {kind: linear, zero: 0, full: 10}}\n"
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {minutes: 60, usage: 20, survey: 20}}}}]\n",
        encoding="utf-8",
    )


def asked(folder: Path, *overrides: str) -> Request:
    return Request(
        rules=find_rules(None, folder),
        now=dt.datetime(2026, 6, 30, 7, tzinfo=dt.UTC),
        overrides=tuple(f"backtest.{each}" for each in overrides),
    )


def read(folder: Path, *overrides: str, **options: str) -> dict[str, Any]:
    """The report as JSON has it; `said`: its headline."""
    report, _ = backtest(asked(folder, *overrides), BacktestOptions(**options), folder / "b.json")  # type: ignore[arg-type]
    found: dict[str, Any] = json.loads((folder / "b.json").read_text(encoding="utf-8"))
    return {**found, "said": report.headline}


def measure(report: dict[str, Any], name: str) -> Any:
    return next(row["value"] for row in report["sheets"]["summary"] if row["measure"] == name)


def test_one_snapshot_describes_and_names_the_leak(tmp_path: Path) -> None:
    """Without `survey` the score goes by `minutes`: of 800 pairs 5 x 40 of 0 to 4, and of 5 to 19 the sum of
    44.5 - k, which is 487.5.
    """
    write_snapshot(tmp_path)
    report = read(tmp_path, "outcome=column:Left")
    assert measure(report, "auc") == pytest.approx(687.5 / 800)
    metrics = {row["metric"]: row for row in report["sheets"]["metrics"]}
    assert (metrics["survey"]["verdict"], metrics["survey"]["flag"]) == ("leak", "too_good")
    shown = cscli(tmp_path, "backtest", "--outcome", "column:Left").stdout
    words = " ".join(shown.split())
    assert "One snapshot: this describes who has left, it does not predict." in words
    assert "Next: for a forecast add the day on which each left" in words
    assert "Counted from each date" not in words  # there is one


def test_a_score_of_the_export(tmp_path: Path) -> None:
    write_snapshot(tmp_path)
    report = read(tmp_path, "outcome=column:Left", score_column="minutes")
    assert measure(report, "auc") == pytest.approx(687.5 / 800)
    assert "metrics" not in report["sheets"]


def test_dates_that_disagree_ask_which_is_meant(tmp_path: Path) -> None:
    """Of ten that left by the accounts, four have subscriptions that end 70 days later."""
    accounts, lines = (
        ["account_id,name,started_on,churned_on"],
        ["account_id,started_on,ended_on,amount,period_months"],
    )
    for number in range(30):
        left = "2025-08-10" if number < 10 else ""
        ends = ("2025-10-19" if number < 4 else left) if left else ""
        accounts.append(f"A{number:02},Name,2024-01-01,{left}")
        lines.append(f"A{number:02},2024-01-01,{ends},{1000 + number},1")
    (tmp_path / "accounts.csv").write_text("\n".join(accounts) + "\n", encoding="utf-8")
    (tmp_path / "subs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "cscli.yaml").write_text(
        "version: 1\ncurrency: JPY\nsources: {accounts: {file: accounts.csv}, subs: {file: subs.csv, kind: subscriptions}}\n"
        "metrics: {size: {value: mrr, points: {kind: linear, zero: 1000, full: 1030}}}\n"
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {size: 1}}}}]\n",
        encoding="utf-8",
    )
    done = cscli(tmp_path, "backtest", "--as-of", "2026-06-30", code=4)
    assert "of 10 accounts 0 left by one alone, and 4 more than 31 days apart" in done.stderr
    assert "--outcome churned_on" in done.stderr
    report = read(tmp_path, "outcome=churned_on")
    assert measure(report, "churned") == 10


@pytest.mark.parametrize(
    ("overrides", "options", "code", "problem"),
    [
        (["outcome=column:Leftt"], {}, 4, "backtest.no_column"),
        (["outcome=column:Contract"], {}, 4, "backtest.not_an_outcome"),
        (["outcome=gone"], {}, 3, "config.unknown_outcome"),
        (["horizon=30"], {}, 3, "config.window_closed"),
        (["from=2026-02-01", "to=2026-01-01"], {}, 3, "config.dates_reversed"),
        (["every=3x"], {}, 3, "config.not_months"),
        ([], {"score_column": "minutes"}, 4, "backtest.score_column_alone"),
        (["outcome=column:Left"], {"score_column": "name"}, 4, "backtest.not_a_score"),
        ([], {}, 4, "backtest.no_dates"),
        (["from=2025-01-01"], {}, 4, "backtest.no_outcome"),
    ],
)
def test_bad_input_is_one_problem(
    tmp_path: Path, overrides: list[str], options: dict[str, str], code: int, problem: str
) -> None:
    write_snapshot(tmp_path)
    with pytest.raises(CscliError) as caught:
        backtest(asked(tmp_path, *overrides), BacktestOptions(**options), tmp_path / "b.json")  # type: ignore[arg-type]
    assert [each.code for each in caught.value.problems] == [problem]
    assert caught.value.exit_code == code
    assert not (tmp_path / "b.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "verdict"), [(1.2, "predicts"), (0.0, "no_signal")])
def test_exports_alone_say_whether_usage_tells(tmp_path: Path, effect: float, verdict: str) -> None:
    """The book leaves by chances that fall with usage, or do not; `nps` is of today and is left out."""
    write_book(tmp_path, seed=2, effect=effect)
    report = read(tmp_path)
    assert measure(report, "verdict") == verdict
    assert f"Next: {NEXT[verdict]}" in report["said"]
    assert [row["metric"] for row in report["sheets"]["metrics"]] == ["active"]
    assert {row["source"] for row in report["sheets"]["dates"]} == {"exports"}
    done = cscli(
        tmp_path, "backtest", "--as-of", "2026-06-30", "--write-probabilities", code=0 if effect else 4
    )
    assert ("churn_probability:" in done.stdout) == (effect > 0)
