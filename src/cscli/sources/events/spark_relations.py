"""A log as relations of Spark: files of one form, or a table, as account_id, user_id, event, moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.errors import DataError, Location, Problem
from cscli.sources.engine.duck import parquet_types, time_kind
from cscli.sources.engine.log_files import (
    is_parquet,
    place_columns,
    split_header,
)
from cscli.sources.engine.moments import TimeKind
from cscli.sources.engine.spark_inputs import LINE, charset_of, read_table, spark_name, spark_path, text_frame
from cscli.sources.events.model import EventLog

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


BAD_LINE = "\u0001bad line\u0001"
"""The event of a line that does not fit its header; the file's address follows. No event begins like this."""


_NAMES = {"account_id": "account_id", "user_id": "user_id", "event": "event", "at": "moment"}


_TABLE_KINDS: dict[str, TimeKind] = {
    "timestamp": "aware",
    "timestamp_ntz": "naive",
    "date": "day",
    "string": "text",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Relation:
    """Rows of a log whose `moment` is of one kind. `lines`: of text files, the lines that do not fit their header,
    as `line_as_it_stands`, with their columns' number in `width`.
    """

    rows: "DataFrame"
    kind: TimeKind
    lines: "DataFrame | None" = None
    width: int = 0
    delimiter: str = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class _TextForm:
    """What text files that are read together have in common. `over_lines`: fields in quotes may hold line ends,
    so that Spark does not split the files.
    """

    width: int
    places: tuple[tuple[str, int], ...]
    delimiter: str
    charset: str
    over_lines: bool


def relations_of(log: EventLog, spark: "SparkSession", problems: list[Problem]) -> Iterator[Relation]:
    """The log's table, or its files, those alike together; to `problems` goes what was assumed.

    DataError for a column that is missing, stands there twice or holds no times; SourceError for a file that
    cannot be read, or if there is no such table.
    """
    if log.table:
        yield _table_rows(log, read_table(spark, log.table), log.table)
        return
    parquet: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    texts: dict[_TextForm, list[Path]] = {}
    for path in log.files:
        if is_parquet(path):
            types = parquet_types(path)
            place_columns(path, tuple(types), log.columns)
            found = tuple((header, types[header]) for header in log.columns.named().values())
            parquet.setdefault(found, []).append(path)
        else:
            texts.setdefault(_form_of(path, log, problems), []).append(path)
    for found, paths in parquet.items():
        yield _parquet_rows(log, paths, dict(found)[log.columns.at], spark)
    for form, paths in texts.items():
        yield _text_rows(form, paths, spark)


def _table_rows(log: EventLog, frame: "DataFrame", table: str) -> Relation:
    place_columns(Path(table), tuple(frame.columns), log.columns)
    found = dict(frame.dtypes)[log.columns.at]
    if found not in _TABLE_KINDS:
        raise DataError(
            Problem("events.time_type", where=Location(file=table, column=log.columns.at), value=found)
        )
    return _typed_rows(log, frame, _TABLE_KINDS[found], spark_name(log.columns.at))


def _parquet_rows(log: EventLog, paths: list[Path], at_type: str, spark: "SparkSession") -> Relation:
    frame = spark.read.parquet(*map(spark_path, paths))
    kind = time_kind(paths[0], log.columns.at, at_type)
    at = spark_name(log.columns.at)
    if dict(frame.dtypes)[log.columns.at] == "bigint":  # nanoseconds, which Spark has no type for
        at = f"timestamp_micros(({at} - pmod({at}, 1000)) DIV 1000)"
    return _typed_rows(log, frame, kind, at)


def _typed_rows(log: EventLog, frame: "DataFrame", kind: TimeKind, at: str) -> Relation:
    moment = f"CAST({at} AS TIMESTAMP_NTZ)" if kind in ("aware", "naive") else at
    texts = {
        name: f"CAST({spark_name(header)} AS STRING)"
        for name, header in log.columns.named().items()
        if name != "at"
    }
    return Relation(rows=frame.selectExpr(*_named({**texts, "at": moment})), kind=kind)


def _form_of(path: Path, log: EventLog, problems: list[Problem]) -> _TextForm:
    wanted = frozenset(log.columns.named().values())
    headers, delimiter = split_header(path, log.encoding, log.delimiter, wanted.__contains__)
    places = place_columns(path, headers, log.columns)
    charset, over_lines = charset_of(path, log.encoding, problems)
    return _TextForm(
        width=len(headers),
        places=tuple(sorted(places.items())),
        delimiter=delimiter,
        charset=charset,
        over_lines=over_lines,
    )


def _text_rows(form: _TextForm, paths: list[Path], spark: "SparkSession") -> Relation:
    columns = [f"c{number}" for number in range(form.width)]
    frame = text_frame(spark, paths, form.width, (form.delimiter, form.charset, form.over_lines))
    fits = f"{LINE} IS NULL"
    texts = {name: f"CASE WHEN {fits} THEN {columns[at]} END" for name, at in form.places}
    said = f"CONCAT('{BAD_LINE}', _metadata.file_path)"
    event = texts.get("event", "CAST(NULL AS STRING)")
    texts["event"] = f"CASE WHEN {fits} THEN {event} ELSE {said} END"
    lines = frame.where(f"{LINE} IS NOT NULL").select(LINE, "c0")  # Spark refuses the line alone
    return Relation(
        rows=frame.selectExpr(*_named(texts)),
        kind="text",
        lines=lines,
        width=form.width,
        delimiter=form.delimiter,
    )


def _named(found: dict[str, str]) -> Iterator[str]:
    return (f"{found.get(name, 'CAST(NULL AS STRING)')} AS {title}" for name, title in _NAMES.items())
