"""The accounts table, as of a day, to tenures: how long each account stayed, whether it left, and what it pays."""

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.jackknife import Lives
from cscli.analysis.lifetime.late_entry import entries
from cscli.analysis.lifetime.survival import SurvivalCurve, fit_survival
from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, MrrHistory
from cscli.analysis.tables.built_ins import whole_months

_OPTIONAL = ("mrr", "gross_margin", "cac")


def tenures_of(
    accounts: pd.DataFrame,
    as_of: dt.date,
    history: MrrHistory | None = None,
    churn_known_from: dt.date | None = None,
) -> pd.DataFrame:
    """One row an account that had started by `as_of`, in the order of `accounts`: account_id, started_on, months
    (int64, whole, from started_on to churned_on or `as_of`), entry (int64: those that were over on the first day of
    the month `churn_known_from`), churned (bool: by `as_of`), mrr (of one that left: its last), gross_margin, cac
    (float64, NaN missing), row (its place in `accounts`).

    `accounts`: account_id, started_on, churned_on (datetime64), optionally mrr, gross_margin, cac. Accounts without
    a start, or that left before it, are left out. With `history`, mrr is the last one above 0 up to `as_of`, and
    an account that has no line there keeps that of `accounts`.
    """
    started = pd.to_datetime(accounts["started_on"])
    churned_on = pd.to_datetime(accounts["churned_on"])
    today = pd.Timestamp(as_of)
    used = ((started <= today) & ~(churned_on < started)).to_numpy()
    churned = (churned_on <= today).to_numpy()
    end = churned_on.where(churned, today)
    numbers = {name: _numbers(accounts, name)[used] for name in _OPTIONAL}
    ids = accounts["account_id"].to_numpy(dtype=object)[used]
    if history is not None:
        numbers["mrr"] = _last_mrr(history, ids, as_of, numbers["mrr"])
    return pd.DataFrame(
        {
            "account_id": ids,
            "started_on": started.to_numpy()[used],
            "months": whole_months(started, end).to_numpy(np.float64, na_value=0.0)[used].astype(np.int64),
            "entry": entries(started[used], churn_known_from),
            "churned": churned[used],
            **numbers,
            "row": np.flatnonzero(used),
        }
    )


def fit_tenures(tenures: pd.DataFrame) -> SurvivalCurve:
    """The survival curve of `tenures` (months, churned; entry, else 0)."""
    lives = lives_in(tenures)
    return fit_survival(lives.months, lives.churned, lives.entry)


def lives_in(tenures: pd.DataFrame) -> Lives:
    """The same by account."""
    months = tenures["months"].to_numpy(np.int64)
    entry = tenures["entry"].to_numpy(np.int64) if "entry" in tenures.columns else np.zeros_like(months)
    return Lives(months, tenures["churned"].to_numpy(bool), entry)


def _numbers(accounts: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in accounts.columns:
        return np.full(len(accounts), np.nan)
    numbers = accounts[name].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _last_mrr(
    history: MrrHistory, ids: NDArray[np.object_], as_of: dt.date, given: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of the months up to that of `as_of`; `given` where the history has none."""
    rows = history.rows_of(ids)
    seen = history.months <= np.datetime64(as_of.isoformat(), "M")
    units = history.units[:, seen][rows]
    if not units.shape[1]:
        return given
    paid = units > 0
    last = units.shape[1] - 1 - np.argmax(paid[:, ::-1], axis=1)
    known = (rows >= 0) & paid.any(axis=1)
    return np.where(known, units[np.arange(len(ids)), last] / UNITS_PER_MONEY, given)
