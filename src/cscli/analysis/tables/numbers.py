"""Cells of a spreadsheet to numbers, by rule: what is not plainly a number is reported, never guessed."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.currencies import CURRENCY_CODES

ObjectArray = NDArray[np.object_]

MISSING_MARKS = frozenset(
    {
        "-",
        "--",
        "–",
        "—",
        "ー",
        "―",
        "n/a",
        "na",
        "#n/a",
        "null",
        "none",
        "nan",
        "(blank)",
        "該当なし",
        "なし",
        "無し",
        "不明",
    }
)
_CODES = "|".join(CURRENCY_CODES)
_SIGNS = {
    "円": "JPY",
    "¥": "JPY",
    "\\": "JPY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
}
_CURRENCY_WORDS = {
    "日本円": "JPY", "yen": "JPY", "japanese yen": "JPY", "ドル": "USD", "米ドル": "USD", "us dollar": "USD", "dollar": "USD", "dollars": "USD",
    "us dollars": "USD", "ユーロ": "EUR", "euro": "EUR", "euros": "EUR", "英ポンド": "GBP", "ポンド": "GBP", "pound": "GBP", "pounds": "GBP",
}  # fmt: skip
_SIGN = "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))
_CURRENCY = re.compile(rf"^(?:{_SIGN}|(?:{_CODES})(?=[\s\d.,(+-]))|(?:{_SIGN}|(?<=[\s\d.)])(?:{_CODES}))$")
_ANY_CURRENCY = re.compile(rf"(?<![A-Za-z])(?P<code>{_CODES})(?![A-Za-z])|(?P<sign>{_SIGN})")
_MAGNITUDE = re.compile(r"^(.*\d)\s*(千|百万|万|億|[KkM])$")
_INVISIBLE = {ord(mark): None for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_OTHER_DIGITS = re.compile(
    "[\u2460-\u24ff\u2776-\u2793\u00b2\u00b3\u00b9\u2070-\u2089]"
)  # ①, ²: NFKC makes plain digits of them
_CLOSED = re.compile(r"[¥\\].*\d\s*-$")  # ￥10,000- closes an amount in Japan, and is negative elsewhere
_TIMES = {"千": 1e3, "万": 1e4, "百万": 1e6, "億": 1e8, "K": 1e3, "k": 1e3, "M": 1e6}
_NEGATIVE = re.compile(r"^(?:\((.*)\)|[△▲−-]\s*(.*)|(\d.*\d|\d)\s*[−-])$")
_POINT_DECIMAL = re.compile(r"(\d+|\d{1,3}(?:[,' ]\d{3})+)(\.\d*)?([eE][+-]?\d+)?\Z|\.\d+\Z")
_COMMA_DECIMAL = re.compile(r"(\d+|\d{1,3}(?:[.' ]\d{3})+)(,\d*)?\Z")
_ONLY_COMMA_DECIMAL = re.compile(r"\d{1,3}(\.\d{3})+,\d+\Z|\d+,(\d{1,2}|\d{4,})\Z|\d{1,3}(\.\d{3}){2,}\Z")
_ONLY_POINT_DECIMAL = re.compile(r"\d{1,3}(,\d{3})+\.\d+\Z|\d+\.(\d{1,2}|\d{4,})\Z|\d{1,3}(,\d{3}){2,}\Z")


@dataclass(frozen=True, slots=True, eq=False)
class ParsedNumbers:
    """float64 `values` (NaN: missing), the mask `bad` of filled cells that are none, and how they were read."""

    values: NDArray[np.float64]
    bad: NDArray[np.bool_]
    decimal_comma: bool = False


def parse_numbers(cells: ObjectArray) -> ParsedNumbers:
    """The numbers in `cells`: separators, currency signs, %, brackets, full-width digits; marks of absence."""
    kinds = set(map(type, cells))
    if kinds <= {float, int, type(None)}:
        values = cells.astype(np.float64)
        return ParsedNumbers(np.where(np.isfinite(values), values, np.nan), np.isinf(values))
    values = np.full(len(cells), np.nan)
    filled: NDArray[np.bool_] = cells != None  # noqa: E711 - elementwise
    is_text = filled
    if not kinds <= {str, type(None)}:
        is_text = np.fromiter((type(cell) is str for cell in cells), bool, len(cells))
        is_number = np.fromiter((type(cell) in (float, int) for cell in cells), bool, len(cells))
        values[is_number] = cells[is_number].astype(np.float64)
    values[is_text], absent, comma = _parse_texts(cells[is_text])
    bad = filled & ~np.isfinite(values)
    bad[np.flatnonzero(is_text)[absent]] = False
    values[bad] = np.nan
    return ParsedNumbers(values, bad, comma)


def currency_in(text: str) -> str | None:
    """The ISO code of the currency that `text` names by a code or a sign: `USD 12`, `12円`, `MRR (EUR)`; else None."""
    match = _ANY_CURRENCY.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    return match["code"] or _SIGNS[match["sign"]]


def currency_named(text: str) -> str:
    """The ISO code that a cell of a currency column names: `usd`, `$`, 米ドル; other words as they are, in capitals."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _CURRENCY_WORDS.get(plain.casefold()) or _SIGNS.get(plain) or plain.upper()


