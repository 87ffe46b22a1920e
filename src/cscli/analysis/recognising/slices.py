"""Tables of one form: parts of one table, such as one a month or one a country; or the same export, made again and again."""

import itertools
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts, facts_of
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.raw import RawTable

_FEW, _MANY = 0.02, 0.5
_OF_A_LIST = frozenset({"name", "owner", "plan", "renews_on", "domain", "industry", "mrr", "arr", "status"})
"""Columns of which two make a list of accounts, which is exported whole every time."""
_LEAST_OF_A_LIST = 2


@dataclass(frozen=True, slots=True)
class Alike:
    """Tables with the same headers, by their places: `parts` of one, or `again` the same export."""

    places: tuple[int, ...]
    are: Literal["parts", "again"]


def find_alike(tables: Sequence[RawTable]) -> list[Alike]:
    """The groups of `tables` that have the same headers and are parts of one table or one export made again. Parts: what
    marks a row is in one of them alone, or their days follow each other. Again: most of what marks a row is in all.
    """
    by_headers: dict[tuple[str, ...], list[int]] = {}
    for at, table in enumerate(tables):
        if len(table.lines):
            by_headers.setdefault(table.headers, []).append(at)
    groups = (
        tuple(places)
        for places in by_headers.values()
        if len({tables[at].facts.sha256 for at in places}) > 1  # a copy under another name is no further part
    )
    found = ((places, _what([facts_of(tables[at]) for at in places])) for places in groups)
    return [Alike(places, are) for places, are in found if are is not None]


def _what(every: Sequence[TableFacts]) -> Literal["parts", "again"] | None:
    shared = _share_of_marks(every)
    is_list = len({column.field for column in every[0].columns} & _OF_A_LIST) >= _LEAST_OF_A_LIST
    if not is_list and any(_follow(every, at) for at in range(len(every[0].columns))):
        return "parts"
    return None if shared is None else "parts" if shared <= _FEW else "again" if shared >= _MANY else None


def _share_of_marks(every: Sequence[TableFacts]) -> float | None:
    """How much of the ids that mark the rows of a table is in the next ones too; None without such a column."""
    for at, first in enumerate(every[0].columns):
        columns = [facts.columns[at] for facts in every]
        if first.is_id and all(_marks(column) for column in columns):
            return max(_shared(a.values, b.values) for a, b in itertools.pairwise(columns))
    return None


def _marks(column: ColumnFacts) -> bool:
    return column.share_distinct == 1 and column.share_filled == 1


def _shared(some: AbstractSet[str], others: AbstractSet[str]) -> float:
    return len(some & others) / max(min(len(some), len(others)), 1)


def _follow(every: Sequence[TableFacts], at: int) -> bool:
    """Whether the days of column `at` in each table end before those of the next begin."""
    columns = [facts.columns[at] for facts in every]
    if not all(column.type == "date" and column.share_filled == 1 for column in columns):
        return False
    cells = np.concatenate([column.table.column(column.header) for column in columns])
    days = parse_dates(cells).values  # noqa: PD011 - not pandas
    if np.isnat(days).any():
        return False
    of_table = np.repeat(np.arange(len(columns)), [len(column.table.lines) for column in columns])
    spans = pd.Series(days).groupby(of_table).agg(["min", "max"]).sort_values(["min", "max"])
    return bool((spans["max"].to_numpy()[:-1] <= spans["min"].to_numpy()[1:]).all())
