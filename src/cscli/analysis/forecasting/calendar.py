"""Accounts to the calendar of their renewals: when, what is at stake, what the model and the owner expect."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.forecasting.chances import Chances

Numbers = NDArray[np.float64]
DISAGREE = 0.25
"""Chances so far apart are two opinions."""
_MONTH = pd.Timedelta(days=31)


def list_renewals(
    frame: pd.DataFrame, as_of: dt.date, months: int, chances: Chances, terms: Mapping[str, float]
) -> pd.DataFrame:
    """One row a renewal in the `months` from `as_of` on, by day, then ARR at risk.

    `frame`: account_id, name, owner, renews_on, arr, band and, where there are such, notice_by, renewal_call, p_csm. `terms`:
    months of an account's contract, 12 where not known: one that renews again within the range has a row for each.
    Gives month (YYYY-MM), these columns, p, arr_at_risk, disagree (model and owner differ by 25 points or more; None
    without a call), again (not its first in the range).
    """
    start, end = pd.Timestamp(as_of), pd.Timestamp(as_of) + pd.DateOffset(months=months)
    first = frame[frame["renews_on"].between(start, end, inclusive="left")]
    rows = first.assign(again=False, term=first["account_id"].map(terms).fillna(12.0).clip(lower=1.0))
    parts = [rows]
    while len(rows):
        rows = rows.assign(renews_on=_renewed(rows), again=True)
        rows = rows[rows["renews_on"] < end]
        parts.append(rows)
    table = pd.concat(parts, ignore_index=True) if len(parts) > 1 else rows
    places = pd.Index(chances.bands).get_indexer(pd.Index(table["band"]))
    p = np.where(places >= 0, chances.p[places], np.nan)
    table = table.assign(
        month=table["renews_on"].dt.strftime("%Y-%m").astype(object),
        notice_by=_notice(table),
        p=p,
        arr_at_risk=table["arr"] * p,
        disagree=pd.Series(_disagree(p, table), index=table.index, dtype=object),
    )
    keys = table.assign(minus=-table["arr_at_risk"].fillna(-1.0))
    order = keys.sort_values(["renews_on", "minus", "account_id"], kind="stable").index
    return table.loc[order].drop(columns="term").reset_index(drop=True)


def _renewed(rows: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """The day of the renewal after; one sum for all that have the same day and term."""
    following = rows["renews_on"].copy()
    for term, days in rows.groupby(rows["term"].round())["renews_on"]:
        following.loc[days.index] = days.map(
            {day: day + pd.DateOffset(months=round(term)) for day in days.unique()}
        )
    return following.astype("datetime64[us]")


def fiscal_quarter(month: str, first_month: int) -> str:
    """Of YYYY-MM, FY2026 Q3: of the fiscal year that began in calendar month `first_month` of 2026."""
    year, number = int(month[:4]), int(month[5:])
    since = (number - first_month) % 12
    return f"FY{year if number >= first_month else year - 1} Q{since // 3 + 1}"


def largest(table: pd.DataFrame, most: int = 10) -> pd.DataFrame:
    """The renewals of the highest ARR, with their share of all: the columns of `list_renewals`, and share."""
    total = float(table["arr"].sum())
    keys = table.assign(minus=-table["arr"].fillna(-1.0))
    top = keys.sort_values(["minus", "account_id", "renews_on"], kind="stable").head(most)
    return top.drop(columns="minus").assign(share=top["arr"] / total if total else np.nan)


def _notice(table: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """The day of notice of the first renewal alone: that of a later one is as long before it."""
    if "notice_days" not in table:
        return pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    days = pd.to_timedelta(table["notice_days"], unit="D")
    return (table["renews_on"] - days).astype("datetime64[us]")


def _disagree(p: Numbers, table: pd.DataFrame) -> NDArray[np.object_]:
    if "p_csm" not in table:
        return np.full(len(table), None, dtype=object)
    said = table["p_csm"].to_numpy(np.float64)
    words = np.where(np.abs(said - p) >= DISAGREE - 1e-9, "yes", "no").astype(object)
    words[np.isnan(said - p)] = None
    return words
