"""The history of MRR to start and churn dates, for an accounts table that has none."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.mrr import MrrHistory
from cscli.errors import Problem, Severity

Days = NDArray[np.datetime64]


def fill_dates(
    accounts: pd.DataFrame, history: MrrHistory, wanted: tuple[str, ...] = ("started_on", "churned_on")
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """`accounts` with the `wanted` ones of started_on (the first day of the first month with MRR) and churned_on (the first day of the
    month at whose end MRR had gone for good), each only where no account at all has that date; and what was done.
    """
    rows = history.rows_of(accounts["account_id"].to_numpy(dtype=object))
    if not len(history.account_ids) or not len(history.months):
        return accounts, ()
    first, gone = _first_and_gone(history)
    problems = []
    for name, found in (("started_on", first), ("churned_on", gone)):
        if name not in wanted or accounts[name].notna().any():
            continue
        dates = np.where(rows >= 0, found[rows], np.datetime64("NaT", "D"))
        if np.isnat(dates).all():
            continue
        accounts = accounts.assign(**{name: dates.astype("datetime64[us]")})
        count = int((~np.isnat(dates)).sum())
        problems.append(Problem(f"ltv.{name}_from_mrr", severity=Severity.NOTE, details={"count": count}))
    return accounts, tuple(problems)


def fill_ends_since(
    accounts: pd.DataFrame, history: MrrHistory, until_now: MrrHistory, lines: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """`accounts` with the churned_on of those that paid at the last month end of `history` and, by `until_now`, which ends with the
    running month, pay no more: the last `ended_on` of their `lines`; and how many they are.
    """
    ids = accounts["account_id"].to_numpy(dtype=object)
    paid, pays = _pays_at_end(history, ids), _pays_at_end(until_now, ids)
    last = lines.groupby("account_id")["ended_on"].max()
    day = last.reindex(ids).to_numpy("datetime64[us]")
    gone = paid & ~pays & ~np.isnat(day)
    if not gone.any():
        return accounts, ()
    known = accounts["churned_on"].to_numpy("datetime64[us]")
    details = {"count": int(gone.sum())}
    said = Problem("ltv.churned_on_this_month", severity=Severity.NOTE, details=details)
    return accounts.assign(churned_on=np.where(gone, day, known)), (said,)


def _pays_at_end(history: MrrHistory, ids: NDArray[np.object_]) -> NDArray[np.bool_]:
    rows = history.rows_of(ids)
    if not len(history.account_ids) or not len(history.months):
        return np.zeros(len(ids), dtype=bool)
    return np.asarray((rows >= 0) & (history.units[rows, -1] > 0), dtype=bool)


def _first_and_gone(history: MrrHistory) -> tuple[Days, Days]:
    """By row of the history; NaT for accounts without MRR, and of `gone` for those that still have some."""
    paid = history.units > 0
    ever = paid.any(axis=1)
    days = np.append(history.months, history.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    missing = np.datetime64("NaT", "D")
    after = paid.shape[1] - np.argmax(paid[:, ::-1], axis=1)
    first = np.where(ever, days[np.argmax(paid, axis=1)], missing)
    return first, np.where(ever & ~paid[:, -1], days[after], missing)
