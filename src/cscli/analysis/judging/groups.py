"""A grouped report to a table: what stands only in the first row of its group stands in every row."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.mapping import map_any_headers
from cscli.analysis.tables.raw import Column, RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity

_FEWEST_BLANK = 2
_SHARE_BLANK = 0.2
_ONE_ROW_AN_ACCOUNT = "accounts"


def fill_groups(raw: RawTable, source: Source, *, has_subtotals: bool) -> RawTable:
    """`raw` with the columns of groups filled down, said. A column is one if its first cell is filled, no value stands
    twice, and many cells are blank: one left of all that are full, or any where subtotals say that the report is grouped.
    Ids of accounts are filled in tables of many rows an account alone.
    """
    if len(raw.lines) < _FEWEST_BLANK:
        return raw
    headers = {column.name: column.header for column in map_any_headers(raw, source).columns}
    key = headers.get("account_id", raw.headers[0])
    filled: dict[str, Column] = {}
    for header, column in zip(raw.headers, raw.columns, strict=True):
        blank = np.array([cell is None for cell in column], dtype=bool)
        is_key = header == key
        if is_key and source.kind == _ONE_ROW_AN_ACCOUNT:
            break
        if _is_group(column, blank, has_subtotals=has_subtotals):
            filled[header] = _filled_down(column, blank)
        elif not has_subtotals:
            break
    return _said(raw, filled, key) if filled else raw


def _is_group(column: Column, blank: NDArray[np.bool_], *, has_subtotals: bool) -> bool:
    values = column[~blank]
    if blank[0] or not blank.any() or not all(type(cell) is str for cell in values):
        return False
    enough = has_subtotals or blank.sum() >= max(_FEWEST_BLANK, _SHARE_BLANK * len(blank))
    return bool(enough) and len(set(values.tolist())) == len(values)


def _filled_down(column: Column, blank: NDArray[np.bool_]) -> Column:
    last = np.maximum.accumulate(np.where(blank, 0, np.arange(len(column))))
    return column[last]


def _said(raw: RawTable, filled: dict[str, Column], key: str) -> RawTable:
    columns = tuple(
        filled.get(header, column) for header, column in zip(raw.headers, raw.columns, strict=True)
    )
    severity = Severity.WARNING if key in filled else Severity.NOTE
    said = tuple(
        Problem(
            "data.filled_down",
            severity=severity,
            where=raw.locate(header=header),
            value=header,
            details={"count": int(sum(cell is None for cell in raw.column(header)))},
        )
        for header in filled
    )
    return replace(raw, columns=columns, problems=(*raw.problems, *said))
