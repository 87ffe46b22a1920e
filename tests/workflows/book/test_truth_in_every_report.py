"""No report of a date changes for a fact of after it: every kind of source that bears days, and every book in which people type.

The oracle is each report before the facts were added. `test_truth_at_a_date` has the cases by hand; here a
book with promises, records, voices, renewals and orders gets random facts of a later day.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from books.practice_books import write_book
from cscli.render.text.structured import sheet_rows
from cscli.workflows import Request
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS
from cscli.workspace.rules import find_rules

DAY, LATER = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
NOW = dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC)
RULES = """\
version: 1
timezone: Asia/Tokyo
currency: JPY
sources:
  accounts: {file: accounts.csv}
  log: {file: log.csv, kind: events, naive_times_are: Asia/Tokyo, windows: [28]}
  usage: {file: usage.csv, kind: rows, at: month, rollup: {cards: "arg_max(cards, month)", first_on: min(month)}}
  survey: {file: survey.csv, kind: rows, at: on_day, types: {comment: text}, rollup: {nps: avg(score)}}
  touches: {file: touches.csv, kind: rows, at: day, types: {day: date, kind: text}, rollup: {touches: count(*)}}
  orders: {file: orders.csv, kind: orders}
  MONEY
derived: {growth: events_28d / users_28d}
metrics:
  use: {value: events_28d, points: {kind: linear, zero: 0, full: 5}}
  cards: {value: cards, points: {kind: percentile}}
  nps: {value: nps, points: {kind: linear, zero: 0, full: 10}}
  buys: {value: rfm_recency, points: {kind: linear, zero: 1, full: 5}}
segments: {phase: [{name: young, when: tenure_months < 12}, {name: old}]}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {use: 1, cards: 1, nps: 1, buys: 1}}}}]
effort: {by: phase, hours_per_month: {young: 2, old: 1}, owner_hours_per_month: 10}
opportunities: [{name: More, kind: upsell, when: score > 20, potential_mrr: 10}]
journey:
  standards:
    - name: start
      start: started_on
      milestones:
        - {name: kickoff, days: 14}
        - {name: first, days: 31, on: first_on}
        - {name: used, days: 90, when: events_28d > 0}
      value: first
goals: {when: "true"}
timeline: {events: [{source: touches, department: cs, at: day, kind: kind, two_way: "true"}]}
records: [{name: purpose, by: sales, days: 5}]
voice: {texts: [{source: survey, at: on_day, text: comment}], themes: [{name: price, any: [price], owner: Sales}]}
alerts: [{name: few, when: score < 50}]
min_data_coverage: 0
"""
MONEY = {
    "subscriptions": "subscriptions: {file: subscriptions.csv, kind: subscriptions}",
    "mrr": "months: {file: months.csv, kind: mrr}",
}
FILES = {
    "accounts.csv": "account_id,name,owner,mrr,started_on,churned_on,renews_on\nA,Acme,Mia,100,2024-01-01,,2026-06-30\nB,Beta,Ken,50,2025-12-01,,2026-05-31\nC,Cora,Mia,70,2024-05-01,2026-02-01,\n",
    "log.csv": "account_id,user_id,at,event\nA,u1,2026-03-30 10:00,login\nA,u2,2026-03-31 23:59,scan\nB,u3,2026-03-02 09:00,login\n",
    "usage.csv": "account_id,month,cards\nA,2026-01-01,40\nA,2026-03-01,60\nB,2026-03-01,5\n",
    "survey.csv": "account_id,on_day,score,comment\nA,2026-02-10,8,The price is high\nB,2026-03-11,4,Fine\n",
    "touches.csv": "account_id,day,kind\nA,2026-03-03,call\nB,2025-12-20,mail\n",
    "orders.csv": "account_id,at,amount\nA,2026-01-10,40\nB,2026-03-31,90\nA,2025-07-01,10\n",
    "subscriptions.csv": "subscription_id,account_id,started_on,ended_on,amount,period_months\nS1,A,2024-01-01,,100,1\nS2,B,2025-12-01,,50,1\nS3,C,2024-05-01,2026-02-01,70,1\n",
    "months.csv": "account_id,month,mrr\n" + "".join(f"A,{year}-{month:02},100\n" for year, month in [(2025, m) for m in range(1, 13)] + [(2026, m) for m in range(1, 4)]),
}  # fmt: skip
GOALS = [
    {
        "account_id": "A",
        "goal": "Fewer calls",
        "baseline": 10,
        "target": 5,
        "due_on": "2026-06-30",
        "agreed_on": "2026-01-10",
    }
]
MILESTONES = [{"account_id": "A", "standard": "start", "milestone": "kickoff", "reached_on": "2024-01-10"}]
HANDOVER = [{"account_id": "A", "purpose": "To save time", "handed_on": "2024-01-05"}]
THEMES = [{"theme": "price", "status": "planned", "status_on": "2026-03-01"}]
TELL = [{"theme": "price", "account_id": "A", "told_on": None}]


def make(folder: Path, money: str) -> Path:
    (folder / "cscli.yaml").write_text(RULES.replace("MONEY", MONEY[money]), encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    type_books(folder)
    return folder


def type_books(
    folder: Path, *, goal: Mapping[str, Any] | None = None, milestone: Mapping[str, Any] | None = None
) -> None:
    goals, milestones = (
        [*GOALS, *([goal] if goal else [])],
        [*MILESTONES, *([milestone] if milestone else [])],
    )
    write_book(folder / "inputs" / "journey.xlsx", {"Goals": goals, "Milestones": milestones})
    write_book(folder / "inputs" / "handover.xlsx", {"Handover": HANDOVER})
    write_book(folder / "inputs" / "voice.xlsx", {"Themes": THEMES, "To tell": TELL})


def reports(folder: Path) -> dict[str, Any]:
    """The rows of every sheet of every step, as programs get them."""
    request = Request(rules=find_rules(None, folder), now=NOW, as_of=DAY, remember=False)
    whole = WholeBook(request)
    found = {step.name: step.report(whole) for step in STEPS if step.is_wanted(whole)}
    return {
        name: {sheet.id: [json.loads(row) for row in sheet_rows(sheet)] for sheet in report.sheets}
        for name, report in found.items()
    }


@pytest.fixture(scope="module", params=list(MONEY))
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A workspace, and its reports before any fact was added."""
    folder = make(tmp_path_factory.mktemp("book"), request.param)
    before = reports(folder)
    assert set(before) == {
        "score", "segment", "at-risk", "opportunities", "ltv-report", "renewals", "journey", "timeline", "voice", "alerts",
    }  # fmt: skip
    return folder, before


