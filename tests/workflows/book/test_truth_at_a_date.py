"""A report of a date does not change when a fact of after that date does: for every source, and for random facts of it.

The oracle is the report itself before the fact was added. What a list of accounts tells of one day alone (MRR, seats) is no
fact with a date; that it is of a later day is said.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from cscli.render.text.structured import sheet_rows
from cscli.reports.dashboard.report import make_dashboard
from cscli.reports.dashboard.trust import trust_part
from cscli.reports.kit.model import Report
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.page import monday_page
from cscli.workflows import DashboardOptions, Request, extend_inputs
from cscli.workflows.showing.dashboard import gather
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS
from cscli.workspace.rules import find_rules

DAY = dt.date(2026, 3, 31)
NOW = dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC)
RULES = """\
version: 1
timezone: Asia/Tokyo
currency: JPY
sources:
  accounts: {file: accounts.csv}
  log: {file: log.csv, kind: events, naive_times_are: Asia/Tokyo, windows: [28]}
  tickets:
    file: tickets.csv
    kind: rows
    at: opened_at
    rollup:
      tickets: count(*)
      open_then: count(*) FILTER (WHERE closed_at IS NULL OR closed_at > as_of)
      last_ticket: max(opened_at)
  orders: {file: orders.csv, kind: orders, rollup: {spent: sum(amount)}}
  subscriptions: {file: subscriptions.csv, kind: subscriptions}
derived: {is_leaving: churned_on IS NOT NULL}
metrics:
  use: {value: events_28d, points: {kind: percentile}}
  calm: {value: open_then, points: {kind: linear, zero: 3, full: 0}}
  quiet: {value: as_of - last_ticket, points: {kind: linear, zero: 0, full: 90}}
  spent: {value: spent, points: {kind: linear, zero: 0, full: 100}}
  mood: {value: sentiment, points: {kind: linear, zero: 1, full: 5}}
segments: {phase: [{name: young, when: tenure_months < 12}, {name: old}]}
scorecards:
  - name: all
    groups: {g: {weight: 1, metrics: {use: 1, calm: 1, quiet: 1, spent: 1, mood: 1}}}
    caps: [{when: is_leaving, at_most: 10, reason: Leaving}]
effort: {by: phase, hours_per_month: {young: 2, old: 1}, owner_hours_per_month: 10}
alerts: [{name: few, when: score < 50}]
min_data_coverage: 0
"""
FILES = {
    "accounts.csv": "account_id,name,owner,mrr,started_on,churned_on\nA,Acme,Mia,100,2024-01-01,\nB,Beta,Ken,50,2025-06-01,\nC,Cora,Mia,70,2024-05-01,2026-02-01\n",
    "log.csv": "account_id,user_id,at,event\nA,u1,2026-03-30 10:00,login\nA,u2,2026-03-31 23:59,scan\nB,u3,2026-03-02 09:00,login\n",
    "tickets.csv": "account_id,opened_at,closed_at\nA,2026-01-05,2026-01-07\nA,2026-03-31,\nB,2026-02-01,2026-03-01\n",
    "orders.csv": "order_id,account_id,at,amount\n1,A,2026-01-10,40\n2,B,2026-03-31,90\n",
    "subscriptions.csv": "subscription_id,account_id,started_on,ended_on,amount,period_months\nS1,A,2024-01-01,,100,1\nS2,B,2025-06-01,,50,1\nS3,C,2024-05-01,2026-02-01,70,1\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make(tmp_path)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The reports before any fact was added."""
    return reports(make(tmp_path_factory.mktemp("before")))


def make(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    extend_inputs(request(tmp_path))
    type_inputs(tmp_path, "A", {"Sentiment": 4, "Sentiment date": dt.date(2026, 3, 1)})
    return tmp_path


def request(folder: Path) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW, as_of=DAY, remember=False)


