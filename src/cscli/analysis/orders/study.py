"""Orders to all that a report says of a business without a term."""

from dataclasses import dataclass

import pandas as pd

from cscli.analysis.orders.forecast import Forecast, forecast_orders
from cscli.analysis.orders.lines import Orders
from cscli.analysis.orders.rfm import tabulate_rfm
from cscli.analysis.orders.years import sum_months, tabulate_cohorts, tabulate_years


@dataclass(frozen=True, eq=False, kw_only=True)
class OrdersStudy:
    """Tables as the functions that make them describe them."""

    years: pd.DataFrame
    cohorts: pd.DataFrame
    rfm: pd.DataFrame
    forecast: Forecast

    @property
    def last_year(self) -> "pd.Series[float] | None":
        """The row of the last twelve whole months; None before there are so many."""
        rolling = self.years[self.years["kind"] == "rolling"]
        return None if rolling.empty else rolling.iloc[-1]


def study_orders(orders: Orders, fiscal_year_start: int) -> OrdersStudy:
    """`fiscal_year_start`: a calendar month, 1 to 12."""
    sales = sum_months(orders)
    return OrdersStudy(
        years=tabulate_years(sales, fiscal_year_start),
        cohorts=tabulate_cohorts(sales),
        rfm=tabulate_rfm(orders),
        forecast=forecast_orders(orders),
    )
