"""The order tables of a book to the study of them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.orders.lines import Orders, read_orders
from cscli.analysis.orders.study import OrdersStudy, study_orders
from cscli.analysis.tables.conform import TypedTable
from cscli.errors import Location, Problem
from cscli.workflows.book.read import Book
from cscli.workflows.book.revenue_lines import rates_of


def read_orders_of(book: Book) -> tuple[OrdersStudy | None, tuple[Problem, ...]]:
    """Of all sources of orders together, as far as their accounts are known; None without any purchase."""
    tables = [
        table
        for name, table in book.resolved.tables.items()
        if name in book.config.sources and book.config.sources[name].kind == "orders"
    ]
    found: list[pd.DataFrame] = []
    problems: list[Problem] = []
    here = book.frame["account_id"]
    for table in tables:
        known = (table.frame["account_id"].isin(here) | table.frame["account_id"].isna()).to_numpy()
        lines = table.frame[known].reset_index(drop=True)
        places = table.lines[known]
        rates = rates_of(book.config).constant
        orders, said = read_orders(lines, book.as_of, rates, book.config.currency, _locator(table, places))
        found.append(orders.lines)
        problems += said
    if not found:
        return None, ()
    orders = Orders(pd.concat(found, ignore_index=True), book.as_of)
    if orders.bought.empty:
        return None, tuple(problems)
    return study_orders(orders, book.config.fiscal_year_start), tuple(problems)


def _locator(table: TypedTable, places: NDArray[np.int64]) -> Callable[[int], Location]:
    return lambda row: table.facts.locate(int(places[row]))
