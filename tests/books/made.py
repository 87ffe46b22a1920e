"""Snapshots for tests of the history, and a look into its database that uses none of its code."""

import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from sqlalchemy import make_url

from cscli.analysis.past.snapshots import Snapshot

AS_OF = dt.date(2026, 1, 31)
ODD = 0.1 + 0.2  # not a short decimal: must come back to the last bit


def made(as_of: dt.date = AS_OF, **scores: float | None) -> Snapshot:
    """A run in which each account has this score, known on its day."""
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
    values = pd.DataFrame({"a": [ODD], "b": [None], "c": ["重要"]}, index=ids.index, dtype=object)
    return Snapshot(
        as_of=as_of,
        taken_at=dt.datetime(2026, 2, 1, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))),
        known_on=as_of,
        known_on_told=True,
        version="1.0",
        config_text="version: 1",
        config_digest="c0ffee",
        overrides=("bands[0].from=75",),
        metrics=("a", "b", "c"),
        relative=("b",),
        inputs=(("accounts", "accounts.csv", "ab" * 32),),
        accounts=accounts,
        values=values.astype({"a": "float64", "b": "float64"}),
        points=np.tile([ODD, np.nan, 100.0], (len(ids), 1)),
        columns=ids,
    )


def stored(url: str, query: str) -> list[tuple[Any, ...]]:
    """What the database answers; JSON as values."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            found = connection.execute(query).fetchall()
        return [tuple(map(_parsed, row)) for row in found]
    with psycopg.connect(server_address(url)) as connection:
        return connection.execute(query).fetchall()


def alter(url: str, *statements: str) -> None:
    """Runs statements on the database, past our code."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(url).database))) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return
    with psycopg.connect(server_address(url)) as server:
        for statement in statements:
            server.execute(statement)


def server_address(url: str) -> str:
    """The URL as the driver takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _parsed(value: object) -> object:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
