"""`cscli history forget`: a run, or an account, out of the history; said first, and asked."""

import sqlite3
from pathlib import Path

import pytest

from books.small_book import MONDAY, NEXT_MONDAY, cscli, make_book, run_here

MORE = "alerts: [{name: low, when: score < 60}]\nchannels: [{name: team, kind: file, path: told.jsonl, send: true, include_names: true}]\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = make_book(tmp_path / "book", MORE)
    run_here(folder, MONDAY)
    run_here(folder, NEXT_MONDAY)
    return folder


def rows_with(book: Path, text: str) -> list[str]:
    """Every table of the history that still holds the text, packed columns unpacked."""
    from cscli.history.database.blobs import decode  # noqa: PLC0415 - for this alone

    connection = sqlite3.connect(book / ".cscli" / "history.db")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = [
        name
        for name in names
        for row in connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - our own
        if text in repr(row)
    ]
    packed = connection.execute("SELECT kind, data FROM run_columns").fetchall()
    found += ["run_columns" for kind, data in packed if text in decode(kind, data).astype(str).tolist()]
    connection.close()
    return found


def test_nothing_goes_where_nobody_can_be_asked(book: Path) -> None:
    done = cscli(book, "history", "forget", MONDAY, code=2)
    assert "runs 1, rows of accounts 12" in done.stdout
    assert "--yes" in done.stderr
    assert rows_with(book, MONDAY)


@pytest.mark.slow
def test_a_run_goes_and_the_other_stays(book: Path) -> None:
    said = cscli(book, "history", "forget", MONDAY, "--yes").stdout
    assert f"{MONDAY} is removed" in said
    days = cscli(book, "history", "runs").stdout
    assert MONDAY not in days
    assert NEXT_MONDAY in days
    assert "has no run of" in cscli(book, "history", "forget", MONDAY, "--yes", code=4).stderr


@pytest.mark.slow
def test_an_account_goes_from_every_run_list_alert_and_message(book: Path) -> None:
    assert rows_with(book, "A00")
    cscli(book, "history", "forget", "--account", "A00", "--yes")
    assert rows_with(book, "A00") == []
    assert rows_with(book, "A01")
    connection = sqlite3.connect(book / ".cscli" / "history.db")
    sums = connection.execute(
        "SELECT run_id, sum(accounts), sum(score_sum) FROM run_bands GROUP BY run_id"
    ).fetchall()
    rows = connection.execute("SELECT run_id, count(*), sum(score) FROM accounts GROUP BY run_id").fetchall()
    connection.close()
    assert sums == rows
    assert "A00" in cscli(book, "history", "A00", code=4).stderr
    cscli(book, "history", "A01")
    cscli(book, "run", "--as-of", NEXT_MONDAY)


def test_one_thing_is_named(book: Path) -> None:
    cscli(book, "history", "forget", code=2)
    cscli(book, "history", "forget", MONDAY, "--account", "A00", code=2)
    cscli(book, "history", "forget", "Monday", code=2)
