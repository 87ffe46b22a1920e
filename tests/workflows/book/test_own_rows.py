"""Rows that are no accounts are looked for once a table. Oracle: `drop_other_rows`, asked anew."""

import pytest

from books.raw_tables import raw_table
from cscli.analysis.judging.row_kinds import drop_other_rows
from cscli.config.schema import Source
from cscli.workflows.book import reading
from cscli.workflows.book.reading import only_own_rows

HEADERS = ("Account ID", "Account name", "MRR")
ROWS = [(f"A{number}", f"Company {number}", 100.0 * number) for number in range(1, 8)]


def test_a_table_that_was_left_as_it_was_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    table = raw_table(HEADERS, *ROWS)
    assert only_own_rows(table, Source()) is table is drop_other_rows(table, Source())
    monkeypatch.setattr(reading, "drop_other_rows", lambda *_: pytest.fail("looked at again"))
    assert only_own_rows(table, Source()) is table


def test_under_another_source_and_with_rows_to_drop_it_is() -> None:
    skipping = Source.model_validate({"skip_rows_matching": {"account_id": "A3"}})
    table = raw_table(HEADERS, *ROWS, ("Total", None, 2800.0))
    for source, kept in ((Source(), 7), (skipping, 6), (Source(), 7)):
        found = only_own_rows(table, source)
        assert len(found.lines) == kept == len(drop_other_rows(table, source).lines)
    whole = raw_table(HEADERS, *ROWS)
    assert only_own_rows(whole, Source()) is whole
    assert len(only_own_rows(whole, skipping).lines) == 6
