"""Who has left by each thing that tells: churn dates, the status, the end of MRR; and whether they agree."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.judging.accounts import left_by_status
from cscli.analysis.revenue.mrr import MrrHistory

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """Accounts that have left: `by_date`, `by_status`, `by_mrr` (had MRR, none at the last month end); None where
    nothing tells. `differ`: accounts of which two of them say different things.
    """

    by_date: int
    by_status: int | None
    by_mrr: int | None
    differ: int


def count_departures(accounts: pd.DataFrame, as_of: dt.date, history: MrrHistory | None) -> Departures:
    """`accounts`: settled, account_id and churned_on (missing while here). Against MRR the dates count up to the last
    month end of `history`.
    """
    dates = accounts["churned_on"]
    by_date = (dates <= pd.Timestamp(as_of)).to_numpy(bool)
    status, mrr = left_by_status(accounts), np.zeros(len(accounts), dtype=bool)
    has_status = bool(status.any())
    differ = (status != by_date) if has_status else np.zeros(len(accounts), dtype=bool)
    has_mrr = history is not None and bool(len(history.account_ids)) and bool(len(history.months))
    if history is not None and has_mrr:
        rows = history.rows_of(accounts["account_id"].to_numpy(dtype=object))
        paid = history.units > 0
        known = (rows >= 0) & (history.units.max(axis=1) > 0)[rows]
        mrr = known & ~paid[:, -1][rows]
        end = pd.Timestamp((history.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]"))
        differ = differ | (known & (mrr != (dates < end).to_numpy(bool)))
    return Departures(
        by_date=int(by_date.sum()),
        by_status=int(status.sum()) if has_status else None,
        by_mrr=int(mrr.sum()) if has_mrr else None,
        differ=int(differ.sum()),
    )
