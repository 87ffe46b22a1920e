"""Alerts into the history with the messages that tell of them, and those before a day out of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, select

from cscli.analysis.acting.alerts import CLEARED, KEY, AlertRecords, EarlierAlerts
from cscli.analysis.acting.messages import Message, Told, alert_key, digest_message, untold
from cscli.history.database.alert_tables import alert_days, alert_states, outbox, outbox_alerts
from cscli.history.database.connection import reading


def earlier_alerts(url: str, folder: Path, as_of: dt.date) -> EarlierAlerts:
    """The alerts that were on at the last run before `as_of`; none where there is no history yet."""
    with reading(url, folder) as connection:
        if connection is None:
            return EarlierAlerts()
        newest = select(func.max(alert_days.c.as_of)).where(alert_days.c.as_of < as_of.isoformat())
        last = connection.execute(newest).scalar()
        if last is None:
            return EarlierAlerts()
        columns = [*KEY, "since"]
        wanted = select(*(alert_states.c[name] for name in columns)).where(
            alert_states.c.as_of == last, alert_states.c.status != CLEARED
        )
        found = connection.execute(wanted.order_by(*(alert_states.c[name] for name in KEY))).all()
    table = pd.DataFrame([tuple(row) for row in found], columns=columns, dtype=object)
    since = pd.to_datetime(table["since"]).astype("datetime64[us]")
    return EarlierAlerts(dt.date.fromisoformat(last), table.assign(since=since))


def last_alerts_on(url: str, folder: Path) -> dt.date | None:
    """The newest day of which alerts are stored."""
    with reading(url, folder) as connection:
        if connection is None:
            return None
        found = connection.execute(select(func.max(alert_days.c.as_of))).scalar()
    return dt.date.fromisoformat(found) if found else None


def told_of(url: str, folder: Path, channel: str) -> Told:
    """The alerts of which `channel` has a message, sent or not."""
    with reading(url, folder) as connection:
        return {} if connection is None else _told_of(connection, channel)


def replace_alerts(connection: Connection, as_of: str, taken_at: dt.datetime, records: AlertRecords) -> None:
    """Stores the alerts of `as_of` in the place of earlier ones, and a message to each channel of those that it
    has not been told of.
    """
    connection.execute(delete(alert_states).where(alert_states.c.as_of == as_of))
    connection.execute(delete(alert_days).where(alert_days.c.as_of == as_of))
    connection.execute(alert_days.insert().values(as_of=as_of, taken_at=instant(taken_at)))
    rows = [{"as_of": as_of, **_row(row)} for row in records.states.to_dict("records")]
    if rows:
        connection.execute(alert_states.insert(), rows)
    for channel in records.outgoing:
        _queue(connection, channel, records, instant(taken_at))


def queue_messages(connection: Connection, messages: Iterable[Message]) -> None:
    """Puts each of them into the outbox that was never there."""
    for message in messages:
        if connection.execute(select(outbox.c.key).where(outbox.c.key == message.key)).first() is None:
            _insert(connection, message)


def instant(moment: dt.datetime) -> str:
    """A moment as the outbox keeps it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _queue(connection: Connection, channel: str, records: AlertRecords, created_at: str) -> None:
    alerts = untold(records.outgoing[channel], _told_of(connection, channel))
    if not alerts:
        return
    message = digest_message(channel, records.head, created_at, alerts)
    _insert(connection, message)
    rows = [
        {
            "key": alert_key(channel, entry),
            "message": message.key,
            "channel": channel,
            "rule": entry.rule,
            "kind": entry.kind,
            "subject": entry.subject,
            "since": entry.since,
        }
        for entry in alerts
    ]
    connection.execute(outbox_alerts.insert(), rows)


def _insert(connection: Connection, message: Message) -> None:
    values = {
        "key": message.key,
        "channel": message.channel,
        "as_of": message.as_of,
        "created_at": message.created_at,
        "facts": message.facts.record(),
        "state": message.state.value,
        "tries": message.tries,
        "next_try_at": message.next_try_at,
    }
    connection.execute(outbox.insert().values(**values))


def _told_of(connection: Connection, channel: str) -> Told:
    columns = (outbox_alerts.c.rule, outbox_alerts.c.kind, outbox_alerts.c.subject)
    wanted = select(*columns, func.max(outbox_alerts.c.since).label("since"))
    found = connection.execute(wanted.where(outbox_alerts.c.channel == channel).group_by(*columns))
    return {(row.rule, row.kind, row.subject): row.since for row in found}


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**{str(key): value for key, value in row.items()}, "since": row["since"].date().isoformat()}
