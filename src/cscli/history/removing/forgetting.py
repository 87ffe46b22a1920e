"""A run, or an account, out of the history for good."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, func, select

from cscli.history.database.alert_tables import alert_days, alert_states, outbox, outbox_alerts
from cscli.history.database.connection import reading, vacuum, writing
from cscli.history.database.outreach_tables import outreach_messages
from cscli.history.database.rows import insert_bands, insert_columns
from cscli.history.database.tables import (
    accounts,
    at_risk,
    call_lists,
    event_weeks,
    forecasts,
    promises,
    run_bands,
    run_columns,
    runs,
)
from cscli.history.outgoing.ledger import forget_account_messages
from cscli.history.snapshots import read_part
from cscli.history.store import OF_A_RUN

ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much goes: snapshots of runs, rows of accounts, of call lists, of alerts, of weeks, of forecasts, alerts' messages, and messages
    to the customer.
    """

    runs: int
    accounts: int
    calls: int
    alerts: int
    weeks: int
    forecasts: int
    messages: int
    outreach: int = 0

    def __bool__(self) -> bool:
        return any(
            (
                self.runs,
                self.accounts,
                self.calls,
                self.alerts,
                self.weeks,
                self.forecasts,
                self.messages,
                self.outreach,
            )
        )


NOTHING = Forgotten(runs=0, accounts=0, calls=0, alerts=0, weeks=0, forecasts=0, messages=0)
"""Where there is no history."""


def forget_day(url: str, folder: Path, day: dt.date, *, dry_run: bool = False) -> Forgotten:
    """Removes the run of that day with its call list, its alerts, their messages and its forecasts, in one transaction."""
    as_of = day.isoformat()
    with reading(url, folder) as connection:
        found = _of_day(connection, as_of) if connection else NOTHING
    if not found or dry_run:
        return found
    with writing(url, folder) as connection:
        found = _of_day(connection, as_of)
        gone = select(runs.c.run_id).where(runs.c.as_of == as_of)
        for table in OF_A_RUN:
            connection.execute(delete(table).where(table.c.run_id.in_(gone)))
        messages = select(outbox.c.key).where(outbox.c.as_of == as_of)
        connection.execute(delete(outbox_alerts).where(outbox_alerts.c.message.in_(messages)))
        for table in (at_risk, call_lists, alert_states, alert_days, outbox):
            connection.execute(delete(table).where(table.c.as_of == as_of))
        connection.execute(delete(forecasts).where(forecasts.c.forecast_on == as_of))
    vacuum(url, folder)
    return found


def forget_account(
    url: str, folder: Path, account_id: str, now: dt.datetime, *, dry_run: bool = False
) -> Forgotten:
    """Removes the account from every run, list, alert, message and forecast, in one transaction."""
    with reading(url, folder) as connection:
        found = _of_account(connection, account_id) if connection else NOTHING
    if not found or dry_run:
        return found
    with writing(url, folder) as connection:
        found = _of_account(connection, account_id)
        had = select(accounts.c.run_id).where(accounts.c.account_id == account_id)
        for run_id in connection.execute(had).scalars().all():
            _take_out(connection, run_id, account_id)
        _clean_messages(connection, account_id)
        forget_account_messages(connection, account_id, now)
        for table in (event_weeks, at_risk, forecasts, promises):
            connection.execute(delete(table).where(table.c.account_id == account_id))
        for table in (alert_states, outbox_alerts):
            connection.execute(delete(table).where(table.c.kind == ACCOUNT, table.c.subject == account_id))
        _clean_profiles(connection, account_id)
    vacuum(url, folder)
    return found


