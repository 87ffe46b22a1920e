"""`cscli brief` and the page of `cscli explain` as people run them: real processes on a small book."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from books.opened import table_rows
from books.shown_book import lay, usual_book
from books.small_book import cscli


def test_it_says_who_is_how_and_where_the_file_is(tmp_path: Path) -> None:
    """Oracle: score and band in the JSON of `cscli score`."""
    book = lay(tmp_path / "book", usual_book(8))
    done = cscli(book, "brief", "A004", "Company 2", "--as-of", "2026-10-31")
    cscli(book, "score", "--as-of", "2026-10-31", "-o", "scores.json")
    rows = json.loads((book / "scores.json").read_text(encoding="utf-8"))["sheets"]["accounts"]
    score = {row["account_id"]: f"{row['score']:.1f}, {row['band'].replace('_', ' ')}" for row in rows}
    first, second, where = done.stdout.splitlines()
    assert first == f"Company 4 (A004): {score['A004']}"
    assert second == f"Company 2 (A002): {score['A002']}"
    assert (book / where).is_file()


def test_each_customer_has_a_file(tmp_path: Path) -> None:
    book = lay(tmp_path / "book", usual_book(8, brief={"customer_shows": ["use"]}))
    arguments = ("brief", "A004", "A002", "--for", "customer", "--as-of", "2026-10-31", "--lang", "ja")
    done = cscli(book, *arguments, "-o", "review/")
    assert sorted(path.name for path in (book / "review").iterdir()) == [
        "A002-customer.html",
        "A004-customer.html",
    ]
    assert len(done.stdout.splitlines()) == 4
    cscli(book, *arguments, "-o", "review.html", code=2)
    assert not (book / "review.html").exists()


def test_the_page_of_explain_is_the_brief(tmp_path: Path) -> None:
    """From the exports, though the history has an older run: the terminal and the page tell the same."""
    book = lay(tmp_path / "book", usual_book(8))
    done = cscli(book, "explain", "A004", "--as-of", "2026-10-31", "-o", "a.html")
    cscli(book, "brief", "A004", "--as-of", "2026-10-31", "-o", "b.html")
    assert (book / "a.html").read_bytes() == (book / "b.html").read_bytes()
    assert "Company 4 is at risk with 39.0." in re.sub(r"\s+", " ", done.stdout)


SHEET = (
    ("In short", None, "Company 4 is at risk with 39.0. It loses most by "),
    ("Account", "ARR", "¥300,000"),
    (None, "Renewal date", "2027-03-18 (in 138 days)"),
    (None, "Owner", "Ito"),
    (None, "Touch", "tech"),
    (None, "Phase", "adoption"),
    (None, "Data coverage", "100%"),
    ("Costs most", "Held by", "Open P1 ticket"),
)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl, of data bars
def test_the_workbook_of_explain_begins_with_the_brief(tmp_path: Path) -> None:
    """Oracle: by hand, from the export and the rules: 25 x 1,000 x 12; 4 x 37 - 10 days; MRR below 400,000."""
    book = lay(tmp_path / "book", usual_book(8))
    cscli(book, "explain", "A004", "--as-of", "2026-10-31", "-o", "a.xlsx")
    sheet = openpyxl.load_workbook(book / "a.xlsx").worksheets[0]
    rows = table_rows(sheet)
    assert rows[0] == ("Part", "What", "Detail")
    for found, expected in zip(rows[1:], SHEET, strict=False):
        assert found[:2] == expected[:2]
        assert str(found[2]).startswith(expected[2])
    to_do = [row[1:] for row in sections(rows, "To do")]
    assert to_do == [("Close P1", "Agree a date · by 2 Nov 2026"), ("Call", "Ask what changed")]
    (stake,) = sections(rows, "At stake")
    assert stake[2] == "¥165,000: ARR × 55% chance of churn in 12 months, as the rules say"
    assert not any("at_risk" in str(cell) or "scorecards[" in str(cell) for row in rows for cell in row)
    cscli(book, "at-risk", "--as-of", "2026-10-31", "-q")
    cscli(book, "explain", "A004", "--as-of", "2026-11-10", "--allow-future", "-o", "later.xlsx")
    later = table_rows(openpyxl.load_workbook(book / "later.xlsx").worksheets[0])
    assert next(sections(later, "To do"))[2] == "Agree a date · by 2 Nov 2026 · 8 days overdue"


def sections(rows: Sequence[tuple[object, ...]], name: str) -> Iterator[tuple[object, ...]]:
    """The lines of that part, whose name stands in the first of them."""
    inside = False
    for row in rows:
        inside = row[0] == name or (inside and row[0] is None)
        if inside:
            yield row
