"""Call lists into the history, and those before a day out of it."""

import datetime as dt
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, delete, func, select

from cscli.analysis.acting.status import LAST_COLUMNS, LEFT, EarlierLists
from cscli.history.database.connection import reading
from cscli.history.database.rows import records
from cscli.history.database.tables import at_risk, call_lists

_RESOLVED = "resolved"


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
            dt.date.fromisoformat(last),
            _last(connection, last),
            _ever(connection, day),
            _resolved_on(connection, day),
        )


def replace_list(connection: Connection, as_of: str, taken_at: str, accounts: pd.DataFrame) -> None:
    """Stores the list of `as_of` (the records of `analysis.risk.list_records`) in the place of an earlier one."""
    connection.execute(delete(at_risk).where(at_risk.c.as_of == as_of))
    connection.execute(delete(call_lists).where(call_lists.c.as_of == as_of))
    connection.execute(call_lists.insert().values(as_of=as_of, taken_at=taken_at))
    if len(accounts):
        since = pd.to_datetime(accounts["since"]).dt.strftime("%Y-%m-%d")
        connection.execute(at_risk.insert(), records(accounts.assign(as_of=as_of, since=since)))


def _last(connection: Connection, as_of: str) -> pd.DataFrame:
    wanted = select(*(at_risk.c[name] for name in LAST_COLUMNS)).where(
        at_risk.c.as_of == as_of, at_risk.c.status != _RESOLVED
    )
    found = connection.execute(wanted.order_by(at_risk.c.account_id)).all()
    table = pd.DataFrame([tuple(row) for row in found], columns=list(LAST_COLUMNS), dtype=object)
    numbers = dict.fromkeys(("score", "arr", "arr_at_risk"), "float64")
    return table.astype(numbers).assign(since=pd.to_datetime(table["since"]).astype("datetime64[us]"))


def _ever(connection: Connection, day: str) -> frozenset[str]:
    wanted = select(at_risk.c.account_id).where(at_risk.c.as_of < day).distinct()
    return frozenset(connection.execute(wanted).scalars())


def _resolved_on(connection: Connection, day: str) -> dict[str, dt.date]:
    wanted = select(at_risk.c.account_id, func.max(at_risk.c.as_of)).where(
        at_risk.c.as_of < day, at_risk.c.status == _RESOLVED, at_risk.c.why != LEFT
    )
    found = connection.execute(wanted.group_by(at_risk.c.account_id)).all()
    return {account: dt.date.fromisoformat(resolved) for account, resolved in found}
