"""Oracle: tests/oracles/reference/proof, weekly scores: lead times, false alarms and weekly calls."""

import pandas as pd
import pytest

from cscli.analysis.proving.early_warnings import lead_times, weekly_reach
from oracles.proof import quantities, table

RUNS, ACCOUNTS = table("weekly_scores", ("as_of",)), table("weekly_accounts", ("churned_on",))


def test_lead_times() -> None:
    found = lead_times(RUNS, ACCOUNTS, 40).accounts
    numbers = table("lead_time_expected", ("churned_on", "below_40_since"))
    both = found.merge(numbers, on="account_id", suffixes=("", "_expected"))
    assert len(both) == len(found) == len(numbers)
    since = [both[name].dt.strftime("%F").tolist() for name in ("below_since", "below_40_since")]
    assert list(map(str, since[0])) == list(map(str, since[1]))
    assert both["lead_days"].tolist() == pytest.approx(both["lead_days_expected"].tolist(), nan_ok=True)


def test_warned_and_false_alarms() -> None:
    found, numbers = lead_times(RUNS, ACCOUNTS, 40), quantities("lead_time_summary_expected").astype(float)
    values = [
        len(found.accounts), found.warned(0), found.warned(14), found.warned(30), found.warned(60),
        found.accounts["lead_days"].median(), found.false_alarms, found.false_alarms / found.account_years,
    ]  # fmt: skip
    assert values == pytest.approx(numbers.tolist(), abs=1e-6)


@pytest.mark.parametrize(
    "row", table("weekly_capacity_expected").to_dict("records"), ids=lambda row: str(row["calls_a_week"])
)
def test_weekly_calls(row: dict[str, float]) -> None:
    found = weekly_reach(RUNS, ACCOUNTS, int(row["calls_a_week"]), lead_days=14, horizon_days=90)
    assert (found.calls, found.caught, found.arr_caught) == (
        row["calls"],
        row["churned_caught"],
        row["arr_caught"],
    )


def test_an_account_is_not_called_again_within_four_weeks() -> None:
    """One account, weekly runs for five weeks: called in the first and in the fifth."""
    days = pd.date_range("2026-06-01", periods=5, freq="7D")
    runs = pd.DataFrame({"account_id": "A", "as_of": days, "score": 10.0})
    accounts = pd.DataFrame(
        {"account_id": ["A"], "arr": [100.0], "churned_on": pd.to_datetime(["2026-08-01"])}
    )
    assert weekly_reach(runs, accounts, 3, lead_days=14, horizon_days=90).calls == 2
