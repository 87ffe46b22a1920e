"""A log as relations of Spark: files of one form, or a table, as account_id, user_id, event, moment.

The driver looks at the files' first lines or at their schema; only Spark reads their rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.errors import DataError, Location, Problem, SourceError
from cscli.sources.encoding import decode_text
from cscli.sources.events.duck import parquet_types, time_kind
from cscli.sources.events.log_files import (
    is_packed,
    is_parquet,
    open_text,
    place_columns,
    split_header,
)
from cscli.sources.events.model import EventEngine, EventLog
from cscli.sources.events.moments import TimeKind
from cscli.sources.events.spark_session import open_spark
from cscli.sources.files import FileBytes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BAD_LINE = "\u0001bad line\u0001"
"""The event of a line that does not fit its header; the file's address follows. No event begins like this."""
LINE = "line_as_it_stands"
_SAMPLE_BYTES = 1 << 20
_NAMES = {"account_id": "account_id", "user_id": "user_id", "event": "event", "at": "moment"}
_CHARSETS = {"utf-8": "UTF-8", "cp932": "windows-31j", "euc_jp": "EUC-JP", "cp1252": "windows-1252"}
_CHARSETS |= {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-8-sig": "UTF-8"}
_TABLE_KINDS: dict[str, TimeKind] = {
    "timestamp": "aware",
    "timestamp_ntz": "naive",
    "date": "day",
    "string": "text",
}


@dataclass(frozen=True, eq=False)
class Relation:
    """Rows of a log whose `moment` is of one kind. `lines`: of text files, the lines that do not fit their header,
    as `line_as_it_stands`, with their columns' number in `width`.
    """

    rows: "DataFrame"
    kind: TimeKind
    lines: "DataFrame | None" = None
    width: int = 0
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
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


def read_table_headers(table: str, engine: EventEngine) -> tuple[str, ...]:
    """The columns of a table of Spark's. SourceError as `open_spark`, or if there is no such table."""
    with open_spark(engine) as spark:
        return tuple(read_table(spark, table).columns)


def read_table(spark: "SparkSession", table: str) -> "DataFrame":
    """A table or view of Spark's. SourceError if there is none of that name."""
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - an extra

    try:
        frame = spark.read.table(table)
        frame.schema  # noqa: B018 - asks for it, and so for the table
    except AnalysisException as error:
        raise SourceError(Problem("spark.no_table", value=table)) from error
    return frame


def charset_of(path: Path, encoding: str | None, problems: list[Problem]) -> tuple[str, bool]:
    """What Spark calls the encoding of a text file, by its beginning, and whether fields in quotes may hold line
    ends; to `problems` goes what was assumed. SourceError if Spark would not unpack it.
    """
    if is_packed(path) and path.suffix.lower() != ".gz":
        raise SourceError(Problem("spark.packed_name", where=Location(file=path.name)))
    with open_text(path) as file:
        sample = file.read(_SAMPLE_BYTES)
    whole = sample[: sample.rfind(b"\n") + 1] if len(sample) == _SAMPLE_BYTES else sample
    decoded = decode_text(FileBytes(path, whole or sample, "", 0.0), encoding)
    problems += [problem for problem in decoded.problems if problem.code.startswith("reading.encoding_")]
    charset = _CHARSETS.get(decoded.encoding, decoded.encoding)
    return charset, '"' in decoded.text or charset.startswith("UTF-16")


def text_frame(
    spark: "SparkSession", paths: list[Path], width: int, reading: tuple[str, str, bool]
) -> "DataFrame":
    """Text files with so many headers as c0, c1, ... and `LINE`, which a line that fits does not have. `reading`:
    delimiter, charset, and whether fields may hold line ends.
    """
    delimiter, charset, over_lines = reading
    schema = ", ".join(f"{name} STRING" for name in (*(f"c{number}" for number in range(width)), LINE))
    options: dict[str, bool | str] = {
        "header": True,
        "sep": delimiter,
        "quote": '"',
        "escape": '"',
        "encoding": charset,
    }
    options |= {"multiLine": over_lines, "mode": "PERMISSIVE", "columnNameOfCorruptRecord": LINE}
    return spark.read.schema(schema).options(**options).csv([*map(spark_path, paths)])


def spark_path(path: Path) -> str:
    """A file of this machine as Spark names it, which would take some signs for a pattern."""
    marked = "".join(f"\\{sign}" if sign in "\\{}[]*?" else sign for sign in path.resolve().as_posix())
    return f"file://{marked}"


def spark_name(header: str) -> str:
    """A column's name in Spark's SQL."""
    return "`" + header.replace("`", "``") + "`"


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
    return Relation(frame.selectExpr(*_named({**texts, "at": moment})), kind)


def _form_of(path: Path, log: EventLog, problems: list[Problem]) -> _TextForm:
    wanted = frozenset(log.columns.named().values())
    headers, delimiter = split_header(path, log.encoding, log.delimiter, wanted.__contains__)
    places = place_columns(path, headers, log.columns)
    charset, over_lines = charset_of(path, log.encoding, problems)
    return _TextForm(len(headers), tuple(sorted(places.items())), delimiter, charset, over_lines)


def _text_rows(form: _TextForm, paths: list[Path], spark: "SparkSession") -> Relation:
    columns = [f"c{number}" for number in range(form.width)]
    frame = text_frame(spark, paths, form.width, (form.delimiter, form.charset, form.over_lines))
    fits = f"{LINE} IS NULL"
    texts = {name: f"CASE WHEN {fits} THEN {columns[at]} END" for name, at in form.places}
    said = f"CONCAT('{BAD_LINE}', _metadata.file_path)"
    event = texts.get("event", "CAST(NULL AS STRING)")
    texts["event"] = f"CASE WHEN {fits} THEN {event} ELSE {said} END"
    lines = frame.where(f"{LINE} IS NOT NULL").select(LINE, "c0")  # Spark refuses the line alone
    return Relation(frame.selectExpr(*_named(texts)), "text", lines, form.width, form.delimiter)


def _named(found: dict[str, str]) -> Iterator[str]:
    return (f"{found.get(name, 'CAST(NULL AS STRING)')} AS {title}" for name, title in _NAMES.items())
