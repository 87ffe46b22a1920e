"""A history that version 0.1.0 wrote, with what 0.1.0 answered from it, opened today: the oracle is that version.

`first_release/` was made by its commands; the clock of the three runs was set by hand.
"""

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from books.made import made, server_address, stored
from cscli.history import append, every_run, evidence_days, read_evidence, read_forecasts, read_snapshot
from cscli.history.database.tables import SCHEMA_VERSION
from cscli.workflows import Request, diff, export_history, show_account, show_book
from cscli.workflows.history.changes import Span
from cscli.workspace.rules import find_rules

HERE = Path()
ANSWERS = Path(__file__).parent / "first_release"
NOW = dt.datetime(2026, 2, 1, 7, tzinfo=dt.UTC)


@pytest.fixture
def first_release(history_url: str) -> str:
    dump = (ANSWERS / "history.sql").read_text(encoding="utf-8")
    if history_url.startswith("sqlite"):
        path = Path(str(make_url(history_url).database))
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(dump)
        connection.close()
        return history_url
    with psycopg.connect(server_address(history_url)) as server:
        for statement in sorted(re.sub(r"BEGIN TRANSACTION;|COMMIT;", "", dump).split(";\n"), key=_order):
            if statement.strip():
                server.execute(_of_postgres(statement).encode())
        server.execute("SELECT setval('runs_run_id_seq', 3)")
    return history_url


def _order(statement: str) -> tuple[bool, bool, bool]:
    """Tables that others refer to first, then the others, then rows: of runs and lists first."""
    if "INSERT INTO" in statement:
        return True, not re.search('INTO "(runs|call_lists)"', statement), False
    return False, "INDEX" in statement, "FOREIGN KEY" in statement


def _of_postgres(statement: str) -> str:
    """What SQLAlchemy writes for PostgreSQL where it writes `statement` for SQLite."""
    for pattern, there in (
        (r"\bBLOB\b", "BYTEA"),
        (r"X'([0-9A-Fa-f]*)'", r"'\\x\1'"),
        (r"WITHOUT ROWID\s*", ""),
        (r"(CREATE TABLE runs \(\s*)run_id INTEGER NOT NULL", r"\1run_id SERIAL"),
    ):
        statement = re.sub(pattern, there, statement)
    return statement


@pytest.fixture
def workspace(first_release: str, tmp_path: Path) -> Path:
    """In a file the history is where rules have it that do not name it: so they are the rules of then, to the letter."""
    rules = (ANSWERS / "cscli.yaml").read_text(encoding="utf-8")
    if not first_release.startswith("sqlite"):
        rules += f"history: {{url: '{first_release}'}}\n"
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id\nA1\n", encoding="utf-8")
    return tmp_path


def request(folder: Path) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW)


def sheets(path: Path) -> Mapping[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))["sheets"]
    assert isinstance(found, dict)
    return found


def test_no_row_is_lost_and_the_form_is_todays(first_release: str) -> None:
    names = ("accounts", "run_bands", "run_columns", "runs", "call_lists", "at_risk")
    before = (ANSWERS / "history.sql").read_text(encoding="utf-8")
    assert read_snapshot(first_release, HERE) is not None
    counted = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM run_bands), (SELECT count(*) FROM run_columns), (SELECT count(*) FROM runs), (SELECT count(*) FROM call_lists), (SELECT count(*) FROM at_risk)"
    counts = dict(zip(names, stored(first_release, counted)[0], strict=True))
    assert counts == {name: before.count(f'INSERT INTO "{name}"') for name in names}
    assert read_forecasts(first_release, HERE, NOW.date()).empty
    assert stored(first_release, "SELECT version FROM cscli_schema") == [(SCHEMA_VERSION,)]


def test_each_run_says_when_it_was_known_in_the_zone_of_its_rules(first_release: str) -> None:
    """By hand, in Tokyo: 5 January 15:30 UTC is the 6th; 19 January 15:30 UTC the 20th, eight days after the 12th."""
    found = [(run.as_of.day, run.known_on.day, run.is_evidence) for run in every_run(first_release, HERE)]
    assert found == [(5, 6, True), (12, 20, False), (19, 19, True)]
    assert evidence_days(first_release, HERE) == (dt.date(2026, 1, 5), dt.date(2026, 1, 19))
    assert read_evidence(first_release, HERE, dt.date(2026, 1, 12)) is None


def test_every_command_answers_as_that_version_did(workspace: Path) -> None:
    asked, out = request(workspace), workspace / "o.json"
    table = export_history(asked, workspace / "o.csv", None)
    assert (
        table.read_text(encoding="utf-8-sig").splitlines()
        == (ANSWERS / "export.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    show_book(asked, None, out)
    assert sheets(out) == sheets(ANSWERS / "book.json")
    diff(asked, Span(dt.date(2026, 1, 5), dt.date(2026, 1, 19)), out)
    assert sheets(out) == sheets(ANSWERS / "diff.json")
    if "history:" not in (workspace / "cscli.yaml").read_text(
        encoding="utf-8"
    ):  # else a cap is one of other rules
        show_account(asked, "A2", None, out)
        assert sheets(out) == sheets(ANSWERS / "A2.json")


def test_it_goes_on_from_there(first_release: str) -> None:
    append(first_release, HERE, made(dt.date(2026, 1, 12), A1=1))
    runs = [(run.as_of.day, run.is_newest, run.is_evidence) for run in every_run(first_release, HERE)]
    assert runs == [(5, True, True), (12, True, True), (19, True, True)]  # the late one gives way
    assert stored(first_release, "SELECT count(*) FROM accounts WHERE run_id = 2") == [(0,)]
