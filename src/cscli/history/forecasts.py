"""Forecasts of renewals into the history, and out of it with what was known of earlier renewals."""

import datetime as dt
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, select

from cscli.analysis.past.evidence import is_timely
from cscli.history.database.connection import reading
from cscli.history.database.rows import records
from cscli.history.database.tables import accounts, forecasts, is_evidence, runs
from cscli.history.snapshots import read_part


def add_forecasts(connection: Connection, as_of: dt.date, taken_at: dt.datetime, made: pd.DataFrame) -> None:
    """`made`: account_id, renews_on (a date), arr, band, owner, p_model, p_csm, rules. The first run of a month counts: what
    stands for an account, renewal and month is not changed. A run that was made over a week later is no forecast.
    """
    day = taken_at.astimezone(dt.UTC)
    if not is_timely(as_of, day.date()) or made.empty:
        return
    month = as_of.strftime("%Y-%m")
    wanted = select(forecasts.c.account_id, forecasts.c.renews_on).where(forecasts.c.month == month)
    there = {tuple(row) for row in connection.execute(wanted)}
    table = made.assign(
        renews_on=made["renews_on"].dt.strftime("%Y-%m-%d"),
        month=month,
        forecast_on=as_of.isoformat(),
        run=day.isoformat(timespec="seconds"),
    )
    keys = zip(table["account_id"], table["renews_on"], strict=True)
    new = table[[key not in there for key in keys]]
    if len(new):
        connection.execute(forecasts.insert(), records(new))


def read_forecasts(url: str, folder: Path, as_of: dt.date) -> pd.DataFrame:
    """Those made before `as_of`, by day, account and renewal: account_id, renews_on, forecast_on (dates), arr, band, owner,
    p_model, p_csm.
    """
    names = ["account_id", "renews_on", "forecast_on", "arr", "band", "owner", "p_model", "p_csm"]
    wanted = select(*(forecasts.c[name] for name in names))
    wanted = wanted.where(forecasts.c.forecast_on < as_of.isoformat())
    order = (forecasts.c.forecast_on, forecasts.c.account_id, forecasts.c.renews_on)
    with reading(url, folder) as connection:
        found = [tuple(row) for row in connection.execute(wanted.order_by(*order))] if connection else []
    table = pd.DataFrame(found, columns=names, dtype=object)
    return _typed(table, ("renews_on", "forecast_on"), ("arr", "p_model", "p_csm"))


def known_renewals(url: str, folder: Path, before: dt.date) -> pd.DataFrame:
    """What the first run of each month before a day knew of renewals, of those that are evidence: as_of, account_id, renews_on (dates), band,
    arr. Runs that did not keep the date of renewal have no rows.
    """
    parts = []
    with reading(url, folder) as connection:
        for run_id, as_of in _first_of_months(connection, before) if connection else ():
            if connection is None:
                break
            columns = read_part(connection, run_id, "columns", ("account_id", "renews_on"))
            if "renews_on" in columns:
                here = select(accounts.c.account_id, accounts.c.band, accounts.c.arr)
                found = connection.execute(here.where(accounts.c.run_id == run_id))
                judged = pd.DataFrame([tuple(row) for row in found], columns=["account_id", "band", "arr"])
                parts.append(columns.merge(judged, on="account_id").assign(as_of=as_of))
    names = ["as_of", "account_id", "renews_on", "band", "arr"]
    table = pd.concat(parts)[names] if parts else pd.DataFrame(columns=names, dtype=object)
    table = _typed(table.reset_index(drop=True), ("as_of", "renews_on"), ("arr",))
    return table[table["renews_on"].notna()].reset_index(drop=True)


def _first_of_months(connection: Connection, before: dt.date) -> list[tuple[int, str]]:
    wanted = select(runs.c.run_id, runs.c.as_of).where(is_evidence, runs.c.as_of < before.isoformat())
    first: dict[str, tuple[int, str]] = {}
    for run_id, as_of in connection.execute(wanted.order_by(runs.c.as_of)):
        first.setdefault(as_of[:7], (run_id, as_of))
    return list(first.values())


def _typed(table: pd.DataFrame, days: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    table = table.astype(dict.fromkeys(numbers, "float64"))
    return table.assign(**{name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in days})
