"""Earlier forms of the history to today's, one step a version, inside the transaction that opens it."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
from sqlalchemy import JSON, Column, Connection, Float, Integer, MetaData, Table, Text, inspect, select

from cscli.analysis.past.evidence import is_timely
from cscli.config.document import parse_document
from cscli.errors import ConfigError
from cscli.history.database.outreach_tables import OUTREACH
from cscli.history.database.rows import insert_bands, insert_columns
from cscli.history.database.tables import accounts, metadata, runs

_accounts_1 = Table(
    "accounts_1",
    MetaData(),
    *(Column(name, Text) for name in ("account_id", "scorecard", "band")),
    *(Column(name, Float) for name in ("score", "score_before_caps", "data_coverage", "mrr", "arr")),
    *(Column(name, JSON) for name in ("capped_by", "segments", "values", "points")),
    Column("run_id", Integer),
)


def migrate(connection: Connection, version: int) -> None:
    """Brings a history of form `version` to today's."""
    for found, step in _STEPS:
        if version <= found:
            step(connection)


def _from_1(connection: Connection) -> None:
    """Values and points leave the rows of accounts and become columns of their run."""
    connection.exec_driver_sql("DROP INDEX accounts_by_id")
    connection.exec_driver_sql("ALTER TABLE accounts RENAME TO accounts_1")
    for name in ("overrides", "relative"):
        connection.exec_driver_sql(f"ALTER TABLE runs ADD COLUMN {name} JSON NOT NULL DEFAULT '[]'")
    metadata.create_all(connection)
    kept = [column.name for column in accounts.c]
    old = select(*(_accounts_1.c[name] for name in kept))
    connection.execute(accounts.insert().from_select(kept, old))
    for run in connection.execute(select(runs.c.run_id, runs.c.metrics, runs.c.config_text)).all():
        _split_run(connection, run.run_id, run.metrics)
        relative = _relative_metrics(run.config_text, run.metrics)
        connection.execute(runs.update().where(runs.c.run_id == run.run_id).values(relative=relative))
    connection.exec_driver_sql("DROP TABLE accounts_1")


def _from_2(connection: Connection) -> None:
    """Forecasts of renewals have a table of their own."""
    metadata.create_all(connection)


def _from_4(connection: Connection) -> None:
    """Call lists know the renewal, the action and since when."""
    known = {column["name"] for column in inspect(connection).get_columns("at_risk")}
    for name in ("renews_on", "playbook", "due_from"):
        if name not in known:
            connection.exec_driver_sql(f"ALTER TABLE at_risk ADD COLUMN {name} TEXT")


def _from_5(connection: Connection) -> None:
    """What was promised has a table of its own."""
    metadata.create_all(connection)


def _from_6(connection: Connection) -> None:
    """Messages to customers have a ledger."""
    metadata.create_all(connection, tables=OUTREACH)


def _split_run(connection: Connection, run_id: int, metrics: list[str]) -> None:
    wanted = select(_accounts_1).where(_accounts_1.c.run_id == run_id).order_by(_accounts_1.c.account_id)
    found = connection.execute(wanted).all()
    table = pd.DataFrame([tuple(row) for row in found], columns=list(_accounts_1.c.keys()), dtype=object)
    names = list(dict.fromkeys(name for row in table["segments"] for name in row))
    parts = {
        "columns": pd.DataFrame({"account_id": table["account_id"]}),
        "segments": pd.DataFrame({name: [row.get(name) for row in table["segments"]] for name in names}),
        "values": pd.DataFrame(table["values"].tolist(), columns=metrics, dtype=object).apply(_typed),
        "points": pd.DataFrame(table["points"].tolist(), columns=metrics, dtype="float64"),
    }
    for part, frame in parts.items():
        insert_columns(connection, run_id, part, frame)
    numbers = dict.fromkeys(("score", "mrr", "arr"), "float64")
    insert_bands(connection, run_id, table.astype(numbers))


def _typed(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """JSON knew numbers, booleans and text; a column of nothing was one of numbers."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return values.astype("boolean")
    return values.astype("float64") if kinds <= {int, float} else values


def _relative_metrics(config_text: str, metrics: list[str]) -> list[str]:
    try:
        document = parse_document(config_text, "history")
    except ConfigError:
        return []
    return [name for name in metrics if document.at("metrics", name, "points", "kind") == "percentile"]


def _from_3(connection: Connection) -> None:
    """A day may have two runs: each says when it was known, and what it is for. A run so far was the only one of its day.
    `connection` holds nobody to the keys of other tables.
    """
    (_rebuild_runs if connection.dialect.name == "sqlite" else _alter_runs)(connection)
    columns = (runs.c.run_id, runs.c.as_of, runs.c.taken_at, runs.c.config_text)
    for run in connection.execute(select(*columns)).all():
        taken_at = dt.datetime.fromisoformat(run.taken_at)
        known_on = taken_at.astimezone(_zone_of(run.config_text)).date()
        timely = is_timely(dt.date.fromisoformat(run.as_of), known_on)
        values = {"known_on": known_on.isoformat(), "is_evidence": int(timely)}
        connection.execute(runs.update().where(runs.c.run_id == run.run_id).values(values))


def _rebuild_runs(connection: Connection) -> None:
    """The table made anew, as SQLite cannot take back that a day has one run; the other tables refer to it by its name."""
    kept = ", ".join(column["name"] for column in inspect(connection).get_columns("runs"))
    runs.to_metadata(MetaData(), name="runs_4").create(connection)
    added = "known_on, is_newest, is_evidence"
    connection.exec_driver_sql(
        f"INSERT INTO runs_4 ({kept}, {added}) SELECT {kept}, as_of, 1, 0 FROM runs"  # noqa: S608 - our own names
    )
    connection.exec_driver_sql("DROP TABLE runs")
    connection.exec_driver_sql("ALTER TABLE runs_4 RENAME TO runs")


def _alter_runs(connection: Connection) -> None:
    for constraint in inspect(connection).get_unique_constraints("runs"):
        connection.exec_driver_sql(f'ALTER TABLE runs DROP CONSTRAINT "{constraint["name"]}"')
    added = {
        "known_on": "TEXT NOT NULL DEFAULT ''",
        "is_newest": "INTEGER NOT NULL DEFAULT 1",
        "is_evidence": "INTEGER NOT NULL DEFAULT 0",
    }
    for name, kind in added.items():
        connection.exec_driver_sql(f"ALTER TABLE runs ADD COLUMN {name} {kind}")
        connection.exec_driver_sql(f"ALTER TABLE runs ALTER COLUMN {name} DROP DEFAULT")
    for index in runs.indexes:
        index.create(connection)


@cache
def _zone_of(config_text: str) -> ZoneInfo | None:
    """The zone that decides what day it was; None: that of this computer."""
    with suppress(ConfigError, ValueError, ZoneInfoNotFoundError):
        found = parse_document(config_text, "history").at("timezone")
        return ZoneInfo(found) if isinstance(found, str) else None
    return None


_STEPS: tuple[tuple[int, Callable[[Connection], None]], ...] = (
    (1, _from_1),
    (2, _from_2),
    (3, _from_3),
    (4, _from_4),
    (5, _from_5),
    (6, _from_6),
)
"""From which version, and how to the next."""
