"""What people typed, judged cell by cell; every expectation worked out by hand for 31 January 2026."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from books.raw_tables import TOKYO, codes, raw_table
from cscli.analysis.tables.people import (
    ADDED,
    OVERRIDE,
    TYPED,
    AccountIds,
    PeopleInputs,
    judge_inputs,
    no_inputs,
    people_column,
    type_inputs,
)
from cscli.analysis.tables.raw import Cell
from cscli.errors import DataError, Problem, Severity
from cscli.fields import PEOPLE_FIELDS
from cscli.texts import Language, catalogue

AS_OF = dt.date(2026, 1, 31)
HEADERS = ("account_id", *TYPED)


def judge(
    *rows: dict[str, Cell], ids: str = "ABC", left: str = "", headers: tuple[str, ...] = HEADERS
) -> PeopleInputs:
    """The judgement on rows of a workbook, for accounts with one-letter ids."""
    raw = raw_table(headers, *([row.get(name) for name in HEADERS] for row in rows), source="csm")
    book = AccountIds(pd.Series(list(ids), dtype=object), frozenset(left), AS_OF, 90)
    return judge_inputs(type_inputs(raw, TOKYO), book)


def row_of(inputs: PeopleInputs, account: int = 0) -> dict[str, object]:
    """What is left of the row of an account, without what is missing."""
    return {str(name): value for name, value in inputs.columns.iloc[account].items() if not pd.isna(value)}


def only(inputs: PeopleInputs) -> Problem:
    assert len(inputs.problems) == 1, codes(inputs.problems)
    return inputs.problems[0]


def test_what_is_typed_well_is_there_with_its_type() -> None:
    typed: dict[str, Cell] = {
        "account_id": "B", "sentiment": 4.0, "sentiment_on": dt.date(2026, 1, 30), "override_score": 25.0,
        "override_reason": "CEO has left", "override_until": dt.date(2026, 1, 31), "hours_spent": 3.5,
        "next_step": " Call ", "note": "x",
    }  # fmt: skip
    inputs = judge(typed)
    assert inputs.problems == ()
    assert row_of(inputs, 1) == {
        "sentiment": 4, "sentiment_on": pd.Timestamp(2026, 1, 30), "override_score": 25,
        "override_reason": "CEO has left", "override_until": pd.Timestamp(2026, 1, 31), "hours_spent": 3.5,
        "next_step": "Call", "note": "x",
    }  # fmt: skip
    assert row_of(inputs, 0) == row_of(inputs, 2) == {}
    assert inputs.columns.dtypes.astype(str).to_dict() == no_inputs(3).dtypes.astype(str).to_dict()
    assert inputs.columns["note"].tolist() == [None, "x", None]


@pytest.mark.parametrize("value", [7.0, 0.0, 3.5, -1.0])
def test_a_sentiment_off_the_scale_is_ignored(value: float) -> None:
    inputs = judge(
        {"account_id": "A", "sentiment": value, "sentiment_on": dt.date(2026, 1, 1), "note": "kept"}
    )
    problem = only(inputs)
    assert problem.code == "people.sentiment_range"
    assert problem.severity is Severity.ERROR
    assert (problem.where.file, problem.where.line, problem.where.column) == ("csm.csv", 2, "sentiment")
    assert row_of(inputs) == {"sentiment_on": pd.Timestamp(2026, 1, 1), "note": "kept"}


def test_text_where_a_number_belongs_is_ignored_and_a_number_as_text_is_read() -> None:
    day = dt.date(2026, 1, 1)
    inputs = judge(
        {"account_id": "A", "sentiment": "good", "sentiment_on": day, "hours_spent": "two"},
        {"account_id": "B", "sentiment": "\uff14", "sentiment_on": "2026/1/5"},
    )
    assert codes(inputs.problems) == ["data.not_a_number", "data.not_a_number"]
    assert row_of(inputs, 0) == {"sentiment_on": pd.Timestamp(day)}
    assert row_of(inputs, 1) == {"sentiment": 4, "sentiment_on": pd.Timestamp(2026, 1, 5)}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (dt.date(2025, 11, 2), None),  # exactly 90 days before
        (dt.date(2025, 11, 1), "people.sentiment_expired"),
        (dt.date(2026, 1, 31), None),
        (dt.date(2026, 2, 1), "people.sentiment_later"),
        (None, "people.sentiment_undated"),
    ],
)
def test_a_sentiment_counts_for_ninety_days_from_its_date(day: dt.date | None, code: str | None) -> None:
    inputs = judge({"account_id": "A", "sentiment": 2.0, "sentiment_on": day})
    assert codes(inputs.problems) == ([code] if code else [])
    assert ("sentiment" in row_of(inputs)) == (code is None)


@pytest.mark.parametrize(
    ("score", "reason", "until", "said"),
    [
        (0.0, "r", dt.date(2026, 1, 31), []),  # the last day belongs to it
        (100.0, "r", dt.date(2027, 1, 1), []),
        (50.0, "r", dt.date(2026, 1, 30), ["people.override_lapsed"]),
        (50.0, None, dt.date(2026, 2, 1), ["people.override_no_reason"]),
        (50.0, "r", None, ["people.override_no_end"]),
        (50.0, None, None, ["people.override_no_reason", "people.override_no_end"]),
        (100.5, "r", dt.date(2026, 2, 1), ["people.override_range"]),
        (-1.0, "r", dt.date(2026, 2, 1), ["people.override_range"]),
        (None, "r", dt.date(2026, 2, 1), ["people.override_no_score"]),
        ("high", "r", dt.date(2026, 2, 1), ["data.not_a_number", "people.override_no_score"]),
    ],
)
def test_an_override_needs_score_reason_and_end(
    score: Cell, reason: str | None, until: dt.date | None, said: list[str]
) -> None:
    day = dt.date(2026, 1, 20)
    typed: dict[str, Cell] = {
        "override_score": score,
        "override_reason": reason,
        "override_on": day,
        "override_until": until,
    }
    inputs = judge({"account_id": "A", "note": "kept", **typed})
    assert codes(inputs.problems) == said
    left = row_of(inputs)
    assert left["note"] == "kept"
    assert set(left) & set(OVERRIDE) == (set() if said else set(OVERRIDE))


def test_what_was_typed_after_the_date_was_not_known_then() -> None:
    """By hand: the last day that counts is the as-of date itself; without a day it counts as in 0.1.0."""
    until = dt.date(2026, 12, 31)
    later, today = dt.date(2026, 2, 1), AS_OF
    override: dict[str, Cell] = {"override_score": 50.0, "override_reason": "r", "override_until": until}
    inputs = judge(
        {"account_id": "A", **override, "override_on": later, "hours_spent": 2.0, "hours_on": later},
        {"account_id": "B", **override, "override_on": today, "hours_spent": 2.0, "hours_on": today},
        {"account_id": "C", **override, "hours_spent": 2.0},
    )
    assert codes(inputs.problems) == ["people.override_later", "people.hours_later"]
    assert {problem.severity for problem in inputs.problems} == {Severity.NOTE}
    assert row_of(inputs, 0) == {}
    assert [row_of(inputs, row)["override_score"] for row in (1, 2)] == [50, 50]
    assert [row_of(inputs, row)["hours_spent"] for row in (1, 2)] == [2, 2]


def test_negative_hours_are_ignored() -> None:
    inputs = judge({"account_id": "A", "hours_spent": -1.0})
    assert only(inputs).code == "people.hours_range"
    assert row_of(inputs) == {}


def test_rows_of_nobody_and_of_those_who_left_are_said_and_not_used() -> None:
    inputs = judge(
        {"account_id": "Z", "note": "gone"}, {"account_id": None, "note": "lost"}, {"account_id": "L", "note": "left"},
        {"account_id": "A", "note": "here"}, left="L",
    )  # fmt: skip
    assert codes(inputs.problems) == ["people.no_id", "people.unknown_account", "people.left_accounts"]
    assert [problem.where.line for problem in inputs.problems] == [3, 2, None]
    assert [row_of(inputs, at) for at in range(3)] == [{"note": "here"}, {}, {}]


def test_of_two_rows_of_an_account_the_first_with_something_typed_counts() -> None:
    inputs = judge(
        {"account_id": "A"},
        {"account_id": "A", "note": "second"},
        {"account_id": "A", "note": "third"},
        {"account_id": "B"},
    )
    assert codes(inputs.problems) == ["people.account_twice"] * 2
    assert [problem.where.line for problem in inputs.problems] == [2, 4]
    assert row_of(inputs) == {"note": "second"}


def test_an_order_of_day_and_month_that_cannot_be_told_costs_only_those_cells() -> None:
    inputs = judge(
        {"account_id": "A", "sentiment": 3.0, "sentiment_on": "1/2/2026"},
        {"account_id": "B", "sentiment": 3.0, "sentiment_on": dt.date(2026, 1, 3), "note": "kept"},
    )
    assert codes(inputs.problems) == ["data.date_order_ambiguous", "people.sentiment_undated"]
    assert row_of(inputs, 0) == {}
    assert row_of(inputs, 1)["sentiment"] == 3


def test_a_column_that_is_gone_is_said_and_without_ids_there_is_nothing_to_read() -> None:
    raw = raw_table(("account_id", "note"), ["A", "x"])
    inputs = judge_inputs(
        type_inputs(raw, None), AccountIds(pd.Series(["A"], dtype=object), frozenset(), AS_OF, 90)
    )
    assert {problem.value for problem in inputs.problems} == set(TYPED) - {"note", *ADDED}
    assert set(codes(inputs.problems)) == {"people.no_column"}
    with pytest.raises(DataError) as raised:
        type_inputs(raw_table(("note",), ["x"]), None)
    assert codes(raised.value.problems) == ["people.no_account_id"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_headers_are_known_in_both_languages(language: Language) -> None:
    """Oracle: the labels that a new workbook gets."""
    names = ["account_id", "name", "owner", *TYPED]
    keys = [f"label.{name}" for name in names[:3]] + [f"people.header.{name}" for name in TYPED]
    assert [people_column(catalogue(language)[key]) for key in keys] == names
    assert [people_column(name.upper()) for name in TYPED] == list(TYPED)
    assert people_column("MRR") is None


def test_every_field_is_typed_as_the_columns_say() -> None:
    kinds = {"number": "float64", "date": "datetime64[us]", "text": "object"}
    assert no_inputs(2).dtypes.astype(str).to_dict() == {f.name: kinds[f.type.value] for f in PEOPLE_FIELDS}
    assert np.isnan(no_inputs(2)["sentiment"]).all()


def test_playbooks_count_with_their_day() -> None:
    """By hand, as of the day of these tests: dated, undated, of tomorrow."""
    day = pd.Timestamp(AS_OF)
    days = [day, None, day + pd.Timedelta(days=1)]
    rows = [
        [f"A{n}", "Call and listen", each.strftime("%Y-%m-%d") if each else None]
        for n, each in enumerate(days)
    ]
    ids = pd.Series([f"A{n}" for n in range(3)], dtype=object)
    raw = raw_table(("account_id", "play_done", "play_done_on"), *rows)
    inputs = judge_inputs(type_inputs(raw, None), AccountIds(ids, frozenset(), AS_OF, 90))
    assert inputs.columns["play_done"].tolist() == ["Call and listen", None, None]
    assert [code for code in codes(inputs.problems) if "play" in code] == [
        "people.play_undated",
        "people.play_later",
    ]


def test_renewal_calls_count_with_their_day_and_for_a_year() -> None:
    """By hand, as of the day of these tests: read, not read, undated, of tomorrow, of over a year ago."""
    day, calls = pd.Timestamp(AS_OF), ["20%", "perhaps", "risk", "churn", "renew"]
    days = [day, day, None, day + pd.Timedelta(days=1), day - pd.Timedelta(days=366)]
    said = [None if each is None else each.strftime("%Y-%m-%d") for each in days]
    rows = [[f"A{number}", call, on] for number, (call, on) in enumerate(zip(calls, said, strict=True))]
    ids = pd.Series([f"A{number}" for number in range(5)], dtype=object)
    raw = raw_table(("account_id", "renewal_call", "renewal_call_on"), *rows)
    inputs = judge_inputs(type_inputs(raw, None), AccountIds(ids, frozenset(), AS_OF, 90))
    assert inputs.columns["renewal_call"].tolist() == ["20%", None, None, None, None]
    found = [code for code in codes(inputs.problems) if code.startswith("people.call")]
    assert found == ["people.call_unread", "people.call_undated", "people.call_later", "people.call_expired"]
