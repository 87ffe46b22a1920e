"""The in-memory DuckDB that runs checked expressions: no files, no network, no settings, limited memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import pandas as pd

TABLE = "input"

_LOCKS = (
    "enable_progress_bar=false",
    # both off: division by zero is NULL, in the result and in a comparison (the default gives inf and nan)
    "ieee_floating_point_ops=false",
    "error_on_division_by_zero=false",
    "enable_external_access=false",
    "python_enable_replacements=false",
    "allow_community_extensions=false",
    "autoinstall_known_extensions=false",
    "autoload_known_extensions=false",
    "lock_configuration=true",  # last: nothing can be set after it
)


@contextmanager
def locked_connection(
    table: "pd.DataFrame", *, threads: int, memory_limit: str = "4GB"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees `table` as `input` and nothing else, during the block. To open one takes longer than most
    questions to it: those of a process share it, and one that met a fault is not used again.
    """
    connection = _open(threads, memory_limit)
    connection.register(TABLE, table)
    try:
        yield connection
    except BaseException:
        _open.cache_clear()
        raise
    connection.unregister(TABLE)


@cache
def _open(threads: int, memory_limit: str) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory_limit,
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config=config)
    for lock in _LOCKS:
        connection.execute(f"SET {lock}")
    return connection
