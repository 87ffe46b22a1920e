"""Amounts in few digits, for tiles and sentences: ¥17.3M, 1,730万円. The page's scripts write them by the same rules. And names
that leave room for the rest of a sentence.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cscli.texts import Language

_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩"}
_UNITS_JA = {"JPY": "円", "USD": "ドル", "EUR": "ユーロ", "GBP": "ポンド", "KRW": "ウォン"}
_WITHOUT_CENTS = ("JPY", "KRW")
_STEPS_EN = ((1e9, "B"), (1e6, "M"), (1e3, "K"))
_STEPS_JA = ((1e8, "億"), (1e4, "万"))
_NEAR = {"en": 0.9995, "ja": 0.99995}
MINUS = "−"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class MoneyForm:
    """What stands before and after an amount, and the decimals of an exact one."""

    before: str
    after: str
    decimals: int


def money_form(currency: str | None, language: Language) -> MoneyForm:
    """How this language writes that currency; without one, amounts are bare."""
    decimals = 0 if currency is None or currency in _WITHOUT_CENTS else 2
    if currency is None:
        return MoneyForm("", "", decimals)
    if language == "ja":
        return MoneyForm("", _UNITS_JA.get(currency, f" {currency}"), decimals)
    sign = _SIGNS.get(currency)
    return MoneyForm(sign, "", decimals) if sign else MoneyForm("", f" {currency}", decimals)


def compact_money(amount: float, currency: str | None, language: Language) -> str:
    """Three digits that count, of amounts of ten thousand (ja) whole ones from a hundred on; missing as –."""
    if math.isnan(amount):
        return "–"
    form, size = money_form(currency, language), abs(amount)
    steps = _STEPS_JA if language == "ja" else _STEPS_EN
    for step, unit in steps:
        if (
            size >= step * _NEAR[language]
        ):  # what rounds up to it is written in it: 999,600 as 1M, not as 1,000K
            shown = _digits(size / step) + unit
            break
    else:
        shown = _digits(size)
    return f"{MINUS if amount < 0 and float(_rounded(size, 2)) else ''}{form.before}{shown}{form.after}"


def _digits(size: float) -> str:
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    shown = _rounded(size, decimals)
    return f"{shown:,}" if decimals == 0 else _without_zeros(f"{shown:,}")


def _without_zeros(shown: str) -> str:
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _rounded(value: float, decimals: int) -> Decimal:
    """A half goes up, from the exact binary value, as `toFixed` of a browser does."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def short_name(name: str) -> str:
    """A name as a sentence has it: its first 80 characters, where it has more."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rstrip()}…"
