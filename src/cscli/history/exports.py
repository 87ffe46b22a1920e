"""All snapshots out of the history as plain tables, one run at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, desc, select

from cscli.history.courses import runs_since
from cscli.history.database.connection import reading
from cscli.history.database.tables import is_newest, run_columns, runs
from cscli.history.snapshots import read_accounts, read_part


@contextmanager
def exported(url: str, folder: Path, last: int | None = None) -> Iterator[Iterator[pd.DataFrame] | None]:
    """One table a run, ascending, of the `last` so many weeks; None where there is no history. All have the same
    columns: as_of, account_id, name, scorecard, score, score_before_caps, band, data_coverage, capped_by (joined by
    ;), mrr, arr, config_digest, every segmentation, and of every metric that any run had NAME and NAME_points.
    """
    with reading(url, folder) as connection:
        if connection is None:
            yield None
            return
        since = runs_since(connection, last)
        segments, metrics = (_names(connection, part, since) for part in ("segments", "values"))
        wanted = select(runs.c.run_id, runs.c.as_of, runs.c.config_digest)
        found = connection.execute(wanted.where(is_newest, runs.c.as_of > since).order_by(runs.c.as_of)).all()
        names = _Names(segments, metrics)
        yield (_table(connection, run, names) for run in found) if found else None


@dataclass(frozen=True, slots=True)
class _Names:
    segments: list[str]
    metrics: list[str]


def _names(connection: Connection, part: str, since: str) -> list[str]:
    """Those of the newest run, then what only earlier runs had."""
    here = run_columns.c
    wanted = select(here.name).join_from(run_columns, runs)
    wanted = wanted.where(is_newest, here.part == part, runs.c.as_of > since)
    return list(
        dict.fromkeys(connection.execute(wanted.order_by(desc(runs.c.as_of), here.position)).scalars())
    )


def _table(connection: Connection, run: Any, names: _Names) -> pd.DataFrame:
    part = {each: read_part(connection, run.run_id, each) for each in ("segments", "values", "points")}
    columns = read_part(connection, run.run_id, "columns", ("account_id", "name"))
    rows = read_accounts(connection, run.run_id, columns["account_id"])
    rows["capped_by"] = [";".join(keys) or None for keys in rows["capped_by"]]
    nothing = pd.Series(np.nan, index=rows.index)
    more = {name: part["segments"].get(name, nothing.astype(object)) for name in names.segments}
    for name in names.metrics:
        more[name] = part["values"].get(name, nothing)
        more[f"{name}_points"] = part["points"].get(name, nothing)
    before = {
        "as_of": pd.Series(pd.Timestamp(run.as_of), index=rows.index).astype("datetime64[us]"),
        "account_id": rows.pop("account_id"),
        "name": columns.get("name", nothing.astype(object)),
    }
    return pd.concat(
        [pd.DataFrame(before), rows.assign(config_digest=run.config_digest), pd.DataFrame(more)], axis=1
    )
