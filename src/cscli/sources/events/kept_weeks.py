"""The weekly table of an earlier run: the weeks whose files are the same as then are taken from it."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from cscli.expressions.quoting import sql_file
from cscli.sources.events.shelf import Shelf
from cscli.sources.events.staging import StageFacts
from cscli.workspace.publish import flush_file, replace_file

NAME = "weeks.parquet"
_KEY = "files_key"
_FIRST = date(1970, 1, 5)
"""Weeks before this Monday are counted every time."""


def roll_up_weeks(
    folder: Path | None,
    stages: tuple[StageFacts, ...],
    shelf: Shelf,
    as_of: date,
    count: Callable[[str], pd.DataFrame],
) -> pd.DataFrame:
    """The weekly table, unsorted, of which `count` makes what is new from a stage. What `folder` keeps is used
    and brought up to date; None: nothing is kept.
    """
    everything = shelf.relation([name for stage in stages for name in stage.names])
    if folder is None:
        return count(everything)
    keys = _keys(stages, as_of)
    kept = _read(shelf.connection, folder / NAME, keys)
    if kept is None:
        found = count(everything)
    else:
        weeks = {week.date() for week in kept["week"].unique().tolist()}
        names = [name for stage in stages if not _is_known(stage, weeks) for name in stage.names]
        if not names:
            return kept
        days = ", ".join(f"DATE '{week}'" for week in sorted(weeks))
        new = f"(SELECT * FROM {shelf.relation(names)} WHERE CAST(DATE_TRUNC('week', day) AS DATE) NOT IN ({days}))"
        found = pd.concat([kept, count(new).astype(kept.dtypes)], ignore_index=True)
    _write(shelf, folder / NAME, found, keys)
    return found


def _keys(stages: Iterable[StageFacts], as_of: date) -> dict[date, str]:
    """For each week that is over, by its Monday: what stands for the files with days in it."""
    files: dict[date, list[str]] = {}
    for stage in stages:
        for week in _weeks(stage):
            if week + timedelta(days=6) <= as_of:
                files.setdefault(week, []).append(stage.sha256)
    return {
        week: hashlib.sha256(" ".join(sorted(names)).encode()).hexdigest() for week, names in files.items()
    }


def _weeks(stage: StageFacts) -> Iterable[date]:
    """The Mondays of the weeks that a stage reaches over."""
    if stage.first_day is None or stage.last_day is None:
        return ()
    first = max(_FIRST, date.fromisoformat(stage.first_day))
    monday = first - timedelta(days=first.weekday())
    last = min(date.fromisoformat(stage.last_day), date(2200, 1, 1))
    return (monday + timedelta(days=7 * number) for number in range(((last - monday).days // 7) + 1))


def _is_known(stage: StageFacts, weeks: set[date]) -> bool:
    is_old = stage.first_day is not None and stage.first_day < _FIRST.isoformat()
    return not is_old and all(week in weeks for week in _weeks(stage))


def _read(connection: duckdb.DuckDBPyConnection, path: Path, keys: dict[date, str]) -> pd.DataFrame | None:
    """The rows of weeks whose files are the same; None if there are none, or the file is damaged."""
    found = None
    if path.exists():
        with suppress(duckdb.Error):
            found = connection.execute(
                f"SELECT * FROM read_parquet({sql_file(str(path))}, hive_partitioning=false)"
            ).df()
    if found is None or _KEY not in found:
        return None
    wanted = pd.Series({pd.Timestamp(week): key for week, key in keys.items()}, dtype=object)
    same = found[found[_KEY].astype(object) == found["week"].map(wanted)].drop(columns=_KEY)
    return same if len(same) else None


def _write(shelf: Shelf, path: Path, weeks: pd.DataFrame, keys: dict[date, str]) -> None:
    wanted = pd.Series({pd.Timestamp(week): key for week, key in keys.items()}, dtype=object)
    over = weeks.assign(**{_KEY: weeks["week"].map(wanted)}).dropna(subset=[_KEY])
    shelf.connection.register("weeks_over", over)
    temporary = Path(shelf.put("SELECT * FROM weeks_over"))
    flush_file(temporary)
    replace_file(temporary, path)
