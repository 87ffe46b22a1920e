"""Promises of one day as the history keeps them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cscli.analysis.promises.earlier import COLUMNS, GOAL, MILESTONE
from cscli.analysis.promises.overview import Overview, milestones_of


def promises_to_keep(overview: Overview) -> pd.DataFrame:
    """`COLUMNS` of every milestone and goal of the live accounts."""
    live = overview.frame["account_id"][overview.live]
    parts = [part[part["account_id"].isin(live)] for part in _parts(overview) if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    days = pd.to_datetime(table["reached_on"]).astype("datetime64[us]")
    return table.assign(reached_on=days, value=table["value"].astype(np.float64))[list(COLUMNS)]


def _parts(overview: Overview) -> Iterator[pd.DataFrame]:
    milestones = milestones_of(overview)
    if len(milestones):
        yield milestones.rename(columns={"milestone": "name", "days": "value"}).assign(kind=MILESTONE)[
            list(COLUMNS)
        ]
    goals = overview.goals
    yield pd.DataFrame({
        "account_id": goals["account_id"], "kind": GOAL, "name": goals["key"], "status": goals["status"],
        "reached_on": pd.Series(pd.NaT, index=goals.index, dtype="datetime64[us]"), "value": goals["value"],
    })  # fmt: skip
