"""What grouped reports and second tables on a sheet are: figures worked out by hand from the rows as a person reads them."""

from dataclasses import replace

import numpy as np
import pytest

from books.raw_tables import codes, raw_table
from cscli.analysis.judging.row_kinds import drop_other_rows
from cscli.analysis.tables.raw import Cell, RawTable
from cscli.config.schema import Source
from cscli.errors import Severity

ACCOUNTS = ("Owner", "Account ID", "Account name", "MRR", "Seats")
LINES = ("顧客コード", "契約番号", "月額")


def with_gap_before(table: RawTable, row: int) -> RawTable:
    """As if a blank row stood above row `row`."""
    return replace(table, lines=table.lines + (np.arange(len(table.lines)) >= row))


def test_a_value_of_the_first_row_of_a_group_is_filled_down_where_subtotals_say_so() -> None:
    table = raw_table(
        ACCOUNTS,
        ("Jane", "A1", "Acme", 100.0, 10.0), (None, "A2", "Beta", 200.0, 20.0), ("Jane Subtotal", None, None, 300.0, 30.0),
        ("Tom", "A3", "Gamma", 50.0, 5.0), ("Tom Subtotal", None, None, 50.0, 5.0),
    )  # fmt: skip
    found = drop_other_rows(table, Source())
    assert list(found.column("Owner")) == ["Jane", "Jane", "Tom"]
    assert "data.filled_down" in codes(found.problems)


def test_an_owner_that_is_missing_here_and_there_stays_missing() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("Ann" if at % 3 else None, f"A{at}", f"Name {at}", 100.0 + at, 7.0) for at in range(1, 9)
    ]
    found = drop_other_rows(raw_table(ACCOUNTS, *rows), Source())
    assert list(found.column("Owner")) == [row[0] for row in rows]


def test_ids_of_grouped_lines_are_filled_down_with_a_warning() -> None:
    table = raw_table(LINES, ("C1", "K1", 10.0), (None, "K2", 20.0), ("C2", "K3", 5.0), (None, "K4", 7.0))
    found = drop_other_rows(table, Source(kind="subscriptions"))
    assert list(found.column("顧客コード")) == ["C1", "C1", "C2", "C2"]
    assert [problem.severity for problem in found.problems] == [Severity.WARNING]


def test_one_blank_id_among_many_is_nobody_elses() -> None:
    rows: list[tuple[Cell, ...]] = [
        (f"C{at}" if at != 5 else None, f"K{at}", 100.0 + at * at) for at in range(1, 13)
    ]
    found = drop_other_rows(raw_table(LINES, *rows), Source(kind="subscriptions"))
    assert list(found.column("顧客コード"))[4] is None


@pytest.mark.parametrize(
    "below",
    [
        [("Owner", "Accounts", "MRR", None), ("Ann", 2.0, 300.0, None)],
        [("担当別集計", None, None, None), ("担当", "件数", "月額", None), ("山田", 2.0, 300.0, None)],
    ],
)
def test_a_second_table_is_no_part_of_the_first(below: list[tuple[Cell, ...]]) -> None:
    first: list[tuple[Cell, ...]] = [("A1", "Acme", 100.0, 10.0), ("A2", "Beta", 200.0, 20.0)]
    table = with_gap_before(raw_table(("Account ID", "Account name", "MRR", "Seats"), *first, *below), 2)
    found = drop_other_rows(table, Source())
    assert list(found.column("Account ID")) == ["A1", "A2"]
    assert [(each.code, each.severity) for each in found.problems] == [
        ("data.second_table", Severity.WARNING)
    ]


def test_accounts_below_a_blank_row_are_accounts() -> None:
    rows: list[tuple[Cell, ...]] = [("A1", "Acme", 100.0), ("A2", "Beta", 200.0), ("A3", "Gamma", 50.0)]
    table = with_gap_before(raw_table(("Account ID", "Account name", "MRR"), *rows), 2)
    assert drop_other_rows(table, Source()) is table


@pytest.mark.parametrize("word", ["Summe", "Total général", "总计", "합계", "Insgesamt"])
def test_sums_are_known_in_other_languages(word: str) -> None:
    rows: list[tuple[Cell, ...]] = [("C-1", "甲", 100.0), ("C-2", "乙", 200.0), (word, None, 300.0)]
    found = drop_other_rows(raw_table(("Account ID", "Account name", "MRR"), *rows), Source())
    assert list(found.column("Account ID")) == ["C-1", "C-2"]


def test_a_label_without_a_digit_is_a_sum_where_all_its_figures_are() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("C1", "甲", 100.0, 1.0),
        ("C2", "乙", 200.0, 2.0),
        ("Yhteensä", None, 300.0, 3.0),
    ]
    found = drop_other_rows(raw_table(("Account ID", "Account name", "MRR", "Seats"), *rows), Source())
    assert list(found.column("Account ID")) == ["C1", "C2"]