def _of_day(connection: Connection, as_of: str) -> Forgotten:
    in_run = accounts.join(runs, accounts.c.run_id == runs.c.run_id)
    return Forgotten(
        runs=_count(connection, runs, runs.c.as_of == as_of),
        accounts=connection.execute(
            select(func.count()).select_from(in_run).where(runs.c.as_of == as_of)
        ).scalar_one(),
        calls=_count(connection, at_risk, at_risk.c.as_of == as_of),
        alerts=_count(connection, alert_states, alert_states.c.as_of == as_of),
        weeks=0,
        forecasts=_count(connection, forecasts, forecasts.c.forecast_on == as_of),
        messages=_count(connection, outbox, outbox.c.as_of == as_of),
    )


def _of_account(connection: Connection, account_id: str) -> Forgotten:
    about = (alert_states.c.kind == ACCOUNT) & (alert_states.c.subject == account_id)
    return Forgotten(
        runs=0,
        accounts=_count(connection, accounts, accounts.c.account_id == account_id),
        calls=_count(connection, at_risk, at_risk.c.account_id == account_id),
        alerts=_count(connection, alert_states, about),
        weeks=_count(connection, event_weeks, event_weeks.c.account_id == account_id),
        forecasts=_count(connection, forecasts, forecasts.c.account_id == account_id),
        messages=len(_messages_with(connection, account_id)),
        outreach=_count(connection, outreach_messages, outreach_messages.c.account_id == account_id),
    )


def _count(connection: Connection, table: Table, where: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())


def _take_out(connection: Connection, run_id: int, account_id: str) -> None:
    """Its row, its cell in every column, and its share in the sums of its band."""
    connection.execute(
        delete(accounts).where(accounts.c.run_id == run_id, accounts.c.account_id == account_id)
    )
    stays = (read_part(connection, run_id, "columns", ("account_id",))["account_id"] != account_id).to_numpy()
    for part in (
        connection.execute(select(run_columns.c.part).distinct().where(run_columns.c.run_id == run_id))
        .scalars()
        .all()
    ):
        frame = read_part(connection, run_id, part)[stays].reset_index(drop=True)
        connection.execute(
            delete(run_columns).where(run_columns.c.run_id == run_id, run_columns.c.part == part)
        )
        insert_columns(connection, run_id, part, frame)
    left = connection.execute(select(accounts).where(accounts.c.run_id == run_id)).mappings().all()
    table = pd.DataFrame(
        [dict(row) for row in left], columns=[column.name for column in accounts.c], dtype=object
    )
    connection.execute(delete(run_bands).where(run_bands.c.run_id == run_id))
    insert_bands(connection, run_id, table.astype(dict.fromkeys(("score", "mrr", "arr"), "float64")))


def _messages_with(connection: Connection, account_id: str) -> list[tuple[str, dict[str, Any]]]:
    found = connection.execute(select(outbox.c.key, outbox.c.facts)).all()
    return [
        (key, facts)
        for key, facts in found
        if any(_is_about(each, account_id) for each in facts.get("alerts", ()))
    ]


def _is_about(alert: dict[str, Any], account_id: str) -> bool:
    return bool(json.dumps(account_id) in json.dumps(alert))


def _clean_messages(connection: Connection, account_id: str) -> None:
    """A message loses what it tells of the account; one that told of nothing else is gone."""
    for key, facts in _messages_with(connection, account_id):
        kept = [each for each in facts["alerts"] if not _is_about(each, account_id)]
        if kept:
            changed = outbox.update().where(outbox.c.key == key).values(facts={**facts, "alerts": kept})
            connection.execute(changed)
        else:
            connection.execute(delete(outbox_alerts).where(outbox_alerts.c.message == key))
            connection.execute(delete(outbox).where(outbox.c.key == key))


def _clean_profiles(connection: Connection, account_id: str) -> None:
    """What exports looked like keeps examples of their cells; not that of the account's id."""
    for run_id, profiles in connection.execute(select(runs.c.run_id, runs.c.profiles)).all():
        cleaned = _without(profiles, account_id)
        if cleaned != profiles:
            connection.execute(runs.update().where(runs.c.run_id == run_id).values(profiles=cleaned))


def _without(value: Any, account_id: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(each, account_id) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, account_id) for each in value if each != account_id]
    return None if value == account_id else value
