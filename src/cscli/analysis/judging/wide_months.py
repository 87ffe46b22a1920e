"""A sheet with a column a month to a row an account and month; and a word where the accounts hold such columns."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.mapping import map_any_headers
from cscli.analysis.tables.month_cells import read_month
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity

_FEWEST = 3
MONTH, MRR = "month", "mrr"


def unpivot_months(raw: RawTable, source: Source) -> RawTable:
    """`raw` of a source of MRR with the columns month and mrr, where it has a column for each month instead."""
    if source.kind != "mrr" or source.months == "rows":
        return raw
    months = _month_headers(raw)
    if len(months) < (1 if source.months == "wide" else _FEWEST) or _has_rows(raw, source):
        return raw
    kept = [header for header in raw.headers if header not in months]
    rows, number = len(raw.lines), len(months)
    columns = [np.tile(raw.column(header), number) for header in kept]
    month = np.repeat(np.array(list(months.values()), dtype=object), rows)
    amounts = np.concatenate([raw.column(header) for header in months])
    filled = amounts != None  # noqa: E711 - elementwise
    details = {"count": number, "first": next(iter(months)), "last": list(months)[-1]}
    said = Problem("data.months_wide", severity=Severity.NOTE, where=raw.locate(), details=details)
    long = replace(
        raw,
        headers=(*kept, MONTH, MRR),
        columns=(*columns, month, amounts),
        lines=np.tile(raw.lines, number),
        problems=(*raw.problems, said),
    )
    return long.only(np.asarray(filled, dtype=bool))


def say_months(table: TypedTable, raw: RawTable, source: Source, read: AbstractSet[str | None]) -> TypedTable:
    """`table`, with a word where it holds accounts with a column a month, and is none of the files that are `read` as MRR."""
    months = _month_headers(raw) if source.kind == "accounts" else {}
    if len(months) < _FEWEST or {source.file, raw.facts.file} & read:
        return table
    details = {"count": len(months), "first": next(iter(months)), "file": raw.facts.file}
    said = Problem("data.months_unread", severity=Severity.WARNING, where=raw.locate(), details=details)
    return replace(table, problems=(*table.problems, said))


def _month_headers(raw: RawTable) -> dict[str, str]:
    found = {
        header: month for header in raw.headers if (month := read_month(header[:10]) or read_month(header))
    }
    if found:
        return found
    first_days = {header: header[:7] for header in raw.headers if len(header) == 10 and header[4::3] == "--"}
    return first_days if all(header.endswith("-01") for header in first_days) else {}


def _has_rows(raw: RawTable, source: Source) -> bool:
    return any(column.name == MONTH for column in map_any_headers(raw, source).columns)
