"""Snapshots in SQLite: what goes in comes out exactly, or nothing goes in at all."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.snapshots import Snapshot
from cscli.errors import SourceError
from cscli.history import append, previous_scores

URL = "sqlite:///.cscli/history.db"
AS_OF = dt.date(2026, 1, 31)
ODD = 0.1 + 0.2  # not a short decimal: must come back to the last bit


def snapshot(as_of: dt.date = AS_OF, **scores: float | None) -> Snapshot:
    """A run in which each account has this score."""
    accounts = pd.DataFrame(
        {
            "account_id": pd.Series(list(scores), dtype=object),
            "scorecard": pd.Series(["all"] * len(scores), dtype=object),
            "score": pd.Series(list(scores.values()), dtype="float64"),
            "score_before_caps": pd.Series(list(scores.values()), dtype="float64"),
            "band": pd.Series(["watch"] * len(scores), dtype=object),
            "data_coverage": pd.Series([1 / 3] * len(scores), dtype="float64"),
            "capped_by": [["scorecards[0].caps[0].when"]] * len(scores),
            "segments": [{"touch": "high", "team": None}] * len(scores),
            "mrr": pd.Series([None] * len(scores), dtype="float64"),
            "arr": pd.Series([ODD] * len(scores), dtype="float64"),
        }
    )
    ids = accounts[["account_id"]]
    values = pd.DataFrame(
        {"a": [ODD] * len(ids), "b": [None] * len(ids), "c": ["重要"] * len(ids)}, dtype=object
    )
    return Snapshot(
        as_of=as_of,
        taken_at=dt.datetime(2026, 2, 1, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))),
        version="1.0",
        config_text="version: 1",
        config_digest="c0ffee",
        metrics=("a", "b", "c"),
        inputs=(("accounts", "accounts.csv", "ab" * 32),),
        accounts=accounts,
        values=values.astype({"a": "float64", "b": "float64"}),
        points=np.tile([ODD, np.nan, 100.0], (len(ids), 1)),
        columns=ids,
    )


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What the database holds, read without any of our code."""
    connection = sqlite3.connect(folder / ".cscli" / "history.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def scores_at(folder: Path, day: dt.date) -> Mapping[str, float] | None:
    found = previous_scores(URL, folder, day)
    return found.scores if found else None


def test_what_goes_in_is_in_plain_tables(tmp_path: Path) -> None:
    assert append(URL, tmp_path, snapshot(A=ODD, B=None)) is False
    ((taken, inputs, metrics),) = rows(tmp_path, "SELECT taken_at, inputs, metrics FROM runs")
    assert taken == "2026-01-31T22:30:00+00:00"
    assert inputs == f'[["accounts", "accounts.csv", "{"ab" * 32}"]]'
    assert metrics == '["a", "b", "c"]'
    found = rows(tmp_path, "SELECT account_id, score, mrr, arr, data_coverage, capped_by FROM accounts")
    capped = '["scorecards[0].caps[0].when"]'
    assert found == [("A", ODD, None, ODD, 1 / 3, capped), ("B", None, None, ODD, 1 / 3, capped)]
    sums = rows(tmp_path, "SELECT band, accounts, scored, score_sum, mrr, arr FROM run_bands")
    assert sums == [("watch", 2, 1, ODD, None, 2 * ODD)]


def test_the_same_day_again_replaces_its_snapshot_and_no_other(tmp_path: Path) -> None:
    append(URL, tmp_path, snapshot(dt.date(2026, 1, 24), A=10, B=20))
    append(URL, tmp_path, snapshot(A=30, B=40))
    assert append(URL, tmp_path, snapshot(A=50)) is True
    found = rows(
        tmp_path,
        "SELECT as_of, account_id, score FROM runs JOIN accounts USING (run_id) ORDER BY as_of, account_id",
    )
    assert found == [("2026-01-24", "A", 10), ("2026-01-24", "B", 20), ("2026-01-31", "A", 50)]


def test_the_snapshot_to_compare_with_is_at_least_six_days_older(tmp_path: Path) -> None:
    assert previous_scores(URL, tmp_path, AS_OF) is None
    assert not (tmp_path / ".cscli").exists()  # asking creates nothing
    append(URL, tmp_path, snapshot(dt.date(2026, 1, 18), A=1))
    append(URL, tmp_path, snapshot(dt.date(2026, 1, 25), A=2, B=None))
    append(URL, tmp_path, snapshot(dt.date(2026, 1, 26), A=3))
    assert scores_at(tmp_path, dt.date(2026, 1, 23)) is None
    assert scores_at(tmp_path, dt.date(2026, 1, 24)) == {"A": 1}
    assert scores_at(tmp_path, dt.date(2026, 1, 30)) == {"A": 1}
    assert scores_at(tmp_path, AS_OF) == {"A": 2}  # B had no score: there is nothing to compare
    assert scores_at(tmp_path, dt.date(2026, 2, 1)) == {"A": 3}


def test_a_failed_insert_leaves_the_earlier_snapshot_whole(tmp_path: Path) -> None:
    append(URL, tmp_path, snapshot(A=1, B=2))
    twice = snapshot(A=8, B=9)
    twice = replace(twice, accounts=pd.concat([twice.accounts, twice.accounts.head(1)]))
    with pytest.raises(SourceError, match=r"history\.not_usable"):
        append(URL, tmp_path, twice)
    assert rows(tmp_path, "SELECT account_id, score FROM accounts ORDER BY account_id") == [
        ("A", 1),
        ("B", 2),
    ]
    assert rows(tmp_path, "SELECT count(*) FROM runs") == [(1,)]


def test_a_history_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    append(URL, tmp_path, snapshot(A=1))
    connection = sqlite3.connect(tmp_path / ".cscli" / "history.db")
    with connection:
        connection.execute("UPDATE cscli_schema SET version = 99")
    connection.close()
    with pytest.raises(SourceError) as caught:
        append(URL, tmp_path, snapshot(A=2))
    assert caught.value.problems[0].code == "history.newer"
    assert caught.value.problems[0].details == {"found": 99, "known": 2}
    assert rows(tmp_path, "SELECT score FROM accounts") == [(1,)]


@pytest.mark.parametrize("content", [None, b"this is no database, whatever its name says"])
def test_a_place_that_cannot_be_a_database_is_an_error_with_its_reason(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is None:
        (tmp_path / ".cscli").write_text("a file where the folder should be")
    else:
        (tmp_path / ".cscli").mkdir()
        (tmp_path / ".cscli" / "history.db").write_bytes(content)
    with pytest.raises(SourceError) as caught:
        append(URL, tmp_path, snapshot(A=1))
    assert caught.value.problems[0].code == ("history.damaged" if content else "history.not_usable")
    assert caught.value.problems[0].details["reason"]


@pytest.mark.parametrize("url", ["nonsense", "postgresql+nodriver://ann:s3cret@db/book"])
def test_a_url_that_leads_nowhere_is_an_error_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        append(url, tmp_path, snapshot(A=1))
    assert "s3cret" not in repr(caught.value.problems)


def test_a_snapshot_of_ten_thousand_accounts_is_stored_in_parts(tmp_path: Path) -> None:
    append(URL, tmp_path, snapshot(AS_OF, **{f"A{at}": float(at % 100) for at in range(10_000)}))
    found = scores_at(tmp_path, AS_OF + dt.timedelta(days=6))
    assert found is not None
    assert len(found) == 10_000
    assert found["A9999"] == 99
