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


def _first_and_gone(history: MrrHistory) -> tuple[Days, Days]:
    """By row of the history; NaT for accounts without MRR, and of `gone` for those that still have some."""
    paid = history.units > 0
    ever = paid.any(axis=1)
    days = np.append(history.months, history.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    missing = np.datetime64("NaT", "D")
    after = paid.shape[1] - np.argmax(paid[:, ::-1], axis=1)
    first = np.where(ever, days[np.argmax(paid, axis=1)], missing)
    return first, np.where(ever & ~paid[:, -1], days[after], missing)
