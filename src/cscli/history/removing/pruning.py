"""Old runs out of the history."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, select

from cscli.history.database.alert_tables import alert_days, alert_states
from cscli.history.database.connection import reading, vacuum, writing
from cscli.history.database.tables import at_risk, call_lists, event_weeks, is_evidence, is_newest, runs
from cscli.history.store import OF_A_RUN


@dataclass(frozen=True, slots=True)
class Pruned:
    """The as-of dates of the runs that went, or would go, and of those that stay; ascending. `evidence`: those that went
    and told what was known in time, which nothing brings back.
    """

    removed: tuple[dt.date, ...]
    kept: tuple[dt.date, ...]
    evidence: tuple[dt.date, ...] = ()


def prune(
    url: str, folder: Path, *, keep: int | None = None, since: dt.date | None = None, dry_run: bool = False
) -> Pruned:
    """Removes all runs but the newest `keep`, or those of before `since`, in one transaction, with the call lists,
    alerts and weeks of event logs of before the oldest run that stays; the newest run and the newest list always
    stay. Then the file becomes smaller. `dry_run`: nothing is changed.
    """
    if dry_run:
        with reading(url, folder) as connection:
            return _chosen(connection, keep, since) if connection else Pruned((), ())
    with writing(url, folder) as connection:
        chosen = _chosen(connection, keep, since)
        if chosen.removed:
            _remove(connection, chosen)
    if chosen.removed:
        vacuum(url, folder)
    return chosen


def _chosen(connection: Connection, keep: int | None, since: dt.date | None) -> Pruned:
    found = connection.execute(select(runs.c.as_of).where(is_newest).order_by(runs.c.as_of)).scalars().all()
    timely = connection.execute(select(runs.c.as_of).where(is_evidence)).scalars().all()
    days = [dt.date.fromisoformat(day) for day in found]
    first = max(len(days) - keep, 0) if keep is not None else 0
    if since is not None:
        first = sum(day < since for day in days)
    first = min(first, max(len(days) - 1, 0))
    lost = tuple(day for day in days[:first] if day.isoformat() in set(timely))
    return Pruned(tuple(days[:first]), tuple(days[first:]), lost)


def _remove(connection: Connection, chosen: Pruned) -> None:
    oldest = chosen.kept[0].isoformat()
    gone = select(runs.c.run_id).where(runs.c.as_of < oldest)
    for table in OF_A_RUN:
        connection.execute(delete(table).where(table.c.run_id.in_(gone)))
    for days, rows in ((call_lists, at_risk), (alert_days, alert_states)):
        newest = connection.execute(select(func.max(days.c.as_of))).scalar() or ""
        for table in (rows, days):
            connection.execute(delete(table).where(table.c.as_of < min(oldest, newest)))
    connection.execute(delete(event_weeks).where(event_weeks.c.week < oldest))
