"""Orders to who is likely still a customer, and what they buy in the next twelve months; or why that cannot be said."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from cscli.analysis.orders.lines import Orders
from cscli.analysis.orders.purchase_models import (
    PurchaseModel,
    Purchases,
    SpendModel,
    chance_alive,
    expect_future_purchases,
    expect_value,
    fit_purchases,
    fit_spend,
)

FEWEST_REPEATERS = 100
"""With fewer customers that bought again no model is fitted."""
_WEEK_DAYS = 7
_YEAR_WEEKS = 365 / _WEEK_DAYS
_LONGEST_HOLD_OUT_DAYS = 365
_MUCH_CORRELATED = 0.3


class Refusal(StrEnum):
    """Why nothing is forecast."""

    FEW = "few_repeat"
    NO_FIT = "no_fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOut:
    """The fit of what was known on `until`, against what came after: purchases (days with one) `expected` and `seen`
    of the customers of then.
    """

    until: dt.date
    expected: float
    seen: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """`table`: one row an account by id: account_id, p_alive, orders_12m, value_12m (money; NaN without `spend`); no rows
    where there is a `refusal`. `correlation`: of how often with how much a purchase, which Gamma-Gamma takes for none.
    `customers`, `repeaters`: who bought, who bought on another day again. Time is in weeks.
    """

    table: pd.DataFrame
    customers: int
    repeaters: int
    refusal: Refusal | None = None
    model: PurchaseModel | None = None
    spend: SpendModel | None = None
    correlation: float | None = None
    hold_out: HoldOut | None = None

    @property
    def is_correlated(self) -> bool:
        """Whether the value of an order hangs so much on their number that Gamma-Gamma does not hold."""
        return self.correlation is not None and abs(self.correlation) > _MUCH_CORRELATED


def forecast_orders(orders: Orders) -> Forecast:
    """BG/NBD and Gamma-Gamma; purchases of one day are one."""
    days = _days_bought(orders)
    ids, purchases, mean_value = _customers(days, orders.as_of)
    repeaters = int((purchases.frequency > 0).sum())
    nothing = pd.DataFrame({"account_id": [], "p_alive": [], "orders_12m": [], "value_12m": []})
    few = repeaters < FEWEST_REPEATERS
    model = None if few else fit_purchases(purchases)
    if model is None:
        why = Refusal.FEW if few else Refusal.NO_FIT
        return Forecast(table=nothing, customers=len(ids), repeaters=repeaters, refusal=why)
    spend = fit_spend(purchases.frequency, mean_value)
    expected = expect_future_purchases(model, purchases, _YEAR_WEEKS)
    worth = np.full(len(ids), np.nan)
    if spend is not None and spend.mean is not None:
        worth = expect_value(spend, purchases.frequency, mean_value)
    table = pd.DataFrame(
        {
            "account_id": ids,
            "p_alive": chance_alive(model, purchases),
            "orders_12m": expected,
            "value_12m": expected * worth,
        }
    )
    again = (purchases.frequency > 0) & (mean_value > 0)
    return Forecast(
        table=table,
        customers=len(ids),
        repeaters=repeaters,
        model=model,
        spend=spend,
        correlation=_correlation(purchases.frequency[again], mean_value[again]),
        hold_out=_hold_out(days, orders.as_of),
    )


def _days_bought(orders: Orders) -> pd.DataFrame:
    """One row an account and day with a purchase: account_id, at, amount."""
    return orders.bought.groupby(["account_id", "at"], sort=True)["amount"].sum().reset_index()


def _customers(
    days: pd.DataFrame, until: dt.date
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.object_]]", Purchases, "np.ndarray[tuple[int], np.dtype[np.float64]]"
]:
    """Ids, what the model takes of each, and the mean value of its repeat purchases (0 without)."""
    groups = days.groupby("account_id", sort=True)
    first, last = groups["at"].min(), groups["at"].max()
    frequency = np.asarray(groups.size().to_numpy(np.float64) - 1, dtype=np.float64)
    repeats = groups["amount"].sum().to_numpy(np.float64) - groups["amount"].first().to_numpy(np.float64)
    mean_value = np.where(frequency > 0, repeats / np.maximum(frequency, 1), 0.0)
    recency = (last - first).dt.days.to_numpy(np.float64) / _WEEK_DAYS
    age = (pd.Timestamp(until) - first).dt.days.to_numpy(np.float64) / _WEEK_DAYS
    # who bought first today has been seen for no time at all, which no rate can be of
    age = np.maximum(age, 1 / _WEEK_DAYS)
    return (
        first.index.to_numpy(object),
        Purchases(frequency, recency, age, np.ones(len(first), dtype=np.float64)),
        mean_value,
    )


def _hold_out(days: pd.DataFrame, as_of: dt.date) -> HoldOut | None:
    """The last quarter of the time, a year at most; None where the time before is too little to fit."""
    span = (pd.Timestamp(as_of) - days["at"].min()).days
    held = min(span // 4, _LONGEST_HOLD_OUT_DAYS)
    until = as_of - dt.timedelta(days=held)
    before = days[days["at"] <= pd.Timestamp(until)]
    if held < _WEEK_DAYS or before.empty:
        return None
    ids, purchases, _ = _customers(before, until)
    if (purchases.frequency > 0).sum() < FEWEST_REPEATERS:
        return None
    model = fit_purchases(purchases)
    if model is None:
        return None
    expected = float(expect_future_purchases(model, purchases, held / _WEEK_DAYS).sum())
    seen = int(days["account_id"].isin(ids)[days["at"] > pd.Timestamp(until)].sum())
    return HoldOut(until=until, expected=expected, seen=seen)


def _correlation(
    frequency: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    value: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> float | None:
    if len(value) < 2 or frequency.std() == 0 or value.std() == 0:
        return None
    return float(np.corrcoef(frequency, value)[0, 1])
