"""Whether the amounts of a payment system's API are cents: by its ids, its seconds since 1970, and whole numbers."""

import re

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.numbers import currency_named
from cscli.analysis.tables.raw import RawTable

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
