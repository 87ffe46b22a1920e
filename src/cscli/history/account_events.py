"""What the runs tell of one account: bands that changed, calls, alerts, and what people had noted by then."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
from sqlalchemy import Connection, select

from cscli.history.database.alert_tables import alert_states
from cscli.history.database.connection import reading
from cscli.history.database.tables import accounts, at_risk, is_newest, runs
from cscli.history.snapshots import read_part

EventKind = Literal["band", "called", "off_list", "alert", "cleared", "note", "next_step"]
_NOTED: tuple[EventKind, ...] = ("note", "next_step")
_NEW = ("new", "back")


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """`value`: the band, the playbook, why it went off the list, the alert's rule or what people noted; `before`: the band until then."""

    day: dt.date
    kind: EventKind
    value: str
    before: str = ""


def account_events(url: str, folder: Path, account_id: str, as_of: dt.date) -> list[AccountEvent]:
    """The events of the runs up to `as_of`, by day. A note counts from the run that first saw it as it is."""
    day = as_of.isoformat()
    with reading(url, folder) as connection:
        if connection is None:
            return []
        found = [
            *_bands(connection, account_id, day),
            *_calls(connection, account_id, day),
            *_alerts(connection, account_id, day),
            *_noted(connection, account_id, day),
        ]
    return sorted(found, key=lambda event: (event.day, event.kind))


def _bands(connection: Connection, account_id: str, day: str) -> Iterator[AccountEvent]:
    wanted = select(runs.c.as_of, accounts.c.band).join_from(accounts, runs)
    wanted = wanted.where(is_newest, accounts.c.account_id == account_id, runs.c.as_of <= day)
    before = None
    for as_of, band in connection.execute(wanted.order_by(runs.c.as_of)).all():
        if before is not None and band != before:
            yield AccountEvent(dt.date.fromisoformat(as_of), "band", band, before)
        before = band


def _calls(connection: Connection, account_id: str, day: str) -> Iterator[AccountEvent]:
    """On and off the call list: on with the first action, off with the reason."""
    columns = (at_risk.c.as_of, at_risk.c.status, at_risk.c.playbook, at_risk.c.why)
    wanted = select(*columns).where(at_risk.c.account_id == account_id, at_risk.c.as_of <= day)
    for as_of, status, playbook, why in connection.execute(wanted.order_by(at_risk.c.as_of)).all():
        if status in _NEW:
            yield AccountEvent(dt.date.fromisoformat(as_of), "called", playbook or "")
        elif status == "resolved":
            yield AccountEvent(dt.date.fromisoformat(as_of), "off_list", why or "")


def _alerts(connection: Connection, account_id: str, day: str) -> Iterator[AccountEvent]:
    columns = (alert_states.c.as_of, alert_states.c.rule, alert_states.c.status)
    wanted = select(*columns).where(
        alert_states.c.kind == "account", alert_states.c.subject == account_id, alert_states.c.as_of <= day
    )
    for as_of, rule, status in connection.execute(wanted.order_by(alert_states.c.as_of)).all():
        if status in ("new", "cleared"):
            kind: EventKind = "alert" if status == "new" else "cleared"
            yield AccountEvent(dt.date.fromisoformat(as_of), kind, rule)


def _noted(connection: Connection, account_id: str, day: str) -> Iterator[AccountEvent]:
    wanted = select(runs.c.run_id, runs.c.as_of).where(is_newest, runs.c.as_of <= day)
    last: dict[EventKind, str | None] = dict.fromkeys(_NOTED)
    for run_id, as_of in connection.execute(wanted.order_by(runs.c.as_of)).all():
        columns = read_part(connection, run_id, "columns", ("account_id", *_NOTED))
        row = columns[columns["account_id"] == account_id]
        for kind in _NOTED:
            value = row[kind].iloc[0] if len(row) and kind in row else None
            said = None if value is None or pd.isna(value) else str(value)
            if said is not None and said != last[kind]:
                yield AccountEvent(dt.date.fromisoformat(as_of), kind, said)
            last[kind] = said if len(row) else last[kind]
