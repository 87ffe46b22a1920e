"""Lines of revenue as systems write them: last days, renewals by themselves, periods, repeats, status."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr import read_mrr
from cscli.analysis.revenue.mrr_lines import LineFacts, Rates

AS_OF = dt.date(2026, 10, 31)
DATES = ("started_on", "ended_on")


def movements(lines: Sequence[Mapping[str, object]], facts: LineFacts) -> tuple[pd.DataFrame, list[str]]:
    """Movements by month, and what was said."""
    frame = pd.DataFrame(lines)
    frame = frame.assign(**{name: pd.to_datetime(frame[name]) for name in DATES if name in frame})
    history, problems = read_mrr("subscriptions", frame, AS_OF, Rates(), None, facts)
    return move(history).set_index("month"), [problem.code for problem in problems]


def years(account: str, *ends: tuple[str, str], mrr: float = 100) -> list[dict[str, object]]:
    return [{"account_id": account, "started_on": start, "ended_on": end, "mrr": mrr} for start, end in ends]


def test_yearly_contracts_that_end_on_the_last_day_and_are_renewed_have_no_churn() -> None:
    lines = years(
        "A", ("2024-04-01", "2025-03-31"), ("2025-04-01", "2026-03-31"), ("2026-04-01", "2027-03-31")
    )
    found, said = movements(lines, LineFacts(end_header="契約終了日"))
    assert found["churn"].sum() == 0
    assert found["reactivation"].sum() == 0
    assert said == ["revenue.ends_on_last_day"]


def test_what_an_end_is_can_be_pinned() -> None:
    lines = years("A", ("2024-04-01", "2025-03-31"), ("2025-04-01", None))  # type: ignore[arg-type]
    found, said = movements(lines, LineFacts(end_header="End date", ends="first_day_without"))
    assert found["churn"]["2025-03"] == 100
    assert said == []


def test_ends_on_the_day_of_the_next_start_are_first_days_without() -> None:
    found, said = movements(
        years("A", ("2025-01-01", "2026-05-31"), ("2026-05-31", "2027-05-31")),
        LineFacts(end_header="End date"),
    )
    assert found["churn"].sum() == 0
    assert said == []


@pytest.mark.parametrize("flagged", [True, False])
def test_contracts_that_have_all_ended_go_on_and_are_warned_of(flagged: bool) -> None:
    lines = [line for at in range(4) for line in years(f"A{at}", ("2024-04-01", f"2026-0{at + 2}-15"))]
    lines = [{**line, "auto_renew": True} for line in lines] if flagged else lines
    found, said = movements(lines, LineFacts(end_header="Contract end date", anyone_left=False))
    assert found["closing"].iloc[-1] == 400
    assert said == ["revenue.renewed_by_itself"]


def test_contracts_end_where_it_is_known_who_has_left() -> None:
    lines = [line for at in range(4) for line in years(f"A{at}", ("2024-04-01", f"2026-0{at + 2}-15"))]
    found, said = movements(lines, LineFacts(end_header="Contract end date", anyone_left=True))
    assert found["closing"].iloc[-1] == 0
    assert said == []


@pytest.mark.parametrize(
    ("word", "months"),
    [
        ("month", 1),
        ("Monthly", 1),
        ("年払い", 12),
        ("Annual", 12),
        ("四半期", 3),
        ("Quarterly", 3),
        ("半年", 6),
    ],
)
def test_an_interval_says_what_an_amount_is_for(word: str, months: int) -> None:
    line = {"account_id": "A", "started_on": "2025-01-01", "amount": 1200.0, "interval": word}
    found, _ = movements([line], LineFacts())
    assert found["closing"].iloc[-1] == pytest.approx(1200 / months)


def test_an_amount_without_a_period_is_unknown_and_never_monthly() -> None:
    lines = [
        {"account_id": "A", "started_on": "2025-01-01", "amount": 1200.0},
        {"account_id": "B", "started_on": "2025-01-01", "amount": 0.0},
    ]
    found, said = movements(lines, LineFacts(amount_header="Amount"))
    assert found["closing"].iloc[-1] == 0
    assert said == ["revenue.period_unknown", "revenue.no_amount"]


def test_a_line_that_stands_twice_counts_once_and_the_later_amount_wins() -> None:
    once = {"account_id": "A", "subscription_id": "S1", "started_on": "2025-01-01", "mrr": 100.0}
    other = {"account_id": "B", "subscription_id": "S2", "started_on": "2025-01-01", "mrr": 100.0}
    found, said = movements([once, once, other, {**other, "mrr": 120.0}], LineFacts())
    assert found["closing"].iloc[-1] == 220
    assert said == ["revenue.line_again", "revenue.line_again_differs"]


def test_periods_of_one_id_in_a_row_are_its_course() -> None:
    line: dict[str, object] = {"account_id": "A", "subscription_id": "S1"}
    lines: list[dict[str, object]] = [
        {**line, "started_on": "2025-01-01", "ended_on": "2025-06-01", "mrr": 100.0},
        {**line, "started_on": "2025-06-01", "ended_on": None, "mrr": 120.0},
    ]
    found, said = movements(lines, LineFacts())
    assert found["closing"].iloc[-1] == 120
    assert said == []


def test_words_of_status_count_nothing_and_what_nobody_knows_is_counted_and_said() -> None:
    lines = [
        {"account_id": word, "started_on": "2025-01-01", "mrr": 10.0, "status": word}
        for word in ("active", "trialing", "paused", "canceled", "mystery")
    ]
    found, said = movements(lines, LineFacts(status_header="Status"))
    assert found["closing"].iloc[-1] == 20
    assert said == ["revenue.kind_unknown", "revenue.ended_without_date", "revenue.not_recurring"]
