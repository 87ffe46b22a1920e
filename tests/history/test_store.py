"""Snapshots in a real database of each kind: what goes in comes out exactly, or nothing goes in at all.

The oracle is the database itself, asked past our code, and what went in.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from books.made import AS_OF, ODD, alter, made, stored
from cscli.errors import SourceError
from cscli.history import append, previous_scores, previous_segments, read_snapshot, snapshot_days
from cscli.history.database.tables import SCHEMA_VERSION

HERE = Path()


def scores_at(url: str, day: dt.date) -> Mapping[str, float] | None:
    found = previous_scores(url, HERE, day)
    return found.scores if found else None


def test_what_goes_in_is_in_plain_tables(history_url: str) -> None:
    assert not append(history_url, HERE, made(A=ODD, B=None)).replaced
    (run,) = stored(history_url, "SELECT taken_at, inputs, metrics, overrides, relative FROM runs")
    inputs = [["accounts", "accounts.csv", "ab" * 32]]
    assert run == ("2026-01-31T22:30:00+00:00", inputs, ["a", "b", "c"], ["bands[0].from=75"], ["b"])
    query = "SELECT account_id, score, mrr, arr, data_coverage, capped_by FROM accounts ORDER BY account_id"
    found = stored(history_url, query)
    capped = ["scorecards[0].caps[0].when"]
    assert found == [("A", ODD, None, ODD, 1 / 3, capped), ("B", None, None, ODD, 1 / 3, capped)]
    sums = stored(history_url, "SELECT band, accounts, scored, score_sum, mrr, arr FROM run_bands")
    assert sums == [("watch", 2, 1, ODD, None, 2 * ODD)]


def test_the_same_day_again_replaces_its_snapshot_and_no_other(history_url: str) -> None:
    append(history_url, HERE, made(dt.date(2026, 1, 24), A=10, B=20))
    append(history_url, HERE, made(A=30, B=40))
    assert append(history_url, HERE, made(A=50)).replaced
    query = (
        "SELECT as_of, account_id, score FROM runs JOIN accounts USING (run_id) ORDER BY as_of, account_id"
    )
    found = stored(history_url, query)
    assert found == [("2026-01-24", "A", 10), ("2026-01-24", "B", 20), ("2026-01-31", "A", 50)]
    assert stored(history_url, "SELECT count(*) FROM run_columns WHERE name = 'account_id'") == [(2,)]
    assert stored(history_url, "SELECT sum(accounts) FROM run_bands") == [(3,)]


def test_the_snapshot_to_compare_with_is_at_least_six_days_older(history_url: str) -> None:
    assert previous_scores(history_url, HERE, AS_OF) is None
    append(history_url, HERE, made(dt.date(2026, 1, 18), A=1))
    append(history_url, HERE, made(dt.date(2026, 1, 25), A=2, B=None))
    append(history_url, HERE, made(dt.date(2026, 1, 26), A=3))
    assert scores_at(history_url, dt.date(2026, 1, 23)) is None
    assert scores_at(history_url, dt.date(2026, 1, 24)) == {"A": 1}
    assert scores_at(history_url, dt.date(2026, 1, 30)) == {"A": 1}
    assert scores_at(history_url, AS_OF) == {"A": 2}  # B had no score: there is nothing to compare
    assert scores_at(history_url, dt.date(2026, 2, 1)) == {"A": 3}


def test_snapshots_are_found_by_their_day(history_url: str) -> None:
    assert read_snapshot(history_url, HERE) is None
    assert snapshot_days(history_url, HERE) == ()
    first, last = dt.date(2026, 1, 18), dt.date(2026, 1, 25)
    append(history_url, HERE, made(last, A=2))
    append(history_url, HERE, made(first, A=1))
    assert snapshot_days(history_url, HERE) == (first, last)
    between = dt.date(2026, 1, 20)
    cases = [
        (read_snapshot(history_url, HERE), last),
        (read_snapshot(history_url, HERE, first), first),
        (read_snapshot(history_url, HERE, between), None),
        (read_snapshot(history_url, HERE, between, at_or_before=True), first),
        (read_snapshot(history_url, HERE, first - dt.timedelta(1), at_or_before=True), None),
    ]
    assert [found.as_of if found else None for found, _ in cases] == [day for _, day in cases]


def test_segments_are_those_of_the_run_before(history_url: str) -> None:
    append(history_url, HERE, made(B=1, A=2))
    assert previous_segments(history_url, HERE, AS_OF) is None
    found = previous_segments(history_url, HERE, AS_OF + dt.timedelta(1))
    assert found is not None
    assert found.by_account == {"B": {"touch": "high", "team": None}, "A": {"touch": "high", "team": None}}


def test_a_failed_insert_leaves_the_earlier_snapshot_whole(history_url: str) -> None:
    append(history_url, HERE, made(A=1, B=2))
    before = stored(history_url, "SELECT part, name, data FROM run_columns ORDER BY part, name")
    twice = made(A=8, B=9)
    twice = replace(twice, accounts=pd.concat([twice.accounts, twice.accounts.head(1)]))
    with pytest.raises(SourceError, match=r"history\.not_usable"):
        append(history_url, HERE, twice)
    found = stored(history_url, "SELECT account_id, score FROM accounts ORDER BY account_id")
    assert found == [("A", 1), ("B", 2)]
    assert stored(history_url, "SELECT count(*) FROM runs") == [(1,)]
    assert stored(history_url, "SELECT part, name, data FROM run_columns ORDER BY part, name") == before


def test_a_history_of_a_later_version_is_refused_and_left_alone(history_url: str) -> None:
    append(history_url, HERE, made(A=1))
    alter(history_url, "UPDATE cscli_schema SET version = 99")
    for use in (lambda: append(history_url, HERE, made(A=2)), lambda: read_snapshot(history_url, HERE)):
        with pytest.raises(SourceError) as caught:
            use()
        assert caught.value.problems[0].code == "history.newer"
        assert caught.value.problems[0].details == {"found": 99, "known": SCHEMA_VERSION}
    assert stored(history_url, "SELECT score FROM accounts") == [(1,)]


def test_a_snapshot_of_ten_thousand_accounts_is_stored_whole(history_url: str) -> None:
    append(history_url, HERE, made(AS_OF, **{f"A{at}": float(at % 100) for at in range(10_000)}))
    found = scores_at(history_url, AS_OF + dt.timedelta(days=6))
    assert found is not None
    assert len(found) == 10_000
    assert found["A9999"] == 99
