"""Snapshots out of the history, exactly as they went in."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, Text, cast, desc, select

from cscli.analysis.past.snapshots import StoredSnapshot
from cscli.history.database.blobs import decode
from cscli.history.database.connection import reading
from cscli.history.database.tables import accounts as account_rows
from cscli.history.database.tables import is_evidence, is_newest, run_columns, runs

_TEXTS = ("account_id", "scorecard", "band", "capped_by")


def read_snapshot(
    url: str, folder: Path, as_of: dt.date | None = None, *, at_or_before: bool = False
) -> StoredSnapshot | None:
    """The snapshot of `as_of`, or the newest `at_or_before` it; the newest of all without a date. None where there
    is none. Of a day it is the last that was stored.
    """
    wanted = select(runs).where(is_newest).order_by(desc(runs.c.as_of)).limit(1)
    if as_of is not None:
        day = as_of.isoformat()
        wanted = wanted.where(runs.c.as_of <= day if at_or_before else runs.c.as_of == day)
    with reading(url, folder) as connection:
        run = connection.execute(wanted).first() if connection else None
        return _snapshot(connection, run) if connection and run else None


def read_evidence(url: str, folder: Path, as_of: dt.date) -> StoredSnapshot | None:
    """The snapshot of what was known in time at `as_of`; None where there is none (`analysis.past.evidence`)."""
    wanted = select(runs).where(is_evidence, runs.c.as_of == as_of.isoformat())
    with reading(url, folder) as connection:
        run = connection.execute(wanted).first() if connection else None
        return _snapshot(connection, run) if connection and run else None


def evidence_days(url: str, folder: Path) -> tuple[dt.date, ...]:
    """The as-of dates of all snapshots that are evidence, ascending."""
    return _days(url, folder, is_evidence)


def snapshot_days(url: str, folder: Path) -> tuple[dt.date, ...]:
    """The as-of dates of all snapshots, ascending."""
    return _days(url, folder, is_newest)


def _days(url: str, folder: Path, wanted: "ColumnElement[bool]") -> tuple[dt.date, ...]:
    with reading(url, folder) as connection:
        if connection is None:
            return ()
        found = connection.execute(select(runs.c.as_of).where(wanted).order_by(runs.c.as_of)).scalars().all()
        return tuple(map(dt.date.fromisoformat, found))


def read_part(
    connection: Connection, run_id: int, part: str, names: Sequence[str] | None = None
) -> pd.DataFrame:
    """The columns (or those of `names`) of one part of a run: columns, values, points or segments."""
    here = run_columns.c
    wanted = select(here.name, here.kind, here.data).where(here.run_id == run_id, here.part == part)
    if names is not None:
        wanted = wanted.where(here.name.in_(names))
    found = connection.execute(wanted.order_by(here.position)).all()
    return pd.DataFrame({row.name: decode(row.kind, row.data) for row in found})


def read_accounts(connection: Connection, run_id: int, ids: "pd.Series[str]") -> pd.DataFrame:
    """The rows of `accounts` of a run, in the order of `ids`, which is that of the run."""
    kept = [column for column in account_rows.c if column.name != "run_id"]
    # Twenty thousand lists, of which a handful differ: each is parsed once.
    plain = [
        cast(column, Text).label(column.name) if column.name == "capped_by" else column for column in kept
    ]
    found = connection.execute(select(*plain).where(account_rows.c.run_id == run_id)).all()
    names = [column.name for column in kept]
    table = pd.DataFrame([tuple(row) for row in found], columns=names, dtype=object)
    parsed = {text: json.loads(text) for text in table["capped_by"].unique()}
    table["capped_by"] = [parsed[text] for text in table["capped_by"]]
    table = table.set_index("account_id", drop=False).reindex(ids).reset_index(drop=True)
    return table.astype({name: "float64" for name in table.columns if name not in _TEXTS})


def segment_rows(segments: pd.DataFrame, rows: int) -> list[dict[str, str | None]]:
    """The part `segments` as one mapping an account."""
    if segments.empty:
        return [{} for _ in range(rows)]
    names, columns = segments.columns.tolist(), (segments[name].tolist() for name in segments.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _snapshot(connection: Connection, run: "Row[Any]") -> StoredSnapshot:
    parts = {
        part: read_part(connection, run.run_id, part) for part in ("columns", "values", "points", "segments")
    }
    columns = parts["columns"]
    accounts = read_accounts(connection, run.run_id, columns["account_id"])
    accounts.insert(
        list(accounts.columns).index("mrr"), "segments", segment_rows(parts["segments"], len(columns))
    )
    return StoredSnapshot(
        as_of=dt.date.fromisoformat(run.as_of),
        taken_at=dt.datetime.fromisoformat(run.taken_at),
        known_on=dt.date.fromisoformat(run.known_on),
        version=run.version,
        config_text=run.config_text,
        config_digest=run.config_digest,
        overrides=tuple(run.overrides),
        metrics=tuple(run.metrics),
        relative=tuple(run.relative),
        inputs=tuple((source, file, sha256) for source, file, sha256 in run.inputs),
        accounts=accounts,
        values=parts["values"],
        points=parts["points"].to_numpy(np.float64).reshape(len(columns), len(run.metrics)),
        columns=columns,
    )
