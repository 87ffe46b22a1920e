"""What the cells of money show of themselves: cents of an API, points of thousands, the currency of each row."""

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.numbers import currency_in, currency_named
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity
from cscli.fields import FieldType

MONEY = ("mrr", "arr", "cac", "amount", "unit_amount")
TITLE = re.compile(
    r"単位|unit|in thousands|in millions|amounts? in|[$€£¥']000|000s|figures? (?:are )?in|[$€£]\s?(?:k|mm?)\b"
)
_OF_NUMBERS = "0123456789.,+- "
_API_ID = re.compile(r"(?:cus|sub|price|plan|in|si|prod|acct|ch|pi)_\w+\Z")
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?\Z")
_WITHOUT_CENTS = frozenset(
    {
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    }
)
_LOOKED_AT = 50


def minor_factors(table: TypedTable, raw: RawTable) -> NDArray[np.float64] | None:
    """What each row's amounts are to be multiplied by; None where they are not those of an API. Yen have no cents."""
    if "currency" not in table.frame or not _is_of_api(raw):
        return None
    codes = table.frame["currency"].astype(object).map(lambda code: currency_named(str(code)))
    return np.where(codes.isin(_WITHOUT_CENTS), 1.0, 0.01)


def holds_whole_numbers(raw: RawTable, header: str) -> bool:
    """Whether no amount of the column is written with a fraction, as 1200.00 is."""
    cells = [cell for cell in raw.column(header) if cell is not None]
    return bool(cells) and all(
        isinstance(cell, int | float) and float(cell).is_integer()
        if not isinstance(cell, str)
        else cell.strip().lstrip("-").isdigit()
        for cell in cells
    )


def _is_of_api(raw: RawTable) -> bool:
    samples = [[str(c).strip() for c in column[:_LOOKED_AT] if c is not None] for column in raw.columns]
    filled = [sample for sample in samples if sample]
    has_ids = any(all(_API_ID.match(text) for text in sample) for sample in filled)
    has_seconds = any(all(_SECONDS.match(text.removesuffix(".0")) for text in sample) for sample in filled)
    return has_ids and has_seconds


_POINTED = re.compile(r"\D*\d{1,3}\.\d{3}\D*")
_WHOLE = re.compile(r"\D*\d{1,3}\D*")
_FEWEST = 3
_CODES_OF_MILLS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Their units have a thousand parts."""


def read_points(
    numbers: NDArray[np.float64], name: str, raw: RawTable, header: str, *, decimal_comma: bool
) -> tuple[NDArray[np.float64], list[Problem]]:
    """`numbers` of the money column `name` with 1.100 as 1,100 where that is sure, else missing (either reading is far wrong),
    and what is said of it. `decimal_comma`: the file writes its fractions with a comma.
    """
    found = _pointed(raw, header, decimal_comma=decimal_comma)
    if found is None:
        return numbers, []
    rows, is_sure = found
    first = int(np.argmax(rows))
    said = Problem(
        "data.points_are_thousands" if is_sure else "data.points_undecided",
        severity=Severity.WARNING if is_sure else Severity.ERROR,
        where=raw.locate(first, header),
        value=str(raw.column(header)[first]),
        details={"name": name, "count": int(rows.sum())},
    )
    return np.where(rows, numbers * 1e3 if is_sure else np.nan, numbers), [said]


def _pointed(raw: RawTable, header: str, *, decimal_comma: bool) -> tuple[NDArray[np.bool_], bool] | None:
    """The cells that are written as 1.100 where no other cell has a fraction, and whether they are thousands for sure: the
    file has decimal commas elsewhere, or whole numbers stand beside them. None where the column has fewer than three.
    """
    cells = raw.column(header)
    texts = {cell for cell in cells.tolist() if type(cell) is str}
    if not any("." in text for text in texts):
        return None
    plain = {text: unicodedata.normalize("NFKC", text) for text in texts}
    pointed = {text for text in texts if _POINTED.fullmatch(plain[text])}
    others = [text for text in texts - pointed if re.search(r"\d", plain[text])]
    if not pointed or any("." in plain[text] or "," in plain[text] for text in others):
        return None
    found = np.array([type(cell) is str and cell in pointed for cell in cells], dtype=bool)
    if found.sum() < (1 if decimal_comma else _FEWEST) or _has_mills(raw):
        return None
    whole = any(_WHOLE.fullmatch(plain[text]) for text in others) or any(
        isinstance(cell, int | float) for cell in cells
    )
    return found, decimal_comma or whole


def _has_mills(raw: RawTable) -> bool:
    return any(
        isinstance(cell, str) and cell.strip().upper() in _CODES_OF_MILLS
        for column in raw.columns
        for cell in column[:50]
    )


def add_currency(frame: pd.DataFrame, table: TypedTable, raw: RawTable) -> tuple[pd.DataFrame, list[Problem]]:
    """The currency of each row from its money columns: a code or sign in the cell, else the header's, a title's."""
    money = [
        each.mapped for each in table.columns if each.mapped.name in MONEY and each.type is FieldType.NUMBER
    ]
    found: pd.Series[str] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for mapped in money:
        cells = pd.Series(_cell_currencies(raw, mapped.header), index=frame.index, dtype=object)
        of_header = currency_in(_unit_words(mapped.header, raw))
        named = cells if of_header is None else cells.where(cells.notna(), of_header)
        found = found.where(found.notna() | frame[mapped.name].isna(), named)
    if found.isna().all():
        return frame, []
    if "currency" in frame.columns:
        given = frame["currency"].astype(object)
        return frame.assign(currency=given.where(given.notna(), found)), []
    found = found.where(found.notna(), None)
    seen = found.value_counts().to_dict()
    details = {"currencies": ", ".join(f"{name} ({count})" for name, count in seen.items())}
    said = Problem(
        "data.currency_seen",
        severity=Severity.NOTE,
        where=raw.locate(header=money[0].header),
        details=details,
    )
    return frame.assign(currency=found), [said]


def _unit_words(header: str, raw: RawTable) -> str:
    titles = (title for title in raw.titles if TITLE.search(title.casefold()))
    return " ".join([header.replace("_", " ").upper(), raw.unit_row.get(header, ""), *titles])


def _cell_currencies(raw: RawTable, header: str) -> NDArray[np.object_]:
    """By the text of a cell, else by the format in which a workbook shows it."""
    codes, uniques = pd.factorize(raw.column(header))
    named = [
        currency_in(cell) if isinstance(cell, str) and cell.strip(_OF_NUMBERS) else None for cell in uniques
    ]
    known: NDArray[np.object_] = np.array([*named, None], dtype=object)
    if header not in raw.signs:
        return known[codes]
    most, others = raw.signs[header]
    shown = np.array([others.get(line, most) for line in raw.lines.tolist()], dtype=object)
    return np.where(known[codes] == None, shown, known[codes])  # noqa: E711 - elementwise
