"""The accounts of a stored run and of a new one of the same file to what is read otherwise now."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PINS = {
    "nps": "scale: {nps: score}", "csat": "scale", "gross_margin": "scale", "mrr": "unit, status, exchange_rates",
    "arr": "unit, status, exchange_rates", "cac": "unit, exchange_rates", "churned_on": "status", "owner": "columns",
    "name": "columns", "renews_on": "columns", "active_users": "columns", "currency": "columns",
}  # fmt: skip
"""The keys of a source that pin how a column is read; `types` or `dates` of all others. One that was missing then stays so
by `columns:` alone.
"""
ACCOUNTS_PIN = "status, keep, skip_rows_matching"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """`count` accounts have another value of `name`, among them `account_id`: `before`, and `now`. `pin`: the keys."""

    name: str
    count: int
    account_id: str
    before: str
    now: str
    pin: str


def find_other_readings(
    before: pd.DataFrame, now: pd.DataFrame, names: Iterable[str], mapped: Container[str]
) -> Iterator[OtherReading]:
    """Each of `names` whose values differ between two tables with a column account_id, for the accounts of both. `mapped`: the
    columns that have a header of their own.
    """
    old, new = (frame.set_index("account_id") for frame in (before, now))
    ids = old.index.intersection(new.index)
    for name in names:
        if name not in old.columns or name not in new.columns or name == "account_id":
            continue
        left, right = old.loc[ids, name], new.loc[ids, name]
        differs = _differs(left, right)
        if differs.any():
            at = int(np.argmax(differs))
            is_new = name in mapped and left.isna().all()
            pin = f"columns: {{{name}: []}}" if is_new else _pin(name, left, right)
            yield OtherReading(
                name=name,
                count=int(differs.sum()),
                account_id=str(ids[at]),
                before=_shown(left.iloc[at]),
                now=_shown(right.iloc[at]),
                pin=pin,
            )


def _pin(name: str, left: "pd.Series[Any]", right: "pd.Series[Any]") -> str:
    is_date = left.dtype.kind == "M" or right.dtype.kind == "M"
    return PINS.get(name) or ("dates" if is_date else "types")


def _differs(left: "pd.Series[Any]", right: "pd.Series[Any]") -> NDArray[np.bool_]:
    both_missing = (left.isna() & right.isna()).to_numpy(dtype=bool)
    if left.dtype.kind == "f" and right.dtype.kind == "f":
        same = np.isclose(left.to_numpy(np.float64), right.to_numpy(np.float64), rtol=1e-9, atol=1e-9)
    else:
        same = np.array([_shown(a) == _shown(b) for a, b in zip(left, right, strict=True)], dtype=bool)
    return np.asarray(~same & ~both_missing, dtype=bool)


def _shown(value: object) -> str:
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
