"""Rows that are no accounts: whatever a report puts around and between its rows is left out, said, with its money."""

import pytest

from books.raw_tables import raw_table
from cscli.analysis.judging.row_kinds import drop_other_rows
from cscli.analysis.tables.raw import Cell, RawTable
from cscli.config.schema import Source
from cscli.errors import Severity

HEADERS = ("Account ID", "Account name", "MRR", "Seats")
ROWS: list[tuple[Cell, ...]] = [("C1", "Alder", 100.0, 10.0), ("C2", "Birch", 200.0, 20.0)]


def ids(table: RawTable) -> list[object]:
    return list(table.column("Account ID"))


@pytest.mark.parametrize(
    "row",
    [
        ("Total", None, 300.0, 30.0), (None, "Grand Total", 300.0, 30.0), ("合　計", None, 300.0, 30.0),
        ("【合計】", None, 300.0, 30.0), ("合計（税抜）", None, 300.0, 30.0), ("合計 2社", None, 300.0, 30.0),
        ("TOTAL (2 accounts)", None, 300.0, 30.0), ("平均", None, 150.0, 15.0), ("Subtotal EMEA", None, 300.0, 30.0),
        ("※税抜", None, None, None), ("Copyright (c) 2026", None, None, None), (None, None, 300.0, 30.0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_that_is_no_account_is_left_out_and_said(row: tuple[Cell, ...], place: int) -> None:
    if place < 2 and row[0] not in ("Total", "※税抜", "合　計"):
        place = 2  # sums of the rows above
    rows = [*ROWS[:place], row, *ROWS[place:]]
    found = drop_other_rows(raw_table(HEADERS, *rows), Source())
    assert ids(found) == ["C1", "C2"]
    assert [problem.code.removesuffix("_money") for problem in found.problems] == ["data.rows_left_out"]


def test_money_that_no_other_rows_prove_is_a_warning() -> None:
    found = drop_other_rows(raw_table(HEADERS, *ROWS, ("消費税", None, 30.0, None)), Source())
    assert ids(found) == ["C1", "C2"]
    assert found.problems[-1].severity is Severity.WARNING
    assert found.problems[-1].details["money"] == "30"


def test_a_customer_called_total_is_kept_and_doubted() -> None:
    found = drop_other_rows(raw_table(HEADERS, *ROWS, ("C3", "Total", 50.0, 5.0)), Source())
    assert ids(found) == ["C1", "C2", "C3"]
    assert [problem.code for problem in found.problems] == ["data.may_be_total"]


def test_a_customer_without_figures_is_one() -> None:
    rows: list[tuple[Cell, ...]] = [("C0", "Elm", None, None), *ROWS, ("C3", None, None, None)]
    found = drop_other_rows(raw_table(HEADERS, *rows), Source())
    assert ids(found) == ["C0", "C1", "C2", "C3"]
    assert found.problems == ()


def test_rows_that_the_config_names_are_left_out() -> None:
    source = Source.model_validate({"skip_rows_matching": {"name": "^Bir"}})
    found = drop_other_rows(raw_table(HEADERS, *ROWS), source)
    assert ids(found) == ["C1"]
    assert [problem.code for problem in found.problems] == ["data.rows_skipped"]
