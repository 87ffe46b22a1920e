"""One file of a log into its stage: rows counted by account, event and day, and what is to be known of the file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from cscli.errors import DataError, Location, Problem
from cscli.expressions.quoting import sql_file, sql_text
from cscli.sources.engine.bad_lines import SHOWN, BadLine, check_lines, find_bad_times, take_rejects
from cscli.sources.engine.duck import (
    csv_rows,
    parquet_row_count,
    parquet_rows,
    parquet_types,
    parts_needed,
    time_kind,
)
from cscli.sources.engine.log_files import is_parquet, place_columns, split_header
from cscli.sources.engine.moments import TimeKind
from cscli.sources.engine.text_scan import TextScan, hash_file, scan_text
from cscli.sources.events import stage_sql
from cscli.sources.events.model import EventLog
from cscli.sources.events.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """What is known of a file after it was read: `rows` without `bad_lines`, of these how many count for nothing,
    `names` of its stage's parts, and its first and last day (ISO).
    """

    sha256: str
    rows: int
    bad_lines: int
    first_bad: tuple[BadLine, ...]
    staged_rows: int
    names: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    without_account: int
    without_time: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A text file, scanned: what its rows are checked against."""

    scan: TextScan
    delimiter: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """A file as a relation with a kind of times, of about so many rows."""

    path: Path
    sha256: str
    rows_sql: str
    kind: TimeKind
    rows: int
    text: _Text | None = None
    problems: tuple[Problem, ...] = field(default=())


def stage_file(log: EventLog, path: Path, shelf: Shelf, scratch: Path) -> StageFacts:
    """Reads the file at `path` and puts its stage on the shelf, in parts by account if it is large.

    DataError if a column is missing, times bear no zone, or rows went missing.
    """
    file = _open_parquet(log, path, shelf) if is_parquet(path) else _open_text(log, path, scratch)
    dated = f"({stage_sql.dated_rows(file.rows_sql, file.kind, log)}) AS dated_rows"
    parts = parts_needed(file.rows, log.engine.memory_bytes)
    if parts > 1:
        names, rejects = _stage_parts(log, dated, parts, shelf, scratch, file)
    else:
        names = (shelf.put(stage_sql.stage(dated, log.columns)),)
        rejects = take_rejects(shelf.connection) if file.text else (0, ())
    facts = _judge(log, file, names, rejects, shelf)
    _check_complete(file, facts.rows + facts.bad_lines - rejects[0], rejects[0])
    return facts


def _open_parquet(log: EventLog, path: Path, shelf: Shelf) -> _Input:
    types = parquet_types(path)
    place_columns(path, tuple(types), log.columns)
    kind = time_kind(path, log.columns.at, types[log.columns.at])
    rows = parquet_row_count(shelf.connection, path)
    return _Input(
        path=path,
        sha256=hash_file(path),
        rows_sql=parquet_rows(path, log.columns, kind),
        kind=kind,
        rows=rows,
    )


def _open_text(log: EventLog, path: Path, scratch: Path) -> _Input:
    wanted = frozenset(log.columns.named().values())
    headers, delimiter = split_header(path, log.encoding, log.delimiter, wanted.__contains__)
    places = place_columns(path, headers, log.columns)
    scan = scan_text(path, log.encoding, scratch)
    rows_sql = csv_rows(scan.readable, len(headers), delimiter, places)
    text = _Text(scan, delimiter, len(headers))
    return _Input(
        path=path,
        sha256=scan.sha256,
        rows_sql=rows_sql,
        kind="text",
        rows=scan.lines - 1,
        text=text,
        problems=scan.problems,
    )


Rejects = tuple[int, tuple[BadLine, ...]]


def _stage_parts(
    log: EventLog, dated: str, parts: int, shelf: Shelf, scratch: Path, file: _Input
) -> tuple[tuple[str, ...], Rejects]:
    """One pass writes the rows by a hash of their account, so that each part is grouped in memory by itself."""
    folder = scratch / "parts"
    names = "account_id, user_id, event, day, fault"
    rows = f"SELECT {names}, CAST(hash(account_id) % {parts} AS INTEGER) AS part FROM {dated}"
    shelf.connection.execute(
        f"COPY ({rows}) TO {sql_text(str(folder))} (FORMAT parquet, PARTITION_BY (part), OVERWRITE true)"
    )
    rejects = take_rejects(shelf.connection) if file.text else (0, ())
    staged = []
    for part in sorted(folder.iterdir()):
        pieces = ", ".join(sql_file(str(piece)) for piece in sorted(part.iterdir()))
        relation = f"read_parquet([{pieces}], hive_partitioning=false)"
        staged.append(shelf.put(stage_sql.stage(relation, log.columns)))
        for piece in part.iterdir():
            piece.unlink()
    return tuple(staged), rejects


