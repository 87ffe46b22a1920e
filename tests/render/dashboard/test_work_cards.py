"""The cards of late promises, silent accounts and themes. Oracle: a book of four accounts, counted by hand."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from books.practice_books import AS_OF, cscli_here
from books.shown_pages import Look
from cscli.analysis.promises.overview import Overview
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request
from cscli.workflows.practice import journey
from cscli.workflows.practice.journey import overview_of_book
from cscli.workflows.showing.work import gather_work
from cscli.workflows.whole import steps
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.rules import find_rules

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv}
  touches: {file: touches.csv, columns: {account_id: account_id}}
metrics: {use: {value: seats, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: standard, groups: {use: {weight: 1, metrics: {use: 1}}}}]
journey:
  standards:
    - name: onboarding
      start: started_on
      milestones: [{name: first_value, days: 30, on: first_on, label: {en: First value, ja: 初回の価値}}]
timeline:
  departments: [cs]
  events:
    - {source: touches, department: cs, at: date, kind: kind, text: said, two_way: "true"}
  silent_after_days: 45
voice:
  texts: [{source: touches, at: date, text: said}]
  themes: [{name: export, label: {en: Exports, ja: エクスポート}, any: [export]}, {name: price, any: [price]}]
"""
ACCOUNTS = """account_id,name,owner,mrr,seats,started_on,first_on
A1,Acme,Ito,1000,90,2026-08-01,
A2,Beta,Ito,200,50,2026-08-01,2026-08-10
A3,Gamma,Mori,300,20,2026-09-25,
A4,Delta,Mori,50,10,2020-01-01,2020-01-05
"""
TOUCHES = """account_id,date,kind,said
A1,2026-10-20,call,asked for an export
A2,2026-08-20,call,the price; an export too
A3,2026-10-25,call,the price
A4,2026-06-01,call,nothing much
"""


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On 2026-10-31 Acme's first value is late since 31 August (61 days) and Gamma's since 25 October (6)."""
    folder = tmp_path_factory.mktemp("work")
    for name, content in (("cscli.yaml", RULES), ("accounts.csv", ACCOUNTS), ("touches.csv", TOUCHES)):
        (folder / name).write_text(content, encoding="utf-8")
    for language in ("en", "ja"):
        cscli_here(
            folder, "dashboard", "--as-of", AS_OF, "-q", "--lang", language, "-o", f"out/{language}.html"
        )
    return folder / "out"


def panels_of(page: Path) -> dict[str, Any]:
    found = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', page.read_text("utf-8"), flags=re.DOTALL)
    assert found
    data = json.loads(found[1])
    return {**{name: own for name, _, own in data["panels"]}, "late": data["late"]}


def test_what_the_cards_hold(dashboards: Path) -> None:
    """Beta was last spoken with on 20 August (72 days), Delta on 1 June; Beta has more ARR."""
    panels = panels_of(dashboards / "en.html")
    late = {"row": [0, 2], "promise": ["First value"] * 2, "status": ["overdue"] * 2, "days": [61, 6]}
    assert panels["late"] == late
    assert panels["silent"] == {
        "row": [1, 3],
        "last": [-72, -152],
        "department": ["Customer success"] * 2,
        "longer": 45,
    }
    themes = panels["themes"]
    assert [each["label"] for each in themes["themes"]] == ["Exports", "price"]
    pairs = {(themes["theme"][at], row) for at, row in enumerate(themes["row"])}
    assert pairs == {(0, 0), (0, 1), (1, 1), (1, 2)}
    assert panels_of(dashboards / "ja.html")["late"]["promise"] == ["初回の価値"] * 2


@pytest.mark.browser
def test_the_cards_follow_the_filters(dashboards: Path, look: Look) -> None:
    """Ito has Acme (¥12,000 a year) and Beta (¥2,400); Mori's Gamma is worth ¥3,600."""
    looked = look()
    page = looked.at(dashboards / "en.html")
    said = {name: page.locator(f"section.card.{name}").inner_text() for name in ("late", "silent", "themes")}
    assert "First value · 61 days late · ¥12K" in said["late"]
    assert "2 promises in all" in said["late"]
    assert "2 accounts, for more than 45 days" in said["silent"]
    assert re.search(r"Exports\s+2\s+¥14.4K\s+open", said["themes"])
    page = looked.at(dashboards / "en.html", "#/?owner=Mori")
    assert "1 promise in all" in page.locator("section.card.late").inner_text()
    themes = page.locator("section.card.themes").inner_text()
    assert re.search(r"price\s+1\s+¥3.6K\s+open", themes)
    assert "Exports" not in themes
    assert looked.errors == []


@pytest.mark.parametrize(
    ("language", "words", "wrong"),
    [
        ("en", ("First value", "overdue", "61 days late"), "Nothing is to be done"),
        ("ja", ("初回の価値", "期限超過", "61日遅れ"), "することはありません"),
    ],
)
def test_the_page_of_an_account_lists_what_is_late_as_to_be_done(
    dashboards: Path, language: str, words: tuple[str, ...], wrong: str
) -> None:
    """Oracle: the fixture's late promise of A1. A2 has none, and nothing is to be done there."""
    folder = dashboards.parent
    asked = ("--as-of", AS_OF, "--lang", language)
    said = " ".join(cscli_here(folder, "timeline", "A1", *asked).split())
    assert all(word in said for word in words)
    assert wrong not in said
    assert wrong in cscli_here(folder, "timeline", "A2", *asked)


@pytest.mark.browser
@pytest.mark.slow
def test_the_brief_lists_it_too(dashboards: Path, look: Look) -> None:
    cscli_here(dashboards.parent, "brief", "A1", "--as-of", AS_OF, "-q", "-o", "out/a1.html")
    shown = look().at(dashboards / "a1.html").locator(".todo").inner_text()
    assert "First value" in shown
    assert "61 days late" in shown


def test_promises_are_judged_once_for_all_that_shows_them(
    dashboards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: how often the judging was asked for, by the report and by the cards."""
    asked: list[object] = []

    def counted(book: Book) -> Overview:
        asked.append(book)
        return overview_of_book(book)

    monkeypatch.setattr(journey, "overview_of_book", counted)
    whole = WholeBook(
        Request(rules=find_rules(None, dashboards.parent), now=dt.datetime(2026, 10, 31, tzinfo=dt.UTC))
    )
    report = next(step for step in steps.STEPS if step.name == "journey").report(whole)
    work, _ = gather_work(whole)
    assert work.late is not None
    assert len(work.late) == len(report.sheets[0])
    assert len(asked) == 1
