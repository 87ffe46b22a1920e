"""The order tables of a book to its orders, and to how recently, how often and how much each account buys."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.orders.lines import Orders, read_orders
from cscli.analysis.orders.rfm import tabulate_rfm
from cscli.config.linting.given import RFM_COLUMNS
from cscli.config.schema import Config
from cscli.errors import Location, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cscli.analysis.tables.conform import TypedTable


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class OrderTerms:
    """`rates`: what one unit of another currency is worth in that of the book."""

    as_of: dt.date
    rates: Mapping[str, float]


def orders_of(
    config: Config, tables: "Mapping[str, TypedTable]", here: "pd.Series[str]", terms: OrderTerms
) -> tuple[Orders | None, tuple[Problem, ...]]:
    """Of all sources of orders together, as far as their accounts are among `here`; None without any purchase."""
    found: list[pd.DataFrame] = []
    problems: list[Problem] = []
    for name, source in config.sources.items():
        if source.kind != "orders" or name not in tables:
            continue
        table = tables[name]
        known = (table.frame["account_id"].isin(here) | table.frame["account_id"].isna()).to_numpy()
        lines = table.frame[known].reset_index(drop=True)
        locate = _locator(table, table.lines[known])
        orders, said = read_orders(lines, terms.as_of, terms.rates, config.currency, locate)
        found.append(orders.lines)
        problems += said
    if not found:
        return None, ()
    every = Orders(pd.concat(found, ignore_index=True), terms.as_of)
    return (None if every.bought.empty else every), tuple(problems)


def rfm_columns(orders: Orders | None, ids: "pd.Series[str]") -> pd.DataFrame:
    """The columns rfm (text, such as 545), rfm_recency, rfm_frequency, rfm_monetary (1 to 5, as `tabulate_rfm`) of each of `ids`, on
    their index; missing of who never bought.
    """
    names = RFM_COLUMNS
    if orders is None:
        empty = {name: np.full(len(ids), None if name == "rfm" else np.nan) for name in names}
        return pd.DataFrame(empty, index=ids.index).astype({"rfm": object})
    table = tabulate_rfm(orders).set_index("account_id")[["rfm", "r", "f", "m"]].reindex(ids)
    found = table.astype({"rfm": object, "r": "float64", "f": "float64", "m": "float64"})
    found["rfm"] = found["rfm"].where(found["rfm"].notna(), None)
    return found.set_axis(list(names), axis=1).set_axis(ids.index, axis=0)


def _locator(table: "TypedTable", places: "NDArray[np.int64]") -> Callable[[int], Location]:
    return lambda row: table.facts.locate(int(places[row]))
