"""Names of files and folders are names, whatever signs they hold: the file is read, and none that its name as a pattern
would stand for.
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books.event_logs import log_of, write_csv, write_parquet
from cscli.errors import SourceError
from cscli.expressions import parse_expression
from cscli.sources.events import find_log_files, roll_up_events
from cscli.sources.rows import BigTable, roll_up_rows
from cscli.sources.tabular.files import find_file, load_file
from oracles.event_twin import Row

NAMES = ("e[1]", "e*", "e?", "e{1,2}", "it's", 'a"b', "[!x]", "org=B", "100%", "#1", "~e", "e[", "\\d")
DECOYS = ("e1", "e2", "ex", "e", "y", "d")
RIGHT: list[Row] = [("A", "u1", "2026-10-30T10:00:00Z", "login")]
WRONG: list[Row] = [("WRONG", "u1", "2026-10-30T10:00:00Z", "login")] * 5


def fill(folder: Path, name: str) -> Path:
    """The file `name` in a folder of that name, beside others that it would match."""
    wrong = write_parquet(folder / "wrong.parquet", WRONG)
    for decoy in (*DECOYS, name):
        (folder / decoy).mkdir()
        for other in DECOYS:
            write_csv(folder / decoy / f"{other}.csv", WRONG)
            shutil.copy(wrong, folder / decoy / f"{other}.parquet")
    write_parquet(folder / name / f"{name}.parquet", RIGHT)
    return write_csv(folder / name / f"{name}.csv", RIGHT)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("name", NAMES)
def test_a_log_is_read_from_the_file_of_that_name(tmp_path: Path, name: str, suffix: str) -> None:
    fill(tmp_path, name)
    paths = find_log_files(f"{name}/{name}{suffix}", tmp_path)
    for keep in (None, tmp_path / "kept" / name):
        found = roll_up_events(log_of(*paths, keep=keep))
        again = roll_up_events(log_of(*paths, keep=keep))
        assert [file.path for file in found.files] == [tmp_path / name / f"{name}{suffix}"]
        assert found.accounts["account_id"].tolist() == again.accounts["account_id"].tolist() == ["A"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("name", NAMES)
def test_a_big_table_is_read_from_the_file_of_that_name(tmp_path: Path, name: str, suffix: str) -> None:
    path = fill(tmp_path, name).with_suffix(suffix)
    table = BigTable(source="rows", files=(path,), headers={"account_id": "org"}, as_of=dt.date(2026, 10, 31))
    found = roll_up_rows(table, {"n": parse_expression("count(*)", aggregate=True)})
    assert found.accounts.to_numpy().tolist() == [["A", 1.0]]


@pytest.mark.parametrize("name", NAMES)
def test_leading_folders_that_are_there_are_no_patterns(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    (tmp_path / name / "only.txt").write_text("account_id\nA\n", encoding="utf-8")
    assert find_file(f"{name}/*.txt", tmp_path).path == tmp_path / name / "only.txt"
    assert find_log_files(f"{name}/on*.txt", tmp_path) == (tmp_path / name / "only.txt",)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="ab[]{}*?'\"!^-,~=%# \\$", min_size=1, max_size=12).filter(lambda name: name.strip(" ."))
)
def test_any_name_is_found_as_it_is_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    (folder / "a.csv").write_text("account_id\nWRONG\n", encoding="utf-8")
    path = write_csv(folder / f"{name}.csv", RIGHT)
    assert load_file(find_file(f"{name}.csv", folder).path).raw == path.read_bytes()
    assert find_log_files(f"{name}.csv", folder) == (path,)


@pytest.mark.parametrize("pattern", ["~nouser/x.csv", "a" * 300, "a/" * 3000 + "x", "a\0b"])
def test_a_name_that_no_file_can_have_is_not_found(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SourceError):
        load_file(find_file(pattern, tmp_path).path)
    with pytest.raises(SourceError):
        find_log_files(pattern, tmp_path)
