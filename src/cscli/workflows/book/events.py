"""The event log of a config: its files found, its columns recognised, added up by its engine to one row an account."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from cscli.analysis.matching.merging import merge_weeks
from cscli.analysis.proposing.log_columns import LogColumns, choose_columns
from cscli.analysis.tables.conform import TypedColumn, TypedTable, id_text
from cscli.analysis.tables.mapping import MappedColumn
from cscli.analysis.tables.raw import ReadFacts
from cscli.config.blocks.events import DAYS, memory_bytes
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity, SourceError
from cscli.fields import FieldType
from cscli.workflows.book.big_rows import find_rows, read_rows
from cscli.workflows.book.reading import ReadLog, SourceReader, say_absent
from cscli.workflows.book.request import Request
from cscli.workspace.scratch import scratch_folder

if TYPE_CHECKING:
    import pandas as pd

    from cscli.sources.engine.model import EventEngine
    from cscli.sources.events import EventLog, EventRollup
    from cscli.workflows.book.joining import Resolved

_KEPT = Path(".cscli") / "events"


@dataclass(frozen=True, slots=True)
class _Reading:
    """The as-of date, in its zone (None: nobody said which); the folder in which what is read is kept, if it is; whether the
    weeks are wanted.
    """

    zone: ZoneInfo | None
    as_of: dt.date
    folder: Path | None
    by_week: bool


def read_logs(
    sources: Mapping[str, Source],
    request: Request,
    reader: SourceReader,
    zone: ZoneInfo | None,
    as_of: dt.date,
) -> tuple[dict[str, ReadLog], list[Problem]]:
    """Every log among `sources`, by its name; an optional one without files is said. Raises CscliError."""
    logs: dict[str, ReadLog] = {}
    problems: list[Problem] = []
    for name, source in sources.items():
        if not source.by_engine:
            continue
        try:
            paths = reader.log_paths.get(name) or _find_paths(name, source, request, reader)
        except SourceError:
            if not source.optional:
                raise
            paths = None
        if paths is None:
            problems.append(say_absent(name, source))
            continue
        if name not in reader.logs:
            reading = _Reading(zone, as_of, kept_folder(request) or reader.scratch, reader.by_week)
            reader.logs[name] = _read(name, source, paths, request, reading)
        logs[name] = reader.logs[name]
        problems += logs[name].problems
    return logs, problems


def kept_folder(request: Request) -> Path | None:
    """Where the workspace keeps what was read of its logs; None of a run that leaves nothing behind."""
    keeps = request.remember and request.rules.remembers and request.archive is None
    return request.rules.workspace / _KEPT if keeps else None


@contextmanager
def keeping_logs(reader: SourceReader, request: Request) -> Iterator[None]:
    """In the block each log of `reader` is read once for all its days: what was read lies where the workspace keeps it, else in a
    folder that is gone afterwards.
    """
    with scratch_folder(None) as scratch:
        reader.scratch = kept_folder(request) or scratch
        try:
            yield
        finally:
            reader.scratch = None


def weeks_by_source(logs: Mapping[str, ReadLog], resolved: "Resolved") -> "dict[str, pd.DataFrame]":
    """The weekly table of each log under the accounts' own ids."""
    found = {}
    for name, log in logs.items():
        if log.weeks.empty:
            continue
        whose = resolved.whose.get(name)
        weeks = merge_weeks(log.weeks, whose) if whose else log.weeks
        there = weeks["account_id"].isin(resolved.tables[name].frame["account_id"])
        found[name] = weeks[there].reset_index(drop=True)  # fewer where `keep` leaves accounts out
    return found


def _find_paths(name: str, source: Source, request: Request, reader: SourceReader) -> tuple[Path, ...] | None:
    if source.kind == "rows":
        return find_rows(name, source, request, reader)
    return () if source.table else _find(name, source, request)


def _read(name: str, source: Source, paths: tuple[Path, ...], request: Request, day: _Reading) -> ReadLog:
    if source.kind == "rows":
        return read_rows(name, source, paths, day.zone, day.as_of, _engine(source))
    return _read_log(name, source, paths, request, day)


def _read_log(name: str, source: Source, paths: tuple[Path, ...], request: Request, day: _Reading) -> ReadLog:
    from cscli.sources.events import read_headers, read_table_headers, roll_up_events

    if source.table:
        headers = read_table_headers(source.table, _engine(source))
    else:
        headers = read_headers(paths[0], source.encoding, source.delimiter)
    place = Location(file=source.table or paths[0].name)
    columns, problems = choose_columns(headers, source, place)
    if day.zone is None:
        problems.append(Problem("events.zone_assumed", severity=Severity.NOTE, where=place))
    log = _describe(name, source, columns, day)
    rollup = roll_up_events(replace(log, files=paths), request.on_progress)
    return _as_table(log, rollup, (*problems, *rollup.problems))


