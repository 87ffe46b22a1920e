"""Whether the figures of a row are the sum, the mean or the count of the rows above it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import Column

_ROUNDED = 0.51
"""A mean is often written as a whole number."""


def agrees_with_rows_above(
    columns: Sequence[Column], at: int, plain: NDArray[np.bool_], *, alone: bool
) -> bool | None:
    """Whether most number of row `at` is a sum, mean or count of numbers above it, in the whole column or from some
    row on. `plain`: the rows that are no sums themselves. `alone`: one row may be a group too. None where the row has no number with numbers above.
    """
    found = [
        _is_summary_of(column, at, plain, 1 if alone else 2)
        for column in columns
        if _may_be_number(column[at])
    ]
    known = [each for each in found if each is not None]
    return 2 * sum(known) > len(known) if known else None


def _may_be_number(cell: object) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and any(map(str.isdigit, cell)))


def _is_summary_of(column: Column, at: int, plain: NDArray[np.bool_], fewest: int) -> bool | None:
    values = parse_numbers(column[: at + 1]).values
    own, above = values[-1], values[:-1][plain[:at]]
    if np.isnan(own):
        return None
    above = above[~np.isnan(above)]
    if len(above) < fewest:
        return None
    sums = np.cumsum(above[::-1])
    counts = np.arange(1, len(above) + 1)
    grand_total = np.array([above.sum() / 2])  # below subtotals every figure stands twice in the column's sum
    means = sums / counts
    return (
        _has(sums[fewest - 1 :], own)
        or _has(grand_total, own)
        or own == len(above)
        or _has(means[-1:], own, _ROUNDED if own.is_integer() else 0.006)
    )


def _has(values: NDArray[np.float64], wanted: float, close: float = 0.01) -> bool:
    return bool(np.any(np.abs(values - wanted) <= close + 1e-9 * np.abs(wanted)))
