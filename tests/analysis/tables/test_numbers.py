"""Cells to numbers; every expectation worked out by hand."""

import datetime as dt

import numpy as np
import pytest

from books.raw_tables import cells
from cscli.analysis.tables.numbers import currency_in, currency_named, parse_numbers
from cscli.analysis.tables.raw import Cell


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("１，２３４", 1234),
        ("￥1,000", 1000),
        ("¥-1,000", -1000),
        ("$12.50", 12.5),
        ("12.50 €", 12.5),
        ("1,000円", 1000),
        ("JPY 300", 300),
        ("(1,000)", -1000),
        ("(¥1,000)", -1000),
        ("▲500", -500),
        ("△ 500", -500),
        ("−5", -5),
        ("-12 %", -0.12),
        ("５０％", 0.5),
        ("45%", 0.45),
        ("+5", 5),
        (".5", 0.5),
        ("1e5", 100000),
        (" 12 ", 12),
        ("1 234", 1234),
        ("5万", 50_000),
        ("1.2億", 120_000_000),
        ("3百万円", 3_000_000),
        ("12 千", 12_000),
        ("-4K", -4_000),
        ("2.5M", 2_500_000),
        (7.25, 7.25),
    ],
)
def test_forms_that_read_as_a_number(written: Cell, expected: float) -> None:
    # An unquestionable point elsewhere in the column, so that no comma is taken for a decimal sign.
    found = parse_numbers(cells(written, "0.25"))
    assert found.values.tolist() == [expected, 0.25]
    assert not found.bad.any()


@pytest.mark.parametrize(
    "written", ["-", "--", "—", "N/A", "#N/A", "na", "null", "ｎ／ａ", "該当なし", "", "  "]
)
def test_marks_of_absence_are_missing_and_not_bad(written: str) -> None:
    found = parse_numbers(cells(written, "1", None))
    assert np.isnan(found.values).tolist() == [True, False, True]
    assert not found.bad.any()


@pytest.mark.parametrize(
    "written",
    [
        "abc",
        "12 seats",
        "1,23,456",
        "--5",
        "(-5)",
        "1.2.3",
        "inf",
        "1e999",
        True,
        dt.date(2026, 1, 31),
        "0x10",
        "1_000",
        "￥10,000-",
        "①",
        "10²",
        "5万%",
    ],
)
def test_what_is_no_number_is_bad_and_missing_alone(written: Cell) -> None:
    found = parse_numbers(cells("1", written, "3.5"))
    assert found.bad.tolist() == [False, True, False]
    assert found.values[[0, 2]].tolist() == [1, 3.5]
    assert np.isnan(found.values[1])


def test_the_comma_is_the_decimal_sign_where_the_column_shows_it() -> None:
    found = parse_numbers(cells("1.234,56", "1.500", "2,5", "7"))
    assert found.values.tolist() == [1234.56, 1500, 2.5, 7]
    assert found.decimal_comma


def test_one_odd_comma_in_a_column_of_points_is_one_bad_cell() -> None:
    found = parse_numbers(cells("10.25", "7.5", "2,5", "1,000"))
    assert found.bad.tolist() == [False, False, True, False]
    assert found.values[[0, 1, 3]].tolist() == [10.25, 7.5, 1000]
    assert not found.decimal_comma


def test_without_a_decimal_sign_anywhere_the_comma_separates_thousands() -> None:
    found = parse_numbers(cells("1,000", "2,500", "-"))
    assert found.values[:2].tolist() == [1000, 2500]
    assert not found.decimal_comma


def test_numbers_and_texts_of_one_column_are_read_alike() -> None:
    found = parse_numbers(cells(1.5, "2.5", None, 3, "x"))
    assert found.values[[0, 1, 3]].tolist() == [1.5, 2.5, 3]
    assert found.bad.tolist() == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("USD 12", "USD"),
        ("12円", "JPY"),
        ("MRR (EUR)", "EUR"),
        ("US$5", "USD"),
        ("￥5", "JPY"),
        ("MRR", None),
    ],
)
def test_a_text_names_its_currency_by_code_or_sign(text: str, expected: str | None) -> None:
    assert currency_in(text) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("usd", "USD"), (" $ ", "USD"), ("米ドル", "USD"), ("Euros", "EUR"), ("€", "EUR"), ("try", "TRY")],
)
def test_a_cell_of_a_currency_column_names_it(cell: str, expected: str) -> None:
    assert currency_named(cell) == expected


def test_cells_of_a_workbook_stay_exact() -> None:
    found = parse_numbers(cells(0.1, 3, None, 1e15))
    assert found.values[[0, 1, 3]].tolist() == [0.1, 3, 1e15]
    assert np.isnan(found.values[2])
