"""What the first run that had an account knew of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from cscli.history.database.connection import reading
from cscli.history.database.tables import is_newest, runs
from cscli.history.snapshots import read_part


def first_seen(
    url: str, folder: Path, before: dt.date, names: Sequence[str]
) -> list[tuple[dt.date, pd.DataFrame]]:
    """By run up to and including `before`, ascending: its day, and account_id and the columns of `names` that it kept, of the accounts that no earlier
    run had.
    """
    return list(_first_seen(url, folder, before, names))


def _first_seen(
    url: str, folder: Path, before: dt.date, names: Sequence[str]
) -> Iterator[tuple[dt.date, pd.DataFrame]]:
    seen: set[str] = set()
    wanted = select(runs.c.run_id, runs.c.as_of).where(is_newest, runs.c.as_of <= before.isoformat())
    with reading(url, folder) as connection:
        if connection is None:
            return
        for run in connection.execute(wanted.order_by(runs.c.as_of)).all():
            ids = read_part(connection, run.run_id, "columns", ("account_id",))
            new = ~ids["account_id"].isin(list(seen)).to_numpy(bool)
            if new.any():
                columns = read_part(connection, run.run_id, "columns", ("account_id", *names))
                seen.update(ids["account_id"])
                yield dt.date.fromisoformat(run.as_of), columns[new].reset_index(drop=True)
