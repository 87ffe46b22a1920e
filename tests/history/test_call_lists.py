"""Call lists in a database of each kind: what was listed and what was resolved comes back, whatever day is asked for."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from cscli.history import earlier_lists, listed_actions
from cscli.history.call_lists import replace_list
from cscli.history.database.connection import writing
from cscli.history.database.tables import schema

HERE = Path()
DAYS = [dt.date(2026, 10, day) for day in (1, 8, 15)]


def records(day: dt.date, **statuses: str) -> pd.DataFrame:
    rows = [
        {
            "account_id": key, "name": f"会社 {key}", "owner": None, "band": "watch", "score": 0.1 + 0.2,
            "arr": float("nan"), "arr_at_risk": 5.0, "since": pd.Timestamp(day), "status": status,
            "renews_on": pd.NaT, "playbook": None, "due_from": pd.Timestamp(day),
            "why": {"resolved": "rule", "left": "left"}.get(status),
        }
        for key, status in statuses.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, dtype=object).replace({"status": {"left": "resolved"}})


def store(url: str, day: dt.date, table: pd.DataFrame) -> None:
    with writing(url, HERE) as connection:
        replace_list(connection, day.isoformat(), "2026-10-31T00:00:00+00:00", table)


@pytest.fixture
def lists(history_url: str) -> str:
    store(history_url, DAYS[0], records(DAYS[0], A="new", B="new", C="new"))
    store(history_url, DAYS[1], records(DAYS[1], A="ongoing", B="resolved", C="left"))
    store(history_url, DAYS[2], records(DAYS[2], A="resolved"))
    return history_url


def test_no_history_is_no_list(history_url: str) -> None:
    assert earlier_lists(history_url, HERE, DAYS[0]).as_of is None


def test_lists_of_the_day_itself_and_later_do_not_count(lists: str) -> None:
    assert earlier_lists(lists, HERE, DAYS[0]).as_of is None
    found = earlier_lists(lists, HERE, DAYS[1])
    assert found.as_of == DAYS[0]
    assert found.last["account_id"].tolist() == ["A", "B", "C"]
    assert found.resolved_on == {}


def test_values_come_back_exactly(lists: str) -> None:
    row = earlier_lists(lists, HERE, DAYS[1]).last.iloc[0]
    assert (row["name"], row["owner"], row["score"], row["arr_at_risk"]) == ("会社 A", None, 0.1 + 0.2, 5.0)
    assert pd.isna(row["arr"])
    assert row["since"] == pd.Timestamp(DAYS[0])


def test_who_left_is_not_resting(lists: str) -> None:
    found = earlier_lists(lists, HERE, DAYS[2])
    assert found.last["account_id"].tolist() == ["A"]
    assert found.resolved_on == {"B": DAYS[1]}
    assert found.ever == {"A", "B", "C"}


def test_an_empty_list_is_a_list(lists: str) -> None:
    found = earlier_lists(lists, HERE, dt.date(2026, 10, 31))
    assert (found.as_of, len(found.last)) == (DAYS[2], 0)
    assert found.resolved_on == {"A": DAYS[2], "B": DAYS[1]}


def test_the_same_day_again_replaces_its_list(lists: str) -> None:
    store(lists, DAYS[0], records(DAYS[0], Z="new"))
    assert earlier_lists(lists, HERE, DAYS[1]).last["account_id"].tolist() == ["Z"]


def test_the_first_day_of_an_action_counts_in_the_present_stay_alone(history_url: str) -> None:
    """A has Train, Renew, then Train again in one stay; B came back on the second day, and was on the list before."""
    for day, play in zip(DAYS, ("Train", "Renew", "Train"), strict=True):
        table = records(DAYS[0], A="ongoing").assign(playbook=play, due_from=pd.Timestamp(day))
        other = records(DAYS[0] if day == DAYS[0] else DAYS[1], B="ongoing")
        other = other.assign(playbook="Train", due_from=pd.Timestamp(day))
        store(history_url, day, pd.concat([table, other], ignore_index=True))
    found = earlier_lists(history_url, HERE, dt.date(2026, 10, 31)).due_from
    assert found == {("A", "Train"): DAYS[0], ("A", "Renew"): DAYS[1], ("B", "Train"): DAYS[1]}


def test_lists_of_before_version_5_are_read(lists: str) -> None:
    with writing(lists, HERE) as connection:
        for name in ("renews_on", "playbook", "due_from"):
            connection.exec_driver_sql(f"ALTER TABLE at_risk DROP COLUMN {name}")
        connection.execute(schema.update().values(version=4))
    with writing(lists, HERE):
        pass
    found = earlier_lists(lists, HERE, DAYS[1])
    assert found.last["account_id"].tolist() == ["A", "B", "C"]
    assert found.due_from == {}


def test_actions_of_all_lists(history_url: str) -> None:
    """By hand: `call` is A's action on the first two lists, `visit` on the third; B is off from the second on."""
    plays = [{"A": "call", "B": "call"}, {"A": "call"}, {"A": "visit"}]
    for day, actions in zip(DAYS, plays, strict=True):
        table = records(day, **dict.fromkeys(actions, "ongoing"))
        table = table.assign(playbook=list(actions.values()), since=pd.Timestamp(DAYS[0]))
        store(history_url, day, table.assign(due_from=pd.Timestamp(DAYS[0] if day < DAYS[2] else day)))
    found = listed_actions(history_url, HERE, dt.date(2026, 10, 31))
    days = found[["due_from", "last_on", "gone_on"]].apply(lambda each: each.dt.day)
    assert list(zip(found["account_id"], found["playbook"], strict=True)) == [
        ("A", "call"),
        ("A", "visit"),
        ("B", "call"),
    ]
    assert days.astype("float64").fillna(0).to_numpy().tolist() == [[1, 8, 15], [15, 15, 0], [1, 1, 8]]
    early = listed_actions(history_url, HERE, DAYS[0])
    assert early["gone_on"].isna().all()
    assert len(early) == 2
