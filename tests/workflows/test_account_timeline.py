"""One account's history. Oracle: four weeks written by hand, what each of them tells of the account worked out from the rows."""

import datetime as dt
from pathlib import Path

import pytest

from books.practice_books import write_book
from cscli.errors import DataError, UsageError
from cscli.texts import problem_message
from cscli.workflows import Asked, Request, TimelineOptions, account_timeline, explain
from cscli.workflows.run.running import RunOptions, run
from cscli.workspace.rules import find_rules

WEEKS = (dt.date(2026, 9, 7), dt.date(2026, 9, 14), dt.date(2026, 9, 21))
RULES = """version: 1
language: en
sources:
  accounts: {file: accounts.csv}
  touches:
    file: touches.csv
    kind: rows
    at: date
    columns: {account_id: account, date: date, what: what}
    rollup: {touches: "count(*) FILTER (WHERE date <= as_of)"}
metrics:
  nps: {label: Would recommend, value: nps, points: {kind: linear, zero: 0, full: 100}}
scorecards:
  - {name: standard, groups: {voice: {weight: 1, metrics: {nps: 1}}}}
bands: [{name: fine, from: 60, label: {en: Fine, ja: 良好}}, {name: poor, from: 0, label: {en: Poor, ja: 不良}}]
at_risk: {when: band = 'poor'}
playbooks: [{name: call, label: {en: Call them, ja: 電話}, when: band = 'poor', hours: 1, due_days: 3, text: Ask}]
alerts: [{name: fell, label: {en: It fell, ja: 低下}, when: band = 'poor'}]
timeline:
  events: [{source: touches, department: cs, at: date, kind: "'mail'", text: what, fold: [mail]}]
"""


def asked(folder: Path, day: dt.date, language: str = "en") -> Request:
    now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    rules = find_rules(None, folder)
    return Request(rules=rules, now=now, as_of=day, language="ja" if language == "ja" else None)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("book")
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    touches = (
        "account,date,what\nA,2026-09-01,Hello\nA,2026-09-03,Guide\nA,2026-09-20,Ask\nB,2026-09-02,Other\n"
    )
    (tmp_path / "touches.csv").write_text(touches, encoding="utf-8")
    for day, nps in zip(WEEKS, (80, 40, 90), strict=True):
        rows = f"account_id,name,started_on,nps\nA,Acme,2026-01-15,{nps}\nB,Bond,2026-02-01,70\n"
        (tmp_path / "accounts.csv").write_text(rows, encoding="utf-8")
        run(asked(tmp_path, day), RunOptions())
    return tmp_path


def told(folder: Path, account: str, language: str = "en", **options: object) -> list[tuple[object, ...]]:
    found = account_timeline(asked(folder, WEEKS[-1], language), account, TimelineOptions(**options), None)  # type: ignore[arg-type]
    sheet = found.report.sheets[0]
    return list(zip(*(sheet.column(name) for name in ("at", "kind", "text", "count")), strict=True))


def test_everything_in_the_order_of_time(book: Path) -> None:
    assert told(book, "Acme") == [
        ("2026-09-21", "off the call list", "Its band is better", 1),
        ("2026-09-21", "alert over", "It fell", 1),
        ("2026-09-21", "band", "Poor → Fine", 1),
        ("2026-09-20", "mail", "Ask", 1),
        ("2026-09-14", "call list", "Call them", 1),
        ("2026-09-14", "band", "Fine → Poor", 1),
        ("2026-09-14", "alert", "It fell", 1),
        ("2026-09-01", "mail", "Hello", 2),  # the two mails of one week
        ("2026-01-15", "contract", "Became a customer", 1),
    ]


def test_since_and_department_leave_the_rest_out(book: Path) -> None:
    assert [text for _, _, text, _ in told(book, "A", since=dt.date(2026, 9, 2), department="cs")] == [
        "Ask",
        "Guide",
    ]


@pytest.mark.parametrize("name", ["cs", "Customer success", "customer　SUCCESS", "カスタマーサクセス"])
def test_a_department_is_named_as_people_read_it(book: Path, name: str) -> None:
    assert {kind for _, kind, _, _ in told(book, "A", department=name)} == {"mail"}


def test_a_department_that_there_is_not_and_one_without_events(book: Path) -> None:
    """Oracle: the nine entries of A, of which none is of sales."""
    with pytest.raises(UsageError) as caught:
        told(book, "A", department="Suport")
    (problem,) = caught.value.problems
    assert problem_message(problem, "en") == (
        "There is no department Suport; there are Sales, Customer success, Support, Product, Finance, cscli, People"
    )
    assert "カスタマーサクセス" in problem_message(problem, "ja")
    asked_for = TimelineOptions(department="sales")
    headline = account_timeline(asked(book, WEEKS[-1]), "A", asked_for, None).report.headline
    assert str(headline).endswith("None of the 10 events known of it is of this department and time.")


