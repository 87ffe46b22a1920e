"""Where stages are put: tables in memory, or parquet files in a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cscli.expressions.quoting import sql_file, sql_text


@dataclass
class Shelf:
    """Puts the results of queries away under names of their own. `folder`: None for tables in memory."""

    connection: duckdb.DuckDBPyConnection
    folder: Path | None
    count: int = 0

    def put(self, sql: str) -> str:
        """Runs the query; the name of its result: of a table, or the path of a file."""
        self.count += 1
        name = f"stage_{self.count}"
        if self.folder is None:
            self.connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")
            return name
        path = self.folder / f"{name}.parquet"
        self.connection.execute(f"COPY ({sql}) TO {sql_text(str(path))} (FORMAT parquet)")
        return str(path)

    def relation(self, names: Iterable[str]) -> str:
        """The results of these names as one relation."""
        if self.folder is None:
            return f"({' UNION ALL '.join(f'SELECT * FROM {name}' for name in names)})"
        return f"read_parquet([{', '.join(map(sql_file, names))}], hive_partitioning=false)"
