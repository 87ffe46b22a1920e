"""The call list of the sample company on six Mondays. Oracle: each list read back, and its rules kept by hand from week to week."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from cscli import workflows
from cscli.workflows import Request
from cscli.workspace.rules import find_rules
from places import SAMPLE

MONDAYS = [dt.date(2026, 9, 21) + dt.timedelta(weeks=week) for week in range(6)]
_ZONE = dt.timezone(dt.timedelta(hours=9))
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Rows]]:
    """The sheets of the report of each Monday, from the exports of that day."""
    weeks, book = tmp_path_factory.mktemp("weeks"), tmp_path_factory.mktemp("book")
    subprocess.run([sys.executable, "-B", SAMPLE / "make.py", "--weeks", weeks], check=True)
    shutil.copytree(SAMPLE, book, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    found = []
    for day in MONDAYS:
        shutil.copytree(weeks / day.isoformat(), book, dirs_exist_ok=True)
        now = dt.datetime.combine(day, dt.time(7), tzinfo=_ZONE)
        request = Request(rules=find_rules(None, book), now=now, as_of=day)
        workflows.at_risk(request, book / "calls.json")
        found.append(json.loads((book / "calls.json").read_text(encoding="utf-8"))["sheets"])
    return found


@pytest.mark.slow
def test_due_dates_stay_for_six_weeks(lists: list[dict[str, Rows]]) -> None:
    """While an account stands on the list, an action has one due date; past it, it is overdue by the days since."""
    due: dict[tuple[str, str, str], str] = {}
    overdue = 0
    for day, sheets in zip(MONDAYS, lists, strict=True):
        for row in sheets["at_risk"]:
            stay = (row["account_id"], row["since"], row["playbook"])
            assert due.setdefault(stay, row["due_on"]) == row["due_on"], (day, stay)
            over = (day - dt.date.fromisoformat(row["due_on"])).days
            assert row["overdue_days"] == max(over, 0), (day, stay)
            assert (row["status"] == "ongoing") == (row["since"] < day.isoformat())
            overdue += over > 0
    assert overdue > 50, "six weeks of nothing done"


@pytest.mark.slow
def test_who_goes_off_the_list_has_a_true_reason(lists: list[dict[str, Rows]]) -> None:
    """`band_better` with a higher band alone; nobody is both on the list and off it; nobody goes twice without coming back."""
    rank = {"at_risk": 0, "watch": 1, "healthy": 2}
    before: set[str] = set()
    for sheets in lists:
        on, off = sheets["at_risk"], {row["account_id"]: row for row in sheets["resolved"]}
        listed = {row["account_id"] for row in on}
        assert off.keys() == before - listed
        for row in off.values():
            better = row["band_now"] in rank and rank[row["band_now"]] > rank.get(row["band"], 9)
            assert (row["why"] == "band_better") == better
            assert (row["why"] == "left") == (row["band_now"] is None)
        assert {row["why"] for row in on} <= {"rule", "held_over", "notice"}
        before = listed
