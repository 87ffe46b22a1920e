"""`cscli selfcheck` over stored call lists: plays done in time. Oracle: by hand, in each test."""

import json
from pathlib import Path

import pandas as pd
import pytest

from books.practice_books import cscli_here, write_book

RULES = """version: 1
currency: EUR
sources:
  accounts: {file: accounts.csv}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
scorecards:
  - name: all
    groups: {use: {weight: 1, metrics: {use: 1}}}
at_risk: {when: mrr > 0}
playbooks:
  - {name: call, label: {en: Call them, ja: 電話する}, hours: 1, due_days: 5, text: {en: Call, ja: 電話}}
inputs: {file: inputs/csm.xlsx}
"""
ASKED = [{"ID": "pl2", "Level (0-4)": 1, "Respondent": "R", "Version": "1"}]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Five accounts, all on the list of 2026-09-07: what is asked of them is due on the 14th."""
    ids = ["A", "B", "C", "D", "E"]
    frame = pd.DataFrame(
        {"account_id": ids, "mrr": 100, "seats": 10, "active_users": 5, "started_on": "2025-01-01"}
    )
    frame.to_csv(tmp_path / "accounts.csv", index=False)
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write_book(tmp_path / "inputs" / "selfcheck" / "2026H2" / "R.xlsx", {"Self-check": ASKED})
    return tmp_path


def done(workspace: Path, **days: str) -> None:
    """What people typed into their workbook."""
    rows = [
        {"account_id": account, "play_done": "Call them", "play_done_on": day}
        for account, day in days.items()
    ]
    write_book(workspace / "inputs" / "csm.xlsx", {"CSM": rows})


def measured(workspace: Path, as_of: str) -> tuple[float | None, float | None]:
    cscli_here(workspace, "selfcheck", "--as-of", as_of, "--allow-future", "-o", "out.json")
    report = json.loads((workspace / "out.json").read_text(encoding="utf-8"))
    found = next(row for row in report["sheets"]["selfcheck_questions"] if row["id"] == "pl2")
    return found["measured"], found["data"]


def test_the_share_of_plays_done_in_time(workspace: Path) -> None:
    """A was done on the 9th, and by the end a play of later stands in its cell: the run between remembers. B was done on the day, C a
    day late, D and E never: 2 of 5, level 2 (0.4 and more). A year later nothing was due within 90 days.
    """
    cscli_here(workspace, "at-risk", "--as-of", "2026-09-07")
    done(workspace, A="2026-09-09", B="2026-09-14")
    cscli_here(workspace, "score", "--as-of", "2026-09-14")
    done(workspace, A="2026-09-21", B="2026-09-14", C="2026-09-15")
    share, level = measured(workspace, "2026-09-30")
    assert share == pytest.approx(0.4)
    assert level == 2
    assert measured(workspace, "2027-09-30") == (None, None)


def test_nobody_writes_plays_down(workspace: Path) -> None:
    """Then it is not known whether they are done; people's own answer stands."""
    cscli_here(workspace, "at-risk", "--as-of", "2026-09-07")
    assert measured(workspace, "2026-09-30") == (None, None)


def test_what_was_done_is_overdue_in_no_list(workspace: Path) -> None:
    """What was asked of all on the 7th was due on the 14th; a week later it is 7 days over, but for A, where it was done on the 9th."""
    cscli_here(workspace, "at-risk", "--as-of", "2026-09-07")
    done(workspace, A="2026-09-09", B="2026-09-04")
    asked = ("--as-of", "2026-09-21", "--allow-future")
    cscli_here(workspace, "at-risk", *asked, "-o", "out.json")
    rows = json.loads((workspace / "out.json").read_text(encoding="utf-8"))["sheets"]["at_risk"]
    over = {row["account_id"]: row["overdue_days"] for row in rows}
    assert over == {"A": 0, "B": 7, "C": 7, "D": 7, "E": 7}
    cscli_here(workspace, "dashboard", *asked, "-o", "page.html")
    page = (workspace / "page.html").read_text(encoding="utf-8")
    island = json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])
    due = {
        island["id"][row]: day
        for row, day in zip(island["calls"]["row"], island["calls"]["due"], strict=True)
    }
    assert due == {"A": None, "B": -7, "C": -7, "D": -7, "E": -7}
