"""Milestones and their funnel against the worked example. Oracle: `tests/oracles/practice/journey_expected_*.csv`, made by plain
loops over the same ten accounts.
"""

import datetime as dt

import numpy as np
import pandas as pd

from cscli.analysis.promises.funnel import funnel
from cscli.analysis.promises.milestones import MilestoneFacts, Setting, follow, whole_states
from places import PRACTICE

AS_OF = dt.date(2026, 10, 31)
LIMITS = {"kickoff": 14, "cards_400": 62, "exec_report": 120}


def course() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The accounts and the long form."""
    accounts = pd.read_csv(PRACTICE / "journey_accounts.csv", keep_default_na=False)
    frame = pd.DataFrame({
        "account_id": accounts["account_id"],
        "start": pd.to_datetime(accounts["started_on"]),
        "churned_on": pd.to_datetime(accounts["churned_on"].replace("", None)),
    })  # fmt: skip
    given = [
        MilestoneFacts(
            name=name,
            days=days,
            reached_on=pd.to_datetime(accounts[f"{name}_on"].replace("", None)).to_numpy("datetime64[D]"),
            undated=np.zeros(len(accounts), dtype=bool),
            watched=np.ones(len(accounts), dtype=bool),
            exempt=(
                (accounts["waived"] == name) | ((name == "exec_report") & (accounts["touch"] != "high"))
            ).to_numpy(),
        )
        for name, days in LIMITS.items()
    ]
    return accounts, follow(frame, given, Setting(AS_OF, 7))


def expected(name: str) -> pd.DataFrame:
    return pd.read_csv(PRACTICE / f"journey_expected_{name}.csv")


def test_the_status_of_each_milestone_is_that_of_the_example() -> None:
    accounts, found = course()
    right = expected("milestones")
    assert accounts["account_id"].iloc[found["row"]].tolist() == right["account_id"].tolist()
    assert found["milestone"].tolist() == right["milestone"].tolist()
    assert found["status"].tolist() == right["status"].tolist()
    for name in ("due_on", "reached_on"):
        pd.testing.assert_series_equal(
            found[name].dt.date, pd.to_datetime(right[name]).dt.date, check_names=False, check_dtype=False
        )
    np.testing.assert_array_equal(found[["days", "days_late"]], right[["days", "days_late"]].astype(float))


def test_the_state_of_the_whole_standard_is_that_of_the_example() -> None:
    accounts, found = course()
    states, right = whole_states(found, len(accounts), "cards_400"), expected("accounts")
    assert states["state"].tolist() == right["onboarding_state"].tolist()
    columns = ["overdue", "days_late", "days_to_value"]
    np.testing.assert_array_equal(states[columns].to_numpy(), right[columns].astype(float).to_numpy())


def test_the_funnel_and_the_median_days_are_those_of_the_example() -> None:
    _, found = course()
    right = expected("funnel")
    names = found["milestone"].to_numpy(dtype=object)
    steps = funnel(found, pd.Timestamp(AS_OF), list(LIMITS), names)
    assert steps["key"].tolist() == right["milestone"].tolist()
    measures = right.columns[1:]
    np.testing.assert_allclose(steps[measures].astype(float), right[measures].astype(float), atol=5e-7)
