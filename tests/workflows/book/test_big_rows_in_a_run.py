"""A source of rows with an engine in a run: the same accounts as without one."""

import datetime as dt
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from cscli.errors import ConfigError
from cscli.workflows import Request
from cscli.workflows.book.read import Book, read_book
from cscli.workspace.rules import find_rules
from places import SAMPLE

NOW = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
RULES = """\
version: 1
sources:
  accounts: {file: accounts.csv}
  tickets:
    file: tickets.csv
    kind: rows
    ENGINE
    columns: {account_id: Organisation, created: Created at, solved: Solved at, gone: []}
    rollup:
      open_tickets: ROLLUP
      last_ticket_on: max(created)
      never: max(gone)
metrics:
  calm: {value: open_tickets, points: {kind: linear, zero: 5, full: 0}}
scorecards:
  - {name: standard, groups: {support: {weight: 100, metrics: {calm: 100}}}}
"""


def book(
    folder: Path,
    engine: str,
    rollup: str = "count(*) FILTER (WHERE solved IS NULL)",
    as_of: dt.date = dt.date(2026, 10, 31),
) -> Book:
    tickets = (SAMPLE / "tickets.csv").read_text("utf-8-sig")
    ids = sorted({line.split(",")[1] for line in tickets.splitlines()[1:]})
    (folder / "tickets.csv").write_text(tickets, "utf-8")
    listed = [f"{account},Name {account},10" for account in [*ids, "WITHOUT"]]
    (folder / "accounts.csv").write_text("\n".join(["account_id,name,mrr", *listed]) + "\n", "utf-8")
    (folder / "cscli.yaml").write_text(RULES.replace("ENGINE", engine).replace("ROLLUP", rollup), "utf-8")
    return read_book(Request(rules=find_rules("cscli.yaml", folder), now=NOW, as_of=as_of))


def test_an_engine_changes_nothing(tmp_path: Path) -> None:
    without = book(tmp_path, "optional: false")
    found = book(tmp_path, "engine: {name: duckdb}")
    assert_frame_equal(found.frame, without.frame)
    assert found.frame.set_index("account_id").loc["WITHOUT", "open_tickets"] == 0
    assert found.typed["tickets"].facts.rows == 1190
    assert "tickets" not in found.tables.raw


def test_an_engine_leaves_out_later_rows_too(tmp_path: Path) -> None:
    """The same as in memory, for a day in the middle of the log; here the file itself is counted."""
    day = dt.date(2026, 3, 31)
    without = book(tmp_path, "at: created", "count(*)", day)
    found = book(tmp_path, "at: created\n    engine: {name: duckdb}", "count(*)", day)
    assert_frame_equal(found.frame, without.frame)
    rows = [
        line.split(",")[2][:10] for line in (tmp_path / "tickets.csv").read_text("utf-8").splitlines()[1:]
    ]
    assert found.frame["open_tickets"].sum() == sum(each <= day.isoformat() for each in rows)
    for each in (without, found):
        said = [p.details["count"] for p in each.problems if p.code == "data.rows_later"]
        assert said == [sum(row > day.isoformat() for row in rows)]
    assert found.newest == without.newest == {"tickets": dt.date.fromisoformat(max(rows))}


def test_a_rollup_that_does_not_fit_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        book(tmp_path, "engine: {name: duckdb}", "sum(craeted)")
    (problem,) = raised.value.problems
    assert (problem.code, problem.where.line) == ("expressions.unknown_name", 10)
