"""`cscli dashboard` as people run it: a real process on a small book."""

import json
import re
import subprocess
from pathlib import Path

from books.shown_book import lay, usual_book
from books.small_book import cscli


def made(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return cscli(folder, "dashboard", "--as-of", "2026-10-31", *arguments)


def test_it_says_what_matters_and_where_the_file_is(tmp_path: Path) -> None:
    """Oracle: the bands in the JSON of `cscli score`."""
    book = lay(tmp_path / "book", usual_book(20))
    done = made(book)
    cscli(book, "score", "--as-of", "2026-10-31", "-o", "scores.json")
    rows = json.loads((book / "scores.json").read_text(encoding="utf-8"))["sheets"]["accounts"]
    worst = sum(row["band"] == "at_risk" for row in rows)
    assert worst
    headline, where = done.stdout.splitlines()
    assert headline.startswith(f"{worst} of 20 accounts {'is' if worst == 1 else 'are'} at risk with ¥")
    assert "Since 24 Oct 2026, " in headline
    size = (book / "out" / "dashboard.html").stat().st_size
    assert re.fullmatch(rf"out.dashboard\.html \({size / 1000:,.0f} kB, 20 accounts\)", where)


def test_each_value_has_a_file_and_a_line(tmp_path: Path) -> None:
    book = lay(tmp_path / "book", usual_book(8))
    done = made(book, "--each", "owner", "-o", "pages/", "--lang", "ja", "--no-history")
    assert [line for line in done.stdout.splitlines() if ".html" in line] != []
    names = {path.name for path in (book / "pages").glob("*.html")} | {
        path.name for path in book.glob("*.html")
    }
    assert names == {f"dashboard-{name}.html" for name in ("Abe", "Ito", "Ueda", "none")}


def test_a_part_of_the_book_says_so(tmp_path: Path) -> None:
    """Its share is one of the accounts that are in it, on the page without scripts and in the terminal; above stands whose they are."""
    book = lay(tmp_path / "book", usual_book())
    for language, head, share in (
        ("en", "Owner: Ito", "% of these)"),
        ("ja", "担当CSM: Ito", "この中の"),
    ):
        done = made(book, "--each", "owner", "-o", "part.html", "--lang", language)
        assert share in done.stdout
        page = (book / "part-Ito.html").read_text(encoding="utf-8")
        assert re.search(rf'<p class="brand">.* · {head}</span>', page)
        assert share in re.findall(r'<p class="headline">(.*?)</p>', page)[0]
    whole = made(book, "-o", "whole.html").stdout
    assert "% of the book)" in whole


def test_a_file_that_was_read_is_not_overwritten(tmp_path: Path) -> None:
    """Not even under another name, by a link."""
    book = lay(tmp_path / "book", usual_book(3))
    export = (book / "accounts.csv").read_bytes()
    (book / "page.html").symlink_to(book / "accounts.csv")
    done = cscli(book, "dashboard", "--as-of", "2026-10-31", "-o", "page.html", code=5)
    assert "page.html" in done.stderr
    assert (book / "accounts.csv").read_bytes() == export
