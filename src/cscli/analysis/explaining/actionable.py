"""A metric's formula, where it is simple, to the column that a person can act on and back."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from cscli.config.schema import Config

_NAME = r"([A-Za-z_]\w*)"
_FACTOR = r"(?:(\d+(?:\.\d+)?)\s*\*\s*)?"
_RATIO = re.compile(rf"{_FACTOR}{_NAME}\s*/\s*(?:{_NAME}|nullif\(\s*{_NAME}\s*,\s*0\s*\))", re.IGNORECASE)
_GROWTH = re.compile(rf"{_RATIO.pattern}\s*-\s*1", re.IGNORECASE)
_SINCE = re.compile(rf"as_of\s*-\s*{_NAME}|date_diff\(\s*'day'\s*,\s*{_NAME}\s*,\s*as_of\s*\)", re.IGNORECASE)


class Way(StrEnum):
    """How a metric comes from its column: the column itself, its ratio to another, its growth over another, or
    the days since it.
    """

    PLAIN = "plain"
    RATIO = "ratio"
    GROWTH = "growth"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class ActionableColumn:
    """`column` moves, `other` stays: plain, factor x column / other, the same - 1, or as_of - column in days."""

    way: Way
    column: str
    other: str | None = None
    factor: float = 1.0


def find_actionable(name: str, config: Config) -> ActionableColumn | None:
    """The column that a person can act on for a metric; None where its formula is not one of the simple ones."""
    text = config.metrics[name].value.text.strip()
    seen: set[str] = set()
    while text in config.derived and text not in seen:
        seen.add(text)
        text = config.derived[text].text.strip()
    if re.fullmatch(_NAME, text):
        return ActionableColumn(Way.PLAIN, text)
    if found := _SINCE.fullmatch(text):
        return ActionableColumn(Way.SINCE, found[1] or found[2])
    for way, form in ((Way.RATIO, _RATIO), (Way.GROWTH, _GROWTH)):
        if (found := form.fullmatch(text)) and not (way is Way.GROWTH and found[1]):
            return ActionableColumn(way, found[2], found[3] or found[4], float(found[1] or 1))
    return None


def column_value(
    actionable: ActionableColumn, metric: float, account: "pd.Series[Any]", as_of: dt.date
) -> float | None:
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


def metric_value(
    actionable: ActionableColumn, column: float, account: "pd.Series[Any]", as_of: dt.date
) -> float:
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
