"""A date that has not come: refused, unless it is meant; and one that was meant holds nothing back."""

import datetime as dt
import json
from pathlib import Path

import pytest

from books.small_book import MONDAY, cscli, make_book

FUTURE = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=400)).isoformat()


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CSCLI_ALLOW_FUTURE")
    return make_book(
        tmp_path / "book", "segments: {size: [{name: all}]}\nalerts: [{name: low, when: score < 1}]\n"
    )


def latest(book: Path) -> str:
    return str(json.loads((book / "out" / "latest" / "run.json").read_text(encoding="utf-8"))["as_of"])


@pytest.mark.parametrize("command", ["score", "at-risk", "segment", "ltv-report", "run", "check", "alerts"])
def test_a_day_after_today_is_refused(book: Path, command: str) -> None:
    done = cscli(book, command, "--as-of", FUTURE, code=2)
    assert f"{FUTURE} is after today" in done.stderr
    assert "--allow-future" in done.stderr
    assert not (book / "out").exists()
    assert not (book / ".cscli" / "history.db").exists()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_book_has_is_wrong_usage(book: Path, day: str) -> None:
    done = cscli(book, "score", "--as-of", day, "--allow-future", code=2)
    assert "is not between 1900-01-01 and 2199-12-31" in " ".join(done.stderr.split())


@pytest.mark.slow
def test_a_day_that_has_not_come_never_stands_in_latest(book: Path) -> None:
    cscli(book, "run", "--as-of", FUTURE, "--allow-future")
    assert (book / "out" / FUTURE / "run.json").exists()
    assert not (book / "out" / "latest").exists()
    cscli(book, "run", "--as-of", MONDAY)
    assert latest(book) == MONDAY


@pytest.mark.slow
def test_what_an_earlier_version_left_for_a_day_to_come_is_replaced(book: Path) -> None:
    cscli(book, "run", "--as-of", MONDAY)
    manifest = book / "out" / "latest" / "run.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(MONDAY, FUTURE), encoding="utf-8")
    cscli(book, "run", "--as-of", "2026-01-06")
    assert latest(book) == "2026-01-06"
