"""Earlier forms of the history to today's, one step a version, inside the transaction that opens it."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy import JSON, Column, Connection, Float, Integer, MetaData, Table, Text, select

from cscli.config.document import parse_document
from cscli.errors import ConfigError
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


_STEPS: tuple[tuple[int, Callable[[Connection], None]], ...] = ((1, _from_1), (2, _from_2))
"""From which version, and how to the next."""
