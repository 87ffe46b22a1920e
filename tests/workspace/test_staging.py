"""Outputs that appear together: what a run leaves when it ends between any two of its operations on files."""

import datetime as dt
import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from cscli.errors import SourceError
from cscli.workspace.manifest import file_digest
from cscli.workspace.staging import (
    clear_leftovers,
    copy_folder,
    mark_complete,
    move_into_place,
    refuse_unwritable,
    staged,
)

NOW = dt.datetime(2026, 1, 5, 7, tzinfo=dt.UTC)


def fill(tree: Path, day: str, words: str) -> None:
    folder = tree / day
    folder.mkdir()
    (folder / "a.csv").write_text(words)
    output = {"file": "a.csv", "step": "a", "sha256": file_digest(folder / "a.csv")}
    manifest = {"outputs": [output], "steps": [{"step": "a", "status": "done"}]}
    (folder / "run.json").write_text(json.dumps(manifest))
    copy_folder(tree, day, "latest")


def texts(out: Path) -> dict[str, str]:
    return {path.relative_to(out).as_posix(): path.read_text() for path in out.rglob("*.csv")}


def test_all_appears_or_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with suppress(KeyError), staged(out) as tree:
        fill(tree, "2026-01-05", "one")
        raise KeyError
    assert list(out.iterdir()) == []
    with staged(out) as tree:
        fill(tree, "2026-01-05", "one")
        mark_complete(tree)
    assert texts(out).keys() == {".staging/tree/2026-01-05/a.csv", ".staging/tree/latest/a.csv"}
    move_into_place(out)
    assert texts(out) == {"2026-01-05/a.csv": "one", "latest/a.csv": "one"}
    assert not (out / ".staging").exists()


def test_a_complete_tree_is_moved_by_whoever_comes_next(tmp_path: Path) -> None:
    """As after a kill between the first file and the second."""
    with staged(tmp_path) as tree:
        fill(tree, "2026-01-05", "one")
        mark_complete(tree)
        (tmp_path / "2026-01-05").mkdir()
        (tree / "2026-01-05" / "a.csv").replace(tmp_path / "2026-01-05" / "a.csv")
    assert clear_leftovers(tmp_path, NOW)
    assert texts(tmp_path) == {"2026-01-05/a.csv": "one", "latest/a.csv": "one"}
    assert not clear_leftovers(tmp_path, NOW)


def test_an_incomplete_tree_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / ".staging" / "tree" / "2026-01-05").mkdir(parents=True)
    (tmp_path / ".staging" / "tree" / "2026-01-05" / "a.csv").write_text("half")
    assert not clear_leftovers(tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_sees_what_is_not_there_yet(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with staged(tmp_path) as tree:
        assert stat.S_IMODE(tree.parent.stat().st_mode) == 0o700
        assert Path(tempfile.gettempdir()).is_relative_to(tree.parent)
    assert tempfile.gettempdir() == before


def test_old_temporary_files_of_our_own_are_removed(tmp_path: Path) -> None:
    old, young, other = (
        tmp_path / name for name in (".a.xlsx.abcd_123.tmp", ".b.xlsx.abcd_123.tmp", "mine.tmp")
    )
    for path, age_minutes in ((old, 90), (young, 10), (other, 90)):
        path.write_text("x")
        seconds = NOW.timestamp() - 60 * age_minutes
        os.utime(path, (seconds, seconds))
    clear_leftovers(tmp_path, NOW)
    assert set(tmp_path.iterdir()) == {young, other}


def test_a_folder_where_a_file_should_go_is_found_before_anything_is_moved(tmp_path: Path) -> None:
    (tmp_path / "latest" / "a.csv").mkdir(parents=True)
    with staged(tmp_path) as tree:
        fill(tree, "2026-01-05", "one")
        with pytest.raises(SourceError) as caught:
            refuse_unwritable(tmp_path, tree)
    assert caught.value.problems[0].code == "writing.is_folder"
