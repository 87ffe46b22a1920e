"""Snapshots into the history."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update

from cscli.analysis.past.evidence import Take, choose_kept, known_by_clock
from cscli.analysis.past.snapshots import Snapshot
from cscli.history.alerts import queue_messages, replace_alerts
from cscli.history.call_lists import replace_list
from cscli.history.database.connection import writing
from cscli.history.database.rows import insert_accounts, insert_columns
from cscli.history.database.tables import accounts, promises, run_bands, run_columns, runs
from cscli.history.event_weeks import replace_weeks
from cscli.history.forecasts import add_forecasts
from cscli.history.promises import insert_promises

OF_A_RUN = (accounts, run_bands, run_columns, promises, runs)
"""Tables with a run_id, in the order in which their rows go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of a snapshot. `known_on`: as it is kept. `replaced`: whether one of the same as-of date went. `evidence`:
    when the evidence of that date was known, None where there is none; `is_evidence`: it is this one. `clock_back`: when the
    last run was, where the clock says that it is yet to come.
    """

    known_on: dt.date
    replaced: bool
    evidence: dt.date | None
    is_evidence: bool
    clock_back: dt.date | None


def append(url: str, folder: Path, snapshot: Snapshot) -> Stored:
    """Stores `snapshot` in one transaction. Of its as-of date it and the evidence stay (`analysis.past.evidence`)."""
    as_of = snapshot.as_of.isoformat()
    with writing(url, folder) as connection:
        last = None if snapshot.known_on_told else _last_taken(connection, snapshot)
        known_on = known_by_clock(snapshot.known_on, last)
        run_id = _insert_run(connection, snapshot, known_on)
        stored = _keep_two(connection, snapshot, run_id, known_on)
        if last is not None and last > snapshot.known_on:
            stored = replace(stored, clock_back=last)
        insert_accounts(connection, run_id, snapshot.accounts)
        for part, frame in snapshot.parts().items():
            insert_columns(connection, run_id, part, frame)
        if snapshot.promises is not None:
            insert_promises(connection, run_id, snapshot.promises)
        for source, weeks in snapshot.event_weeks.items():
            replace_weeks(connection, source, weeks)
        if snapshot.call_list is not None:
            replace_list(connection, as_of, _utc(snapshot.taken_at), snapshot.call_list)
        if snapshot.alerts is not None:
            replace_alerts(connection, as_of, snapshot.taken_at, snapshot.alerts)
        queue_messages(connection, snapshot.messages)
        if snapshot.forecasts is not None:
            add_forecasts(connection, snapshot.as_of, snapshot.taken_at, snapshot.forecasts)
    return stored


def _last_taken(connection: Connection, snapshot: Snapshot) -> dt.date | None:
    """The day of the last run of all, where `snapshot` is taken."""
    moment = connection.execute(select(func.max(runs.c.taken_at))).scalar()
    return dt.datetime.fromisoformat(moment).astimezone(snapshot.taken_at.tzinfo).date() if moment else None


def _keep_two(connection: Connection, snapshot: Snapshot, run_id: int, known_on: dt.date) -> Stored:
    """Of the runs of its day, those that stay get their flags, the others go."""
    as_of = snapshot.as_of
    found = connection.execute(
        select(runs.c.run_id, runs.c.known_on).where(runs.c.as_of == as_of.isoformat())
    ).all()
    takes = {row.run_id: Take(row.run_id, dt.date.fromisoformat(row.known_on)) for row in found}
    kept = choose_kept(as_of, tuple(takes.values()))
    gone = set(takes) - {kept.newest, kept.evidence}
    for table in OF_A_RUN:
        connection.execute(delete(table).where(table.c.run_id.in_(gone)))
    flags = (("is_newest", kept.newest), ("is_evidence", kept.evidence))
    for name, number in flags:  # first off, then on: a day has one of each
        here = runs.c.as_of == as_of.isoformat()
        connection.execute(update(runs).where(here, runs.c.run_id != number).values({name: 0}))
        connection.execute(update(runs).where(here, runs.c.run_id == number).values({name: 1}))
    return Stored(
        known_on=known_on,
        replaced=bool(gone),
        evidence=None if kept.evidence is None else takes[kept.evidence].known_on,
        is_evidence=kept.evidence == run_id,
        clock_back=None,
    )


def _insert_run(connection: Connection, snapshot: Snapshot, known_on: dt.date) -> int:
    values = {
        "as_of": snapshot.as_of.isoformat(),
        "taken_at": _utc(snapshot.taken_at),
        "known_on": known_on.isoformat(),
        "is_newest": 0,
        "is_evidence": 0,
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
