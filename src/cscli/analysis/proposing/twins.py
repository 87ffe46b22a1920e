"""A second list of the same customers, told from a table that adds to the first: by fields, headers and values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cscli.analysis.proposing.concepts import concept_of
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts, facts_of
from cscli.analysis.recognising.taken import LeftFile
from cscli.analysis.tables.numbers import parse_numbers

_SAME = 0.95
_FEWEST_SHARED = 0.5


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
