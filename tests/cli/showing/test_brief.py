"""`cscli brief` and the page of `cscli explain` as people run them: real processes on a small book."""

import json
import re
from pathlib import Path

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
