"""Connections to the history: one writer at a time, readers beside it, SQLite or PostgreSQL."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cscli.config.database_url import parse_database_url
from cscli.errors import CscliError, Location, Problem, Scope, SourceError
from cscli.history.database.faults import shown, told
from cscli.history.database.migrations import migrate
from cscli.history.database.soundness import find_damage
from cscli.history.database.tables import SCHEMA_VERSION, metadata, schema
from cscli.workspace.damaged import set_aside

BUSY_SECONDS = 30
_PAUSE_SECONDS = 0.05
_ADVISORY_LOCK = 0x637363_6C69  # "cscli": the lock that writers to one database of PostgreSQL share


@contextmanager
def writing(url: str, folder: Path) -> Iterator[Connection]:
    """One transaction that may write to the history at `url` (paths seen from `folder`), alone until it ends; the
    tables are made where absent, an earlier form is brought to this one.

    Raises SourceError when the database cannot be opened, is of a later version, or refuses.
    """
    with _faults(url, folder):
        _migrate_file(url, folder)
        with _engine(_open_to_write(url, folder)) as engine, engine.begin() as connection:
            _prepare(connection, url)
            yield connection


@contextmanager
def reading(url: str, folder: Path) -> Iterator[Connection | None]:
    """One transaction that only reads, also while another writes; None where there is no history yet. An earlier
    form is brought to this one first. Raises SourceError as `writing` does.
    """
    with _faults(url, folder):
        path = _sqlite_path(url, folder)
        if path is not None and not path.exists():
            yield None
            return
        with _engine(_open_to_read(url, folder)) as engine, engine.begin() as connection:
            version = _version(connection, url)
            if version in (None, SCHEMA_VERSION):
                yield None if version is None else connection
                return
        _upgrade(url, folder)
        with _engine(_open_to_read(url, folder)) as engine, engine.begin() as connection:
            yield connection


def is_read_only(url: str, folder: Path) -> bool:
    """Whether the history is a file that this user cannot write, or in a folder that takes no files."""
    path = _sqlite_path(url, folder)
    if path is None or not path.exists():
        return False
    return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def vacuum(url: str, folder: Path) -> None:
    """Gives the room of what was removed back to the disk, where the history is a file."""
    if _sqlite_path(url, folder) is None:
        return
    with _faults(url, folder), _engine(_open_to_write(url, folder)) as engine, engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM")


@contextmanager
def _faults(url: str, folder: Path) -> Iterator[None]:
    """What a database refuses becomes a SourceError; a file that is no history, or a damaged one, is put aside."""
    try:
        yield
    except (CscliError, SystemExit):
        raise
    except (SQLAlchemyError, ArgumentError, ImportError, sqlite3.Error) as error:
        problem = _say_damaged(url, folder)
        raise SourceError(problem or told(error, url, BUSY_SECONDS)) from error
    except Exception as error:
        problem = _say_damaged(url, folder)  # what was read is of another type than what is written
        if problem is None:
            raise
        raise SourceError(problem) from error


def _say_damaged(url: str, folder: Path) -> Problem | None:
    try:
        path = _sqlite_path(url, folder)
    except ArgumentError:
        return None
    reason = find_damage(path) if path is not None and path.exists() else None
    if path is None or reason is None:
        return None
    other = set_aside(path)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if other and beside.exists():
            beside.rename(other.with_name(other.name + suffix))
    code = "history.damaged_aside" if other else "history.damaged"
    details = {"reason": reason}
    place, now = Location(file=shown(url)), other.name if other else None
    return Problem(code, where=place, value=now, details=details, scope=Scope.WORKSPACE)


@contextmanager
def _engine(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _open_to_write(url: str, folder: Path) -> Engine:
    path = _sqlite_path(url, folder)
    if path is None:
        engine = _server(url)
        event.listen(engine, "begin", _lock_server)
        return engine
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(told(error, url, BUSY_SECONDS)) from error
    # A plain BEGIN fails at once when two writers upgrade.
    return _file(lambda: _connect(path), "BEGIN IMMEDIATE")


def _open_to_read(url: str, folder: Path) -> Engine:
    path = _sqlite_path(url, folder)
    if path is None:
        return _server(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _file(lambda: _connect_to_read(path), "BEGIN")


def _file(connect: Callable[[], sqlite3.Connection], begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _migrate_file(url: str, folder: Path) -> None:
    """Brings a file of an earlier form to this one. Keys of other tables do not hold meanwhile, which SQLite needs to make a
    table anew, and takes before the transaction alone.
    """
    path = _sqlite_path(url, folder)
    if path is None or not path.exists():
        return
    with _engine(_file(lambda: _connect_to_read(path), "BEGIN")) as engine, engine.begin() as connection:
        version = _version(connection, url)
    if version in (None, SCHEMA_VERSION):
        return
    migrating = _file(lambda: _connect(path, holds_keys=False), "BEGIN IMMEDIATE")
    with _engine(migrating) as engine, engine.begin() as connection:
        _prepare(connection, url)


def _connect(path: Path, *, holds_keys: bool = True) -> sqlite3.Connection:
    # isolation_level: SQLAlchemy's own BEGIN decides, not the driver.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _log_ahead(connection)
        connection.execute(f"PRAGMA foreign_keys={'ON' if holds_keys else 'OFF'}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Asks for a write-ahead log. That does not wait for others of itself, as all else does."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Where the folder takes no files, the log cannot be made: then the file is read as one that nobody changes."""
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        log = path.with_name(path.name + "-wal")
        is_closed = not log.exists() or log.stat().st_size == 0
        if not (error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) and is_closed):
            raise
        return sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _server(url: str) -> Engine:
    parsed = server_url(url)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    arguments = {"connect_timeout": BUSY_SECONDS} if parsed.drivername == "postgresql+psycopg" else {}
    return create_engine(parsed, connect_args=arguments, poolclass=NullPool)


def _lock_server(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


def _prepare(connection: Connection, url: str) -> None:
    version = _version(connection, url)
    if version == SCHEMA_VERSION:
        return
    if version is None:
        metadata.create_all(connection)
        connection.execute(schema.insert().values(version=SCHEMA_VERSION))
    else:
        migrate(connection, version)
        connection.execute(schema.update().values(version=SCHEMA_VERSION))


def _version(connection: Connection, url: str) -> int | None:
    """The form of the history; None where there is none. Raises SourceError for a later one."""
    if not inspect(connection).has_table(schema.name):
        return None
    found = connection.execute(select(schema.c.version)).scalar()
    if found is not None and found > SCHEMA_VERSION:
        details = {"found": found, "known": SCHEMA_VERSION}
        place = Location(file=shown(url))
        raise SourceError(Problem("history.newer", where=place, details=details, scope=Scope.WORKSPACE))
    return found


def _upgrade(url: str, folder: Path) -> None:
    if is_read_only(url, folder):
        raise SourceError(Problem("history.old_form", where=Location(file=shown(url)), scope=Scope.WORKSPACE))
    with writing(url, folder):
        pass


def server_url(url: str) -> URL:
    """The URL of a server. ArgumentError where it cannot be read."""
    found = parse_database_url(url)
    if found is None:
        raise ArgumentError("the URL")
    query: dict[str, str] = dict(found.query)
    return URL.create(found.kind, found.user, found.password, found.host, found.port, found.name, query)


def _sqlite_path(url: str, folder: Path) -> Path | None:
    if not url.startswith("sqlite"):
        return None
    parsed: URL = make_url(url)
    return folder / (parsed.database or ".cscli/history.db")
