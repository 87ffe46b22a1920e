"""Logs for the tests: rows of cells written as CSV or parquet, rolled up by the program and by the twin."""

import csv
import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from pandas.testing import assert_frame_equal

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.expressions.quoting import sql_text
from cscli.sources.events import EventLog, EventRollup, roll_up_events
from oracles.event_twin import Row, Twin, roll_up

COLUMNS = LogColumns("org", "ts", "uid", "name")
HEADER = ("org", "uid", "ts", "name")
AS_OF = dt.date(2026, 10, 31)
ZONES = ("UTC", "America/New_York", "Asia/Tokyo")


def log_of(*files: Path, **changes: Any) -> EventLog:
    """A log of these files with windows of 7 and 28 days and a feature."""
    log = EventLog(
        source="events",
        files=files,
        columns=COLUMNS,
        zone="UTC",
        as_of=AS_OF,
        windows=(28, 7),
        features={"scan": ("card_scan", "card_import")},
    )
    return replace(log, **changes)


def twin_of(log: EventLog) -> Twin:
    """The same question to the twin."""
    columns = log.columns
    return Twin(
        log.zone, log.as_of, log.windows, log.naive_times_are, log.features,
        has_users=columns.user_id is not None, has_events=columns.event is not None,
    )  # fmt: skip


def assert_same(found: EventRollup, rows: Sequence[Row], log: EventLog) -> None:
    """The frames of the program are those of the twin: values, order, columns and types."""
    accounts, weeks = roll_up(list(rows), twin_of(log))
    assert_frame_equal(found.accounts, accounts, check_dtype=True)
    assert_frame_equal(found.weeks, weeks, check_dtype=True)


def check(rows: Sequence[Row], log: EventLog) -> EventRollup:
    """Rolls the log up and compares with the twin."""
    found = roll_up_events(log)
    assert_same(found, rows, log)
    return found


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def write_parquet(
    path: Path, rows: Sequence[Row], types: str = "VARCHAR, VARCHAR, TIMESTAMPTZ, VARCHAR"
) -> Path:
    """The rows as parquet with the physical types given."""
    columns = ", ".join(f"{name} {kind.strip()}" for name, kind in zip(HEADER, types.split(","), strict=True))
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE log ({columns})")
        if rows:
            connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", [list(row) for row in rows])
        connection.execute(f"COPY log TO {sql_text(str(path))} (FORMAT parquet)")
    return path


def skewed_rows(count: int, first: dt.date, days: int, seed: int = 7) -> list[Row]:
    """A log in which few accounts make most of the events, and anything may be missing."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    begin = dt.datetime.combine(first, dt.time(), dt.UTC)
    rows: list[Row] = []
    for _ in range(count):
        account = f"A{int(chance.random() ** 4 * 40):03}"
        at = begin + dt.timedelta(
            seconds=chance.randrange(days * 86_400), microseconds=chance.randrange(10**6)
        )
        row = [
            account,
            f"u{chance.randrange(12)}",
            written(at, chance),
            chance.choice(("card_scan", "card_import", "login", "export")),
        ]
        if chance.random() < 0.1:
            row[chance.randrange(4)] = chance.choice((None, "", " ", "\u3000"))
        elif chance.random() < 0.1:
            at_column = chance.randrange(2)
            row[at_column] = chance.choice((" ", "\u00a0", "\u3000")) + str(row[at_column]) + " "
        rows.append((row[0], row[1], row[2], row[3]))
    return rows


def written(at: dt.datetime, chance: random.Random) -> str | None:
    """A moment in one of the forms of ISO 8601."""
    offset = chance.choice((0, 9 * 60, -5 * 60, -210, 345))
    local = at.astimezone(dt.timezone(dt.timedelta(minutes=offset)))
    text = local.strftime(chance.choice(("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M")))
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    hours = f"{sign}{minutes // 60:02}"
    ends = [f"{hours}:{minutes % 60:02}", f"{hours}{minutes % 60:02}", f" {hours}:{minutes % 60:02}"]
    ends += ["Z", " Z"] if not offset else []
    ends += [hours] if not minutes % 60 else []
    return text + chance.choice(ends)
