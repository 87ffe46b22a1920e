"""Orders to how recently, how often and how much each account buys, in fifths."""

from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.orders.lines import Orders

_FIFTHS = 5


def tabulate_rfm(orders: Orders) -> pd.DataFrame:
    """One row an account that ever bought, by id: account_id, recency_days (since its last purchase), orders (their
    ids where given, else the lines above 0), revenue (money, refunds taken off), r, f, m (1 to 5; 5 is the most recent,
    most frequent, largest), rfm (the three as a text), first_on (datetime64).

    A fifth goes by mid-rank: those that are alike share it, whatever their place in the file.
    """
    bought = orders.bought
    groups = bought.groupby("account_id", sort=True)
    number = groups["order_id"].nunique().where(groups["order_id"].count() == groups.size(), groups.size())
    revenue = orders.lines.groupby("account_id")["amount"].sum().reindex(number.index)
    since = (pd.Timestamp(orders.as_of) - groups["at"].max()).dt.days
    fifths = [_fifths(-since), _fifths(number), _fifths(revenue)]
    texts = [f"{r}{f}{m}" for r, f, m in zip(*fifths, strict=True)]
    return pd.DataFrame(
        {
            "account_id": number.index.to_numpy(object),
            "recency_days": since.to_numpy(np.float64),
            "orders": number.to_numpy(np.float64),
            "revenue": revenue.to_numpy(np.float64),
            **dict(zip("rfm", fifths, strict=True)),
            "rfm": np.array(texts, dtype=object),
            "first_on": groups["at"].min().to_numpy(),
        }
    )


def _fifths(values: "pd.Series[Any]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    share = (values.rank(method="average").to_numpy(np.float64) - 0.5) / max(len(values), 1)
    return np.minimum(np.floor(share * _FIFTHS).astype(np.int64) + 1, _FIFTHS)
