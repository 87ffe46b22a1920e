"""An event log rolled up by Spark: the SQL of DuckDB, carried over, of which only the results come to the driver."""

import csv
import hashlib
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pandas as pd

from cscli.errors import DataError, Location, Problem
from cscli.sources.engine.bad_lines import SHOWN, BadLine, judge_bad_lines, shorten
from cscli.sources.engine.model import OnProgress
from cscli.sources.engine.spark_inputs import LINE
from cscli.sources.engine.spark_progress import SparkTicker
from cscli.sources.engine.spark_session import open_spark
from cscli.sources.engine.spark_sql import carried
from cscli.sources.engine.text_scan import hash_file
from cscli.sources.engine.ticking import ticking
from cscli.sources.events import rollup_sql, stage_sql
from cscli.sources.events.coverage import say_coverage, say_rows, say_same_content
from cscli.sources.events.model import EventLog, EventRollup, FileFacts
from cscli.sources.events.shaping import no_weeks, shape_accounts, shape_weeks
from cscli.sources.events.spark_relations import BAD_LINE, Relation, relations_of
from cscli.sources.events.staging import Quality

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_HASHED_BYTES = 4 * 10**9
_STAGED = "staged_rows"
_BAD = f"COALESCE(account_id IS NULL AND STARTSWITH(event, '{BAD_LINE}'), FALSE)"


def roll_up_with_spark(log: EventLog, on_progress: OnProgress | None = None) -> EventRollup:
    """As `roll_up_events`, by the log's Spark. Bad lines are judged over the whole log, and nothing is kept.

    Files of more than 4 GB in all are told apart by name, size and last change instead of their content.
    """
    with (
        open_spark(log.engine) as spark,
        ticking(
            SparkTicker(context=spark.sparkContext, source=log.source, files=len(log.files)), on_progress
        ),
    ):
        problems: list[Problem] = []
        relations = list(relations_of(log, spark, problems))
        names = [_view(relation.rows, f"log_rows_{number}") for number, relation in enumerate(relations)]
        every = _stage(log, relations, names, spark)
        every.persist()
        try:
            _view(every.where(f"NOT {_BAD}"), _STAGED)
            return _roll_up(log, relations, every, problems, spark)
        finally:
            every.unpersist()


def fetch(frame: "DataFrame") -> pd.DataFrame:
    """A result that is small: texts as str, numbers as float64, days as datetime64[us]."""
    rows = frame.collect()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(frame.columns)
    typed = zip(frame.dtypes, columns, strict=True)
    return pd.DataFrame({name: _values(kind, values) for (name, kind), values in typed})


def _values(kind: str, values: tuple[Any, ...]) -> Any:
    if kind == "date":
        return np.array(values, dtype="datetime64[D]").astype("datetime64[us]")
    return pd.Series(values, dtype="str" if kind == "string" else "float64")


def _view(frame: "DataFrame", name: str) -> str:
    frame.createOrReplaceTempView(name)
    return name


def _stage(log: EventLog, relations: list[Relation], names: list[str], spark: "SparkSession") -> "DataFrame":
    stages = []
    for relation, name in zip(relations, names, strict=True):
        dated = stage_sql.dated_rows(f"{name} AS log_rows", relation.kind, log)
        stages.append(spark.sql(carried(stage_sql.stage(f"({dated}) AS dated_rows", log.columns))))
    return reduce(lambda first, second: first.unionAll(second), stages)


def _roll_up(
    log: EventLog,
    relations: list[Relation],
    every: "DataFrame",
    problems: list[Problem],
    spark: "SparkSession",
) -> EventRollup:
    quality = Quality(**spark.sql(carried(stage_sql.quality(_STAGED, log.as_of))).collect()[0].asDict())
    if quality.naive_times:
        where = Location(file=_shown(log), column=log.columns.at)
        raise DataError(Problem("events.naive_times", where=where, value=str(quality.naive_times)))
    broken = _broken_lines(every)
    bad = sum(broken.values()) + quality.bad_times
    rows = quality.rows - quality.bad_times
    first = _first_bad(log, relations, spark) if bad else ()
    problems += judge_bad_lines(_shown(log), rows, bad, first, log.max_bad_lines)
    files = _facts(log, rows, bad, broken)
    return EventRollup(
        accounts=shape_accounts(fetch(spark.sql(carried(rollup_sql.accounts(_STAGED, log))))),
        weeks=shape_weeks(fetch(spark.sql(carried(rollup_sql.weeks(_STAGED, log)))))
        if log.by_week
        else no_weeks(rollup_sql.week_columns(log)),
        first_day=quality.first_day,
        last_day=quality.last_day,
        newest_day=quality.newest_day,
        files=files,
        rows=rows,
        rows_without_account=quality.without_account,
        rows_without_time=quality.without_time,
        problems=(
            *problems,
            *say_same_content(files),
            *say_rows(log, rows, quality),
            *say_coverage(log, quality.first_day, quality.last_day),
        ),
    )


def _broken_lines(every: "DataFrame") -> dict[Path, int]:
    """How many lines of each text file do not fit its header."""
    found = every.where(_BAD).groupBy("event").sum("events").collect()
    return {Path(unquote(urlsplit(row[0].removeprefix(BAD_LINE)).path)): int(row[1]) for row in found}


def _first_bad(log: EventLog, relations: list[Relation], spark: "SparkSession") -> tuple[BadLine, ...]:
    """Some of the lines that cannot be read, without their numbers: no part of Spark knows those."""
    found: list[BadLine] = []
    for number, relation in enumerate(relations):
        if relation.lines is not None:
            texts = [str(row[LINE]) for row in relation.lines.limit(SHOWN).collect()]
            found += [BadLine(None, _why(text, relation), shorten(text)) for text in texts]
        if relation.kind == "text" and len(found) < SHOWN:
            dated = stage_sql.dated_rows(f"log_rows_{number} AS log_rows", "text", log)
            bad = f"SELECT moment FROM ({dated}) AS dated WHERE fault = {stage_sql.BAD_TIME} LIMIT {SHOWN}"
            found += [
                BadLine(None, "events.line_time", shorten(str(row[0])))
                for row in spark.sql(carried(bad)).collect()
            ]
    return tuple(found[:SHOWN])


def _why(line: str, relation: Relation) -> str:
    fields = next(csv.reader([line], delimiter=relation.delimiter), [])
    return "events.line_long" if len(fields) > relation.width else "events.line_short"


def _facts(log: EventLog, rows: int, bad: int, broken: dict[Path, int]) -> tuple[FileFacts, ...]:
    """Spark counts the rows of all files together: they are known of a single one only."""
    sizes = {path: path.stat().st_size for path in log.files}
    is_hashed = sum(sizes.values()) <= _HASHED_BYTES
    is_one = len(sizes) == 1
    return tuple(
        FileFacts(
            name=path.name,
            path=path,
            size_bytes=size,
            sha256=hash_file(path) if is_hashed else _identity(path, size),
            rows=rows if is_one else None,
            bad_lines=bad if is_one else broken.get(path.resolve(), 0),
            reused=False,
        )
        for path, size in sizes.items()
    )


def _identity(path: Path, size: int) -> str:
    return hashlib.sha256(f"{path.name}\n{size}\n{path.stat().st_mtime_ns}".encode()).hexdigest()


def _shown(log: EventLog) -> str:
    return log.files[0].name if len(log.files) == 1 else log.table or log.source
