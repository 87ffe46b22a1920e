"""Exports of two weeks, written by hand: what the second run says of the differences, and what it keeps quiet about."""

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest

from cscli.errors import Problem, Severity
from cscli.workflows import Request, check, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources:
  accounts:
    file: accounts.csv
    columns: {uses: Uses}
metrics:
  uses: {value: uses, points: {kind: linear, zero: 0, full: 10}}
scorecards:
  - {name: all, groups: {one: {weight: 1, metrics: {uses: 1}}}}
"""
HEADERS = ["account_id", "Plan", "Uses", "Logins", "Remarks"]
PLANS = ("Basic", "Pro")
Table = list[list[str]]


def week(headers: list[str] = HEADERS, count: int = 20) -> Table:
    """Accounts of two plans, with 3 to 22 uses and 7 more logins, each week the same."""
    rows = [[f"A{n:02}", PLANS[n % 2], str(n + 3), str(n + 10), "-"] for n in range(count)]
    return [headers, *rows]


def put(folder: Path, table: Table) -> None:
    text = "".join(",".join(row) + "\n" for row in table)
    (folder / "accounts.csv").write_text(text, encoding="utf-8")


def request(folder: Path, day: str) -> Request:
    now = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=dt.date.fromisoformat(day))


def drift_of(problems: tuple[Problem, ...]) -> dict[str, Problem]:
    return {each.code: each for each in problems if each.code.startswith("drift.")}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a run of 7 January."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    put(tmp_path, week())
    assert drift_of(score(request(tmp_path, "2026-01-07"), tmp_path / "out.json").problems) == {}
    return tmp_path


def drift(folder: Path, table: Table, day: str = "2026-01-14") -> dict[str, Problem]:
    """The drift that `check` finds, which is that of `score`."""
    put(folder, table)
    checked = drift_of(check(request(folder, day)).report.problems)
    scored = drift_of(score(request(folder, day), folder / "out.json").problems)
    assert checked == scored
    return checked


def with_column(name: str, values: str | list[str]) -> Table:
    table = week()
    at = HEADERS.index(name)
    for number, row in enumerate(table[1:]):
        row[at] = values if isinstance(values, str) else values[number]
    return table


def test_a_week_like_the_last_says_nothing(workspace: Path) -> None:
    uses = [str(n + 4) for n in range(20)]  # everybody once more
    assert drift(workspace, with_column("Uses", uses)) == {}


def test_a_file_that_was_not_exported_again(workspace: Path) -> None:
    found = drift(workspace, week())
    assert list(found) == ["drift.not_refreshed"]
    assert found["drift.not_refreshed"].details["as_of"] == "2026-01-07"


def test_the_same_file_within_a_week_is_no_finding(workspace: Path) -> None:
    assert drift(workspace, week(), day="2026-01-12") == {}  # five days


@pytest.mark.whole
def test_a_daily_run_still_sees_that_a_file_is_a_week_old(workspace: Path) -> None:
    for day in ("2026-01-08", "2026-01-09", "2026-01-12"):
        score(request(workspace, day), workspace / "out.json")
    assert list(drift(workspace, week(), day="2026-01-13")) == ["drift.not_refreshed"]


def test_a_column_under_another_header(workspace: Path) -> None:
    table = week(["account_id", "Plan", "Times used", "Logins", "Remarks"])
    found = drift(workspace, table)
    renamed = found["drift.column_renamed"]
    assert (renamed.value, renamed.details["header"], renamed.severity) == (
        "Uses", "Times used", Severity.WARNING,
    )  # fmt: skip
    assert "drift.column_new" not in found


def test_a_known_column_under_another_known_header_is_a_note(workspace: Path) -> None:
    found = drift(workspace, week(["account_id", "Plan name", "Uses", "Logins", "Remarks"]))
    assert {code: each.severity for code, each in found.items()} == {"drift.header_changed": Severity.NOTE}


def test_a_column_that_is_gone_and_another_that_is_new(workspace: Path) -> None:
    table = [[*row[:3], row[4], "5"] for row in week()]
    table[0][4] = "Calls"
    found = drift(workspace, table)
    assert (found["drift.column_gone"].value, found["drift.column_gone"].details["name"]) == (
        "Logins", "logins",
    )  # fmt: skip
    assert found["drift.column_new"].value == "Calls"
    assert "drift.column_renamed" not in found


def test_a_column_nobody_uses_is_only_noted(workspace: Path) -> None:
    found = drift(workspace, [row[:4] for row in week()])
    assert {code: each.severity for code, each in found.items()} == {
        "drift.unused_column_gone": Severity.NOTE
    }


@pytest.mark.parametrize(("value", "code"), [("0", "drift.all_zero"), ("", "drift.all_blank")])
def test_a_column_that_died(workspace: Path, value: str, code: str) -> None:
    found = drift(workspace, with_column("Logins", value))
    assert {each: problem.severity for each, problem in found.items()} == {code: Severity.WARNING}
    assert found[code].where.column == "Logins"


def test_a_plan_never_seen(workspace: Path) -> None:
    found = drift(workspace, with_column("Plan", ["Basic", "Plus"] * 10))
    assert found["drift.new_values"].value == "Plus"
    assert found["drift.new_values"].details["count"] == 1


@pytest.mark.parametrize(
    ("limit", "rows", "is_said"),
    [(None, 10, False), (None, 9, True), (0.2, 16, False), (0.2, 15, True), (0.9, 9, False)],
)
def test_rows_that_fell(workspace: Path, limit: float | None, rows: int, *, is_said: bool) -> None:
    """Of 20: 10 are half, which only a limit forbids; 9 are more than half, which only a limit allows."""
    if limit is not None:
        rules = RULES.replace("file: accounts.csv", f"file: accounts.csv\n    max_row_drop: {limit}")
        (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    assert list(drift(workspace, week(count=rows))) == (["drift.rows_fell"] if is_said else [])


def test_a_run_of_the_same_day_is_compared_with_the_one_before(workspace: Path) -> None:
    dead = with_column("Logins", "0")
    assert list(drift(workspace, dead)) == ["drift.all_zero"]
    assert list(drift(workspace, dead)) == ["drift.all_zero"]


def test_a_snapshot_keeps_the_profile_small_and_a_check_keeps_nothing(workspace: Path) -> None:
    check(request(workspace, "2026-01-14"))
    connection = sqlite3.connect(workspace / ".cscli" / "history.db")
    try:
        kept = connection.execute("SELECT as_of, profiles FROM runs").fetchall()
    finally:
        connection.close()
    assert [as_of for as_of, _ in kept] == ["2026-01-07"]
    profile = json.loads(kept[0][1])["accounts"]
    columns = {column["header"]: column for column in profile["columns"]}
    assert profile["rows"] == 20
    logins = columns["Logins"]
    assert (logins["lowest"], logins["highest"], logins["distinct"], logins["filled"]) == (
        "10", "29", 20, 20,
    )  # fmt: skip
    assert columns["Plan"]["categories"] == ["Basic", "Pro"]
    assert columns["Remarks"]["sample"] == [], "of a column that is not used only the header"
    assert len(kept[0][1]) < 4_000
