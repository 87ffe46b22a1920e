"""Large exports to the rows of some of their accounts: enough to see which columns have data and what is usual."""

import numpy as np

from cscli.analysis.proposing.proposal import Proposal
from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.tables.raw import RawTable
from cscli.workflows.book.reading import SourceReader

LARGE = 30_000
"""Rows of all tables together above which a part of the accounts stands for all."""
_ACCOUNTS = 2_000


def sampled(proposal: Proposal, reader: SourceReader) -> SourceReader:
    """`reader`, or one with the rows of evenly chosen accounts where its tables are large. Nothing is left out where ids
    are another table's or another system's.
    """
    accounts = next((source for source in proposal.sources if source.name == "accounts"), None)
    rows = sum(len(table.lines) for table in reader.tables.values())
    if (
        rows <= LARGE
        or accounts is None
        or any(source.via or source.by_company for source in proposal.sources)
    ):
        return reader.for_another_day()
    table = reader.tables["accounts"]
    step = max(len(table.lines) // _ACCOUNTS, 1)
    some = table.only(np.arange(len(table.lines)) % step == 0)
    ids = {str(cell).strip().removesuffix(".0") for cell in some.column(_key(accounts)) if cell is not None}
    tables = {"accounts": some}
    for source in proposal.sources:
        if source.name in reader.tables and source.name != "accounts":
            tables[source.name] = _of(reader.tables[source.name], _key(source), ids)
    return SourceReader(tables=tables)


def _key(source: ProposedSource) -> str:
    return next(str(column.header) for column in source.columns if column.name == "account_id")


def _of(table: RawTable, key: str, ids: set[str]) -> RawTable:
    cells = table.column(key)
    return table.only(
        np.fromiter((str(cell).strip().removesuffix(".0") in ids for cell in cells), bool, len(cells))
    )
