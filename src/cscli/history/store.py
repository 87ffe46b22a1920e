"""Snapshots into the history."""

import datetime as dt
from pathlib import Path

from sqlalchemy import Connection, delete, select

from cscli.analysis.past.snapshots import Snapshot
from cscli.history.alerts import replace_alerts
from cscli.history.call_lists import replace_list
from cscli.history.database.connection import writing
from cscli.history.database.rows import insert_accounts, insert_columns
from cscli.history.database.tables import accounts, run_bands, run_columns, runs
from cscli.history.event_weeks import replace_weeks
from cscli.history.forecasts import add_forecasts

OF_A_RUN = (accounts, run_bands, run_columns, runs)
"""Tables with a run_id, in the order in which their rows go."""


def append(url: str, folder: Path, snapshot: Snapshot) -> bool:
    """Stores `snapshot` in one transaction; True if it replaced one of the same as-of date."""
    as_of = snapshot.as_of.isoformat()
    with writing(url, folder) as connection:
        replaced = connection.execute(select(runs.c.run_id).where(runs.c.as_of == as_of)).scalar()
        if replaced is not None:
            for table in OF_A_RUN:
                connection.execute(delete(table).where(table.c.run_id == replaced))
        run_id = _insert_run(connection, snapshot)
        insert_accounts(connection, run_id, snapshot.accounts)
        for part, frame in snapshot.parts().items():
            insert_columns(connection, run_id, part, frame)
        for source, weeks in snapshot.event_weeks.items():
            replace_weeks(connection, source, weeks)
        if snapshot.call_list is not None:
            replace_list(connection, as_of, _utc(snapshot.taken_at), snapshot.call_list)
        if snapshot.alerts is not None:
            replace_alerts(connection, as_of, snapshot.taken_at, snapshot.alerts)
        if snapshot.forecasts is not None:
            add_forecasts(connection, snapshot.as_of, snapshot.taken_at, snapshot.forecasts)
    return replaced is not None


def _insert_run(connection: Connection, snapshot: Snapshot) -> int:
    values = {
        "as_of": snapshot.as_of.isoformat(),
        "taken_at": _utc(snapshot.taken_at),
        "version": snapshot.version,
        "config_digest": snapshot.config_digest,
        "config_text": snapshot.config_text,
        "overrides": list(snapshot.overrides),
        "metrics": list(snapshot.metrics),
        "relative": list(snapshot.relative),
        "inputs": [list(entry) for entry in snapshot.inputs],
        "profiles": dict(snapshot.profiles),
    }
    added = runs.insert().values(**values).returning(runs.c.run_id)
    return int(connection.execute(added).scalar_one())


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
