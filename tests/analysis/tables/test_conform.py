"""Types of columns, ids and problems of cells; tables of a few rows, worked out by hand."""

import datetime as dt
import math

import numpy as np
import pytest

from books.raw_tables import codes, raw_table, typed
from cscli.analysis.tables.conform import conform
from cscli.analysis.tables.raw import Cell
from cscli.config.schema import Source
from cscli.errors import DataError
from cscli.fields import FieldType


def own(*cells: Cell, **settings: object) -> tuple[FieldType, list[object]]:
    """The type and the values that an own column of these cells turns out to have."""
    rows = [(f"A{at}", cell) for at, cell in enumerate(cells)]
    table = typed(("account_id", "extra"), *rows, settings=Source.model_validate(settings))
    return table.columns[1].type, table.frame["extra"].tolist()


def test_ids_stay_text_whatever_they_look_like() -> None:
    written = ["00123", "123456789012345678", "1e5", "NA", "0010x0000123ABC", "１２３", " A-1 "]
    table = typed(("account_id",), *((each,) for each in written))
    assert table.frame["account_id"].tolist() == [*written[:5], "123", "A-1"]
    assert codes(table.problems) == ["data.ids_trimmed"]
    assert table.problems[0].details["count"] == 2


def test_ids_that_a_workbook_holds_as_numbers_lose_their_point_and_long_ones_are_said() -> None:
    table = typed(("account_id",), (1001.0,), (2.0**53 - 1,), (2.0**53,), (None,))
    assert table.frame["account_id"].tolist()[:2] == ["1001", "9007199254740991"]
    assert table.frame["account_id"].tolist()[3] is None
    assert codes(table.problems) == ["data.id_lost_digits"]
    assert table.problems[0].where.line == 4


def test_keys_in_digits_among_which_some_have_letters_are_text() -> None:
    keys = ["1486381"] * 24
    assert own(*keys, "3136178a")[0] is FieldType.TEXT
    assert own(*keys)[0] is FieldType.NUMBER
    assert (
        own(*keys[1:], "120000", "3136178a")[0] is FieldType.NUMBER
    )  # of other lengths: amounts, and a typing error
    assert own(*keys, "about ten")[0] is FieldType.NUMBER


def test_an_own_column_is_a_number_from_95_percent_on() -> None:
    assert own(*["1"] * 19, "x")[0] is FieldType.NUMBER
    assert own(*["1"] * 18, "x")[0] is FieldType.TEXT
    assert own(*["1"] * 18, "x", None, "-")[0] is FieldType.TEXT  # blanks and marks of absence say nothing


def test_an_own_column_is_a_date_from_95_percent_on() -> None:
    assert own(*["2026-01-31"] * 19, "x")[0] is FieldType.DATE
    assert own(*["2026-01-31"] * 18, "x")[0] is FieldType.TEXT


def test_one_bad_cell_is_one_problem_and_one_missing_value() -> None:
    rows = [(f"A{at}", "5") for at in range(19)]
    table = typed(("account_id", "mrr"), *rows, ("A19", "abc"))
    assert len(table.frame) == 20
    assert math.isnan(table.frame["mrr"].iloc[19])
    assert [(p.code, p.value, p.where.line, p.where.column) for p in table.problems] == [
        ("data.not_a_number", "abc", 21, "mrr")
    ]


@pytest.mark.parametrize(
    "cells",
    [("00123", "456"), ("０１２", "5"), (" 007", "5"), ("Yes", "No"), ("N/A", "-"), ("Gold", "2")],
)
def test_codes_and_words_stay_text(cells: tuple[str, ...]) -> None:
    kind, values = own(*cells)
    assert kind is FieldType.TEXT
    assert values == [cell.strip() for cell in cells]


def test_a_zero_before_the_point_is_no_leading_zero() -> None:
    assert own("0.5", "0", "12") == (FieldType.NUMBER, [0.5, 0, 12])


def test_true_cells_of_a_workbook_are_booleans() -> None:
    assert own(True, None, False)[0] is FieldType.BOOLEAN


@pytest.mark.parametrize(
    ("pin", "cells", "expected"),
    [
        ("text", ("1", "2.50"), ["1", "2.50"]),
        ("number", ("007", "8"), [7, 8]),
        ("boolean", ("Yes", "no"), [True, False]),
        ("boolean", ("はい", "無"), [True, False]),
        ("date", ("20260131", "20260201"), [dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 1)]),  # noqa: DTZ001
    ],
)
def test_types_pins_what_is_meant(pin: str, cells: tuple[str, ...], expected: list[object]) -> None:
    kind, values = own(*cells, types={"extra": pin})
    assert kind is FieldType(pin)
    assert values == expected


@pytest.mark.parametrize("name", ["started_on", "own_dates"])
def test_dates_that_fit_both_orders_ask_for_their_form(name: str) -> None:
    raw = raw_table(("account_id", name), ("A", "1/2/2026"), ("B", "3/4/2026"))
    with pytest.raises(DataError) as caught:
        conform(raw, Source(), None)
    assert codes(caught.value.problems) == ["data.date_order_ambiguous"]
    assert caught.value.problems[0].value == "1/2/2026"
    pinned = conform(raw, Source.model_validate({"dates": {name: "%m/%d/%Y"}}), None)
    assert pinned.frame[name].dt.month.tolist() == [1, 3]
    assert pinned.problems == ()


def test_dates_of_both_orders_are_refused_and_a_decided_order_is_said() -> None:
    mixed = raw_table(("account_id", "started_on"), ("A", "13/1/2026"), ("B", "1/13/2026"))
    with pytest.raises(DataError) as caught:
        conform(mixed, Source(), None)
    assert codes(caught.value.problems) == ["data.date_order_mixed"]
    table = typed(("account_id", "started_on"), ("A", "13/1/2026"), ("B", "1/2/2026"))
    assert [(p.code, p.details["order"]) for p in table.problems] == [
        ("data.date_order_assumed", "day first")
    ]


def test_values_carry_the_promised_dtypes() -> None:
    table = typed(
        ("account_id", "mrr", "started_on", "plan"), ("A", "1", "2026-01-31", "Pro"), ("B", None, None, None)
    )
    dtypes = {name: str(dtype) for name, dtype in table.frame.dtypes.items()}
    assert dtypes == {
        "account_id": "object",
        "mrr": "float64",
        "started_on": "datetime64[us]",
        "plan": "object",
    }
    assert table.frame["plan"].tolist() == ["Pro", None]
    np.testing.assert_array_equal(table.lines, [2, 3])
