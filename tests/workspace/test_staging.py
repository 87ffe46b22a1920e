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
from cscli.workspace.manifest import Manifest, file_digest, write_manifest
from cscli.workspace.staging import (
    clear_leftovers,
    copy_folder,
    mark_complete,
    move_into_place,
    refuse_input,
    refuse_unwritable,
    staged,
)

MANIFEST = {
    "schema_version": 1,
    "run": "x",
    "as_of": "2026-01-05",
    "zone": "UTC",
    "language": "en",
    "started_at": "2026-01-05T07:00:00Z",
    "arguments": {"as_of": None, "set": [], "plain": False, "history": True, "lang": None},
    "versions": {"cscli": "0"},
    "config": {"name": "cscli.yaml", "digest": "0", "sha256": "0", "file": "rules.yaml"},
    "inputs": [],
    "counts": {"accounts": 1, "accounts_left": 0},
    "problems": {"counts": {}, "kinds": [], "list": []},
}
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


def run_of(tree: Path, day: str, *outputs: tuple[str, str, str], failed: str = "") -> None:
    """A folder with `outputs`, each a file, its step and its words, and its manifest."""
    folder = tree / day
    folder.mkdir(parents=True)
    for name, _, words in outputs:
        (folder / name).write_text(words)
    told = [
        {"file": name, "step": step, "size_bytes": 1, "sha256": file_digest(folder / name)}
        for name, step, _ in outputs
    ]
    done = {step: "done" for _, step, _ in outputs} | ({failed: "failed"} if failed else {})
    steps = [
        {"step": step, "status": status, "exit_code": 0, "seconds": 0.1} for step, status in done.items()
    ]
    write_manifest(folder, Manifest.model_validate({**MANIFEST, "steps": steps, "outputs": told}))


def test_outputs_that_nothing_stands_for_any_more_go(tmp_path: Path) -> None:
    """Not that of a step that failed, none that somebody has changed, none of other people."""
    first = [("a.csv", "a", "1"), ("gone.csv", "b", "2"), ("changed.csv", "c", "3"), ("failed.csv", "d", "4")]
    with staged(tmp_path) as tree:
        run_of(tree, "latest", *first)
        mark_complete(tree)
    move_into_place(tmp_path)
    (tmp_path / "latest" / "changed.csv").write_text("mine")
    (tmp_path / "latest" / "other.csv").write_text("mine")
    with staged(tmp_path) as tree:
        run_of(tree, "latest", ("a.csv", "a", "new"), failed="d")
        mark_complete(tree)
    move_into_place(tmp_path)
    left = {"a.csv": "new", "changed.csv": "mine", "failed.csv": "4", "other.csv": "mine"}
    assert texts(tmp_path) == {f"latest/{name}": words for name, words in left.items()}


def test_without_a_manifest_of_the_run_before_nothing_goes(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "b.csv").write_text("whose?")
    with staged(tmp_path) as tree:
        run_of(tree, "latest", ("a.csv", "a", "1"))
        mark_complete(tree)
    move_into_place(tmp_path)
    assert texts(tmp_path) == {"latest/a.csv": "1", "latest/b.csv": "whose?"}


def test_the_manifest_of_a_folder_appears_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    replace = Path.replace

    def noted(path: Path, target: Path) -> Path:
        order.append(Path(target).name)
        return replace(path, target)

    with staged(tmp_path) as tree:
        run_of(tree, "latest", ("a.csv", "a", "1"), ("z.csv", "a", "2"))
        mark_complete(tree)
    monkeypatch.setattr(Path, "replace", noted)
    move_into_place(tmp_path)
    assert order == ["a.csv", "z.csv", "run.json"]


def test_an_output_never_takes_the_place_of_an_input(tmp_path: Path) -> None:
    export, absent = tmp_path / "latest" / "a.csv", tmp_path / "none.csv"
    export.parent.mkdir()
    with staged(tmp_path) as tree:
        run_of(tree, "latest", ("a.csv", "a", "1"))
        refuse_input((export, absent), tmp_path, tree)  # neither is there
        export.write_text("an export")
        (tmp_path / "other.csv").write_text("another")
        refuse_input((tmp_path / "other.csv", absent), tmp_path, tree)
        with pytest.raises(SourceError) as caught:
            refuse_input((absent, export), tmp_path, tree)
    [problem] = caught.value.problems
    assert (problem.code, problem.value) == ("writing.output_is_input", str(export))


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
