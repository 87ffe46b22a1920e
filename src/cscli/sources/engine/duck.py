"""DuckDB, embedded: a connection that keeps to its memory, zone and folder, and files as relations in SQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.errors import DataError, Location, Problem, SourceError
from cscli.expressions.quoting import sql_file, sql_name, sql_text
from cscli.sources.engine.model import EventEngine
from cscli.sources.engine.moments import TimeKind

# The limit covers DuckDB's buffers: not its hash tables' growth, the allocator's reserve, Python and pandas.
_BUFFER_SHARE = 0.6
_LEAST_BYTES = 125 * 10**6
_BYTES_A_ROW = 80
"""About what a row costs in a group-by where hardly any two rows are alike."""


@contextmanager
def open_engine(engine: EventEngine, scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills into `scratch`. What it cannot do ends in a CscliError: DataError for
    what it cannot read or has no memory for, SourceError where files fail.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{int(max(engine.memory_bytes * _BUFFER_SHARE, _LEAST_BYTES))}B",
        "temp_directory": str(scratch / "spill"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if engine.threads:
        settings["threads"] = engine.threads
    try:
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            yield connection
    except duckdb.OutOfMemoryException as error:
        details = {"more": f"{2 * engine.memory_bytes / 10**9:g}GB"}
        problem = Problem("events.out_of_memory", value=f"{engine.memory_bytes / 10**9:g}GB", details=details)
        raise DataError(problem) from error
    except duckdb.IOException as error:
        raise SourceError(_say_failed(error)) from error
    except duckdb.Error as error:
        raise DataError(_say_failed(error)) from error
    except OSError as error:
        raise SourceError(_say_failed(error)) from error


def parts_needed(rows: int, memory_bytes: int) -> int:
    """Into how many parts by account so many rows are split, so that each is grouped in memory."""
    return -(-rows * _BYTES_A_ROW // max(1, memory_bytes // 2)) if rows else 1


def csv_rows(path: Path, headers: int, delimiter: str, places: Mapping[str, int]) -> str:
    """A CSV file as a relation of texts: account_id, user_id, event, moment. Lines that do not fit go to the tables
    reject_errors and reject_scans.
    """
    found = {name: f"c{at}" for name, at in places.items()}
    return f"(SELECT {_named(found)} FROM {csv_cells(path, headers, delimiter)}) AS log_rows"


def csv_cells(path: Path, headers: int, delimiter: str) -> str:
    """A CSV file as a relation of texts c0, c1, ..., one for each header. Lines that do not fit go to the tables
    reject_errors and reject_scans.
    """
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(headers))
    options = (
        f"auto_detect=false, header=true, delim={sql_text(delimiter)}, quote='\"', escape='\"', comment='',"
        " strict_mode=true, null_padding=false,"
        f" columns={{{columns}}}, store_rejects=true, rejects_limit=0, encoding='utf-8', compression='none', hive_partitioning=false"
    )
    return f"read_csv({sql_file(str(path))}, {options})"


def parquet_rows(path: Path, columns: LogColumns, kind: TimeKind) -> str:
    """A parquet file as a relation: account_id, user_id, event as text, moment as a timestamp in UTC, as the
    clock's reading, as a date, or as text.
    """
    found = {name: f"CAST({sql_name(header)} AS VARCHAR)" for name, header in columns.named().items()}
    at = sql_name(columns.at)
    times = {
        "aware": f"make_timestamp(epoch_us({at}))",
        "naive": f"CAST({at} AS TIMESTAMP)",
        "day": at,
        "text": at,
    }
    relation = f"read_parquet({sql_file(str(path))}, binary_as_string=true, hive_partitioning=false)"
    return f"(SELECT {_named({**found, 'at': times[kind]})} FROM {relation}) AS log_rows"


def time_kind(path: Path, header: str, type_name: str) -> TimeKind:
    """What the values of a parquet file's time column are. DataError if they are no times."""
    if type_name.startswith("TIMESTAMP"):
        return "aware" if "ZONE" in type_name or "TZ" in type_name else "naive"
    kinds: dict[str, TimeKind] = {"DATE": "day", "VARCHAR": "text"}
    if type_name not in kinds:
        raise DataError(
            Problem("events.time_type", where=Location(file=path.name, column=header), value=type_name)
        )
    return kinds[type_name]


def parquet_types(path: Path) -> dict[str, str]:
    """The columns of a parquet file with DuckDB's names of their types. DataError if it is damaged."""
    relation = f"read_parquet({sql_file(str(path))}, binary_as_string=true, hive_partitioning=false)"
    try:
        with duckdb.connect() as connection:
            found = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as error:
        details = {"reason": str(error).splitlines()[0]}
        raise DataError(
            Problem("events.damaged_parquet", where=Location(file=path.name), details=details)
        ) from error
    return {str(row[0]): str(row[1]) for row in found}


def parquet_row_count(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The rows of a parquet file, by its footer."""
    counted = connection.execute(
        f"SELECT num_rows FROM parquet_file_metadata({sql_file(str(path))})"
    ).fetchone()
    return int(counted[0]) if counted else 0


def _say_failed(error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
    return Problem("events.engine_failed", details={"reason": reason})


def _named(found: Mapping[str, str]) -> str:
    names = {"account_id": "account_id", "user_id": "user_id", "event": "event", "at": "moment"}
    return ", ".join(
        f"{found.get(name, 'CAST(NULL AS VARCHAR)')} AS {title}" for name, title in names.items()
    )
