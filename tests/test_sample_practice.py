"""Promises and comparisons over the sample company. Oracle: plain loops over its exports, without any of our tables."""

import csv
import datetime as dt
import json
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from books.practice_books import AS_OF, cscli_here
from cscli.analysis.comparing.groups import compare_at_landmark
from cscli.analysis.scoring.columns import add_columns
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workspace.rules import find_rules
from places import SAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.whole]
DAY = dt.date.fromisoformat(AS_OF)
FIRST, LAST, LIMIT_DAYS = dt.date(2025, 10, 1), dt.date(2025, 12, 31), 62
"""The cohort that is recomputed: the third quarter of fiscal 2025."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    cscli_here(folder, "init", "--sample", "en")
    return folder / "en"


def day_of(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return dt.date.fromisoformat(str(cell).replace("/", "-")[:10]) if cell else None


def cohort() -> list[tuple[dt.date, dt.date | None, dt.date | None]]:
    """Start, day of leaving, and the first month with 400 cards an active user, of each account that began in the quarter."""
    rows = list(
        openpyxl.load_workbook(SAMPLE / "accounts.xlsx", data_only=True)["Accounts"].iter_rows(
            values_only=True
        )
    )
    heads = rows[2]
    months: dict[str, list[dt.date]] = defaultdict(list)
    with (SAMPLE / "usage.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if float(row["cards_total"]) >= 400 * float(row["active_users"] or "inf"):
                months[row["account_id"]].append(dt.date.fromisoformat(row["month"]))
    found = {}
    for cells in rows[3:]:
        account = dict(zip(heads, cells, strict=True))
        start, left = day_of(account["Start date"]), day_of(account["Churn date"])
        if account["Account ID"] and start and FIRST <= start <= LAST:
            there = [month for month in months[str(account["Account ID"])] if month <= DAY]
            found[account["Account ID"]] = (
                start,
                left if left and left <= DAY else None,
                min(there, default=None),
            )
    return list(found.values())


def test_the_funnel_and_the_median_days_of_a_cohort(workspace: Path) -> None:
    cscli_here(workspace, "journey", "--as-of", AS_OF, "-q", "-o", "j.json")
    rows = json.loads((workspace / "j.json").read_text(encoding="utf-8"))["sheets"]["journey_cohorts"]
    (row,) = [each for each in rows if each["cohort"] == "FY2025 Q3"]
    accounts = cohort()
    in_time = sum(
        reached is not None and (reached - start).days <= LIMIT_DAYS for start, _, reached in accounts
    )
    assert (row["accounts"], row["limit_passed"], row["in_time"]) == (len(accounts), len(accounts), in_time)
    assert row["share"] == pytest.approx(in_time / len(accounts))
    waits = [
        (max((reached - start).days, 0), "there")
        if reached
        else (((left or DAY) - start).days, "left" if left else "open")
        for start, left, reached in accounts
    ]
    assert row["median_days"] == median_of(waits)


def median_of(waits: list[tuple[int, str]]) -> int | None:
    """Aalen-Johansen, a day at a time."""
    still, there = 1.0, 0.0
    for day in sorted({days for days, _ in waits}):
        at_risk = sum(days >= day for days, _ in waits)
        arrived, left = (sum(each == (day, kind) for each in waits) for kind in ("there", "left"))
        there, still = there + still * arrived / at_risk, still * (1 - (arrived + left) / at_risk)
        if there >= 0.5:
            return day
    return None


@pytest.mark.parametrize(
    ("kind", "result", "verdict"),
    [("mail", "opened", "too_few"), ("elearning", "viewed", "no_difference_seen")],
)
def test_contacts_show_no_effect_that_is_not_there(
    workspace: Path, kind: str, result: str, verdict: str
) -> None:
    """In the simulation contact lowers churn and an opened mail only reflects it, while the crude figures point the other way."""
    request = Request(
        rules=find_rules(None, workspace),
        now=dt.datetime(2026, 10, 31, tzinfo=dt.UTC),
        as_of=DAY,
        remember=False,
    )
    book = read_book(request, of_revenue=True)
    frame = add_columns(book.frame, book.config, DAY, book.practice.nodes).frame
    with (workspace / "touches.csv").open(encoding="utf-8-sig") as file:
        had = {
            row["account_id"]
            for row in csv.DictReader(file)
            if (row["kind"], row["result"]) == (kind, result) and row["date"] <= "2026-04-30"
        }
    (found,) = compare_at_landmark(
        frame, [frame["account_id"].isin(list(had)).to_numpy(bool)], frame["touch"], DAY
    )
    assert found.verdict == verdict
    assert found.crude > 0
