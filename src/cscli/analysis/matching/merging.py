"""A log in which two ids are one account's to one row of that account: counts are added, days and kinds are not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.tables.conform import TypedTable
from cscli.errors import Location, Problem, Severity

_SHOWN = 3
_NOT_ADDED = ("active_days", "breadth", "last_seen_on")
"""Two ids may be used on the same day, for the same: the larger figure is what is certain."""


def merge_ids(table: TypedTable) -> tuple[TypedTable, tuple[Problem, ...]]:
    """`table` with one row an account, and a warning for accounts of several ids: who is in two of them counts twice."""
    ids = table.frame["account_id"]
    doubled = ids[ids.notna() & ids.duplicated()].unique()
    if not len(doubled):
        return table, ()
    firsts = (ids.isna() | ~ids.duplicated()).to_numpy()
    merged = _added_up(table.frame, ["account_id"]).set_index("account_id").loc[ids[firsts]].reset_index()
    counts = table.row_counts
    if counts is not None:
        counts = pd.Series(counts).groupby(ids.to_numpy()).sum().loc[ids[firsts]].to_numpy(np.int64)
    place = Location(file=table.facts.file, column=table.header("account_id"))
    shown, details = ", ".join(doubled[:_SHOWN]), {"count": len(doubled)}
    said = Problem(
        "events.ids_added_up", severity=Severity.WARNING, where=place, value=shown, details=details
    )
    return replace(table, frame=merged, lines=table.lines[firsts], row_counts=counts), (said,)


def merge_weeks(weeks: pd.DataFrame, accounts: Mapping[str, str]) -> pd.DataFrame:
    """The weekly table under ids of accounts. `accounts`: of ids that are not the account's own, whose they are."""
    ids = weeks["account_id"]
    return _added_up(weeks.assign(account_id=ids.map(accounts).fillna(ids)), ["account_id", "week"])


def _added_up(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    groups = frame.groupby(list(keys), sort=False)
    columns = {
        name: groups[name].min()
        if name == "first_seen_on"
        else groups[name].max()
        if name.startswith(_NOT_ADDED)
        else groups[name].sum(min_count=1)
        for name in frame.columns
        if name not in keys
    }
    return pd.DataFrame(columns).reset_index()[list(frame.columns)]
