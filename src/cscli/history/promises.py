"""Milestones and goals as runs knew them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Select, desc, insert, select

from cscli.history.database.connection import reading
from cscli.history.database.tables import is_newest, promises, runs

COLUMNS = ("account_id", "kind", "name", "status", "reached_on", "value")
_AT_ONCE = 5_000


def insert_promises(connection: Connection, run_id: int, table: pd.DataFrame) -> None:
    """`COLUMNS` of a run; reached_on datetime64, value float64."""
    days = table["reached_on"].dt.strftime("%Y-%m-%d")
    frame = table.assign(
        reached_on=days.astype(object).where(days.notna(), None), value=table["value"].astype(object)
    )
    frame = frame.assign(value=frame["value"].where(table["value"].notna(), None), run_id=run_id)
    rows = [
        {str(name): value for name, value in row.items()}
        for row in frame[["run_id", *COLUMNS]].to_dict("records")
    ]
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(promises), rows[start : start + _AT_ONCE])


def first_followed(url: str, folder: Path, names: Iterable[str], as_of: dt.date) -> dict[str, dt.date]:
    """By milestone of `names`, the day of the first run up to `as_of` that followed it; without those that none did."""
    with reading(url, folder) as connection:
        if connection is None:
            return {}
        days = {name: connection.execute(_first_run(name, as_of)).scalar() for name in names}
    return {name: dt.date.fromisoformat(day) for name, day in days.items() if day is not None}


def _first_run(name: str, as_of: dt.date) -> Select[str]:
    mine = (promises.c.run_id == runs.c.run_id) & (promises.c.kind == "milestone") & (promises.c.name == name)
    wanted = select(runs.c.as_of).where(
        runs.c.as_of <= as_of.isoformat(), select(promises.c.name).where(mine).exists()
    )
    return wanted.order_by(runs.c.as_of).limit(1)


def earlier_promises(url: str, folder: Path, as_of: dt.date) -> tuple[dt.date, pd.DataFrame] | None:
    """The day and the promises (`COLUMNS`, reached_on datetime64[us]) of the newest run before `as_of` that knew any; None where there is none."""
    known = select(promises.c.run_id).where(promises.c.run_id == runs.c.run_id).exists()
    wanted = select(runs.c.run_id, runs.c.as_of).where(runs.c.as_of < as_of.isoformat(), is_newest, known)
    with reading(url, folder) as connection:
        run = connection.execute(wanted.order_by(desc(runs.c.as_of)).limit(1)).first() if connection else None
        if connection is None or run is None:
            return None
        names = [promises.c[name] for name in COLUMNS]
        found = connection.execute(select(*names).where(promises.c.run_id == run.run_id)).all()
        table = pd.DataFrame([tuple(row) for row in found], columns=list(COLUMNS), dtype=object)
        reached = pd.to_datetime(table["reached_on"]).astype("datetime64[us]")
        return dt.date.fromisoformat(run.as_of), table.assign(
            reached_on=reached, value=table["value"].astype("float64")
        )
