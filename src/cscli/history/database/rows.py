"""Frames into the rows of the history."""

import math
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table

from cscli.history.database.blobs import encode
from cscli.history.database.tables import accounts, run_bands, run_columns


def insert_accounts(connection: Connection, run_id: int, table: pd.DataFrame) -> None:
    """The accounts of a run (of `Snapshot.accounts`), and their sums."""
    kept = [column.name for column in accounts.c if column.name != "run_id"]
    _insert(connection, accounts, table[kept].sort_values("account_id").assign(run_id=run_id))
    insert_bands(connection, run_id, table)


def insert_bands(connection: Connection, run_id: int, table: pd.DataFrame) -> None:
    """What the accounts of a run come to, by band; the same whatever their order."""
    rows = [
        {"run_id": run_id, "band": band, **_sums(part)} for band, part in table.groupby("band", sort=True)
    ]
    if rows:
        connection.execute(run_bands.insert(), rows)


def insert_columns(connection: Connection, run_id: int, part: str, frame: pd.DataFrame) -> None:
    """Each column of `frame` as one row."""
    rows = []
    for position, name in enumerate(frame.columns):
        kind, data = encode(frame[name])
        row = {"part": part, "name": name, "position": position, "kind": kind, "data": data}
        rows.append({"run_id": run_id, **row})
    if rows:
        connection.execute(run_columns.insert(), rows)


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as the database takes them: missing as NULL."""
    plain = frame.astype(object).where(frame.notna(), None)
    names = [str(name) for name in plain.columns]
    return [dict(zip(names, row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def _sums(part: pd.DataFrame) -> dict[str, Any]:
    scored = part["score"].notna()
    weighted = part[scored & part["mrr"].notna()]
    return {
        "accounts": len(part),
        "scored": int(scored.sum()),
        "score_sum": math.fsum(part["score"][scored]),
        "mrr": _total(part["mrr"]),
        "arr": _total(part["arr"]),
        "weighted_score_sum": math.fsum(weighted["score"] * weighted["mrr"]),
        "weight_sum": math.fsum(weighted["mrr"]),
    }


def _total(amounts: "pd.Series[float]") -> float | None:
    known = amounts.dropna()
    return math.fsum(known) if len(known) else None


def _insert(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    if len(frame):
        connection.execute(table.insert(), records(frame))