days = st.dates(LATER, dt.date(2026, 11, 30))
ids = st.sampled_from("AB")
amounts = st.integers(1, 999)
LINES: Mapping[str, Callable[[str, dt.date, int], str]] = {
    "accounts.csv": lambda a, d, m: f"{a}X{d:%d%m}{m},New,Ken,{m},{d},,",
    "log.csv": lambda a, d, m: f"{a},u{m},{d} 08:00,scan",
    "usage.csv": lambda a, d, m: f"{a},{d},{m}",
    "survey.csv": lambda a, d, m: f"{a},{d},{m % 11},price {m}",
    "touches.csv": lambda a, d, m: f"{a},{d},call {m}",
    "orders.csv": lambda a, d, m: f"{a},{d},{m}",
    "subscriptions.csv": lambda a, d, m: f"{d:%d%m}{a}{m},{a},{d},,{m},1",
    "months.csv": lambda a, d, m: f"{a},{d:%Y-%m},{m}",
}
FACTS = st.builds(
    lambda name, a, d, m: (name, LINES[name](a, d, m)), st.sampled_from(sorted(LINES)), ids, days, amounts
)
MANY = st.lists(FACTS, min_size=8, max_size=16, unique_by=lambda fact: fact[1][:9])
GOAL = {"account_id": "B", "goal": "Later", "target": 1}
MILESTONE = {"account_id": "B", "standard": "start", "milestone": "kickoff"}
TYPED = st.builds(
    lambda d: {
        "goal": {**GOAL, "agreed_on": d.isoformat()},
        "milestone": {**MILESTONE, "reached_on": d.isoformat()},
    },
    days,
)
WITHOUT_SHRINKING = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.slow
@given(facts=MANY, typed=TYPED)
@WITHOUT_SHRINKING
def test_random_facts_of_later_change_no_report(
    book: tuple[Path, dict[str, Any]], facts: list[tuple[str, str]], typed: dict[str, Any]
) -> None:
    folder, before = book
    lines: dict[str, str] = dict(FILES)
    for name, line in facts:
        lines[name] += f"{line}\n"
    for name, content in lines.items():
        (folder / name).write_text(content, encoding="utf-8")
    type_books(folder, **typed)
    after = reports(folder)
    assert [
        (name, sheet)
        for name in before
        for sheet in before[name]
        if after[name].get(sheet) != before[name][sheet]
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", LINES)
def test_the_same_fact_of_the_day_itself_is_seen(tmp_path: Path, name: str) -> None:
    """So that the test above can fail."""
    money = "mrr" if name == "months.csv" else "subscriptions"
    make(tmp_path, money)
    before = reports(tmp_path)
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write(LINES[name]("B", DAY, 77) + "\n")
    assert reports(tmp_path) != before
