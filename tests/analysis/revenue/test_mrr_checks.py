"""Tables that would change every answer drawn from them: each is said, and counted as the message says."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import history_of, read, sample_history, subscriptions
from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr import MrrHistory, last_whole_month, read_mrr
from cscli.analysis.revenue.mrr_checks import check_churn_dates, check_history
from cscli.analysis.revenue.mrr_lines import Rates
from cscli.errors import Location, Problem, Severity

AS_OF = "2026-06-30"


def monthly(*rows: tuple[str, str, float]) -> tuple[MrrHistory, dict[str, Problem]]:
    frame = pd.DataFrame(rows, columns=["account_id", "month", "mrr"])
    frame["month"] = pd.to_datetime(frame["month"])
    history, problems = read_mrr("mrr", frame, dt.date.fromisoformat(AS_OF), Rates())
    return history, {problem.code: problem for problem in problems}


def closing(history: MrrHistory) -> dict[str, float]:
    return dict(zip(history.account_ids, history.money()[:, -1], strict=True))


@pytest.mark.parametrize(
    ("day", "month"), [("2026-06-30", "2026-06"), ("2026-06-29", "2026-05"), ("2024-02-29", "2024-02")]
)
def test_last_whole_month(day: str, month: str) -> None:
    assert last_whole_month(dt.date.fromisoformat(day)) == np.datetime64(month)


def test_a_line_that_ends_before_it_starts() -> None:
    frame = subscriptions(
        ("A", "2026-03-01", "2026-02-01", 100), ("B", "2026-03-01", None, 50), ("C", None, None, 10)
    )
    history, problems = read_mrr(
        "subscriptions", frame, dt.date(2026, 6, 30), Rates(), lambda row: Location(line=row + 2)
    )
    assert closing(history) == {"B": 50}
    backwards, no_start = sorted(problems, key=lambda problem: problem.code)
    assert (backwards.code, backwards.severity) == ("revenue.churn_before_start", Severity.ERROR)
    assert (backwards.where.line, backwards.value) == (2, "A")
    assert (no_start.code, no_start.where.line) == ("revenue.no_start", 4)


def test_mixed_currencies_without_a_rate() -> None:
    """Money of two currencies is not added up; the accounts are out, with all their lines."""
    frame = subscriptions(
        ("A", "2026-01-01", None, 100), ("B", "2026-01-01", "2026-03-01", 9), ("B", "2026-03-01", None, 900)
    ).assign(currency=["JPY", "usd ", "JPY"])
    history, problems = read(frame, AS_OF, Rates("JPY"))
    assert (closing(history), history.left_out) == ({"A": 100}, ("B",))
    assert problems["revenue.no_rate"].severity is Severity.ERROR
    history, problems = read(frame, AS_OF, Rates("JPY", {"USD": 100}))
    assert (history.money()[1].tolist(), problems) == ([900] * 6, {})


def test_trials_and_one_off_lines_are_nothing() -> None:
    rows = [("A", "2026-01-01", None, 100)] * 6
    kinds = ["paid", "Trial", "one-off", "無料", "初期費用", "Free plan"]
    history, problems = read(subscriptions(*rows).assign(kind=kinds), AS_OF)
    assert closing(history) == {"A": 100}
    assert problems["revenue.not_recurring"].details["count"] == 5
    flagged = subscriptions(*rows[:2]).assign(trial=pd.array([True, None], dtype="boolean"))
    assert closing(read(flagged, AS_OF)[0]) == {"A": 100}


def test_amounts_by_period() -> None:
    """A year, a quarter, a month; a period that is not given is not known, and said; 0 months is no period."""
    frame = subscriptions(*[(name, "2026-01-01", None, np.nan) for name in "ABCDE"])
    frame = frame.assign(amount=[1200, 300, 100, 70, 5], period_months=[12, 3, 1, np.nan, 0])
    history, problems = read(frame, AS_OF)
    assert closing(history) == {"A": 100, "B": 100, "C": 100}
    assert problems["revenue.period_unknown"].value == "D, E"
    assert (problems["revenue.no_amount"].value, history.left_out) == ("D, E", ("D", "E"))


def test_negative_lines() -> None:
    """A discount lowers MRR; below nothing there is no MRR."""
    frame = subscriptions(
        ("A", "2026-01-01", None, 100), ("A", "2026-03-01", None, -30), ("B", "2026-01-01", None, -5)
    )
    history, problems = read(frame, AS_OF)
    assert closing(history) == {"A": 70, "B": 0}
    assert problems["revenue.negative"].severity is Severity.WARNING
    assert problems["revenue.negative_mrr"].severity is Severity.WARNING


def test_a_month_without_rows_is_no_mass_churn() -> None:
    history, problems = monthly(("A", "2026-03-01", 10), ("A", "2026-06-30", 12), ("B", "2026-03-31", 5))
    assert history.labels == ["2026-03", "2026-04", "2026-05", "2026-06"]
    assert history.money().tolist() == [[10, 10, 10, 12], [5, 5, 5, 0]]
    assert problems["revenue.month_missing"].value == "2026-04, 2026-05"
    assert move(history)["churn"].tolist() == [0, 0, 0, 5]


def test_a_table_that_stops_early_is_no_mass_churn() -> None:
    history, problems = monthly(("A", "2026-03-01", 10), ("A", "2026-04-01", 10), ("A", "2026-04-01", 1))
    assert history.money().tolist() == [[10, 11]]
    assert dict(problems["revenue.months_stop_early"].details) == {"last": "2026-04", "expected": "2026-06"}
    assert problems["revenue.month_twice"].severity is Severity.NOTE


def test_rows_after_the_day_are_not_known_yet() -> None:
    history, problems = monthly(("A", "2026-05-01", 10), ("A", "2026-06-01", 10), ("A", "2026-07-01", 99))
    assert (history.money().tolist(), problems) == ([[10, 10]], {})


def test_an_annual_amount_among_monthly_ones() -> None:
    history, _ = monthly(
        *[("A", f"2026-{month:02d}-01", 1200.0 if month == 3 else 100.0) for month in range(1, 7)],
        *[("B", f"2026-{month:02d}-01", 100.0 * month) for month in range(1, 7)],
    )
    (found,) = check_history(history)
    assert (found.code, found.value) == ("revenue.twelve_fold", "A")


def test_invoices_once_a_year() -> None:
    rows = [("A", f"{year}-03-01", 1200.0) for year in (2024, 2025, 2026)]
    rows += [("B", f"{2024 + at // 12}-{at % 12 + 1:02d}-01", 5.0) for at in range(30)]
    (found,) = check_history(monthly(*rows)[0])
    assert (found.code, found.value) == ("revenue.paid_once_a_year", "A")


def test_half_of_the_accounts_at_once() -> None:
    rows = [(f"A{at}", "2026-01-01", "2026-04-10" if at < 6 else None, 10.0) for at in range(12)]
    (found,) = check_history(history_of(subscriptions(*rows), AS_OF))
    assert (found.code, found.value) == ("revenue.mass_churn", "2026-04")
    assert dict(found.details) == {"count": 6, "total": 12}


def test_mrr_after_churn() -> None:
    """A has left in March but pays in June; B's last month is the one before it left; C has no lines at all."""
    history = history_of(
        subscriptions(
            ("A", "2026-01-01", None, 10), ("B", "2026-01-01", "2026-03-20", 10), ("D", "2026-02-01", None, 1)
        ),
        AS_OF,
    )
    ids = np.array(["D", "C", "B", "A", "B"], dtype=object)
    days = np.array(["NaT", "2026-03-20", "2026-03-20", "2026-03-20", "2019-01-01"], dtype="datetime64[D]")
    (found,) = check_churn_dates(history, ids, days)
    assert (found.code, found.value, found.severity) == ("revenue.mrr_after_churn", "A, B", Severity.ERROR)


