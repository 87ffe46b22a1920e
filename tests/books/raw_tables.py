"""Raw and typed tables from a few rows, as a file would have delivered them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np

from cscli.analysis.tables.conform import TypedTable, conform
from cscli.analysis.tables.raw import Cell, Column, RawTable, ReadFacts
from cscli.config.schema import Source
from cscli.errors import Problem

TOKYO = ZoneInfo("Asia/Tokyo")


def cells(*values: Cell) -> Column:
    """One column of cells."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def raw_table(headers: Sequence[str], *rows: Sequence[Cell], source: str = "accounts") -> RawTable:
    """A table whose header stands in row 1 of `SOURCE.csv`."""
    facts = ReadFacts(
        file=f"{source}.csv", sha256="0" * 64, size_bytes=1, modified=0.0, form="csv", encoding="utf-8",
        delimiter=",", sheet=None, header_row=1, rows=len(rows), blank_rows=0, total_rows=0,
    )  # fmt: skip
    columns = tuple(cells(*(row[at] for row in rows)) for at in range(len(headers)))
    return RawTable(
        source=source,
        headers=tuple(headers),
        columns=columns,
        lines=np.arange(2, len(rows) + 2),
        facts=facts,
        problems=(),
    )


def typed(
    headers: Sequence[str],
    *rows: Sequence[Cell],
    source: str = "accounts",
    settings: Source | None = None,
) -> TypedTable:
    """The same, conformed."""
    return conform(raw_table(headers, *rows, source=source), settings or Source(), TOKYO)


def codes(problems: Sequence[Problem]) -> list[str]:
    """What was said, by code."""
    return [problem.code for problem in problems]
