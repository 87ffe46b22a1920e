"""Rows rolled up by DuckDB and by Spark where they are, against the same file read into memory and rolled up there."""

import datetime as dt
import gzip
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cscli.analysis.tables.conform import conform
from cscli.config.schema import Source
from cscli.errors import DataError
from cscli.expressions import EvaluationError, Expression, parse_expression, roll_up, roll_up_nothing
from cscli.sources import ReadOptions, read_table
from cscli.sources.engine.model import EventEngine
from cscli.sources.rows import BigTable, RolledRows, roll_up_rows
from places import SAMPLE

TICKETS = SAMPLE / "tickets.csv"
AS_OF = dt.date(2026, 10, 31)
ROLLUPS = {
    "tickets": "count(*)",
    "open": "count(*) FILTER (WHERE solved IS NULL)",
    "topics": "count(DISTINCT topic)",
    "last_on": "max(created)",
    "days": "avg(solved - created)",
    "middle": "median(date_diff('day', created, solved))",
    "share": "count(*) FILTER (WHERE priority = 'P1') / count(*) FILTER (WHERE created > as_of - 90)",
    "rest": "sum(day(created)) % count(*) FILTER (WHERE topic LIKE 'B%')",
    "months": "sum(date_diff('month', created, as_of)) + max(date_diff('week', created, as_of))"
    " + min(date_diff('quarter', created, as_of)) + max(date_diff('year', created, as_of))",
    "spread": "stddev(length(topic))",
    "size": "sum(CASE WHEN priority IN ('P1', 'P2') THEN 1.5 ELSE round(pow(0.5, 2), 1) END)",
    "logs": "max(ln(length(topic))) + max(log10(year(created))) + max(sqrt(0 - length(topic)))",
    "first_week": "min(date_trunc('week', created))",
    "names": "max(upper(left(topic, 3)) || '-' || lower(priority))",
    "billing": "count(*) FILTER (WHERE regexp_matches(topic, '^Bill') OR contains(topic, 'pi'))",
    "ever": "max(created) >= DATE '2026-10-01'",
    "first_topic": "min(nullif(trim(topic), 'Billing'))",
}
COLUMNS = {
    "account_id": "Organisation",
    "created": "Created at",
    "solved": "Solved at",
    "topic": "Topic",
    "priority": "Priority",
}


def parsed(rollups: Mapping[str, str]) -> dict[str, Expression]:
    return {name: parse_expression(text, aggregate=True) for name, text in rollups.items()}


def in_memory(
    path: Path, rollups: Mapping[str, str], zone: str | None = None
) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """What the rows give when the whole file is read."""
    source = Source(kind="rows", columns=dict(COLUMNS), rollup=dict(rollups))
    raw = read_table(path, "tickets", ReadOptions(), set(COLUMNS.values()).__contains__)
    frame = conform(raw, source, ZoneInfo(zone) if zone else None).frame
    expressions = parsed(rollups)
    return roll_up(frame, "account_id", expressions, AS_OF), roll_up_nothing(frame, expressions, AS_OF)


def check(table: BigTable, expected: Path, rollups: Mapping[str, str]) -> RolledRows:
    found = roll_up_rows(table, parsed(rollups))
    accounts, of_no_rows = in_memory(expected, rollups, table.zone)
    assert_frame_equal(found.accounts, accounts)
    for name in rollups:
        none = found.of_no_rows[name]
        assert pd.isna(none) if pd.isna(of_no_rows[name]) else none == of_no_rows[name]
    return found


def with_odd_rows(path: Path) -> Path:
    """The tickets with missing cells, offsets, marks, spaces and numbers among the texts."""
    odd = [
        'T-1, A0004 ,2026-10-30T20:00:00-05:00,n/a,P1,"Bill, later",,',
        "T-2,A0004,2026/10/5,2026-10-07 10:00,,  ,,",
        "T-3,,2026-10-30,,P1,Billing,,",
        "T-4,NEW,,,,,,",
    ]
    path.write_text(TICKETS.read_text("utf-8-sig") + "\n".join(odd) + "\n", "utf-8")
    return path


@pytest.mark.whole
def test_duckdb_on_files(tmp_path: Path) -> None:
    found = check(
        BigTable(source="tickets", files=(TICKETS,), headers=COLUMNS, as_of=AS_OF), TICKETS, ROLLUPS
    )
    assert found.rows == 1190
    assert found.types == {"created": "date", "solved": "date", "topic": "text", "priority": "text"}
    odd = with_odd_rows(tmp_path / "odd.csv")
    table = BigTable(source="tickets", files=(odd,), headers=COLUMNS, as_of=AS_OF, zone="Asia/Tokyo")
    assert check(table, odd, ROLLUPS).rows_without_account == 1
    lines = odd.read_text("utf-8").splitlines(keepends=True)
    first, second = tmp_path / "1.csv.gz", tmp_path / "2.csv"
    first.write_bytes(gzip.compress("".join(lines[:700]).encode()))
    second.write_text("".join([lines[0], *lines[700:], "cut,off\n"]), "utf-8")
    found = check(replace(table, files=(first, second)), odd, ROLLUPS)
    assert [problem.code for problem in found.problems] == ["events.bad_lines", "events.line_short"]
    with pytest.raises(DataError):
        roll_up_rows(replace(table, files=(first, second), max_bad_lines=0), parsed(ROLLUPS))


