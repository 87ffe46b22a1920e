"""Joined accounts at a date: one currency, who has left, who is back, money once."""

import datetime as dt

import pandas as pd
import pytest

from books.raw_tables import TOKYO, raw_table
from cscli.analysis.judging.accounts import BookFacts, has_left, settle_accounts
from cscli.analysis.judging.table import type_table
from cscli.analysis.tables.join import Settled, join_tables
from cscli.config.schema import Source

AS_OF = dt.date(2026, 10, 31)


def settled(
    headers: tuple[str, ...],
    *rows: tuple[object, ...],
    base: str | None = "JPY",
    rates: dict[str, float] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The accounts that are here, by id, and what was said."""
    table = type_table(raw_table(headers, *rows), Source(), TOKYO)  # type: ignore[arg-type]

    def settle(frame: pd.DataFrame) -> Settled:
        frame, said = settle_accounts(frame, BookFacts(AS_OF, base, rates or {}))
        return Settled(frame, has_left(frame, AS_OF), said)

    joined = join_tables({"accounts": table}, {"accounts": Source()}, AS_OF, settle=settle)
    return joined.frame.set_index("account_id"), [problem.code for problem in joined.problems]


def test_money_is_in_one_currency_or_missing() -> None:
    rows = [("C1", 100.0, "JPY"), ("C2", 10.0, "USD"), ("C3", 10.0, "EUR")]
    frame, said = settled(("Account ID", "MRR", "Currency"), *rows, rates={"USD": 150.0})
    assert frame["mrr"].tolist()[:2] == [100, 1500]
    assert frame["arr"].tolist()[:2] == [1200, 18_000]
    assert pd.isna(frame["mrr"]["C3"])
    assert said == ["data.no_rate", "data.converted"]


def test_a_year_is_twelve_months_and_a_disagreement_is_said() -> None:
    frame, said = settled(("Account ID", "ARR"), ("C1", 1200.0))
    assert frame["mrr"].tolist() == [100]
    assert said == ["data.mrr_from_arr"]
    _, both = settled(("Account ID", "MRR", "ARR"), ("C1", 100.0, 100.0), ("C2", 100.0, 5000.0))
    assert both == ["data.mrr_equals_arr", "data.arr_disagrees"]


@pytest.mark.parametrize(
    ("start", "churn", "here", "notice"),
    [
        ("2026-02-01", "2025-03-31", True, False),
        ("2024-01-01", "2026-12-31", True, True),
        ("2024-01-01", None, True, False),
    ],
)
def test_who_came_back_and_who_gave_notice_is_here(
    start: str, churn: str | None, here: bool, notice: bool
) -> None:
    frame, _ = settled(("Account ID", "Start date", "Churn date"), ("C1", start, churn))
    assert ("C1" in frame.index) == here
    assert frame["notice_given"]["C1"] == notice
    assert pd.isna(frame["churned_on"]["C1"])


def test_who_has_left_by_status_is_not_here_and_is_said() -> None:
    frame, said = settled(("Account ID", "MRR", "Status"), ("C1", 100.0, "Active"), ("C2", 200.0, "Churned"))
    assert list(frame.index) == ["C1"]
    assert said == ["data.left_without_date"]


def test_the_money_of_a_parent_counts_at_its_children() -> None:
    rows = [("P1", 300.0, None), ("C1", 100.0, "P1"), ("C2", 200.0, "P1")]
    frame, said = settled(("Account ID", "MRR", "Parent account ID"), *rows)
    assert frame["mrr"].to_dict() == {"P1": 0, "C1": 100, "C2": 200}
    assert said == ["data.parent_counted_once"]


def test_a_parent_may_be_told_by_its_name() -> None:
    rows = [("P1", "Group", 300.0, None), ("C1", "One", 100.0, "Group"), ("C2", "Two", 200.0, "Group")]
    frame, said = settled(("Account ID", "Account name", "MRR", "Parent account"), *rows)
    assert frame["mrr"].to_dict() == {"P1": 0, "C1": 100, "C2": 200}
    assert said == ["data.parent_counted_once"]


def test_more_users_than_seats_is_kept_and_five_times_as_many_is_not() -> None:
    rows = [("C1", 10.0, 12.0), ("C2", 10.0, 500.0), ("C3", 10.0, 5.0), ("C4", 10.0, 5.0)]
    frame, said = settled(("Account ID", "Seats", "Active users"), *rows)
    assert frame["active_users"]["C1"] == 12
    assert pd.isna(frame["active_users"]["C2"])
    assert said == ["data.users_over_seats", "data.users_far_over_seats"]
