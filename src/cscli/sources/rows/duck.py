"""A big table in DuckDB: its files as one relation, read in order by one thread, so that results do not vary."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from cscli.errors import Problem
from cscli.expressions.quoting import sql_file, sql_name
from cscli.sources.engine.bad_lines import judge_bad_lines, take_rejects
from cscli.sources.engine.duck import csv_cells, open_engine, parquet_types
from cscli.sources.engine.log_files import is_parquet, place_headers, split_header
from cscli.sources.engine.text_scan import scan_text
from cscli.sources.rows.model import BigTable
from cscli.sources.rows.open_table import ROWS, OpenTable
from cscli.sources.rows.storage import Physical, agreed, physical_of, stored_as, wanted_headers
from cscli.workspace.scratch import scratch_folder

_SETTINGS = (
    "threads = 1",
    "preserve_insertion_order = true",
    "ieee_floating_point_ops = false",
    "error_on_division_by_zero = false",
)


@contextmanager
def open_with_duckdb(table: BigTable, aliases: Mapping[str, str]) -> Iterator[OpenTable]:
    """The table's files; what does not fit into memory goes to a private folder that is removed."""
    with scratch_folder(None) as scratch, open_engine(table.engine, scratch) as connection:
        for setting in _SETTINGS:
            connection.execute(f"SET {setting}")
        problems: list[Problem] = []
        by_file = [_physical(table, path, aliases) for path in table.files]
        physical = agreed(by_file)
        parts = []
        for number, path in enumerate(table.files):
            folder = scratch / str(number)
            folder.mkdir()
            parts.append(_part(table, path, aliases, (physical, folder, problems)))
        connection.execute(f"CREATE TEMP VIEW {ROWS} AS {' UNION ALL '.join(parts)}")
        has_text = not all(map(is_parquet, table.files))

        def finish(rows: int) -> tuple[Problem, ...]:
            said = _judge(table, connection, rows) if has_text else ()
            return (*problems, *said)

        def run(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        yield OpenTable(physical, run, lambda _: None, finish)


def _physical(table: BigTable, path: Path, aliases: Mapping[str, str]) -> dict[str, Physical]:
    if not is_parquet(path):
        return dict.fromkeys(aliases, "text")
    types = parquet_types(path)
    place_headers(path, tuple(types), wanted_headers(table, aliases))
    return {name: physical_of(types[table.headers[name]]) for name in aliases}


def _part(
    table: BigTable,
    path: Path,
    aliases: Mapping[str, str],
    reading: tuple[Mapping[str, Physical], Path, list[Problem]],
) -> str:
    """One file as a SELECT of account_id and the aliases. `reading`: how columns are stored, a folder for a copy,
    and where to say what was assumed.
    """
    physical, folder, problems = reading
    headers = wanted_headers(table, aliases)
    if is_parquet(path):
        found = {alias: sql_name(header) for alias, header in headers.items()}
        relation = f"read_parquet({sql_file(str(path))}, binary_as_string=true, hive_partitioning=false)"
    else:
        names, delimiter = split_header(
            path, table.encoding, table.delimiter, frozenset(headers.values()).__contains__
        )
        places = place_headers(path, names, headers)
        scan = scan_text(path, table.encoding, folder)
        problems += scan.problems
        found = {alias: f"c{at}" for alias, at in places.items()}
        relation = csv_cells(scan.readable, len(names), delimiter)
    kinds: dict[str, Physical] = {"account_id": "text"}
    kinds |= {alias: physical[name] for name, alias in aliases.items()}
    wanted = ", ".join(f"{stored_as(kinds[alias], sql)} AS {alias}" for alias, sql in found.items())
    return f"SELECT {wanted} FROM {relation}"  # noqa: S608 - quoted


def _judge(table: BigTable, connection: duckdb.DuckDBPyConnection, rows: int) -> tuple[Problem, ...]:
    lines = "SELECT DISTINCT scan_id, file_id, line FROM reject_errors"
    counted = connection.execute(f"SELECT COUNT(*) FROM ({lines})").fetchone()  # noqa: S608 - our own
    _, first = take_rejects(connection)
    return judge_bad_lines(
        table.files[0].name, rows, int(counted[0]) if counted else 0, first, table.max_bad_lines
    )
