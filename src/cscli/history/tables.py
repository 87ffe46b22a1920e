"""The tables of the history and the connection to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from cscli.errors import Location, Problem, SourceError

SCHEMA_VERSION = 1
BUSY_SECONDS = 30

metadata = MetaData()
schema = Table("cscli_schema", metadata, Column("version", Integer, nullable=False))
runs = Table(
    "runs",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("as_of", Text, nullable=False, unique=True),
    Column("taken_at", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("config_digest", Text, nullable=False),
    Column("config_text", Text, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("profiles", JSON, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("scorecard", Text),
    Column("score", Float),
    Column("score_before_caps", Float),
    Column("band", Text, nullable=False),
    Column("data_coverage", Float, nullable=False),
    Column("capped_by", JSON, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("mrr", Float),
    Column("arr", Float),
    Column("values", JSON, nullable=False),
    Column("points", JSON, nullable=False),
    Index("accounts_by_id", "account_id", "run_id"),
)
call_lists = Table(
    "call_lists",
    metadata,
    Column("as_of", Text, primary_key=True),
    Column("taken_at", Text, nullable=False),
)
at_risk = Table(  # who was on the call list of a day, and who went off it (status `resolved`)
    "at_risk",
    metadata,
    Column("as_of", Text, ForeignKey("call_lists.as_of", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("why", Text),
    Column("name", Text),
    Column("owner", Text),
    Column("band", Text),
    Column("score", Float),
    Column("arr", Float),
    Column("arr_at_risk", Float),
    Index("at_risk_by_id", "account_id", "as_of"),
)


@contextmanager
def transaction(url: str, folder: Path) -> Iterator[Connection]:
    """One transaction on the history at `url` (paths seen from `folder`); the tables are made where absent.

    Raises SourceError when the database cannot be opened, is of a later version, or refuses.
    """
    try:
        with _engine(url, folder) as engine, engine.begin() as connection:
            _prepare(connection, url)
            yield connection
    except (SQLAlchemyError, ArgumentError, ImportError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        where = Location(file=_shown(url))
        raise SourceError(Problem("history.not_usable", where=where, details={"reason": reason})) from error


def exists(url: str, folder: Path) -> bool:
    """Whether there is a history to read; a server's is taken to exist."""
    path = _sqlite_path(url, folder)
    return path is None or path.exists()


@contextmanager
def _engine(url: str, folder: Path) -> Iterator[Engine]:
    engine = _open(url, folder)
    try:
        yield engine
    finally:
        engine.dispose()


def _open(url: str, folder: Path) -> Engine:
    path = _sqlite_path(url, folder)
    if path is None:
        return create_engine(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below decides, not the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a plain BEGIN fails at once when two writers upgrade


def _prepare(connection: Connection, url: str) -> None:
    metadata.create_all(connection)
    found = connection.execute(select(schema.c.version)).scalar()
    if found is None:
        connection.execute(schema.insert().values(version=SCHEMA_VERSION))
    elif found > SCHEMA_VERSION:
        details = {"found": found, "known": SCHEMA_VERSION}
        raise SourceError(Problem("history.newer", where=Location(file=_shown(url)), details=details))


def _sqlite_path(url: str, folder: Path) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return folder / (parsed.database or ".cscli/history.db")


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "history"
