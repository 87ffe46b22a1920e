"""Call lists into the history, and those before a day out of it."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, and_, delete, func, select

from cscli.analysis.acting.plays import ACTIONS
from cscli.analysis.acting.status import LAST_COLUMNS, SOLVED, EarlierLists
from cscli.history.database.connection import reading
from cscli.history.database.rows import records
from cscli.history.database.tables import at_risk, call_lists

_RESOLVED = "resolved"
_DAYS = ("since", "renews_on", "due_from")


def earlier_lists(url: str, folder: Path, as_of: dt.date) -> EarlierLists:
    """The call lists before `as_of`; none where there is no history yet."""
    day = as_of.isoformat()
    with reading(url, folder) as connection:
        if connection is None:
            return EarlierLists()
        last = connection.execute(
            select(func.max(call_lists.c.as_of)).where(call_lists.c.as_of < day)
        ).scalar()
        if last is None:
            return EarlierLists()
        return EarlierLists(
            as_of=dt.date.fromisoformat(last),
            last=_last(connection, last),
            ever=_ever(connection, day),
            resolved_on=_resolved_on(connection, day),
            due_from=_due_from(connection, last),
        )


def listed_actions(url: str, folder: Path, as_of: dt.date) -> pd.DataFrame:
    """The actions of all lists up to `as_of`, `analysis.acting.plays.ACTIONS`; of lists that do not know their actions none."""
    stay = (at_risk.c.account_id, at_risk.c.since, at_risk.c.playbook)
    wanted = (
        select(*stay, func.min(at_risk.c.due_from), func.max(at_risk.c.as_of))
        .where(
            at_risk.c.as_of <= as_of.isoformat(), at_risk.c.status != _RESOLVED, at_risk.c.playbook.is_not(None),
            at_risk.c.due_from.is_not(None),
        )
        .group_by(*stay)
        .order_by(*stay)
    )  # fmt: skip
    lists = select(call_lists.c.as_of).where(call_lists.c.as_of <= as_of.isoformat())
    with reading(url, folder) as connection:
        found = connection.execute(wanted).all() if connection else []
        days = sorted(connection.execute(lists).scalars()) if connection else []
    after = dict(itertools.pairwise(days))
    table = pd.DataFrame([(*row, after.get(row[-1])) for row in found], columns=list(ACTIONS), dtype=object)
    dates = [name for name in ACTIONS if name not in ("account_id", "playbook")]
    return table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in dates})


def replace_list(connection: Connection, as_of: str, taken_at: str, accounts: pd.DataFrame) -> None:
    """Stores the list of `as_of` (the records of `analysis.risk.list_records`) in the place of an earlier one."""
    connection.execute(delete(at_risk).where(at_risk.c.as_of == as_of))
    connection.execute(delete(call_lists).where(call_lists.c.as_of == as_of))
    connection.execute(call_lists.insert().values(as_of=as_of, taken_at=taken_at))
    if len(accounts):
        days = {name: _iso(accounts[name]) for name in _DAYS}
        connection.execute(at_risk.insert(), records(accounts.assign(as_of=as_of, **days)))


def _iso(days: "pd.Series[Any]") -> "pd.Series[Any]":
    found = pd.to_datetime(days).dt.strftime("%Y-%m-%d").astype(object)
    return found.where(found.notna(), None)


def _last(connection: Connection, as_of: str) -> pd.DataFrame:
    wanted = select(*(at_risk.c[name] for name in LAST_COLUMNS)).where(
        at_risk.c.as_of == as_of, at_risk.c.status != _RESOLVED
    )
    found = connection.execute(wanted.order_by(at_risk.c.account_id)).all()
    table = pd.DataFrame([tuple(row) for row in found], columns=list(LAST_COLUMNS), dtype=object)
    numbers = dict.fromkeys(("score", "arr", "arr_at_risk"), "float64")
    days = {name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in ("since", "renews_on")}
    return table.astype(numbers).assign(**days)


def _ever(connection: Connection, day: str) -> frozenset[str]:
    wanted = select(at_risk.c.account_id).where(at_risk.c.as_of < day).distinct()
    return frozenset(connection.execute(wanted).scalars())


def _resolved_on(connection: Connection, day: str) -> dict[str, dt.date]:
    wanted = select(at_risk.c.account_id, func.max(at_risk.c.as_of)).where(
        at_risk.c.as_of < day, at_risk.c.status == _RESOLVED, at_risk.c.why.in_(SOLVED)
    )
    found = connection.execute(wanted.group_by(at_risk.c.account_id)).all()
    return {account: dt.date.fromisoformat(resolved) for account, resolved in found}


def _due_from(connection: Connection, last: str) -> dict[tuple[str, str], dt.date]:
    """Of the stay on the list that each account of the list of `last` is in: since when each playbook was its action."""
    stay = at_risk.alias("stay")
    same = and_(stay.c.account_id == at_risk.c.account_id, stay.c.since == at_risk.c.since)
    wanted = (
        select(at_risk.c.account_id, at_risk.c.playbook, func.min(at_risk.c.due_from))
        .join(stay, and_(same, stay.c.as_of == last, stay.c.status != _RESOLVED))
        .where(at_risk.c.as_of <= last, at_risk.c.status != _RESOLVED, at_risk.c.playbook.is_not(None))
        .group_by(at_risk.c.account_id, at_risk.c.playbook)
    )
    found = connection.execute(wanted).all()
    return {(account, playbook): dt.date.fromisoformat(day) for account, playbook, day in found}