def test_the_accounts_table_alone() -> None:
    """MRR from start to churn, the last one throughout; an account without MRR is left out."""
    frame = pd.DataFrame(
        {
            "account_id": ["A", "B", "C"],
            "mrr": [100.0, 40.0, np.nan],
            "started_on": pd.to_datetime(["2026-03-10", "2026-04-01", "2026-04-01"]),
            "churned_on": pd.to_datetime(pd.Series([None, "2026-06-15", None])),
        }
    )
    history, (problem,) = read_mrr("accounts", frame, dt.date(2026, 6, 30), Rates())
    assert history.labels[0] == "2026-03"
    assert history.money().tolist() == [[100, 100, 100, 100], [0, 40, 40, 0]]
    assert (problem.code, problem.severity) == ("revenue.no_amount", Severity.WARNING)


def test_shares_of_a_yen_are_no_movement() -> None:
    """100 split over three lines, and put together again."""
    frame = subscriptions(
        *[("A", "2026-01-01", "2026-03-01", 100 / 3)] * 3,
        ("A", "2026-03-01", None, 100),
    )
    found = move(history_of(frame, AS_OF))
    assert found[["expansion", "contraction"]].to_numpy().sum() == 0


def test_an_orderly_book_is_not_suspected() -> None:
    """The sample book of business, with annual contracts, dollars, trials and returns."""
    assert check_history(sample_history()) == ()