def _describe(source_name: str, source: Source, columns: LogColumns, day: _Reading) -> "EventLog":
    from cscli.sources import events

    features = {
        name: (feature.events,) if isinstance(feature.events, str) else tuple(feature.events)
        for name, feature in source.features.items()
    }
    return events.EventLog(
        source=source_name,
        files=(),
        table=source.table,
        columns=events.LogColumns(**asdict(columns)),
        zone=day.zone.key if day.zone else "UTC",
        naive_times_are=source.naive_times_are,
        windows=tuple(sorted(set(source.windows))),
        features=features,
        as_of=day.as_of,
        engine=_engine(source),
        encoding=source.encoding,
        delimiter=source.delimiter,
        max_bad_lines=source.max_bad_lines,
        keep=day.folder / source_name if day.folder else None,
        by_week=day.by_week,
    )


def _engine(source: Source) -> "EventEngine":
    from cscli.config.blocks.events import Engine
    from cscli.sources.engine.model import EventEngine

    settings = source.engine or Engine()
    return EventEngine(
        name=settings.name,
        memory_bytes=memory_bytes(settings.memory),
        threads=settings.threads,
        master=settings.master,
        conf=dict(settings.conf),
    )


def _find(name: str, source: Source, request: Request) -> tuple[Path, ...]:
    """The files of the log, seen from the config's folder, else from that of a given accounts file, there also by
    the pattern's last part alone, unless that is any file.
    """
    from cscli.sources.events import find_log_files

    if source.file is None:
        raise SourceError(
            Problem("config.no_file_of_log", where=Location(file=request.rules.name, key=f"sources.{name}"))
        )
    if request.archive is not None:
        return _find_archived(source.file, request, request.archive)
    home = request.rules.sources_folder
    beside = request.accounts.parent if request.accounts else home
    places = [(source.file, home)]
    if request.accounts:
        last = Path(source.file).name
        places += [(source.file, beside), *([] if last.startswith("*") else [(last, beside)])]
    for pattern, folder in places:
        try:
            return find_log_files(pattern, folder)
        except SourceError:
            continue
    return find_log_files(source.file, home)  # for its message


def _find_archived(file: str, request: Request, folder: Path) -> tuple[Path, ...]:
    from cscli.sources.events import find_log_files

    for pattern, place in request.archived(file, folder):
        try:
            return find_log_files(pattern, place)
        except SourceError:
            continue
    return find_log_files(Path(file).name, folder)  # for its message


def _as_table(log: "EventLog", rollup: "EventRollup", problems: tuple[Problem, ...]) -> ReadLog:
    """The rollup as a table like any other; of windows that the log does not cover the columns are missing."""
    from cscli.sources.events import uncovered_columns

    absent = [name for name in uncovered_columns(rollup, log.windows, log.as_of) if name in rollup.accounts]
    frame = _with_clean_ids(rollup.accounts).assign(**dict.fromkeys(absent, np.nan))
    table = TypedTable(
        source=log.source,
        frame=frame,
        lines=np.arange(1, len(frame) + 1, dtype=np.int64),
        columns=tuple(_columns(log, list(frame.columns))),
        unused=(),
        facts=_facts(log, rollup),
        problems=(),
    )
    weeks = _with_clean_ids(rollup.weeks)
    counts = frame["account_id"].map(weeks.groupby("account_id")["events"].sum()).fillna(1)
    counted = replace(table, row_counts=counts.to_numpy(np.int64))
    return ReadLog(
        table=counted, weeks=weeks, files=rollup.files, problems=problems, newest_day=rollup.newest_day,
        last_day=rollup.last_day,
    )  # fmt: skip


def _with_clean_ids(frame: "pd.DataFrame") -> "pd.DataFrame":
    """With ids as every other table has them: the engine only trims them."""
    ids = frame["account_id"].unique()
    return frame.assign(
        account_id=frame["account_id"].map({each: id_text(each) for each in ids}).astype(object)
    )


def _columns(log: "EventLog", names: list[str]) -> Iterator[TypedColumn]:
    for name in names:
        kind = FieldType.DATE if name in DAYS else FieldType.ID if name == "account_id" else FieldType.NUMBER
        header = log.columns.account_id if name == "account_id" else name
        yield TypedColumn(MappedColumn(name, header, "rolled up"), kind)


def _facts(log: "EventLog", rollup: "EventRollup") -> ReadFacts:
    """What identifies the log: of several files, the hash of their hashes. A table is as old as its last day."""
    hashes = [file.sha256 for file in rollup.files]
    joined = hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    return ReadFacts(
        file=_shown(log, rollup),
        sha256=joined,
        size_bytes=sum(file.size_bytes for file in rollup.files),
        modified=_modified(log, rollup),
        form="events",
        encoding=log.encoding,
        delimiter=log.delimiter,
        sheet=None,
        header_row=1,
        rows=rollup.rows,
        blank_rows=0,
        total_rows=0,
    )


def _modified(log: "EventLog", rollup: "EventRollup") -> float:
    if not log.table:
        return max(file.path.stat().st_mtime for file in rollup.files)
    day = rollup.last_day or dt.date(1970, 1, 1)
    return dt.datetime.combine(day, dt.time(), ZoneInfo(log.zone)).timestamp()


def _shown(log: "EventLog", rollup: "EventRollup") -> str:
    if log.table:
        return log.table
    first, last = rollup.files[0].name, rollup.files[-1].name
    return first if len(rollup.files) == 1 else f"{first} ... {last} ({len(rollup.files)})"
