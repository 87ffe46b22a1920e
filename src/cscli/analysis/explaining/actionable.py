"""A metric's formula, where it is simple, to the column that a person can act on and back."""

import datetime as dt
from typing import Any

import pandas as pd

from cscli.config.schema import Config
from cscli.expressions.bare.model import Shape, Way


def find_actionable(name: str, config: Config) -> Shape | None:
    """The column that a person can act on for a metric, and how; None where its formula is not one of the simple
    ones.
    """
    shape = config.metrics[name].value.shape
    seen: set[str] = set()
    while shape.way is Way.PLAIN and shape.column in config.derived and shape.column not in seen:
        seen.add(shape.column)
        shape = config.derived[shape.column].value.shape
    return None if shape.way is Way.OTHER else shape


def column_value(actionable: Shape, metric: float, account: "pd.Series[Any]", as_of: dt.date) -> float | None:
    """What the column must be for the metric to have this value; a day as its number since 1970. `account`: its
    columns. None where that cannot be said.
    """
    if actionable.way is Way.PLAIN:
        return metric
    if actionable.way is Way.SINCE:
        return as_of.toordinal() - _EPOCH - metric
    other = account.get(actionable.other or "", None)
    if not isinstance(other, int | float) or not other > 0:
        return None
    return (metric + (actionable.way is Way.GROWTH)) * other / actionable.factor


def metric_value(actionable: Shape, column: float, account: "pd.Series[Any]", as_of: dt.date) -> float:
    """The metric for a value of the column, as `column_value` gave one."""
    if actionable.way is Way.PLAIN:
        return column
    if actionable.way is Way.SINCE:
        return as_of.toordinal() - _EPOCH - column
    return actionable.factor * column / float(account[actionable.other or ""]) - (
        actionable.way is Way.GROWTH
    )


def as_day(number: float) -> dt.date:
    """The day of such a number."""
    return dt.date.fromordinal(int(number) + _EPOCH)


_EPOCH = dt.date(1970, 1, 1).toordinal()
