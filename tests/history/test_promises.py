"""What runs knew of promises, against the days on which they were run."""

import json
import sqlite3
from pathlib import Path

import pytest

from books.practice_books import cscli, write_book

RULES = """version: 1
sources:
  accounts: {file: accounts.csv}
journey:
  standards:
    - name: onboarding
      start: started_on
      milestones:
        - {name: in_use, days: 60, when: active_users >= 5}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
scorecards:
  - {name: all, groups: {use: {weight: 1, metrics: {use: 1}}}}
goals: {}
"""
HEAD = "Account ID,MRR,Seats,Active users,Start date\n"


def write_accounts(folder: Path, **users: int) -> None:
    starts = {"A": "2026-08-01", "B": "2026-08-01", "NEW": "2026-10-06"}
    rows = (f"{name},100,10,{count},{starts[name]}\n" for name, count in users.items())
    (folder / "accounts.csv").write_text(HEAD + "".join(rows), encoding="utf-8")


def run(folder: Path, day: str) -> None:
    done = cscli(folder, "score", "--as-of", day, "-q")
    assert done.returncode == 0, done.stderr


def sheets(folder: Path, day: str) -> dict[str, list[dict[str, object]]]:
    done = cscli(folder, "journey", "--as-of", day, "-o", "out.json")
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "out.json").read_text(encoding="utf-8"))[
        "sheets"
    ]
    return found


def milestones(folder: Path, day: str) -> dict[object, tuple[object, object]]:
    return {
        row["account_id"]: (row["status"], row["reached_on"]) for row in sheets(folder, day)["milestones"]
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_a_condition_gets_the_day_of_the_first_run_that_saw_it_and_keeps_it(workspace: Path) -> None:
    """Oracle: by hand. A held at the first run ever; B since the second; NEW had not begun at the first."""
    write_accounts(workspace, A=6, B=1)
    run(workspace, "2026-10-05")
    write_accounts(workspace, A=6, B=7, NEW=5)
    run(workspace, "2026-10-12")
    expected = {
        "A": ("reached_undated", None),
        "B": ("reached_late", "2026-10-12"),
        "NEW": ("in_time", "2026-10-12"),
    }
    write_accounts(workspace, A=1, B=1, NEW=1)
    run(workspace, "2026-10-19")
    assert milestones(workspace, "2026-10-19") == expected
    assert milestones(workspace, "2026-10-26") == expected


def test_a_run_made_again_knows_what_the_run_before_it_knew(workspace: Path) -> None:
    write_accounts(workspace, A=1, B=1)
    run(workspace, "2026-10-05")
    write_accounts(workspace, A=6, B=1)
    run(workspace, "2026-10-12")
    first = milestones(workspace, "2026-10-12")
    run(workspace, "2026-10-12")
    assert (
        milestones(workspace, "2026-10-12")
        == first
        == {"A": ("reached_late", "2026-10-12"), "B": ("overdue", None)}
    )


def test_a_goal_that_was_reached_and_is_not_now_fell_back_and_one_that_is_gone_is_told(
    workspace: Path,
) -> None:
    goals = [
        {"Account ID": "A", "Goal": "Six people use it", "Measure": "active_users", "Baseline": 1, "Target": 6, "Agreed on": "2026-09-01"},
        {"Account ID": "B", "Goal": "Fewer calls", "Baseline": 9, "Target": 1, "Agreed on": "2026-09-01"},
    ]  # fmt: skip
    write_book(
        workspace / "inputs" / "journey.xlsx",
        {"Goals": goals, "Milestones": [{"Account ID": None, "Milestone": None}]},
    )
    write_accounts(workspace, A=6, B=1)
    run(workspace, "2026-10-05")
    write_accounts(workspace, A=4, B=1)
    run(workspace, "2026-10-12")
    found = {row["account_id"]: row["status"] for row in sheets(workspace, "2026-10-12")["goals"]}
    assert found == {"A": "fell_back", "B": "not_measured"}
    write_book(
        workspace / "inputs" / "journey.xlsx",
        {"Goals": goals[:1], "Milestones": [{"Account ID": None, "Milestone": None}]},
    )
    done = cscli(workspace, "journey", "--as-of", "2026-10-19", "-v")
    assert "A goal is gone since the last run: B fewer calls" in done.stderr


def test_an_account_that_is_forgotten_leaves_no_promise(workspace: Path) -> None:
    write_accounts(workspace, A=6, B=1)
    run(workspace, "2026-10-05")
    done = cscli(workspace, "history", "forget", "--account", "A", "--yes")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(workspace / ".cscli" / "history.db") as connection:
        left = {account for (account,) in connection.execute("SELECT account_id FROM promises")}
    assert left == {"B"}
