"""Values as people read them: money with separators, shares in percent, names in place of codes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cscli.render.text.cells import date_texts, is_date, is_number, one_value
from cscli.reports.kit.model import Column, Meaning, Values
from cscli.texts import Language

_SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩"}
_WITHOUT_DECIMALS = ("JPY", "KRW")


@dataclass(frozen=True, slots=True)
class Money:
    """How an amount is written: the symbol (or code and space) before it, and its decimals."""

    symbol: str
    decimals: int


def money_of(currency: str | None, decimals: int | None = None) -> Money:
    """Without a currency, amounts are bare and, where nothing says how many decimals they have, whole."""
    usual = 0 if currency is None or currency in _WITHOUT_DECIMALS else 2
    symbol = "" if currency is None else _SYMBOLS.get(currency, f"{currency} ")
    return Money(symbol, usual if decimals is None else decimals)


def decimals_of(values: Values) -> int:
    """Decimals that a column of plain numbers needs: none if all are whole, three if all are below 1."""
    numbers = values[np.isfinite(values)]
    if (numbers == np.floor(numbers)).all():
        return 0
    return 3 if np.abs(numbers).max() < 1 else 2


def display_texts(column: Column, values: Values, currency: str | None, language: Language) -> list[str]:
    """The values as text for people; missing is empty."""
    if column.by_row:
        return _mixed_texts(column, values, currency, language)
    if is_number(values):
        show = _number_display(column, values, currency)
        numbers = (values.astype(np.float64) + 0.0).tolist()
        finite = np.isfinite(values).tolist()
        return [show(number) if known else "" for number, known in zip(numbers, finite, strict=True)]
    if is_date(values):
        texts = date_texts(values, "")
        return texts if language == "en" else [text.replace("-", "/") for text in texts]
    labels = column.labels
    return ["" if value is None else labels.get(value, value) for value in values.tolist()]


def _mixed_texts(column: Column, values: Values, currency: str | None, language: Language) -> list[str]:
    """Each value by the meaning of its row; numbers beside numbers of other kinds have decimals of their own."""
    rows = zip(column.by_row, range(len(values)), strict=False)
    return [
        display_texts(
            replace(column, meaning=meaning, by_row=()), one_value(values, row), currency, language
        )[0]
        for meaning, row in rows
    ]


def _number_display(column: Column, values: Values, currency: str | None) -> Callable[[float], str]:
    decimals = column.decimals
    match column.meaning:
        case Meaning.SCORE | Meaning.POINTS:
            return "{:.1f}".format
        case Meaning.CHANGE:
            return _change
        case Meaning.SHARE:
            return f"{{:.{decimals or 0}%}}".format
        case Meaning.RATE:
            return "{:.1%}".format
        case Meaning.MONEY:
            money = money_of(currency, decimals)
            return lambda amount: (
                f"{'-' if amount < 0 else ''}{money.symbol}{abs(amount):,.{money.decimals}f}"
            )
        case Meaning.COUNT | Meaning.DAYS:
            return f"{{:,.{decimals or 0}f}}".format
        case _:
            return f"{{:,.{decimals_of(values) if decimals is None else decimals}f}}".format


def _change(points: float) -> str:
    shown = f"{points:+.1f}"
    return shown if float(shown) else "0.0"