def test_types_are_pinned_inferred_and_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "id,n,code,mixed,flag\n"
        + "".join(f'A,"1,{number:03}.5",007,{number},yes\n' for number in range(100))
        + "A,-,008,what,no\nA,,,,\n"
    )
    headers = {"account_id": "id", "n": "n", "code": "code", "mixed": "mixed", "flag": "flag"}
    table = BigTable(source="rows", files=(path,), headers=headers, as_of=AS_OF, types={"flag": "boolean"})
    rollups = {
        "n_sum": "sum(n)",
        "codes": "max(code)",
        "mix": "sum(mixed)",
        "yes": "count(*) FILTER (WHERE flag)",
    }
    found = roll_up_rows(table, parsed(rollups))
    assert found.accounts.iloc[0].tolist() == ["A", 105000.0, "008", 4950.0, 100.0]
    assert [(problem.code, problem.value) for problem in found.problems] == [("rows.cells_unread", "1")]
    with pytest.raises(EvaluationError):
        roll_up_rows(replace(table, types={"mixed": "text"}), parsed(rollups))


def write_parquet(path: Path) -> Path:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        at = "TIMESTAMPTZ '2026-10-29 20:00:00Z' + INTERVAL 1 HOUR * i AS at"
        local = "(TIMESTAMP '2026-10-01' + INTERVAL 1 HOUR * i)::TIMESTAMP_NS AS local"
        rows = f"SELECT 'A' || (i % 7) AS org, i / 4 AS amount, {at}, {local}, i % 3 = 0 AS paid FROM range(60) AS t(i)"  # noqa: S608 - our own
        connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    return path


STORED = {"account_id": "org", "amount": "amount", "at": "at", "local": "local", "paid": "paid"}
OF_STORED = {
    "total": "sum(amount)", "last_on": "max(at)", "local_on": "min(local)", "paid_rows": "count(*) FILTER (WHERE paid)",
    "late": "count(*) FILTER (WHERE at >= DATE '2026-10-31')",
}  # fmt: skip


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = BigTable(
        source="rows",
        files=(write_parquet(tmp_path / "rows.parquet"),),
        headers=STORED,
        as_of=AS_OF,
        zone="Asia/Tokyo",
    )
    found = roll_up_rows(table, parsed(OF_STORED)).accounts
    hours = pd.Series(range(60))
    local = pd.Timestamp("2026-10-29 20:00") + pd.to_timedelta(
        hours + 9, unit="h"
    )  # Tokyo is nine hours ahead
    by = pd.DataFrame(
        {"org": "A" + (hours % 7).astype(str), "amount": hours / 4, "day": local.dt.normalize()}
    )
    assert found["total"].tolist() == by.groupby("org")["amount"].sum().tolist()
    assert found["last_on"].tolist() == by.groupby("org")["day"].max().tolist()
    late = by[by["day"] >= "2026-10-31"].groupby("org").size()
    assert found["late"].tolist() == late.tolist()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.usefixtures("spark")
class TestSpark:
    """The same on the cluster."""

    def test_files_give_what_the_embedded_engine_gives(
        self, spark_engine: EventEngine, tmp_path: Path
    ) -> None:
        odd = with_odd_rows(tmp_path / "odd.csv")
        table = BigTable(
            source="tickets",
            files=(odd,),
            headers=COLUMNS,
            as_of=AS_OF,
            zone="Asia/Tokyo",
            engine=spark_engine,
        )
        found = check(table, odd, ROLLUPS)
        embedded = roll_up_rows(replace(table, engine=EventEngine()), parsed(ROLLUPS))
        assert_frame_equal(found.accounts, embedded.accounts)
        assert (found.rows, found.rows_without_account, found.types, found.problems) == (
            embedded.rows, embedded.rows_without_account, embedded.types, embedded.problems,
        )  # fmt: skip

    def test_parquet_gives_what_the_embedded_engine_gives(
        self, spark_engine: EventEngine, tmp_path: Path
    ) -> None:
        path = write_parquet(tmp_path / "rows.parquet")
        table = BigTable(source="rows", files=(path,), headers=STORED, as_of=AS_OF, zone="Asia/Tokyo")
        found = roll_up_rows(replace(table, engine=spark_engine), parsed(OF_STORED))
        assert_frame_equal(found.accounts, roll_up_rows(table, parsed(OF_STORED)).accounts)

    @pytest.mark.parametrize(
        ("rollup", "name"),
        [("any_value(topic)", "any_value"), ("max(CAST(length(topic) / 2 AS INTEGER))", "CAST AS INTEGER")],
    )
    def test_what_spark_cannot_do_alike(self, rollup: str, name: str, spark_engine: EventEngine) -> None:
        table = BigTable(
            source="tickets", files=(TICKETS,), headers=COLUMNS, as_of=AS_OF, engine=spark_engine
        )
        with pytest.raises(EvaluationError) as raised:
            roll_up_rows(table, parsed({"column": rollup}))
        ((column, fault),) = raised.value.faults
        assert (column, fault.code, fault.value) == ("column", "rows.not_on_spark", name)
