"""Goals against the worked example. Oracle: `tests/oracles/practice/goals_expected*.csv`, made by plain loops over the same ten goals."""

import datetime as dt

import numpy as np
import pandas as pd

from cscli.analysis.promises.goals import COUNTS, GoalSetting, goals_of_accounts, judge_goals
from places import PRACTICE

DATES = ("agreed_on", "due_on", "reviewed_on", "actual_on")


def judged() -> pd.DataFrame:
    given = pd.read_csv(PRACTICE / "goals_input.csv")
    dated = {name: pd.to_datetime(given[name]) for name in DATES}
    said = given["typed_status"].astype(object).where(given["typed_status"].notna(), None)
    before = (given["reached_before"] == "yes").to_numpy()
    goals = given.assign(
        **dated,
        typed_status=said,
        reached_before=before,
        next_review_on=pd.to_datetime(pd.Series([None] * len(given))),
    )
    return judge_goals(goals, GoalSetting(as_of=dt.date(2026, 10, 31)))


def test_progress_path_and_status_are_those_of_the_example() -> None:
    found, right = judged(), pd.read_csv(PRACTICE / "goals_expected.csv")
    assert found["status"].tolist() == right["status"].tolist()
    assert found["is_stale"].tolist() == right["stale"].tolist()
    assert found["measured_by"].tolist() == [None if pd.isna(how) else how for how in right["measured_by"]]
    np.testing.assert_allclose(
        found[["value", "progress", "path"]], right[["value", "progress", "path"]], atol=5e-7
    )


def test_what_each_account_needs_is_that_of_the_example() -> None:
    accounts = pd.read_csv(PRACTICE / "goals_accounts.csv")
    right = pd.read_csv(PRACTICE / "goals_expected_accounts.csv")
    found = goals_of_accounts(judged(), accounts["account_id"])
    np.testing.assert_allclose(found[list(COUNTS)], right[list(COUNTS)], atol=5e-7)
    assert found["needs"].tolist() == [None if pd.isna(need) else need for need in right["needs"]]
    assert found["current"].tolist() == right["current"].tolist()
    summary = pd.read_csv(PRACTICE / "goals_expected_summary.csv").set_index("measure")["value"]
    current = found["current"].to_numpy()
    assert abs(current.mean() - summary["share_of_accounts"]) < 5e-7
    assert abs(accounts["arr"][current].sum() / accounts["arr"].sum() - summary["share_of_arr"]) < 5e-7
