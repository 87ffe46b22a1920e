"""Joining exports of at most ten rows; what is kept, counted and said was worked out by hand."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from books.raw_tables import codes, typed
from cscli.analysis.tables.built_ins import add_built_ins, whole_months
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.join import AccountTable, join_tables
from cscli.config.schema import Source
from cscli.errors import ConfigError, DataError, Severity
from cscli.texts import Phrase

AS_OF = dt.date(2026, 1, 31)
ACCOUNTS = Source()


def accounts(*rows: tuple[Any, ...], headers: tuple[str, ...] = ("account_id", "mrr")) -> TypedTable:
    return typed(headers, *rows)


def usage(*rows: tuple[Any, ...], headers: tuple[str, ...] = ("account_id", "logins")) -> TypedTable:
    return typed(headers, *rows, source="usage")


def joined(first: TypedTable, second: TypedTable, **settings: Any) -> AccountTable:
    sources = {"accounts": ACCOUNTS, "usage": Source.model_validate(settings)}
    return join_tables({"accounts": first, "usage": second}, sources, AS_OF)


def test_columns_join_by_id_and_unmatched_ids_are_said_both_ways_with_their_mrr() -> None:
    found = joined(accounts(("A", 100), ("B", 250), ("C", 30)), usage(("C", 7), ("A", 5), ("Z", 1), ("Z", 2)))
    assert found.frame["logins"].tolist()[::2] == [5, 7]
    assert pd.isna(found.frame["logins"][1])
    said = {problem.code: problem.details for problem in found.problems}
    assert said["data.ids_without_account"] == {"count": 1, "rows": 2, "examples": "Z"}
    assert said["data.accounts_without_rows"] == {"count": 1, "mrr": Phrase("of_mrr", "250"), "examples": "B"}


def test_an_account_that_has_left_needs_no_rows_elsewhere() -> None:
    table = accounts(("A", 100, None), ("B", 250, "2025-12-31"), headers=("account_id", "mrr", "churned_on"))
    assert codes(joined(table, usage(("A", 5))).problems) == []


def test_duplicate_and_blank_ids_are_never_silent() -> None:
    rows = [("A", 1), ("B", 2), ("A", 9), (None, 3), ("B", 2)]
    found = join_tables({"accounts": accounts(*rows)}, {"accounts": ACCOUNTS}, AS_OF)
    assert found.frame[["account_id", "mrr"]].to_numpy().tolist() == [["A", 1], ["B", 2]]
    said = [(p.code, p.severity, p.where.line, p.details.get("first")) for p in found.problems]
    assert said == [
        ("data.blank_id", Severity.ERROR, 5, None),
        ("data.duplicate_id", Severity.ERROR, 4, 2),
        ("data.duplicate_row", Severity.WARNING, 6, 3),
    ]


def test_a_joined_table_gives_its_first_row_and_says_the_others() -> None:
    found = joined(accounts(("A", 1)), usage(("A", 5), ("A", 6), (None, 7)))
    assert found.frame["logins"].tolist() == [5]
    assert codes(found.problems) == ["data.rows_without_id", "data.duplicate_id_joined"]


def test_a_column_of_two_exports_is_taken_from_the_first() -> None:
    found = joined(accounts(("A", 1)), usage(("A", 99), headers=("account_id", "mrr")))
    assert found.frame["mrr"].tolist() == [1]
    assert [(p.code, p.value) for p in found.problems] == [("data.column_twice", "mrr")]


def test_no_account_at_all_and_none_that_stays_are_errors() -> None:
    with pytest.raises(DataError, match=r"data\.no_accounts"):
        join_tables({"accounts": accounts((None, 3))}, {"accounts": ACCOUNTS}, AS_OF)
    gone = accounts(("A", "2026-01-31"), headers=("account_id", "churned_on"))
    with pytest.raises(DataError, match=r"data\.all_left"):
        join_tables({"accounts": gone}, {"accounts": ACCOUNTS}, AS_OF)


def test_accounts_that_start_later_are_in_nothing() -> None:
    """By hand: the day itself counts; no date counts; the one of tomorrow is told by its id."""
    table = accounts(
        ("A", 1, "2026-01-31"), ("B", 2, "2026-02-01"), ("C", 4, None), headers=("account_id", "mrr", "started_on")
    )  # fmt: skip
    for with_left in (False, True):
        found = join_tables({"accounts": table}, {"accounts": ACCOUNTS}, AS_OF, with_left=with_left)
        assert found.frame["account_id"].tolist() == ["A", "C"]
        assert found.not_yet == {"B"}
        assert [(p.code, p.value, p.details["count"]) for p in found.problems] == [("data.not_yet", "B", 1)]
    others = joined(table, usage(("A", 5), ("B", 7), ("C", 1)))
    assert codes(others.problems) == ["data.not_yet"]  # it is known, and needs no rows
    assert codes(joined(table, usage(("A", 5), ("C", 7))).problems) == ["data.not_yet"]


def test_where_nobody_is_a_customer_yet_or_any_more_it_is_said_how_many_are_which() -> None:
    rows = (("A", "2026-02-01", None), ("B", "2025-01-01", "2026-01-01"))
    table = accounts(*rows, headers=("account_id", "started_on", "churned_on"))
    with pytest.raises(DataError, match=r"data\.nobody_here") as raised:
        join_tables({"accounts": table}, {"accounts": ACCOUNTS}, AS_OF)
    assert raised.value.problems[0].details == {"count": 2, "as_of": "2026-01-31", "later": 1}


def test_rows_of_later_and_rows_of_no_day_do_not_count() -> None:
    """By hand: three of six rows are up to the day, two are later, one has no day."""
    rows = (
        ("A", "2026-01-31"),
        ("A", "2026-02-01"),
        ("A", "2025-01-01"),
        ("A", None),
        ("B", "2026-03-01"),
        ("C", "2026-01-30"),
    )
    table = usage(*rows, headers=("account_id", "opened_at"))
    people = accounts(("A", 1), ("B", 2), ("C", 4))
    found = joined(
        people, table, kind="rows", at="opened_at", rollup={"n": "count(*)", "last": "max(opened_at)"}
    )
    assert found.frame["n"].tolist() == [2, 0, 1]
    assert found.frame["last"].dt.day.fillna(0).tolist() == [31, 0, 30]
    said = [(p.code, p.severity, p.details["count"], p.details["rows"]) for p in found.problems]
    assert said == [
        ("data.rows_later", Severity.NOTE, 2, "6"),
        ("data.rows_without_day", Severity.WARNING, 1, "6"),
    ]
    orders = usage(*rows, headers=("account_id", "at"))  # of orders `at` is the day without being named
    assert joined(people, orders, kind="orders", rollup={"n": "count(*)"}).frame["n"].tolist() == [2, 0, 1]


def test_the_day_of_a_row_must_be_a_date_that_is_there() -> None:
    table = usage(("A", "x"), headers=("account_id", "opened_at"))
    settings = {"kind": "rows", "rollup": {"n": "count(*)"}}
    with pytest.raises(ConfigError, match=r"config\.at_not_a_date"):
        joined(accounts(("A", 1)), table, at="opened_at", **settings)
    found = joined(accounts(("A", 1)), table, at="elsewhere", columns={"elsewhere": "Z"}, **settings)
    assert (found.frame["n"].tolist(), codes(found.problems)) == ([1], ["data.no_row_day"])
    with pytest.raises(ValidationError):
        Source.model_validate({"at": "opened_at"})


def test_accounts_that_left_by_the_day_are_known_and_not_scored() -> None:
    table = accounts(
        ("A", "2026-01-30"), ("B", "2026-01-31"), ("C", "2026-02-01"), ("D", None),
        headers=("account_id", "churned_on"),
    )  # fmt: skip
    found = join_tables({"accounts": table}, {"accounts": ACCOUNTS}, AS_OF)
    assert found.frame["account_id"].tolist() == ["C", "D"]
    assert found.left == {"A", "B"}


def test_rows_are_rolled_up_and_no_rows_count_zero_but_have_no_maximum() -> None:
    rollup = {
        "tickets": "count(*)",
        "open_p1": "count(*) FILTER (WHERE priority = 'P1' AND closed_at IS NULL)",
        "hours": "sum(hours)",
        "recent": "count(*) FILTER (WHERE opened_at > as_of - 90)",
    }
    headers = ("account_id", "priority", "opened_at", "closed_at", "hours")
    tickets = usage(
        ("A", "P1", "2026-01-30", None, 2), ("A", "P1", "2025-11-02", "2025-12-01", 3),
        ("A", "P2", "2026-01-01", None, None), ("C", "P2", "2025-11-03", None, None), headers=headers,
    )  # fmt: skip
    found = joined(accounts(("A", 1), ("B", 2), ("C", 3)), tickets, kind="rows", rollup=rollup).frame
    assert found[["tickets", "open_p1", "recent"]].to_numpy().tolist() == [[3, 1, 2], [0, 0, 0], [1, 0, 1]]
    assert found["hours"].isna().tolist() == [False, True, True]
    assert found["hours"][0] == 5


def test_an_optional_source_that_is_absent_leaves_its_columns_missing() -> None:
    optional = Source.model_validate(
        {"optional": True, "columns": {"opens": "Opens", "answer": "Answer"}, "types": {"answer": "text"}}
    )
    rows = Source.model_validate({"kind": "rows", "optional": True, "rollup": {"tickets": "count(*)"}})
    sources = {"accounts": ACCOUNTS, "mail": optional, "desk": rows}
    found = join_tables({"accounts": accounts(("A", 1))}, sources, AS_OF)
    assert found.frame[["opens", "answer", "tickets"]].isna().all(axis=None)
    assert {"opens", "answer", "tickets"}.isdisjoint(found.given)
    assert found.frame["opens"].dtype == "float64"
    assert found.frame["answer"].dtype == "object"


def day(text: str | None) -> Any:
    return pd.Timestamp(text) if text else pd.NaT


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2026-01-31", 0),
        ("2026-01-01", "2026-02-01", 1),
        ("2025-01-31", "2025-02-27", 0),
        ("2025-01-31", "2025-02-28", 1),  # the last day of a shorter month
        ("2025-01-31", "2025-03-30", 1),
        ("2025-01-31", "2025-03-31", 2),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2023-02-28", "2024-02-28", 12),
        ("2025-08-30", "2026-02-28", 6),
        ("2026-01-31", "2026-01-31", 0),
        ("2026-02-01", "2026-01-31", None),
        (None, "2026-01-31", None),
    ],
)
def test_whole_months(start: str | None, end: str, months: float | None) -> None:
    (found,) = whole_months(pd.Series([day(start)], dtype="datetime64[us]"), pd.Series([day(end)]))
    assert pd.isna(found) if months is None else found == months


def test_built_in_columns() -> None:
    frame = pd.DataFrame(
        {
            "started_on": [day("2025-01-31"), day("2025-01-31"), day("2026-03-01"), day(None)],
            "churned_on": [day(None), day("2025-06-30"), day(None), day("2027-01-01")],
            "renews_on": [day("2026-02-01"), day("2026-01-31"), day("2026-01-01"), day(None)],
            "mrr": [10.0, 10.0, None, None],
            "arr": [None, 500.0, None, 7.0],
        }
    )
    found = add_built_ins(frame, AS_OF)
    assert found["tenure_days"].tolist()[:2] == [365, 150]
    assert found["tenure_months"].tolist()[:2] == [12, 5]
    assert found[["tenure_days", "tenure_months"]].isna().to_numpy()[2:].all()
    assert found["days_to_renewal"].tolist()[:3] == [1, 0, -30]
    assert pd.isna(found["days_to_renewal"][3])
    assert found["arr"].fillna(-1).tolist() == [120, 500, -1, 7]
