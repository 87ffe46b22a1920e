"""Spark on a real cluster against the twin in pandas (`oracles.event_twin`) and against DuckDB, on the same logs."""

import datetime as dt
import gzip
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pandas.testing import assert_frame_equal

from books.event_logs import check, log_of, skewed_rows, write_csv, write_parquet
from cscli.errors import DataError, SourceError
from cscli.sources.engine.model import EventEngine, Progress
from cscli.sources.engine.spark_session import open_spark
from cscli.sources.events import EventLog, EventRollup, read_table_headers, roll_up_events
from oracles.event_twin import Row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.usefixtures("spark"),
]
QUARTER = dt.timedelta(minutes=15)


def check_both(rows: list[Row], log: EventLog, engine: EventEngine) -> EventRollup:
    """Spark, DuckDB and the twin agree on every frame, and the two engines on every count and word."""
    found = check(rows, replace(log, engine=engine))
    embedded = roll_up_events(log)
    assert_frame_equal(found.accounts, embedded.accounts)
    assert_frame_equal(found.weeks, embedded.weeks)
    for name in ("rows", "rows_without_account", "rows_without_time", "first_day", "last_day", "problems"):
        assert getattr(found, name) == getattr(embedded, name), name
    return found


def test_a_skewed_log_with_gaps_and_the_executors_that_counted_it(
    spark: "SparkSession", spark_engine: EventEngine, tmp_path: Path
) -> None:
    rows = skewed_rows(4_000, dt.date(2025, 10, 20), 380)
    log = log_of(write_csv(tmp_path / "a log [1].csv", rows), zone="America/New_York", windows=(7, 28, 90))
    found = check_both(rows, log, spark_engine)
    assert found.files == roll_up_events(log).files
    assert found.rows_without_account > 50
    store = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    executors = [store.apply(number) for number in range(store.size())]
    at_work = {each.hostPort() for each in executors if each.id() != "driver" and each.completedTasks() > 0}
    assert len(at_work) == 2, "both workers of the cluster, or it was no cluster"


def test_every_quarter_of_an_hour_around_the_clock_changes_of_new_york(
    spark_engine: EventEngine, tmp_path: Path
) -> None:
    begins = [dt.datetime(2026, 3, 7, 12, tzinfo=dt.UTC), dt.datetime(2025, 11, 1, 12, tzinfo=dt.UTC)]
    old = dt.datetime(1999, 10, 31, 4, 30, tzinfo=dt.UTC)
    moments = [begin + step * QUARTER for begin in [*begins, old] for step in range(4 * 36)]
    rows: list[Row] = [("A", f"u{step}", at, "login") for step, at in enumerate(moments)]
    log = log_of(
        write_parquet(tmp_path / "log.parquet", rows), zone="America/New_York", windows=(1, 400, 3660)
    )
    check_both(rows, log, spark_engine)


def test_nanoseconds_without_a_zone_in_tokyo(spark_engine: EventEngine, tmp_path: Path) -> None:
    begin = dt.datetime(2026, 3, 8, 0, 59, 59, 999_999)  # noqa: DTZ001 - naive on purpose
    rows: list[Row] = [("A", f"u{step}", begin + step * QUARTER, "login") for step in range(4 * 36)]
    path = write_parquet(tmp_path / "log.parquet", rows, "VARCHAR, VARCHAR, TIMESTAMP_NS, VARCHAR")
    log = log_of(path, zone="Asia/Tokyo", naive_times_are="America/New_York", windows=(1, 400))
    check_both(rows, log, spark_engine)
    with pytest.raises(DataError) as raised:
        roll_up_events(replace(log, naive_times_are=None, engine=spark_engine))
    assert [(problem.code, problem.value) for problem in raised.value.problems] == [
        ("events.naive_times", "144")
    ]


def test_accounts_without_events_and_a_day_in_the_past(spark_engine: EventEngine, tmp_path: Path) -> None:
    rows = skewed_rows(1_500, dt.date(2025, 10, 20), 380)
    rows += [("later", "u", "2026-10-01T00:00:00Z", "login"), ("never", "u", None, "login")]
    rows += [("long ago", "u", "2025-10-20T00:00:00Z", "login"), ("\u3000", "u", "2026-05-01", "login")]
    log = log_of(write_csv(tmp_path / "log.csv", rows), as_of=dt.date(2026, 5, 6), zone="Asia/Tokyo")
    found = check_both(rows, log, spark_engine).accounts.set_index("account_id")
    assert {"later", "never"}.isdisjoint(found.index)
    assert found.loc["long ago", "events_28d"] == 0


