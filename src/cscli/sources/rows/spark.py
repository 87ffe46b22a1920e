"""A big table in Spark: its files or its table as one relation, of which only a row an account comes to the driver."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cscli.errors import Problem
from cscli.sources.engine.bad_lines import SHOWN, BadLine, judge_bad_lines, shorten
from cscli.sources.engine.duck import parquet_types
from cscli.sources.engine.log_files import is_parquet, place_headers, split_header
from cscli.sources.engine.spark_inputs import LINE, charset_of, read_table, spark_name, spark_path, text_frame
from cscli.sources.engine.spark_session import open_spark
from cscli.sources.rows.model import BigTable
from cscli.sources.rows.open_table import ROWS, OpenTable
from cscli.sources.rows.spark_sql import carried_rows, check_rollup
from cscli.sources.rows.storage import Physical, agreed, physical_of, wanted_headers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SPARK_KINDS: Mapping[str, Physical] = {
    "timestamp": "aware", "timestamp_ntz": "naive", "date": "date", "boolean": "boolean", "string": "text",
}  # fmt: skip
_TYPES: Mapping[Physical, str] = {
    "text": "STRING", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN", "aware": "TIMESTAMP_NTZ",
    "naive": "TIMESTAMP_NTZ",
}  # fmt: skip


@contextmanager
def open_with_spark(table: BigTable, aliases: Mapping[str, str]) -> Iterator[OpenTable]:
    """The table in a session of Spark, which ends with the block. SourceError as `open_spark`."""
    with open_spark(table.engine) as spark:
        problems: list[Problem] = []
        parts = list(_parts(table, aliases, spark, problems))
        physical = agreed(kinds for _, kinds in parts)
        types = {"account_id": "STRING", **{alias: _TYPES[physical[name]] for name, alias in aliases.items()}}
        wanted = [f"CAST({spark_name(alias)} AS {kind}) AS {alias}" for alias, kind in types.items()]
        has_lines = [frame for frame, _ in parts if LINE in frame.columns]
        rows = (frame.where(f"{LINE} IS NULL") if LINE in frame.columns else frame for frame, _ in parts)
        every = reduce(lambda one, other: one.unionAll(other), [frame.selectExpr(*wanted) for frame in rows])
        every.createOrReplaceTempView(ROWS)

        def run(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in spark.sql(carried_rows(sql)).collect()]

        def finish(count: int) -> tuple[Problem, ...]:
            return (*problems, *_judge(table, has_lines, count))

        yield OpenTable(physical, run, check_rollup, finish)


def _parts(
    table: BigTable, aliases: Mapping[str, str], spark: "SparkSession", problems: list[Problem]
) -> Iterator[tuple["DataFrame", dict[str, Physical]]]:
    """The table, or each file: account_id and the aliases, and how they are stored."""
    headers = wanted_headers(table, aliases)
    if table.table:
        frame = read_table(spark, table.table)
        place_headers(Path(table.table), tuple(frame.columns), headers)
        types = dict(frame.dtypes)
        kinds = {name: _kind(types[table.headers[name]]) for name in aliases}
        yield (
            frame.selectExpr(*(f"{spark_name(header)} AS {alias}" for alias, header in headers.items())),
            kinds,
        )
        return
    for path in table.files:
        if is_parquet(path):
            yield _parquet_part(table, path, aliases, spark)
        else:
            names, delimiter = split_header(
                path, table.encoding, table.delimiter, frozenset(headers.values()).__contains__
            )
            places = place_headers(path, names, headers)
            charset, over_lines = charset_of(path, table.encoding, problems)
            frame = text_frame(spark, [path], len(names), (delimiter, charset, over_lines))
            found = [f"c{at} AS {alias}" for alias, at in places.items()]
            yield frame.selectExpr(*found, LINE), dict.fromkeys(aliases, "text")


def _parquet_part(
    table: BigTable, path: Path, aliases: Mapping[str, str], spark: "SparkSession"
) -> tuple["DataFrame", dict[str, Physical]]:
    frame = spark.read.parquet(spark_path(path))
    types, spark_types = parquet_types(path), dict(frame.dtypes)
    headers = wanted_headers(table, aliases)
    place_headers(path, tuple(types), headers)

    def value(header: str) -> str:
        name = spark_name(header)
        is_nanoseconds = spark_types[header] == "bigint" and types[header].startswith("TIMESTAMP")
        return f"timestamp_micros(({name} - pmod({name}, 1000)) DIV 1000)" if is_nanoseconds else name

    kinds = {name: physical_of(types[table.headers[name]]) for name in aliases}
    return frame.selectExpr(*(f"{value(header)} AS {alias}" for alias, header in headers.items())), kinds


def _kind(type_name: str) -> Physical:
    return _SPARK_KINDS.get(type_name) or physical_of(type_name)


def _judge(table: BigTable, texts: list["DataFrame"], rows: int) -> tuple[Problem, ...]:
    """The lines that do not fit their header are counted by reading the files once more."""
    broken = [frame.where(f"{LINE} IS NOT NULL") for frame in texts]
    # Spark refuses a query that asks of the lines alone.
    count = sum(frame.selectExpr(f"COUNT({LINE})", "MAX(account_id)").collect()[0][0] for frame in broken)
    found = [str(row[LINE]) for frame in broken if count for row in frame.limit(SHOWN).collect()]
    first = tuple(BadLine(None, "events.line_bad", shorten(text)) for text in found[:SHOWN])
    return judge_bad_lines(table.table or table.files[0].name, rows, count, first, table.max_bad_lines)
