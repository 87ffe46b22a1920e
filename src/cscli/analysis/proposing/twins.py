"""What another table says already, or better: second lists of the same customers, and last activities beside logins."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.proposing.concepts import concept_of
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.proposed import ProposedColumn, ProposedSource
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts, facts_of
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.taken import LeftFile
from cscli.analysis.tables.numbers import parse_numbers
from cscli.header_keys import header_key

ACTIVITY_COLUMN = "last_activity_on"
"""What a CRM's last activity is called where it is no login."""
_SAME = 0.95
_FEWEST_SHARED = 0.5
_ACTIVITY = frozenset(
    map(
        header_key,
        (
            "Last activity",
            "Last activity at",
            "Last activity date",
            "Last activity time",
            "最終活動日",
            "最終アクティビティー日",
        ),
    )
)


def left_as_twin(
    facts: TableFacts, source: ProposedSource, before: Sequence[ProposedSource]
) -> LeftFile | None:
    """Why the file is left, where it has no column that the lists before it have not, and none that tells."""
    if any(column.name != "account_id" and column.why.code != "company" for column in source.columns):
        return None
    known = _Known(before)
    own = pd.Index(_ids(source))
    if any(_tells(column) and not known.has(column, own) for column in facts.columns):
        return None
    file = before[0].table.facts.file
    only_here = 0 if source.by_company else len(set(own) - set(_ids(before[0])))
    if only_here:
        return LeftFile(facts, "init.left_twin_more", file, only_here)
    return LeftFile(facts, "init.left_twin" if len(facts.columns) > 2 else "init.left_nothing_new", file)


def _tells(column: ColumnFacts) -> bool:
    return concept_of(column) is not None and column.type in ("number", "truth")


class _Known:
    """What the lists before say."""

    def __init__(self, before: Sequence[ProposedSource]) -> None:
        lists = [(source, facts_of(source.table)) for source in before if source.kind == "accounts"]
        self._fields = {column.name for source in before for column in source.columns}
        self._names = {Names(facts).of(column) for _, facts in lists for column in facts.columns}
        self._lists = [(pd.Index(_ids(source)), facts) for source, facts in lists]

    def has(self, column: ColumnFacts, ids: pd.Index) -> bool:
        """Whether a list has the column: by its field, its name, or the same values for the same customers."""
        if (
            column.field in self._fields
            or Names(TableFacts(column.table, (column,))).of(column) in self._names
        ):
            return True
        return any(_is_there(column, ids, theirs, facts) for theirs, facts in self._lists)


def _is_there(column: ColumnFacts, ids: pd.Index, theirs: pd.Index, facts: TableFacts) -> bool:
    at = theirs.drop_duplicates().get_indexer(ids)
    shared = at >= 0
    if shared.mean() < _FEWEST_SHARED:
        return False
    first = np.flatnonzero(~theirs.duplicated())
    values = _values(column)[shared]
    alike = (other for other in facts.columns if other.type == column.type)
    return any((values == _values(other)[first[at[shared]]]).mean() >= _SAME for other in alike)


def _values(column: ColumnFacts) -> "np.ndarray":
    """The cells in one form, so that blanks are equal too."""
    cells = column.table.column(column.header)
    if column.type == "number":
        return np.nan_to_num(parse_numbers(cells).values, nan=np.inf)
    return np.array([str(cell).strip().casefold() for cell in cells], dtype=object)


def _ids(source: ProposedSource) -> list[str]:
    header = next(str(column.header) for column in source.columns if column.name == "account_id")
    return [str(cell).strip().removesuffix(".0") for cell in source.table.column(header)]


def without_our_activity(found: Sequence[ProposedSource]) -> tuple[ProposedSource, ...]:
    """`found` where a list's last activity, which CRMs write of our own calls too, is no last login: where another table knows
    the last use, and in a list that a CRM keeps.
    """
    knows_use = any(rollup.name == "last_login_on" for source in found for rollup in source.rollup)
    return tuple(
        replace(source, columns=tuple(map(_unless_activity, source.columns)))
        if source.kind == "accounts" and (knows_use or _is_of_crm(source))
        else source
        for source in found
    )


def _is_of_crm(source: ProposedSource) -> bool:
    """Whether its rows belong to somebody of ours."""
    return any(column.name == "owner" for column in source.columns)


def may_be_our_activity(header: str) -> bool:
    """Whether a header of the last login says only that something was done."""
    return header_key(header) in _ACTIVITY


def _unless_activity(column: ProposedColumn) -> ProposedColumn:
    if column.name != "last_login_on" or not column.header or not may_be_our_activity(column.header):
        return column
    return replace(column, name=ACTIVITY_COLUMN, why=Why("our_activity"))
