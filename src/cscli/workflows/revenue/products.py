"""What a product is in a book, and what each account costs a month beside its margin."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.product_years import Products
from cscli.config.schema import Config

PLAN = "plan"
_MOST_PRODUCTS = 12


def products_of(frame: pd.DataFrame, by: str | None, config: Config) -> tuple[str | None, Products]:
    """The column that tells products (the one that was asked for, else the plan where it has a few values; None: all accounts
    are one), and the product and effort of each account of `frame`.
    """
    name = by or (PLAN if 0 < frame[PLAN].nunique() <= _MOST_PRODUCTS else None)
    of = None if name is None else frame[name].to_numpy(dtype=object)
    return name, Products(of=of, effort=costs_of(frame, config))


def costs_of(frame: pd.DataFrame, config: Config) -> NDArray[np.float64] | None:
    """Money a month by account: its hours by segment, at `ltv.hourly_cost`; None where the rules do not give both."""
    rate, effort = config.ltv.hourly_cost, config.effort
    if rate is None or effort is None or effort.by not in frame.columns:
        return None
    hours = pd.to_numeric(frame[effort.by].map(effort.hours_per_month))
    return hours.to_numpy(np.float64, na_value=np.nan) * rate


def mean_cost(frame: pd.DataFrame, config: Config) -> float | None:
    """Money an account and month, mean over those that are here."""
    costs = costs_of(frame, config)
    if costs is None:
        return None
    known = costs[frame["churned_on"].isna().to_numpy() & ~np.isnan(costs)]
    return float(known.mean()) if len(known) else None