def reports(folder: Path) -> dict[str, Any]:
    """The sheets of every report, as programs get them."""
    whole = WholeBook(request(folder))
    found = {step.name: step.report(whole) for step in STEPS if step.is_wanted(whole)}
    assert {"score", "at-risk", "segment", "ltv-report", "alerts"} <= set(found)
    return {**{name: as_rows(report) for name, report in found.items()}, **pages(whole)}


def pages(whole: WholeBook) -> dict[str, Any]:
    """What the dashboard holds but what it says of its files, and the sentences of the Monday page."""
    material, _ = gather(whole, DashboardOptions())
    told = set(trust_part(material))
    data = {key: value for key, value in make_dashboard(material).data.items() if key not in told}
    page = monday_page(MondayMaterial(material))
    return {"dashboard": data, "monday": [*page.sentences, page.decision]}


def as_rows(report: Report) -> dict[str, list[Any]]:
    return {sheet.id: [json.loads(row) for row in sheet_rows(sheet)] for sheet in report.sheets}


def add(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.write_text(
        path.read_text(encoding="utf-8") + "".join(f"{line}\n" for line in lines), encoding="utf-8"
    )


def replace_line(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def type_inputs(folder: Path, account: str, cells: Mapping[str, Any]) -> None:
    workbook = openpyxl.load_workbook(folder / "inputs" / "csm.xlsx")
    sheet = workbook.worksheets[0]
    heads = {cell.value: get_column_letter(at) for at, cell in enumerate(sheet[1], start=1)}
    row = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == account)
    for head, value in cells.items():
        sheet[f"{heads[head]}{row}"] = value
    workbook.save(folder / "inputs" / "csm.xlsx")


LATER = dt.date(2026, 4, 1)
OVERRIDE = {
    "Override score": 1,
    "Override reason": "r",
    "Override date": LATER,
    "Override until": dt.date(2027, 1, 1),
}
LEAKS: Mapping[str, Callable[[Path], None]] = {
    "an account that starts later": lambda f: add(f, "accounts.csv", "D,Dora,Mia,900,2026-04-01,"),
    "its revenue": lambda f: add(f, "subscriptions.csv", "S9,B,2026-04-01,,500,1"),
    "an end of a subscription": lambda f: replace_line(f, "subscriptions.csv", "S2,B,2025-06-01,,", "S2,B,2025-06-01,2026-08-01,"),
    "a row of many": lambda f: add(f, "tickets.csv", "A,2026-04-01,", "B,2026-11-30,"),
    "a state that a row got": lambda f: replace_line(f, "tickets.csv", "A,2026-03-31,", "A,2026-03-31,2026-04-01"),
    "a row of the log": lambda f: add(f, "log.csv", "B,u9,2026-04-01 00:00,login"),
    "an order": lambda f: add(f, "orders.csv", "3,A,2026-04-01,1000"),
    "an override": lambda f: type_inputs(f, "A", OVERRIDE),
    "hours": lambda f: type_inputs(f, "A", {"Hours spent a month": 30, "Hours date": LATER}),
    "a sentiment": lambda f: type_inputs(f, "B", {"Sentiment": 1, "Sentiment date": LATER}),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_a_fact_of_the_day_after_changes_nothing(workspace: Path, before: dict[str, Any], leak: str) -> None:
    LEAKS[leak](workspace)
    assert reports(workspace) == before


def test_a_fact_of_the_day_itself_does_count(workspace: Path, before: dict[str, Any]) -> None:
    """So that the tests above can fail: the same facts, a day earlier."""
    add(workspace, "tickets.csv", "B,2026-03-31,")
    assert reports(workspace)["score"] != before["score"]
    between = reports(workspace)
    type_inputs(workspace, "A", {**OVERRIDE, "Override date": DAY})
    assert reports(workspace)["score"] != between["score"]
    add(workspace, "accounts.csv", "D,Dora,Mia,900,2026-03-31,")
    assert len(reports(workspace)["score"]["accounts"]) == 3


def test_who_leaves_later_is_known_to_one_flag_alone(workspace: Path, before: dict[str, Any]) -> None:
    replace_line(
        workspace, "accounts.csv", "A,Acme,Mia,100,2024-01-01,", "A,Acme,Mia,100,2024-01-01,2026-04-01"
    )
    after = WholeBook(request(workspace))
    assert as_rows(next(s for s in STEPS if s.name == "score").report(after)) == before["score"]
    frame = after.book.frame.set_index("account_id")
    assert frame["churned_on"].isna().all()
    assert frame["notice_given"].to_dict() == {"A": True, "B": False}


@pytest.mark.parametrize("formula", ["churned_on IS NOT NULL", "gone_on IS NOT NULL"])
def test_a_derived_day_of_leaving_is_held_to_the_date_as_well(workspace: Path, formula: str) -> None:
    """The column that the export calls otherwise stays what it is: own columns are of the day of the export."""
    rules = RULES.replace("churned_on IS NOT NULL", formula).replace(
        "derived: {", "derived: {churned_on: gone_on, "
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    replace_line(workspace, "accounts.csv", "churned_on", "gone_on")
    replace_line(
        workspace, "accounts.csv", "A,Acme,Mia,100,2024-01-01,", "A,Acme,Mia,100,2024-01-01,2026-04-01"
    )
    capped = {row["account_id"]: row["capped_by"] for row in reports(workspace)["score"]["accounts"]}
    assert capped == {"A": None if formula.startswith("churned_on") else "Leaving", "B": None}


days = st.dates(LATER, dt.date(2026, 11, 30))
ids = st.sampled_from(["A", "B", "C", "D"])
FACTS = st.lists(
    st.one_of(
        st.builds(lambda a, d, m: ("accounts.csv", f"{a}X{d:%d%m},New,Ken,{m},{d},"), ids, days, st.integers(1, 999)),
        st.builds(lambda a, d: ("tickets.csv", f"{a},{d},"), ids, days),
        st.builds(lambda a, d: ("log.csv", f"{a},u{d:%d},{d} 08:00,scan"), ids, days),
        st.builds(lambda a, d, m: ("orders.csv", f"{d:%d%m}{a}{m},{a},{d},{m}"), ids, days, st.integers(1, 999)),
        st.builds(lambda a, d, m: ("subscriptions.csv", f"{d:%d%m}{a}{m},{a},{d},,{m},1"), st.sampled_from("AB"), days, st.integers(1, 999)),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda fact: fact[1].split(",")[0] if "X" in fact[1] else fact[1],
)  # fmt: skip


@pytest.mark.slow
@given(FACTS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_facts_of_later_change_nothing(
    workspace: Path, before: dict[str, Any], facts: list[tuple[str, str]]
) -> None:
    for name, content in FILES.items():
        (workspace / name).write_text(content, encoding="utf-8")
    for name, line in facts:
        add(workspace, name, line)
    assert reports(workspace) == before


def test_what_the_list_of_accounts_tells_of_a_later_day_is_said(workspace: Path) -> None:
    accounts = FILES["accounts.csv"].splitlines()
    cells = zip(accounts, ("last_login_on", "2026-10-30", "", ""), strict=True)
    (workspace / "accounts.csv").write_text(
        "".join(f"{line},{cell}\n" for line, cell in cells), encoding="utf-8"
    )
    (workspace / "cscli.yaml").write_text(RULES.replace("    at: opened_at\n", ""), encoding="utf-8")
    said = {problem.code: problem for problem in WholeBook(request(workspace)).book.problems}
    newer, unbounded = said["data.export_newer"], said["data.rollup_unbounded"]
    assert (newer.value, newer.details) == (
        "mrr, last_login_on",
        {"latest": "2026-10-30", "as_of": "2026-03-31"},
    )
    assert unbounded.value == "tickets, open_then, last_ticket"


def test_of_the_day_of_the_export_nothing_is_said(workspace: Path) -> None:
    (workspace / "cscli.yaml").write_text(RULES.replace("    at: opened_at\n", ""), encoding="utf-8")
    said = [problem.code for problem in WholeBook(request(workspace)).book.problems]
    assert "data.rollup_unbounded" not in said
    assert "data.export_newer" not in said
