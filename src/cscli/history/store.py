"""Snapshots into the history, and the earlier scores that a new run compares itself with."""

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, desc, select

from cscli.analysis.snapshots import Snapshot
from cscli.history.call_lists import replace_list
from cscli.history.tables import accounts, exists, runs, transaction

CHANGE_DAYS = 6
"""A change is measured since the last snapshot at least so many days before."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot to compare with: its date, and score by account_id."""

    as_of: dt.date
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LastInputs:
    """What the exports looked like: `profiles` (as records, by source) of the last snapshot, of `as_of`; and
    `hashes` (SHA-256 by source) of the newest one at least `CHANGE_DAYS` days old, of `hashes_as_of`.
    """

    as_of: dt.date
    profiles: Mapping[str, Mapping[str, Any]]
    hashes_as_of: dt.date | None
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EarlierSegments:
    """Each account's name in every segmentation, and its `team`, by account_id, on the day `as_of`."""

    as_of: dt.date
    by_account: Mapping[str, Mapping[str, str | None]]


def append(url: str, folder: Path, snapshot: Snapshot) -> bool:
    """Stores `snapshot` in one transaction; True if it replaced one of the same as-of date."""
    as_of = snapshot.as_of.isoformat()
    with transaction(url, folder) as connection:
        replaced = connection.execute(select(runs.c.run_id).where(runs.c.as_of == as_of)).scalar()
        if replaced is not None:
            connection.execute(delete(accounts).where(accounts.c.run_id == replaced))
            connection.execute(delete(runs).where(runs.c.run_id == replaced))
        taken_at = snapshot.taken_at.astimezone(dt.UTC).isoformat(timespec="seconds")
        values = {
            "as_of": as_of,
            "taken_at": taken_at,
            "version": snapshot.version,
            "config_digest": snapshot.config_digest,
            "config_text": snapshot.config_text,
            "metrics": list(snapshot.metrics),
            "inputs": [list(entry) for entry in snapshot.inputs],
            "profiles": dict(snapshot.profiles),
        }
        run_id = connection.execute(runs.insert().values(**values).returning(runs.c.run_id)).scalar_one()
        rows = [{"run_id": run_id, **_row(row)} for row in snapshot.accounts.to_dict("records")]
        connection.execute(accounts.insert(), rows)
        if snapshot.call_list is not None:
            replace_list(connection, as_of, taken_at, snapshot.call_list)
    return replaced is not None


def previous_scores(url: str, folder: Path, as_of: dt.date) -> Previous | None:
    """The newest snapshot at least `CHANGE_DAYS` days before `as_of`, or None."""
    if not exists(url, folder):
        return None
    latest = (as_of - dt.timedelta(days=CHANGE_DAYS)).isoformat()
    with transaction(url, folder) as connection:
        newest = select(runs).where(runs.c.as_of <= latest).order_by(desc(runs.c.as_of)).limit(1)
        run = connection.execute(newest).mappings().first()
        if run is None:
            return None
        scores = select(accounts.c.account_id, accounts.c.score).where(accounts.c.run_id == run["run_id"])
        found = {row.account_id: row.score for row in connection.execute(scores) if row.score is not None}
    return Previous(dt.date.fromisoformat(run["as_of"]), found)


def previous_segments(url: str, folder: Path, as_of: dt.date) -> EarlierSegments | None:
    """The segments of the newest snapshot before `as_of`, or None."""
    if not exists(url, folder):
        return None
    with transaction(url, folder) as connection:
        newest = select(runs).where(runs.c.as_of < as_of.isoformat()).order_by(desc(runs.c.as_of)).limit(1)
        run = connection.execute(newest).mappings().first()
        if run is None:
            return None
        found = select(accounts.c.account_id, accounts.c.segments).where(accounts.c.run_id == run["run_id"])
        by_account = {row.account_id: row.segments for row in connection.execute(found)}
    return EarlierSegments(dt.date.fromisoformat(run["as_of"]), by_account)


def last_inputs(url: str, folder: Path, as_of: dt.date) -> LastInputs | None:
    """The inputs of the newest snapshot before `as_of`, or None."""
    if not exists(url, folder):
        return None
    day = as_of.isoformat()
    week_before = (as_of - dt.timedelta(days=CHANGE_DAYS)).isoformat()
    with transaction(url, folder) as connection:
        newest = select(runs.c.as_of, runs.c.profiles, runs.c.inputs).order_by(desc(runs.c.as_of)).limit(1)
        last = connection.execute(newest.where(runs.c.as_of < day)).first()
        earlier = connection.execute(newest.where(runs.c.as_of <= week_before)).first()
    if last is None:
        return None
    hashes = {source: sha256 for source, _, sha256 in earlier.inputs} if earlier else {}
    return LastInputs(
        dt.date.fromisoformat(last.as_of), last.profiles,
        dt.date.fromisoformat(earlier.as_of) if earlier else None, hashes,
    )  # fmt: skip


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as the database takes it: missing numbers as NULL, values of metrics as JSON."""
    plain = {
        str(key): None if isinstance(value, float) and math.isnan(value) else value
        for key, value in row.items()
    }
    plain["values"] = json.loads(json.dumps(plain["values"], default=str))
    return plain
