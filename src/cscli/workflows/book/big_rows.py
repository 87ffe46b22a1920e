"""A source of many rows with an engine: its columns recognised, its rows rolled up by the engine to one an account."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import numpy as np

from cscli.analysis.tables.conform import TypedColumn, TypedTable
from cscli.analysis.tables.expression_faults import keyed
from cscli.analysis.tables.mapping import ColumnMapping, MappedColumn, map_any_headers
from cscli.analysis.tables.raw import RawTable, ReadFacts
from cscli.config.schema import Source
from cscli.errors import DataError, Scope
from cscli.fields import FieldType, field_named
from cscli.workflows.book.reading import ReadLog, SourceReader
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

    from cscli.sources.engine.model import EventEngine
    from cscli.sources.rows import RolledRows, ValueType

_FIELD_TYPES: dict[str, FieldType] = {"b": FieldType.BOOLEAN, "f": FieldType.NUMBER, "M": FieldType.DATE}


def find_rows(name: str, source: Source, request: Request, reader: SourceReader) -> tuple[Path, ...] | None:
    """The file of the source: the newest match, as for tables in memory; None: an optional one without a file."""
    if source.table:
        return ()
    found = reader.find(name, source, request)
    return (found.path,) if found else None


def read_rows(
    name: str,
    source: Source,
    paths: tuple[Path, ...],
    zone: ZoneInfo | None,
    as_of: dt.date,
    engine: "EventEngine",
) -> ReadLog:
    """The rows as one row an account. DataError without the account's id, ConfigError for rollups that do not fit."""
    import pandas as pd

    from cscli.sources.engine.text_scan import hash_file
    from cscli.sources.events import FileFacts, read_headers, read_table_headers
    from cscli.sources.rows import BigTable, roll_up_rows

    if source.table:
        headers = read_table_headers(source.table, engine)
    else:
        headers = read_headers(paths[0], source.encoding, source.delimiter)
    hashes = [hash_file(path) for path in paths] or [hashlib.sha256(str(source.table).encode()).hexdigest()]
    raw = _without_rows(name, source, paths, headers, hashes[0])
    mapping = map_any_headers(raw, source)
    fatal = [problem for problem in mapping.problems if problem.scope is Scope.ACCOUNT_ID]
    if fatal and "account_id" not in {column.name for column in mapping.columns}:
        raise DataError(*fatal)
    table = BigTable(
        source=name, files=paths, headers={column.name: column.header for column in mapping.columns}, as_of=as_of,
        types=_types(source, mapping), table=source.table, zone=zone.key if zone else None, engine=engine,
        encoding=source.encoding, delimiter=source.delimiter, max_bad_lines=source.max_bad_lines,
        absent=frozenset(source.columns), at=source.at,
    )  # fmt: skip
    with keyed({rollup: f"sources.{name}.rollup.{rollup}" for rollup in source.rollup}):
        rolled = roll_up_rows(table, source.aggregates)
    files = tuple(
        FileFacts(
            name=path.name,
            path=path,
            size_bytes=path.stat().st_size,
            sha256=digest,
            rows=rolled.rows,
            bad_lines=0,
            reused=False,
        )
        for path, digest in zip(paths, hashes, strict=False)
    )
    weeks = pd.DataFrame({"account_id": [], "week": []})
    problems = (*mapping.problems, *rolled.problems)
    accounts = _as_table(raw, mapping, rolled)
    return ReadLog(table=accounts, weeks=weeks, files=files, problems=problems, newest_day=rolled.newest_day)


def _without_rows(
    name: str, source: Source, paths: tuple[Path, ...], headers: tuple[str, ...], digest: str
) -> RawTable:
    path = paths[0] if paths else None
    facts = ReadFacts(
        file=path.name if path else str(source.table), sha256=digest, size_bytes=path.stat().st_size if path else 0,
        modified=path.stat().st_mtime if path else 0.0, form="rows", encoding=source.encoding,
        delimiter=source.delimiter, sheet=None, header_row=1, rows=0, blank_rows=0, total_rows=0,
    )  # fmt: skip
    nothing = np.array([], dtype=object)
    return RawTable(
        source=name,
        headers=headers,
        columns=(nothing,) * len(headers),
        lines=np.array([], dtype=np.int64),
        facts=facts,
        problems=(),
    )


def _types(source: Source, mapping: ColumnMapping) -> "dict[str, ValueType]":
    """What the config pins, then what the data dictionary knows."""
    found: dict[str, ValueType] = {}
    for column in mapping.columns:
        known = field_named(column.name, of_revenue=False)
        pinned = source.types.get(column.name) or ("date" if column.name in source.dates else None)
        if pinned or known:
            kind = pinned or str(known.type if known else "text")
            found[column.name] = cast("ValueType", "text" if kind == FieldType.ID else kind)
    return found


def _as_table(raw: RawTable, mapping: ColumnMapping, rolled: "RolledRows") -> TypedTable:
    header = next(column.header for column in mapping.columns if column.name == "account_id")
    columns = [TypedColumn(MappedColumn("account_id", header, "rolled up"), FieldType.ID)]
    columns += [
        TypedColumn(MappedColumn(name, name, "rolled up"), _type_of(rolled.accounts[name]))
        for name in map(str, rolled.accounts.columns[1:])
    ]
    return TypedTable(
        source=raw.source,
        frame=rolled.accounts,
        lines=np.arange(1, len(rolled.accounts) + 1, dtype=np.int64),
        columns=tuple(columns),
        unused=mapping.unused,
        facts=replace(raw.facts, rows=rolled.rows),
        problems=(),
        of_no_rows=rolled.of_no_rows,
    )


def _type_of(values: "pd.Series[float]") -> FieldType:
    return _FIELD_TYPES.get(values.dtype.kind, FieldType.TEXT)
