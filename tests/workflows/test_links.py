"""Files are written through links, never over an input; a folder that cannot be written leaves what was there."""

import os
from pathlib import Path

import pytest

from books.small_book import MONDAY, cscli, make_book

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


@needs_links
def test_what_a_link_points_to_is_written_and_the_link_stays(book: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (book / "out").mkdir()
    target = share / "target.csv"
    target.write_text("old", encoding="utf-8")
    (book / "out" / "scored.csv").symlink_to(target)
    (book / "real.csv").symlink_to(book / "accounts.csv")
    cscli(book, "score", "real.csv", "--as-of", MONDAY, "-o", "out/scored.csv", "--no-history")
    assert (book / "out" / "scored.csv").is_symlink()
    assert "A00" in target.read_text(encoding="utf-8-sig")


@needs_links
@pytest.mark.parametrize("output", ["accounts.csv", "alias.csv"])
def test_an_input_is_never_written_over(book: Path, output: str) -> None:
    before = (book / "accounts.csv").read_bytes()
    (book / "alias.csv").symlink_to(book / "accounts.csv")
    done = cscli(book, "score", "--as-of", MONDAY, "-o", output, code=None)
    assert done.returncode in (2, 5)
    assert (book / "accounts.csv").read_bytes() == before
    assert (book / "alias.csv").is_symlink()