def test_in_japanese_by_labels(book: Path) -> None:
    rows = told(book, "A", "ja")
    assert ("2026-09-14", "判定", "良好 → 不良", 1) in rows
    assert ("2026-09-14", "要対応", "電話", 1) in rows


def test_an_account_that_there_is_not(book: Path) -> None:
    with pytest.raises(DataError) as caught:
        told(book, "Acne Ltd")
    assert [problem.code for problem in caught.value.problems] == ["explain.no_account"]


def test_the_page_names_open_goals_and_the_playbook_that_was_done(tmp_path: Path) -> None:
    """Oracle: by hand. 6 of the way from 10 to 2 is half; of the two goals one is reached, and only one of the two plays is one of the rules."""
    (tmp_path / "cscli.yaml").write_text(RULES + "goals: {}\n", encoding="utf-8")
    (tmp_path / "touches.csv").write_text("account,date,what\nA,2026-09-01,Hello\n", encoding="utf-8")
    rows = "account_id,name,started_on,nps\nA,Acme,2026-01-15,40\nB,Bond,2026-02-01,40\n"
    (tmp_path / "accounts.csv").write_text(rows, encoding="utf-8")
    goal = {"Account ID": "A", "Goal": "Quicker lists", "Measure": "minutes", "Baseline": 10, "Target": 2}
    seen = {"Actual": 6, "Actual on": "2026-09-20", "Agreed on": "2026-09-01", "Due": "2027-09-01"}
    reached = {"Account ID": "A", "Goal": "An old one", "Status": "reached"}
    write_book(tmp_path / "inputs" / "journey.xlsx", {"Goals": [goal | seen, reached]})
    plays = [
        {"account_id": "A", "play_done": "電話", "play_done_on": "2026-09-20"},
        {"account_id": "B", "play_done": "Call then", "play_done_on": "2026-09-20"},
    ]
    write_book(tmp_path / "inputs" / "csm.xlsx", {"CSM": plays})
    told = account_timeline(asked(tmp_path, WEEKS[-1]), "A", TimelineOptions(), None)
    page = dict(told.brief)
    assert page["Goals"] == "1 open, of which 0 behind"
    assert page["Quicker lists"] == "on track · 50% · by 1 Sep 2027"
    assert "An old one" not in page
    assert page["Call them"].startswith("done on 20 Sep 2026 · Ask · by ")
    (strange,) = (each for each in told.report.problems if each.code.startswith("people.play"))
    assert (strange.code, strange.value, strange.details["nearest"]) == (
        "people.play_unknown_nearest", "Call then", "Call them",
    )  # fmt: skip


@pytest.mark.parametrize("stored", [True, False])
def test_explain_begins_with_what_is_known(tmp_path: Path, stored: bool) -> None:
    """What was promised, the last contact, what people typed; the same from a stored run as from the exports. Oracle: what is typed here."""
    (tmp_path / "cscli.yaml").write_text(
        RULES + "records: [{name: purpose, by: sales, days: 5}]\n", encoding="utf-8"
    )
    (tmp_path / "touches.csv").write_text("account,date,what\nA,2026-09-01,Hello\n", encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(
        "account_id,name,started_on,nps\nA,Acme,2026-09-15,40\n", encoding="utf-8"
    )
    sold = {"Account ID": "A", "Purpose": "One list", "Promised by": "2026-12-31"}
    write_book(tmp_path / "inputs" / "handover.xlsx", {"Handover": [sold]})
    people = {"account_id": "A", "sentiment": 2, "sentiment_on": "2026-09-20", "next_step": "Call her"}
    write_book(tmp_path / "inputs" / "csm.xlsx", {"CSM": [people]})
    if stored:
        run(asked(tmp_path, WEEKS[-1]), RunOptions())
    report = explain(asked(tmp_path, WEEKS[-1]), Asked("A"), None)
    known = next(sheet for sheet in report.sheets if sheet.id == "known")
    assert list(zip(known.column("what"), known.column("value"), strict=True)) == [
        ("Purpose", "One list"), ("Promised by", "2026-12-31"), ("Days silent", "6 days"), ("Sentiment", "2"), ("Next step", "Call her"),
    ]  # fmt: skip


def test_a_file_begins_with_the_page(book: Path) -> None:
    found = account_timeline(asked(book, WEEKS[-1]), "A", TimelineOptions(), book / "a.json")
    assert ("Data coverage", "100%") in found.brief
    assert '"brief"' in (book / "a.json").read_text(encoding="utf-8")
