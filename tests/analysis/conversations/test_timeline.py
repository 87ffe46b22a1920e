"""One history of all departments against the worked example. Oracle: `tests/oracles/practice/timeline_expected*.csv`."""

import numpy as np
import pandas as pd

from cscli.analysis.conversations.timeline import last_contacts, one_history, silence
from places import PRACTICE

AS_OF = pd.Timestamp("2026-10-31")


def events() -> pd.DataFrame:
    given = pd.read_csv(PRACTICE / "timeline_events.csv", dtype=str)
    return pd.DataFrame({
        "account_id": given["account_id"], "at": pd.to_datetime(given["at"].str[:10]), "clock": given["at"].str[11:].fillna(""),
        "department": given["department"], "kind": given["kind"], "text": given["text"], "two_way": given["two_way"] == "yes",
    })  # fmt: skip


def test_ten_rows_are_seven_lines() -> None:
    right = pd.read_csv(PRACTICE / "timeline_expected.csv", dtype=str)
    found = one_history(events(), {"cs": {"mail"}})
    assert found.drop(columns="count").to_numpy().tolist() == right.drop(columns="count").to_numpy().tolist()
    assert found["count"].tolist() == right["count"].astype(float).tolist()


def test_last_contacts_are_those_of_the_example() -> None:
    right = pd.read_csv(PRACTICE / "timeline_expected_contacts.csv")
    found = last_contacts(events(), AS_OF)
    assert (
        found[["account_id", "department"]].to_numpy().tolist()
        == right[["account_id", "department"]].to_numpy().tolist()
    )
    assert found["last_two_way_on"].dt.strftime("%Y-%m-%d").tolist() == right["last_two_way_on"].tolist()
    assert found["days"].tolist() == right["days"].tolist()


def test_who_never_answered_is_silent_since_the_start_or_the_first_event() -> None:
    accounts = pd.DataFrame({
        "account_id": ["A0028", "NEW", "OLD"],
        "started_on": pd.to_datetime(["2020-01-01", "2026-10-01", "2020-01-01"]),
    })  # fmt: skip
    found = silence(events(), accounts, AS_OF)
    first = (AS_OF - events()["at"].min()).days
    assert found["days_silent"].tolist() == [26, 30, first]
    assert found["department"].tolist()[0] == "support"
    assert np.isnat(found["last_two_way_on"].to_numpy()[1])
