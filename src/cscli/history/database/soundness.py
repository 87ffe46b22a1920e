"""Whether a history in a file is one: its tables are tables, their cells of the right types, their columns readable."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import JSON, Column, Float, Integer, LargeBinary, Table

from cscli.history.database.blobs import decode
from cscli.history.database.tables import SCHEMA_VERSION, metadata

_KINDS: tuple[tuple[type, str], ...] = (
    (JSON, "'text'"), (Integer, "'integer'"), (Float, "'real', 'integer'"), (LargeBinary, "'blob'"),
)  # fmt: skip
_DAYS = frozenset({"as_of", "known_on", "week", "since"})


def find_damage(path: Path) -> str | None:
    """What is wrong with the file, in a few words; None where nothing is, or there is no such file."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return None
    try:
        return next(_faults(connection), None)
    except sqlite3.DatabaseError as error:
        is_damage = getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        )
        return str(error) if is_damage else None
    finally:
        connection.close()


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    found = dict(
        connection.execute("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    )
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        yield f"a trigger {name}"
    if "cscli_schema" not in found:
        yield "no cscli_schema"
    (version,) = connection.execute("SELECT max(version) FROM cscli_schema").fetchone()
    if not isinstance(version, int):
        yield "cscli_schema.version"
    if version != SCHEMA_VERSION:
        return  # tables of another form are not known here
    for table in metadata.tables.values():
        if table.name not in found:
            continue  # of an earlier form, or made when it is needed
        if found[table.name] != "table":
            yield f"{table.name} is a {found[table.name]}"
        yield from _faults_of(connection, table)
    yield from _unreadable_columns(connection)


def _faults_of(connection: sqlite3.Connection, table: Table) -> Iterator[str]:
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
    for column in table.columns:
        if column.name not in there:
            yield f"{table.name} has no {column.name}"
            continue
        wrong = _wrong_cell(column)
        if connection.execute(f"SELECT 1 FROM {table.name} WHERE {wrong} LIMIT 1").fetchone():  # noqa: S608 - our own names
            yield f"{table.name}.{column.name}"


def _wrong_cell(column: "Column[object]") -> str:
    """SQL that finds a cell that cscli cannot have written."""
    types = next((names for kind, names in _KINDS if isinstance(column.type, kind)), "'text'")
    missing = "'null'" if column.nullable else "''"
    wrong = f"typeof({column.name}) NOT IN ({types}, {missing})"
    if isinstance(column.type, JSON):
        wrong += f" OR NOT json_valid({column.name})"
    if column.name in _DAYS and not isinstance(column.type, JSON):
        wrong += f" OR ({column.name} != '' AND date({column.name}) IS NOT {column.name})"
    return wrong


def _unreadable_columns(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        rows = connection.execute("SELECT name, kind, data FROM run_columns")
    except sqlite3.OperationalError:
        return
    for name, kind, data in rows:
        try:
            decode(kind, data)
        except (ValueError, TypeError, zlib.error, json.JSONDecodeError, RecursionError):
            yield f"run_columns.data of {name}"
