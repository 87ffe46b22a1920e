"""How values look where people read them: what `format:` says, else what their kind and column say."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.config.blocks.shown import Format
from cscli.config.schema import Config
from cscli.reports.kit.model import Meaning
from cscli.texts import Language

_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_MEANINGS = {
    "number": Meaning.NUMBER, "percent": Meaning.SHARE, "money": Meaning.MONEY, "date": Meaning.DATE,
    "days": Meaning.DAYS,
}  # fmt: skip
_MONEY = ("mrr", "arr", "cac")


@dataclass(frozen=True, slots=True)
class Look:
    """`decimals`: None where the values themselves decide."""

    meaning: Meaning
    decimals: int | None = None

    def fits(self, values: "pd.Series[Any]") -> bool:
        """Whether values of this type can look so."""
        is_number = values.dtype == np.float64
        return values.dtype.kind == "M" if self.meaning is Meaning.DATE else is_number


def look_of(name: str, config: Config) -> Look | None:
    """How a column looks; None where only its type says it. A metric that is a column looks like it."""
    metric = config.metrics.get(name)
    given = metric.format if metric else None
    if metric and given is None:
        if metric.points.reads_as_share:
            return Look(Meaning.SHARE)
        column = metric.value.plain_column
        return None if column is None else _column_look(column, config)
    return _look(given) if given else _column_look(name, config)


def _column_look(name: str, config: Config) -> Look | None:
    things = [config.derived.get(name), *(source.rollup.get(name) for source in config.sources.values())]
    given = next((each.format for each in things if each and each.format), None)
    if given:
        return _look(given)
    return Look(Meaning.MONEY, 0) if name in _MONEY else None


def _look(given: Format) -> Look:
    return Look(_MEANINGS[given.kind], given.decimals)


def shown_values(
    values: "pd.Series[Any]", look: Look | None, config: Config, language: Language
) -> list[str | None]:
    """The values of one type in words; missing ones as None."""
    fitting = look if look and look.fits(values) else None
    codes, distinct = pd.factorize(values)  # many accounts share a value
    words = [show_value(value, fitting, config.currency, language) for value in distinct.tolist()]
    return [None if code < 0 else words[code] for code in codes.tolist()]


def show_value(value: Any, look: Look | None, currency: str | None, language: Language) -> str:
    """A value that is there, in words."""
    if isinstance(value, dt.date):
        return show_date(value, language)
    if isinstance(value, bool) or not isinstance(value, float | int):
        return str(value)
    return _show_number(float(value) + 0.0, look or Look(Meaning.NUMBER), currency)  # -0.0 becomes 0.0


def _show_number(value: float, look: Look, currency: str | None) -> str:
    match look.meaning:
        case Meaning.SHARE:
            return show_share(value) if look.decimals is None else f"{value:.{look.decimals}%}"
        case Meaning.MONEY:
            return show_money(value, currency, look.decimals or 0)
        case Meaning.DAYS:
            return f"{value:,.{look.decimals or 0}f}"
        case _:
            return show_number(value) if look.decimals is None else f"{value:,.{look.decimals}f}"


def show_money(amount: float, currency: str | None, decimals: int = 0) -> str:
    """An amount: ¥1,200, 1,200 CHF; without a currency, bare."""
    sign = _SIGNS.get(currency or "", "")
    suffix = f" {currency}" if currency and not sign else ""
    return f"{sign}{amount:,.{decimals}f}{suffix}"


def show_share(value: float) -> str:
    """A share for people: 7%, 0.4%."""
    return f"{value:.0%}" if abs(value) >= 0.01 or value == 0 else f"{value:.1%}"


def show_number(value: float) -> str:
    """A number for people: whole ones with separators, others with as many decimals as tell something."""
    if value.is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def show_date(value: dt.date, language: Language) -> str:
    """A day for people: 2026-10-31, 2026/10/31."""
    return value.strftime("%Y/%m/%d" if language == "ja" else "%Y-%m-%d")
