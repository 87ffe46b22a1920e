"""The Monday page of a book of four accounts whose score is their NPS. Oracle: each sentence by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from books.shown_book import Book, lay, material_of
from cscli.render.dashboard.monday import monday_html, monday_markdown
from cscli.reports.dashboard.model import Work
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.page import MondayPage, monday_page

HEADS = ("account_id", "name", "owner", "mrr", "renews_on", "nps", "nps_before")
ROWS = (
    ("A", "Acme", "Ito", 1_000_000, "2026-11-20", 20, 80),
    ("B", "Beta", "", 500_000, "2027-08-01", 30, 30),
    ("C", "Gamma", "Ito", 200_000, "2026-11-05", 90, 50),
    ("D", "Delta", "Ito", "", "2027-08-01", 10, 75),
)
RULES: dict[str, object] = {
    "version": 1,
    "currency": "JPY",
    "sources": {"accounts": {"file": "accounts.csv"}},
    "metrics": {"voice": {"value": "nps", "points": {"kind": "linear", "zero": 0, "full": 100}}},
    "scorecards": [{"name": "all", "groups": {"g": {"weight": 1, "metrics": {"voice": 1}}}}],
    "bands": [{"name": "healthy", "from": 70}, {"name": "watch", "from": 40}, {"name": "at_risk", "from": 0}],
    "playbooks": [{"name": "Call", "hours": 1, "due_days": 6, "text": "Ask what changed"}],
}


def page_of(
    folder: Path, rows: Sequence[Sequence[object]] = ROWS, language: str = "en", *, runs: int = 1,
    late: pd.DataFrame | None = None,
) -> MondayPage:  # fmt: skip
    """Its page, after so many runs a week before each other."""
    before = (dt.date(2026, 10, 24),) if runs else ()
    book = Book(rows, RULES, HEADS, lambda row, _: [*row[:5], row[6], row[6]], before)
    material = material_of(lay(folder, book), language)
    return monday_page(MondayMaterial(replace(material, work=Work(late=late))))


def test_names_and_money(tmp_path: Path) -> None:
    """¥1M a month is ¥12M a year. Delta has no MRR. Acme and Delta were healthy a week ago, Gamma was not."""
    page = page_of(tmp_path)
    assert page.title == "What matters, 31 Oct 2026"
    assert page.sentences == (
        "2 accounts have come onto the call list since 24 Oct 2026, with ¥12M ARR (1 without a known ARR): Acme (¥12M), Delta.",
        "2 accounts fell a band since 24 Oct 2026, with ¥12M ARR (1 without a known ARR): Acme (¥12M), Delta.",
        "1 account rose a band since 24 Oct 2026: Gamma (¥2.4M).",
        "1 of 2 contracts that renew in the next 30 days is not in the band healthy: Acme (¥12M).",
    )
    assert page.decision == "Who takes the 1 account to call that has no owner: Beta (¥6M)."


def test_a_name_of_300_characters_leaves_room_for_the_others(tmp_path: Path) -> None:
    """80 of them, and a sign that there were more; a name of 80 is whole."""
    names = {"A": "L" * 300, "C": "S" * 80}
    rows = [(row[0], names.get(row[0], row[1]), *row[2:]) for row in ROWS]
    page = page_of(tmp_path, rows)
    assert page.sentences[1].endswith(f": {'L' * 80}… (¥12M), Delta.")
    assert page.sentences[2].endswith(f": {'S' * 80} (¥2.4M).")


def test_the_same_in_japanese(tmp_path: Path) -> None:
    page = page_of(tmp_path, language="ja")
    assert page.sentences[0] == (
        "2026/10/24以降、新たに要対応となった顧客は2社、ARR 1,200万円、うちARR不明1社（Acme 1,200万円、Delta）です。"
    )
    assert page.decision == "誰が担当するか: 担当CSMのいない要対応顧客1社（Beta 600万円）。"


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (["D", "A", "D"], "Promises that are late: 3, to 2 accounts, with ¥12M ARR (1 without a known ARR): Acme (¥12M), Delta."),
        (["A"], "Promises that are late: 1, to 1 account: Acme (¥12M)."),
        ([], "No promise to a customer is late."),
    ],
)  # fmt: skip
def test_promises_that_are_late(tmp_path: Path, accounts: list[str], expected: str) -> None:
    page = page_of(tmp_path, late=pd.DataFrame({"account_id": pd.Series(accounts, dtype=object)}))
    assert page.sentences[-1] == expected


def test_the_first_run_has_nothing_to_compare_with(tmp_path: Path) -> None:
    page = page_of(tmp_path, runs=0)
    assert page.sentences[0] == (
        "3 accounts are on the call list, with ¥18M ARR (1 without a known ARR): Acme (¥12M), Beta (¥6M), Delta."
    )
    assert page.sentences[-1] == "There is no run of six days ago or earlier to compare with."
    assert len(page.sentences) == 3


def test_without_any_arr_no_money_is_told(tmp_path: Path) -> None:
    page = page_of(tmp_path, [(*row[:3], "", *row[4:]) for row in ROWS])
    assert page.sentences[1] == "2 accounts fell a band since 24 Oct 2026: Acme, Delta."
    assert "ARR" not in " ".join(page.sentences)


def test_what_is_overdue_weighs_most(tmp_path: Path) -> None:
    """Acme and Beta stand on the list since 24 October; six business days end on 2 November, after the weekend."""
    rows = [(*row[:2], "Ito", *row[3:6], row[5]) for row in ROWS[:2]]
    folder = lay(
        tmp_path, Book(rows, RULES, HEADS, lambda row, _: row, (dt.date(2026, 10, 17), dt.date(2026, 10, 24)))
    )
    assert (
        monday_page(MondayMaterial(material_of(folder))).decision
        == "What becomes of the 2 calls that are overdue, with ¥18M ARR: Acme (¥12M), Beta (¥6M)."
    )


def test_nothing_is_open_but_the_first_call(tmp_path: Path) -> None:
    """Six business days after Saturday 31 October 2026, without Culture Day: Tuesday 10 November."""
    page = page_of(tmp_path, ROWS[:1], runs=0)
    assert (
        page.decision == "How to keep the first of the call list (next: Call, due 10 Nov 2026): Acme (¥12M)."
    )


def test_a_name_cannot_become_anything_else(tmp_path: Path) -> None:
    name = "</li><img src=x onerror=alert(1)>[a](http://x) <!-- {{ 7*7 }}"
    page = page_of(tmp_path, [(ROWS[0][0], name, *ROWS[0][2:])])
    html, markdown = monday_html(page), monday_markdown(page)
    assert "<img" not in html
    assert "&lt;img src=x" in html
    assert "{{ 7*7 }}" in html
    assert "<img" not in markdown
    assert r"\[a\](" in markdown


def test_where_nobody_may_be_named_there_are_counts_and_money(tmp_path: Path) -> None:
    """The first test's page without its names: the one account has its ARR all the same."""
    book = Book(ROWS, RULES, HEADS, lambda row, _: [*row[:5], row[6], row[6]], (dt.date(2026, 10, 24),))
    page = monday_page(MondayMaterial(material_of(lay(tmp_path, book)), with_names=False))
    assert page.sentences[1] == (
        "2 accounts fell a band since 24 Oct 2026, with ¥12M ARR (1 without a known ARR)."
    )
    assert page.decision == "Who takes the 1 account to call that has no owner, with ¥6M ARR."
    told = " ".join((*page.sentences, page.decision))
    assert not [row[1] for row in ROWS if str(row[1]) in told]