def test_files_of_every_form_together_with_lines_that_cannot_be_read(
    spark_engine: EventEngine, tmp_path: Path
) -> None:
    rows = skewed_rows(600, dt.date(2026, 9, 1), 60)
    japanese: list[Row] = [
        (f"株式会社①{step % 3}", "u", "2026-10-30T10:00:00Z", "login") for step in range(300)
    ]
    quoted: list[Row] = [(f'"{step}",\n', "u", "2026-10-30 10:00+09:00", "scan, or not") for step in range(9)]
    packed = tmp_path / "c.csv.gz"
    packed.write_bytes(gzip.compress(write_csv(tmp_path / "c.csv", japanese, "cp932").read_bytes()))
    bad = write_csv(tmp_path / "d.csv", rows[300:])
    bad.write_text(
        bad.read_text("utf-8") + "short,line\na,line,2026-10-30,that,is long\nx,y,soon,z\n", "utf-8"
    )
    files = [
        write_parquet(tmp_path / "a.parquet", rows[:300], "VARCHAR, VARCHAR, VARCHAR, VARCHAR"),
        write_csv(tmp_path / "b.csv", quoted, delimiter=";"), packed, bad,
    ]  # fmt: skip
    log = log_of(*files, engine=spark_engine)
    told: list[Progress] = []
    found = roll_up_events(log, told.append)
    embedded = roll_up_events(replace(log, engine=EventEngine()))
    check([*rows, *japanese, *quoted], log)
    assert_frame_equal(found.accounts, embedded.accounts)
    assert found.rows == embedded.rows == 909
    shown = [(problem.code, problem.value) for problem in found.problems]
    assert ("reading.encoding_assumed", "CP932 (Shift-JIS)") in shown
    assert shown[1:5] == [
        ("events.bad_lines", "3"), ("events.line_short", "short,line"),
        ("events.line_long", "a,line,2026-10-30,that,is long"), ("events.line_time", "soon"),
    ]  # fmt: skip
    assert [file.bad_lines for file in found.files] == [
        0,
        0,
        0,
        2,
    ]  # a bad time is of no file that Spark knows
    assert told[-1].rows > 0
    with pytest.raises(DataError) as raised:
        roll_up_events(replace(log, max_bad_lines=0.001))
    assert raised.value.problems[0].code == "events.too_many_bad_lines"


def test_tables_roll_up_like_files(spark: "SparkSession", spark_engine: EventEngine, tmp_path: Path) -> None:
    begin = dt.datetime(2026, 10, 29, 20, tzinfo=dt.UTC)
    rows: list[Row] = [
        (f"A{step % 7}", f"u{step % 3}", begin + step * QUARTER, "login") for step in range(200)
    ]
    path = write_parquet(tmp_path / "log.parquet", rows)
    spark.read.parquet(str(path)).write.saveAsTable("usage_log")
    table = "spark_catalog.default.usage_log"
    assert read_table_headers(table, spark_engine) == ("org", "uid", "ts", "name")
    found = check(rows, log_of(table=table, engine=spark_engine, zone="America/New_York"))
    assert (found.files, found.rows) == ((), 200)
    with pytest.raises(SourceError) as raised:
        read_table_headers("nowhere.log", spark_engine)
    assert [(problem.code, problem.value) for problem in raised.value.problems] == [
        ("spark.no_table", "nowhere.log")
    ]


def test_a_job_that_fails_is_told_in_a_line(spark_engine: EventEngine) -> None:
    with pytest.raises(SourceError) as raised, open_spark(spark_engine) as session:
        session.sql("SELECT 1 / CAST('0' AS INT)").collect()
    (problem,) = raised.value.problems
    assert problem.code == "spark.failed"
    assert "Division by zero" in str(problem.details["reason"])
    assert "\n" not in str(problem.details["reason"])