def _parse_texts(cells: ObjectArray) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
    """Values, which of the texts are marks of absence, and whether the comma is the decimal sign."""
    values = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(np.float64, copy=True)
    odd = ~np.isfinite(values)
    codes, texts = pd.factorize(cells[odd])
    cleaned = [_clean(text) for text in texts]
    comma = _uses_decimal_comma([text for text, _, _ in cleaned]) and not _has_decimal_point(cells[~odd])
    if comma:
        return _parse_all_with_comma(cells)
    values[odd] = np.array([_value(part, comma=False) for part in cleaned] or [np.nan])[codes]
    absent = np.zeros(len(cells), bool)
    absent[odd] = np.array([_is_absent(text) for text in texts] or [False])[codes]
    return values, absent, False


def _parse_all_with_comma(cells: ObjectArray) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
    codes, texts = pd.factorize(cells)
    values = np.array([_value(_clean(text), comma=True) for text in texts])[codes]
    return values, np.array([_is_absent(text) for text in texts])[codes], True


def _is_absent(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return not folded or folded in MISSING_MARKS


def _clean(text: str) -> tuple[str, int, float]:
    """The bare digits and separators of `text`, its sign and the factor of a percent sign, or of 万 and K."""
    bare = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip().removeprefix("'")
    if _OTHER_DIGITS.search(text) or _CLOSED.match(bare):
        return text, 1, 1.0
    sign, factor = 1, 1.0
    for _ in range(3):  # (¥1,000), ¥-1,000, -12 %: signs stand in any order
        bare = _CURRENCY.sub("", bare).strip()
        if sign == 1 and (match := _NEGATIVE.match(bare)):
            sign, bare = -1, (match[1] or match[2] or match[3] or "").strip()
        if bare.endswith("%"):
            factor, bare = 0.01, bare[:-1].strip()
        elif factor == 1.0 and (times := _MAGNITUDE.match(bare)):
            factor, bare = _TIMES[times[2]], times[1]
    return bare.removeprefix("+"), sign, factor


def _uses_decimal_comma(texts: list[str]) -> bool:
    return any(map(_ONLY_COMMA_DECIMAL.match, texts)) and not any(map(_ONLY_POINT_DECIMAL.match, texts))


def _has_decimal_point(plain: ObjectArray) -> bool:
    """Whether any number that reads as it stands can only have a decimal point: 10.25, but not 1.500."""
    return any("." in text and _ONLY_POINT_DECIMAL.match(text.strip().lstrip("+-")) for text in plain)


def _value(parts: tuple[str, int, float], *, comma: bool) -> float:
    bare, sign, factor = parts
    pattern, thousands = (_COMMA_DECIMAL, ".' ") if comma else (_POINT_DECIMAL, ",' ")
    if not pattern.match(bare):
        return np.nan
    digits = bare.translate({ord(mark): None for mark in thousands}).replace(",", ".")
    number = sign * float(digits)
    return number / 100 if factor == 0.01 else number * factor
