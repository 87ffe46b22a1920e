"""What runs knew of promises, against the days on which they were run."""

import json
import sqlite3
from pathlib import Path

import pytest

from books.practice_books import cscli, cscli_here, write_book

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


def test_who_reached_it_before_anybody_looked_biases_no_share(workspace: Path) -> None:
    """Oracle: by hand. At the first run 4 of 5 old accounts are there, nobody knows since when; the fifth is late. Of the two that began
    afterwards one was there after 7 days, the other not after 61. One of two in time; nothing of the old ones.
    """
    old = {**{f"OLD{number}": 6 for number in range(4)}, "OLD4": 1}
    measures = ("accounts", "limit_passed", "in_time", "share", "reached", "undated")

    def report(day: str, **users: int) -> dict[str, list[dict[str, object]]]:
        rows = (
            f"{name},100,10,{count},{'2026-06-01' if name in old else '2026-10-06'},Mori\n"
            for name, count in users.items()
        )
        text = HEAD.replace("\n", ",Owner\n") + "".join(rows)
        (workspace / "accounts.csv").write_text(text, encoding="utf-8")
        cscli_here(workspace, "journey", "--as-of", day, "-o", "out.json")
        found: dict[str, list[dict[str, object]]]
        found = json.loads((workspace / "out.json").read_text(encoding="utf-8"))["sheets"]
        return found

    first = report("2026-10-05", **old)
    (step,) = first["steps"]
    assert [step[name] for name in measures] == [5, 0, 0, None, 4, 4]
    assert step["median_days"] is None
    assert {row["share"] for row in first["curve"]} == {None}
    (owner,) = first["journey_owners"]
    assert (owner["limit_passed"], owner["undated"], owner["overdue"]) == (0, 4, 1)
    cscli_here(workspace, "score", "--as-of", "2026-10-05", "-q")
    report("2026-10-13", **old, QUICK=7, SLOW=1)
    cscli_here(workspace, "score", "--as-of", "2026-10-13", "-q")
    late = report("2026-12-06", **old, QUICK=7, SLOW=1)
    (step,) = late["steps"]
    assert [step[name] for name in measures] == [7, 2, 1, 0.5, 5, 4]
    assert [row["share"] for row in late["curve"]][:3] == [0, 0.5, 0.5]
    told = json.loads((workspace / "out.json").read_text(encoding="utf-8"))["problems"]
    (said,) = [each["message"] for each in told if each["value"] == "in use"]
    assert "5 accounts began before the first run that looked at in use (4 of them were there" in said
