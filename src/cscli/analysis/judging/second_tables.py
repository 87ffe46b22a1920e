"""A raw table to the same without another table that stands below it on the sheet."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cscli.analysis.tables.mapping import map_any_headers
from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import Column, RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity
from cscli.fields import known_field
from cscli.header_keys import header_key

_NO_DIGIT = re.compile(r"^[^\d\n]+$", re.MULTILINE)
_MOSTLY = 0.5
_FEWEST_ROWS = 2
_TITLE_ROWS = 3
"""A table below has at most so many rows of titles above its header."""


def without_second_tables(raw: RawTable, source: Source) -> RawTable:
    """`raw` up to the header of another table below it, and what was left out as a warning. Such a header stands below
    a blank row, or says two names of columns; all its cells are texts, also where the columns above hold numbers.
    """
    at = next(_headers(raw, source), None)
    if at is None:
        return raw
    stays = np.arange(len(raw.lines)) < at
    lines = raw.lines[~stays].tolist()
    names = ", ".join(_texts(raw, _header_below(raw, at))[:4])
    details = {"first": lines[0], "last": lines[-1], "count": len(lines)}
    said = Problem(
        "data.second_table", severity=Severity.WARNING, where=raw.locate(at), value=names, details=details
    )
    return replace(raw.only(stays), problems=(*raw.problems, said))


def _headers(raw: RawTable, source: Source) -> Iterator[int]:
    """The rows at which another table begins: its titles, else its header."""
    if len(raw.lines) < _FEWEST_ROWS or len(raw.columns) < _FEWEST_ROWS:
        return
    after_gap = (np.flatnonzero(np.diff(raw.lines) > 1) + 1).tolist()
    named = _named(_id_column(raw, source))
    if not after_gap and not named:
        return
    numeric = [at for at, column in enumerate(raw.columns) if _is_numeric(column)]
    own = {header_key(header) for header in raw.headers}
    for at in after_gap:
        header = _header_below(raw, at)
        if _is_header(raw, header, numeric, own) and header > 0:
            yield at
    for at in named:
        if at and _is_header(raw, at, numeric, own) and _known(raw, at, source) >= _FEWEST_ROWS:
            yield at


def _header_below(raw: RawTable, at: int) -> int:
    """The row of the header, where the rows from `at` on may be titles of one cell."""
    for row in range(at, min(at + _TITLE_ROWS, len(raw.lines))):
        if len(_texts(raw, row)) >= _FEWEST_ROWS:
            return row
    return at


def _is_header(raw: RawTable, at: int, numeric: list[int], own: set[str]) -> bool:
    """Whether the row names columns: texts alone, of which one stands above numbers, and a row below it."""
    cells = [column[at] for column in raw.columns if column[at] is not None]
    if len(cells) < _FEWEST_ROWS or at + 1 >= len(raw.lines) or not all(isinstance(c, str) for c in cells):
        return False
    if {header_key(str(cell)) for cell in cells} == own:
        return False  # the table's own header once more
    in_numbers = [raw.columns[each][at] for each in numeric if raw.columns[each][at] is not None]
    words = [cell for cell in in_numbers if not any(map(str.isdigit, str(cell)))]
    return bool(words) and len(words) == len(in_numbers) and _has_numbers(raw, at + 1)


def _has_numbers(raw: RawTable, first: int) -> bool:
    """Whether a row from `first` on holds a number: a header without any below it is a remark."""
    return any(bool(np.any(~np.isnan(parse_numbers(column[first:]).values))) for column in raw.columns)


def _is_numeric(column: Column) -> bool:
    filled = np.array([cell for cell in column[:200] if cell is not None], dtype=object)
    if not len(filled):
        return False
    return float(np.mean(~np.isnan(parse_numbers(filled).values))) > _MOSTLY


def _texts(raw: RawTable, at: int) -> list[str]:
    return [str(column[at]) for column in raw.columns if column[at] is not None]


def _id_column(raw: RawTable, source: Source) -> Column:
    headers = {column.name: column.header for column in map_any_headers(raw, source).columns}
    return raw.column(headers.get("account_id", raw.headers[0]))


def _named(column: Column) -> list[int]:
    """The rows whose id is the name of a known column. Ids have digits as a rule, which one look at them all tells."""
    if not _NO_DIGIT.search("\n".join([cell if type(cell) is str else "0" for cell in column])):
        return []
    return [
        at
        for at, cell in enumerate(column)
        if type(cell) is str and _NO_DIGIT.fullmatch(cell) and known_field(cell) is not None
    ]


def _known(raw: RawTable, at: int, source: Source) -> int:
    return sum(known_field(text, of_revenue=source.of_revenue) is not None for text in _texts(raw, at))
