"""Whether the figures of a row are the sum, the mean or the count of the rows above it, or of all others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import Column

_ROUNDED = 0.51
"""A mean is often written as a whole number."""
_MANY, _SOME, _OF_A_GROUP = 8, 4, 3
"""So many others, or fewer where a second column agrees, do not add up to one amount by chance."""


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


def rows_that_sum_the_others(
    columns: Sequence[Column], amounts: Column, plain: NDArray[np.bool_]
) -> list[int]:
    """The rows whose amount is that of all `plain` others together, or of each group above them where the whole table is
    such groups: they are no accounts, whatever stands in their cell for the id.
    """
    values = parse_numbers(amounts).values
    use = plain & ~np.isnan(values) & (values != 0)
    at = np.flatnonzero(use)
    if len(at) <= _SOME:
        return []
    found = at[np.isclose(2 * values[at], values[at].sum(), rtol=1e-9, atol=0.01)]
    if len(found) == 1:
        many = len(at) > _MANY
        row = int(found[0])
        return [row] if _others_agree(columns, amounts, row, use, alone=many) else []
    return _ends_of_groups(at, values[at])


def _others_agree(
    columns: Sequence[Column], amounts: Column, row: int, use: NDArray[np.bool_], *, alone: bool
) -> bool:
    """Whether the other numbers of `row` are not against its being a sum, or one is for it where the amount says too little alone."""
    found = [
        _sums(parse_numbers(column).values, row, use)
        for column in columns
        if column is not amounts and _may_be_number(column[row])
    ]
    known = [each for each in found if each is not None]
    return any(known) or (alone and len(known) <= 1)


def _sums(values: NDArray[np.float64], row: int, use: NDArray[np.bool_]) -> bool | None:
    others = use.copy()
    others[row] = False
    rest = values[others & ~np.isnan(values)]
    if len(rest) < _SOME or np.isnan(values[row]):
        return None
    return bool(np.isclose(values[row], [rest.sum(), rest.mean(), len(rest)], rtol=1e-9, atol=0.01).any())


def _ends_of_groups(at: NDArray[np.intp], values: NDArray[np.float64]) -> list[int]:
    """The last rows of groups that each add up to it, if nothing but such groups (and their sum) is there, and at least
    two. Where most rows have the same few prices, that may be chance.
    """
    found: list[int] = []
    total, size, sums = 0.0, 0, 0.0
    for row, value in zip(at.tolist(), values.tolist(), strict=True):
        if size >= _OF_A_GROUP and _is_close(value, total):
            found.append(row)
            sums, total, size = sums + value, 0.0, 0
        else:
            total, size = total + value, size + 1
    if size == 1 and len(found) > 1 and _is_close(values[-1], sums):
        found, size = [*found, int(at[-1])], 0
    return found if len(found) > 1 and size == 0 and 2 * len(np.unique(values)) > len(values) else []


def _is_close(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= 0.01 + 1e-9 * abs(wanted)
