"""Order lines, as a table gives them, to those that count by a day, and what was wrong with the others."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.errors import Location, Problem, Severity

_SHOWN = 3
Locate = Callable[[int], Location]


@dataclass(frozen=True, eq=False)
class Orders:
    """`lines`: account_id (object), at (datetime64, whole days), amount (float64, money; refunds below 0), order_id
    (object, None unknown). `as_of`: the last day that counts.
    """

    lines: pd.DataFrame
    as_of: dt.date

    @property
    def bought(self) -> pd.DataFrame:
        """The lines that are a purchase: above 0."""
        return self.lines[self.lines["amount"] > 0]


def read_orders(
    frame: pd.DataFrame, as_of: dt.date, rates: Mapping[str, float], base: str | None, locate: Locate
) -> tuple[Orders, tuple[Problem, ...]]:
    """`frame`: account_id, at, amount, optionally order_id, currency. `rates`: what one unit of another currency is
    worth in `base`. `locate`: the place of a row.
    """
    at, amount = _days(frame), _numbers(frame, "amount")
    rate = _rates(frame, rates, base)
    ids = frame["account_id"].to_numpy(dtype=object)
    nobody = pd.isna(ids)
    unread = ~nobody & (np.isnat(at) | np.isnan(amount))
    unrated = ~nobody & ~unread & np.isnan(rate)
    later = ~nobody & ~unread & ~unrated & (at > np.datetime64(as_of))
    used = ~(nobody | unread | unrated | later)
    lines = pd.DataFrame(
        {
            "account_id": ids[used],
            "at": at[used].astype("datetime64[us]"),
            "amount": (amount * rate)[used],
            "order_id": frame["order_id"].to_numpy(object)[used] if "order_id" in frame else None,
        }
    )
    told = (
        ("orders.no_account", nobody, Severity.ERROR, False),
        ("orders.unreadable", unread, Severity.ERROR, True),
        ("orders.no_rate", unrated, Severity.ERROR, True),
        ("orders.later", later, Severity.NOTE, False),
        ("orders.nothing", used & (amount == 0), Severity.NOTE, True),
    )
    found = [
        _problem(code, rows, severity, ids if named else None, locate)
        for code, rows, severity, named in told
        if rows.any()
    ]
    return Orders(lines, as_of), (*found, *_refunded(lines))


def _days(frame: pd.DataFrame) -> "NDArray[np.datetime64]":
    """NaT where there is no day; all, where the column holds none."""
    if "at" not in frame or not pd.api.types.is_datetime64_any_dtype(frame["at"]):
        return np.full(len(frame), np.datetime64("NaT", "D"))
    return frame["at"].to_numpy().astype("datetime64[D]")


def _numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in frame or not pd.api.types.is_numeric_dtype(frame[name]):
        return np.full(len(frame), np.nan)
    numbers = frame[name].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _rates(frame: pd.DataFrame, rates: Mapping[str, float], base: str | None) -> NDArray[np.float64]:
    if "currency" not in frame or base is None:
        return np.ones(len(frame))
    codes = frame["currency"].astype("string").str.strip().str.upper()
    known = codes.map({base: 1.0, **rates}).astype("float64").to_numpy(np.float64, na_value=np.nan)
    return np.where(codes.isna().to_numpy(bool), 1.0, known)


def _problem(
    code: str, rows: NDArray[np.bool_], severity: Severity, ids: NDArray[np.object_] | None, locate: Locate
) -> Problem:
    shown = None if ids is None else ", ".join(str(name) for name in pd.unique(ids[rows])[:_SHOWN])
    first = locate(int(np.argmax(rows)))
    return Problem(code, where=first, value=shown, severity=severity, details={"count": int(rows.sum())})


def _refunded(lines: pd.DataFrame) -> tuple[Problem, ...]:
    """Accounts that got back more than they paid."""
    sums = lines.groupby("account_id")["amount"].sum()
    below = sums[sums < 0]
    if below.empty:
        return ()
    shown = ", ".join(str(name) for name in below.index[:_SHOWN])
    details = {"count": len(below), "money": f"{below.sum():,.0f}"}
    return (Problem("orders.refunds_above", value=shown, severity=Severity.WARNING, details=details),)
