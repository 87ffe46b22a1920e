"""From files to a stored report, through the real readers, writers and history; figures worked out by hand."""

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cscli.errors import ConfigError, CscliError, SourceError
from cscli.reports.kit.model import Report
from cscli.workflows import Request, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts:
    file: exports/accounts*.csv
    columns: {account_id: Org, opens: Mail open rate}
    fresh_within_days: 8
  tickets:
    file: tickets.csv
    kind: rows
    rollup: {open_p1: count(*) FILTER (WHERE priority = 'P1')}
  survey: {file: survey.csv, optional: true, columns: {answer: Answer}}
metrics:
  opens: {value: opens, points: {kind: linear, zero: 0, full: 1}}
  nps: {value: nps, points: {kind: piecewise, at: [[-100, 0], [0, 40], [50, 100]]}}
  answer: {value: answer, points: {kind: linear, zero: 0, full: 5}}
segments:
  growth: [{name: falling, when: score_change <= -5}, {name: steady}]
scorecards:
  - name: standard
    groups:
      usage: {weight: 60, metrics: {opens: 1}}
      voice: {weight: 40, metrics: {nps: 3, answer: 1}}
    caps: [{when: open_p1 > 0, at_most: 39, reason: {en: Open P1 ticket, ja: 未解決のP1}}]
"""
ACCOUNTS = """\
Org,name,MRR,Mail open rate,nps
001,Acme,"1,000",80%,25
002,Beta,300,50%,-50
003,Cora,50,100%,50
004,Dora,70,,
"""
TICKETS = "account_id,priority\n003,P1\n003,P2\n009,P1\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "exports" / "accounts-1.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    return tmp_path


def run(folder: Path, day: str = "2026-01-31", output: str = "out/scored.json", **asked: Any) -> Report:
    now = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)
    request = Request(
        rules=find_rules(None, folder), now=now, as_of=dt.date.fromisoformat(day), allow_future=True, **asked
    )
    return score(request, folder / output)


def rows(folder: Path, sheet: str = "accounts") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "out" / "scored.json").read_text(encoding="utf-8"))[
        "sheets"
    ][sheet]
    return found


def test_scores_of_a_small_book(workspace: Path) -> None:
    report = run(workspace)
    # 001: (60 x 80 + 40 x 70) / 100 = 76; 002: (60 x 50 + 40 x 20) / 100 = 38; 003: 100, capped at 39.
    # Coverage: opens 0.6, nps 0.4 x 3/4 = 0.3. 004 has no data.
    found = [
        (r["account_id"], r["score"], r["band"], r["data_coverage"], r["capped_by"]) for r in rows(workspace)
    ]
    assert found == [
        ("002", 38.0, "at_risk", pytest.approx(0.9), None),
        ("003", 39.0, "at_risk", pytest.approx(0.9), "Open P1 ticket"),
        ("001", 76.0, "healthy", pytest.approx(0.9), None),
        ("004", None, "unknown", 0, None),
    ]
    said = [problem.code for problem in report.problems]
    assert "reading.optional_absent" in said
    assert "data.ids_without_account" in said
    assert said[-1] == "history.stored"


def test_a_week_later_the_change_is_known_to_the_segments(workspace: Path) -> None:
    run(workspace)
    (workspace / "exports" / "accounts-1.csv").write_text(ACCOUNTS.replace("80%", "70%"), encoding="utf-8")
    run(workspace, "2026-02-06")
    found = {r["account_id"]: (r["score_change"], r["growth"]) for r in rows(workspace)}
    assert found == {
        "001": (-6, "falling"),
        "002": (0, "steady"),
        "003": (0, "steady"),
        "004": (None, "steady"),
    }


def test_the_same_day_again_is_said_and_gives_the_same_bytes(workspace: Path) -> None:
    run(workspace, output="out/scored.csv")
    first = (workspace / "out" / "scored.csv").read_bytes()
    report = run(workspace, output="out/scored.csv")
    assert (workspace / "out" / "scored.csv").read_bytes() == first
    assert report.problems[-1].code == "history.replaced"


def test_without_memory_nothing_is_stored(workspace: Path) -> None:
    run(workspace, remember=False)
    assert not (workspace / ".cscli").exists()


def test_japanese_reports_speak_japanese(workspace: Path) -> None:
    report = run(workspace, language="ja")
    capped = next(row for row in rows(workspace) if row["account_id"] == "003")
    assert capped["capped_by"] == "未解決のP1"
    assert next(row for row in rows(workspace) if row["account_id"] == "004")["reasons"] is None
    assert report.title != "score"


def fingerprint(folder: Path) -> tuple[bytes, list[tuple[Any, ...]]]:
    connection = sqlite3.connect(folder / ".cscli" / "history.db")
    try:
        stored = connection.execute("SELECT run_id, as_of, config_digest FROM runs").fetchall()
    finally:
        connection.close()
    return (folder / "out" / "scored.json").read_bytes(), stored


@pytest.mark.parametrize(
    ("path", "old", "new", "error"),
    [
        ("cscli.yaml", "value: nps", "value: npz", ConfigError),
        ("cscli.yaml", "open_p1 > 0", "open_p1 + 1", ConfigError),
        ("cscli.yaml", "kind: linear, zero: 0, full: 5", "kind: linear, zero: 5, full: 5", ConfigError),
        ("cscli.yaml", "tickets.csv", "absent.csv", SourceError),
        ("exports/accounts-1.csv", "Org", "Orgg", CscliError),
    ],
)
def test_a_failed_run_leaves_report_and_history_alone(
    workspace: Path, path: str, old: str, new: str, error: type[CscliError]
) -> None:
    run(workspace)
    before = fingerprint(workspace)
    changed = workspace / path
    changed.write_text(changed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(error) as caught:
        run(workspace, "2026-02-07")
    assert caught.value.problems
    assert fingerprint(workspace) == before


def test_a_wrong_type_names_file_and_line_of_the_metric(workspace: Path) -> None:
    rules = workspace / "cscli.yaml"
    text = RULES.replace("nps: {value: nps", "feeling: {value: name").replace("{nps: 3", "{feeling: 3")
    rules.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        run(workspace)
    (problem,) = caught.value.problems
    assert (problem.where.file, problem.where.line, problem.where.key) == (
        "cscli.yaml",
        16,
        "metrics.feeling.value",
    )


def test_a_history_that_cannot_be_written_leaves_no_report(workspace: Path) -> None:
    (workspace / ".cscli").write_text("a file where the folder should be")
    with pytest.raises(SourceError, match=r"history\.not_usable"):
        run(workspace)
    assert not (workspace / "out" / "scored.json").exists()


def test_old_exports_are_said(workspace: Path) -> None:
    report = run(workspace, "2036-01-31")
    stale = [problem for problem in report.problems if problem.code == "data.stale_file"]
    assert [problem.where.file for problem in stale] == ["accounts-1.csv"]
