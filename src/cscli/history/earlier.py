"""What a new run compares itself with: earlier scores, segments and inputs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import desc, select

from cscli.history.database.connection import reading
from cscli.history.database.tables import accounts, is_newest, runs
from cscli.history.snapshots import read_part, segment_rows

CHANGE_DAYS = 6
"""A change is measured since the last snapshot at least so many days before."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot to compare with: its date, and score and band by account_id."""

    as_of: dt.date
    scores: Mapping[str, float]
    bands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LastInputs:
    """What the exports looked like: `profiles` (as records, by source) of the last snapshot, of `as_of`; and
    `hashes` (SHA-256 by source) of the newest one at least `CHANGE_DAYS` days old, of `hashes_as_of`.
    """

    as_of: dt.date
    profiles: Mapping[str, object]
    hashes_as_of: dt.date | None
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EarlierSegments:
    """Each account's name in every segmentation, and its `team`, by account_id, on the day `as_of`."""

    as_of: dt.date
    by_account: Mapping[str, Mapping[str, str | None]]


def previous_scores(url: str, folder: Path, as_of: dt.date) -> Previous | None:
    """The newest snapshot at least `CHANGE_DAYS` days before `as_of`, or None."""
    latest = (as_of - dt.timedelta(days=CHANGE_DAYS)).isoformat()
    with reading(url, folder) as connection:
        if connection is None:
            return None
        wanted = select(runs.c.run_id, runs.c.as_of).where(is_newest, runs.c.as_of <= latest)
        run = connection.execute(wanted.order_by(desc(runs.c.as_of)).limit(1)).first()
        if run is None:
            return None
        wanted = select(accounts.c.account_id, accounts.c.score, accounts.c.band)
        found = connection.execute(wanted.where(accounts.c.run_id == run.run_id)).all()
        scores = {row.account_id: float(row.score) for row in found if row.score is not None}
        return Previous(dt.date.fromisoformat(run.as_of), scores, {row.account_id: row.band for row in found})


def previous_segments(url: str, folder: Path, as_of: dt.date) -> EarlierSegments | None:
    """The segments of the newest snapshot before `as_of`, or None."""
    with reading(url, folder) as connection:
        if connection is None:
            return None
        wanted = select(runs.c.run_id, runs.c.as_of).where(is_newest, runs.c.as_of < as_of.isoformat())
        run = connection.execute(wanted.order_by(desc(runs.c.as_of)).limit(1)).first()
        if run is None:
            return None
        ids = read_part(connection, run.run_id, "columns", ("account_id",))["account_id"]
        segments = read_part(connection, run.run_id, "segments")
    by_account = dict(zip(ids, segment_rows(segments, len(ids)), strict=True))
    return EarlierSegments(dt.date.fromisoformat(run.as_of), by_account)


def last_inputs(url: str, folder: Path, as_of: dt.date) -> LastInputs | None:
    """The inputs of the newest snapshot before `as_of`, or None."""
    week_before = (as_of - dt.timedelta(days=CHANGE_DAYS)).isoformat()
    with reading(url, folder) as connection:
        if connection is None:
            return None
        wanted = select(runs.c.as_of, runs.c.profiles, runs.c.inputs).where(is_newest)
        wanted = wanted.order_by(desc(runs.c.as_of)).limit(1)
        last = connection.execute(wanted.where(runs.c.as_of < as_of.isoformat())).first()
        earlier = connection.execute(wanted.where(runs.c.as_of <= week_before)).first()
    if last is None:
        return None
    hashes = {source: sha256 for source, _, sha256 in earlier.inputs} if earlier else {}
    return LastInputs(
        dt.date.fromisoformat(last.as_of),
        last.profiles,
        dt.date.fromisoformat(earlier.as_of) if earlier else None,
        hashes,
    )
