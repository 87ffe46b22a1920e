"""An event log rolled up by pandas alone, from cells: slow, obvious, and without a line of the program's.

Times go through Python's own parser and zone database; counts are made on the rows themselves.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

FORM = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?")


@dataclass(frozen=True)
class Twin:
    """What is asked of a log, as in `EventLog`."""

    zone: str
    as_of: dt.date
    windows: tuple[int, ...]
    naive_times_are: str | None = None
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_users: bool = True
    has_events: bool = True


Cell = object
Row = tuple[Cell, Cell, Cell, Cell]
"""account_id, user_id, at, event"""


def roll_up(rows: list[Row], twin: Twin) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames `accounts` and `weeks` of the rows."""
    known = []
    for account, user, at, event in rows:
        day = local_day(at, twin)
        name = text(account)
        if name and day and day <= twin.as_of:
            known.append((name, text(user), day, text(event)))
    log = pd.DataFrame(known, columns=["account_id", "user_id", "day", "event"], dtype=object)
    return by_account(log, twin), by_week(log, twin)


def by_account(log: pd.DataFrame, twin: Twin) -> pd.DataFrame:
    """One row an account."""
    records = []
    for account, own in log.groupby("account_id"):
        record: dict[str, object] = {"account_id": account}
        for window in sorted(set(twin.windows)):
            for suffix, last in (("d", twin.as_of), ("d_prev", twin.as_of - dt.timedelta(days=window))):
                within = own[(own["day"] > last - dt.timedelta(days=window)) & (own["day"] <= last)]
                record |= {
                    f"{name}_{window}{suffix}": value
                    for name, value in measures(within, twin, features=True).items()
                }
        record["first_seen_on"] = own["day"].min()
        record["last_seen_on"] = own["day"].max()
        records.append(record)
    frame = pd.DataFrame(records)
    days = dict.fromkeys(("first_seen_on", "last_seen_on"), "datetime64[us]")
    return frame.astype(days).sort_values("account_id", ignore_index=True)


def by_week(log: pd.DataFrame, twin: Twin) -> pd.DataFrame:
    """One row an account and week."""
    week = log["day"].map(lambda day: day - dt.timedelta(days=day.weekday()))
    records = [
        {"account_id": account, "week": monday, **measures(own, twin, features=False)}
        for (account, monday), own in log.groupby(["account_id", week])
    ]
    frame = pd.DataFrame(records).astype({"week": "datetime64[us]"})
    return frame.sort_values(["account_id", "week"], ignore_index=True)


def measures(rows: pd.DataFrame, twin: Twin, *, features: bool) -> dict[str, float]:
    """The counts of some rows, in the order of the columns."""
    found = {"events": float(len(rows))}
    if twin.has_users:
        found["users"] = float(rows["user_id"].dropna().nunique())
    found["active_days"] = float(rows["day"].nunique())
    if twin.has_events:
        found["breadth"] = float(rows["event"].dropna().nunique())
        for name, events in twin.features.items() if features else ():
            found[name] = float(rows["event"].isin(events).sum())
    return found


def local_day(at: Cell, twin: Twin) -> dt.date | None:
    """The day in the zone on which a moment falls."""
    if isinstance(at, str):
        at = moment(at.strip())
    if at is None or at is pd.NaT:
        return None
    if not isinstance(at, dt.datetime):
        return at if isinstance(at, dt.date) else None
    if at.tzinfo is None:
        assert twin.naive_times_are, "a naive time"
        at = at.replace(tzinfo=ZoneInfo(twin.naive_times_are))
    return at.astimezone(ZoneInfo(twin.zone)).date()


def moment(at: str) -> dt.datetime | dt.date | None:
    """A time as a text means it."""
    if not FORM.fullmatch(at):
        return None
    try:
        if len(at) == 10:
            return dt.date.fromisoformat(at)
        return dt.datetime.fromisoformat(at[:19] + at[19:].replace(" ", ""))
    except ValueError:
        return None


def text(cell: Cell) -> str | None:
    """A cell as an id or a name."""
    return None if cell is None else str(cell).strip("\u200b\ufeff").strip() or None