def _judge(log: EventLog, file: _Input, names: tuple[str, ...], rejects: Rejects, shelf: Shelf) -> StageFacts:
    relation = shelf.relation(names)
    found = quality_of(shelf.connection, relation, date.max)
    if found.naive_times:
        where = Location(file=file.path.name, column=log.columns.at)
        raise DataError(Problem("events.naive_times", where=where, value=str(found.naive_times)))
    first = rejects[1]
    if found.bad_times:
        first = (*first, *_first_bad_times(log, file, shelf))
    ordered = sorted(first, key=lambda line: line.line or 0)[:SHOWN]
    counted = shelf.connection.execute(f"SELECT COUNT(*) FROM {relation}").fetchone()
    return StageFacts(
        sha256=file.sha256,
        rows=found.rows - found.bad_times,
        bad_lines=rejects[0] + found.bad_times,
        first_bad=tuple(ordered),
        staged_rows=int(counted[0]) if counted else 0,
        names=names,
        first_day=found.first_day.isoformat() if found.first_day else None,
        last_day=found.last_day.isoformat() if found.last_day else None,
        without_account=found.without_account,
        without_time=found.without_time,
        problems=file.problems,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What `stage_sql.quality` counts."""

    rows: int
    without_account: int
    without_time: int
    bad_times: int
    naive_times: int
    after_as_of: int
    first_day: date | None
    last_day: date | None
    newest_day: date | None


def quality_of_stages(stages: Iterable[StageFacts], shelf: Shelf, as_of: date) -> Quality:
    """What is known of all the files together; only those with days after `as_of` are looked at again."""
    found = []
    for stage in stages:
        if stage.last_day is not None and stage.last_day > as_of.isoformat():
            found.append(quality_of(shelf.connection, shelf.relation(stage.names), as_of))
            continue
        first, last = (date.fromisoformat(day) if day else None for day in (stage.first_day, stage.last_day))
        found.append(
            Quality(
                rows=stage.rows,
                without_account=stage.without_account,
                without_time=stage.without_time,
                bad_times=0,
                naive_times=0,
                after_as_of=0,
                first_day=first,
                last_day=last,
                newest_day=last,
            )
        )
    first_days = [quality.first_day for quality in found if quality.first_day]
    last_days = [quality.last_day for quality in found if quality.last_day]
    newest_days = [quality.newest_day for quality in found if quality.newest_day]
    return Quality(
        rows=sum(each.rows for each in found),
        without_account=sum(each.without_account for each in found),
        without_time=sum(each.without_time for each in found),
        bad_times=sum(each.bad_times for each in found),
        naive_times=sum(each.naive_times for each in found),
        after_as_of=sum(each.after_as_of for each in found),
        first_day=min(first_days, default=None),
        last_day=max(last_days, default=None),
        newest_day=max(newest_days, default=None),
    )


def quality_of(connection: duckdb.DuckDBPyConnection, relation: str, as_of: date) -> Quality:
    """The counts of a stage."""
    counted = connection.execute(stage_sql.quality(relation, as_of))
    names = [column[0] for column in counted.description or ()]
    (row,) = counted.fetchall()
    return Quality(**dict(zip(names, row, strict=True)))


def _first_bad_times(log: EventLog, file: _Input, shelf: Shelf) -> tuple[BadLine, ...]:
    """Reads the file again, in its order, up to the first times that are none."""
    dated = stage_sql.dated_rows(file.rows_sql, file.kind, log)
    bad = f"SELECT moment FROM ({dated}) AS dated WHERE fault = {stage_sql.BAD_TIME} LIMIT {SHOWN}"
    shelf.connection.execute("SET preserve_insertion_order = true")
    values = [str(row[0]) for row in shelf.connection.execute(bad).fetchall()] if file.kind == "text" else []
    shelf.connection.execute("SET preserve_insertion_order = false")
    if file.text:
        take_rejects(shelf.connection)
    return find_bad_times(values, file.text.scan.readable if file.text else None)


def _check_complete(file: _Input, rows: int, rejects: int) -> None:
    """DataError unless every line of the file is among the rows read and those left out."""
    if file.text is None or rows + rejects == file.text.scan.lines - 1:
        return
    scan = file.text.scan
    good, bad = check_lines(file.path, scan.readable, file.text.delimiter, file.text.width)
    if (rows, rejects) != (good, bad):
        details = {"read": rows + rejects}
        raise DataError(
            Problem(
                "events.rows_lost",
                where=Location(file=file.path.name),
                value=str(good + bad),
                details=details,
            )
        )
