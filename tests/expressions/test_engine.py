"""The engine refuses what the allow-list should never let through. Oracle: no statement works, no file appears."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cscli.expressions.engine import locked_connection

ATTACKS = [
    "SELECT * FROM read_csv('{folder}/secret.csv')",
    "SELECT * FROM read_text('{folder}/secret.csv')",
    "SELECT * FROM '{folder}/secret.csv'",
    "SELECT * FROM glob('{folder}/*')",
    "COPY input TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
    "EXPORT DATABASE '{folder}/dump'",
    "ATTACH '{folder}/other.db' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "INSTALL h3 FROM community",
    "SET threads = 1",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "SET temp_directory = '{folder}/spill'",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "SELECT * FROM bystander",
    "SELECT getenv('HOME')",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_raw_statement_is_refused(attack: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    bystander = pd.DataFrame({"a": [1]})  # a frame in the caller's scope, for a replacement scan to find
    with (
        locked_connection(bystander, threads=1) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(attack.format(folder=tmp_path)).fetchall()
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_the_table_is_all_it_sees() -> None:
    with locked_connection(pd.DataFrame({"a": [1]}), threads=1) as connection:
        assert connection.execute("SELECT * FROM input").fetchall() == [(1,)]


def test_the_next_block_sees_its_own_table_alone() -> None:
    with locked_connection(pd.DataFrame({"a": [1]}), threads=1) as first:
        assert first.execute("SELECT a FROM input").fetchall() == [(1,)]
    with pytest.raises(duckdb.Error):
        first.execute("SELECT a FROM input")
    with locked_connection(pd.DataFrame({"b": [2]}), threads=1) as second:
        assert second.execute("SELECT * FROM input").fetchall() == [(2,)]


def test_a_connection_that_met_a_fault_is_not_used_again() -> None:
    with pytest.raises(KeyError), locked_connection(pd.DataFrame({"a": [1]}), threads=1) as first:
        raise KeyError
    with locked_connection(pd.DataFrame({"a": [2]}), threads=1) as second:
        assert second is not first


def test_parsing_loads_neither_duckdb_nor_pandas() -> None:
    program = (
        "import sys; from cscli.expressions import parse_expression; parse_expression('a + 1'); "
        "print(sorted({'duckdb', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
