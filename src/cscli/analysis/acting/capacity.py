"""Hours that accounts should get and do get, and the hours that owners have: mismatches, heads, loads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.rebalance import Workload
from cscli.config.blocks.actions import Effort

TOO_MUCH, TOO_LITTLE = "too_much", "too_little"
NOBODY = ""
"""Stands where there is no owner, or where no rule caught the account."""

Floats = NDArray[np.float64]


def planned_hours(names: "pd.Series[str]", hours: Mapping[str, float]) -> Floats:
    """Hours a month that each account should get, by its segment; missing where it has none."""
    return np.asarray(names.map(hours), dtype=np.float64)


def find_mismatches(planned: Floats, spent: Floats, effort: Effort) -> NDArray[np.object_]:
    """`too_much`, `too_little` or None an account; without either figure None. Bounds are those of `effort`."""
    apart = np.abs(spent - planned) >= effort.at_least_hours
    found = np.full(len(planned), None, dtype=object)
    found[apart & (spent > effort.too_much * planned)] = TOO_MUCH
    found[apart & (spent < effort.too_little * planned)] = TOO_LITTLE
    return found


def needs_by(
    names: "pd.Series[str]", mrr: Floats, planned: Floats, order: Sequence[str], owner_hours: float
) -> pd.DataFrame:
    """One row for each of `order`, and `NOBODY` where accounts have no name: accounts, mrr, hours_needed, heads."""
    keys = names.fillna(NOBODY)
    rows = [*order, *([NOBODY] if (keys == NOBODY).any() else [])]
    table = pd.DataFrame({"mrr": mrr, "hours_needed": planned}).groupby(keys.to_numpy())
    sums = table.sum(min_count=1).reindex(rows)
    accounts = keys.value_counts().reindex(rows).fillna(0)
    sums = sums.where(
        accounts > 0, 0.0
    )  # nobody needs nothing; accounts without figures need what is not known
    sums.insert(0, "accounts", accounts.astype(np.float64))
    return sums.assign(heads=sums["hours_needed"] / owner_hours).rename_axis("name").reset_index()


def owner_loads(owners: "pd.Series[str]", mrr: Floats, planned: Floats, owner_hours: float) -> pd.DataFrame:
    """One row an owner, the fullest first and nobody last: owner, accounts, mrr, hours_needed, hours_available,
    load (1 is full).
    """
    loads = needs_by(owners, mrr, planned, sorted(owners.dropna().unique()), owner_hours)
    loads = loads.rename(columns={"name": "owner"}).drop(columns="heads")
    nobody = loads["owner"] == NOBODY
    loads["hours_available"] = np.where(nobody, np.nan, owner_hours)
    loads["load"] = loads["hours_needed"] / loads["hours_available"]
    order = np.lexsort((loads["owner"], -loads["load"].fillna(-1), nobody))
    return loads.iloc[order].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Protected:
    """Accounts that should stay with their owner, and why."""

    large: NDArray[np.bool_]
    at_risk: NDArray[np.bool_]


def find_protected(frame: pd.DataFrame, planned: Floats, lowest_band: str) -> Protected:
    """Large: of the segment that gets most hours, where segments differ. At risk: in the lowest band."""
    known = planned[~np.isnan(planned)]
    differ = len(known) > 0 and known.min() < known.max()
    large = planned == known.max() if differ else np.zeros(len(planned), dtype=bool)
    return Protected(large, (frame["band"] == lowest_band).to_numpy(dtype=bool))


def workload(
    frame: pd.DataFrame, planned: Floats, protected: Protected, owners: Sequence[str], owner_hours: float
) -> Workload:
    """The accounts as `rebalance` takes them; `owners` by their number."""
    numbers = pd.Index(owners).get_indexer(pd.Index(frame["owner"].fillna(NOBODY)))
    worth = frame["mrr"].fillna(0).to_numpy(dtype=np.float64)
    return Workload(
        owner=numbers,
        hours=planned,
        protected=protected.large | protected.at_risk,
        worth=worth,
        owners=len(owners),
        limit_hours=owner_hours,
    )
