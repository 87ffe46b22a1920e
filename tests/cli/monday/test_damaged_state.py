"""State of cscli's own that cannot be read: one line, exit 5, the file named and put aside; the next run needs no help."""

import json
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from books.small_book import MONDAY, NEXT_MONDAY, cscli, make_book, run_here
from cscli.errors import SourceError

HALF: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "no keys": lambda _: "{}",
    "a list": lambda _: "[]",
    "a number": lambda _: "1",
    "half of it": lambda text: text[: len(text) // 2],
    "deep": lambda _: "[" * 100_000,
    "no JSON": lambda _: "\0\x01",
    "no outputs": lambda text: json.dumps({**json.loads(text), "outputs": None}),
    "no day": lambda text: json.dumps({**json.loads(text), "as_of": "../../../tmp"}),
    "a path": lambda text: text.replace('"scored.xlsx"', '"../../scored.xlsx"'),
    "counts of text": lambda text: json.dumps({**json.loads(text), "counts": "many"}),
}
BROKEN: dict[str, str] = {
    "text as a score": "UPDATE accounts SET score = 'high'",
    "a blob as a day": "UPDATE runs SET as_of = x'00'",
    "a day that is none": "UPDATE runs SET as_of = '2026-13-99'",
    "metrics that are no JSON": "UPDATE runs SET metrics = '[\"nps'",
    "columns of another kind": "UPDATE run_columns SET kind = 'picture'",
    "columns that do not unpack": "UPDATE run_columns SET data = x'00'",
    "a view": "ALTER TABLE accounts RENAME TO a2; CREATE VIEW accounts AS SELECT * FROM a2",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no'); END",
    "a table less a column": "ALTER TABLE accounts DROP COLUMN band",
    "no version": "DELETE FROM cscli_schema; INSERT INTO cscli_schema VALUES ('two')",
}


@pytest.fixture(scope="module")
def run_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_book(tmp_path_factory.mktemp("once") / "book")
    run_here(folder, MONDAY)
    return folder


@pytest.fixture
def book(run_book: Path, tmp_path: Path) -> Path:
    """A copy of a workspace with one run."""
    return Path(shutil.copytree(run_book, tmp_path / "book"))


def codes(caught: pytest.ExceptionInfo[SourceError]) -> set[str]:
    return {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize("place", [MONDAY, "latest"])
@pytest.mark.parametrize("half", HALF.values(), ids=HALF.keys())
def test_a_manifest_that_is_none_stops_one_run(book: Path, half: Callable[[str], str], place: str) -> None:
    path = book / "out" / place / "run.json"
    damaged = half(path.read_text(encoding="utf-8"))
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        run_here(book, NEXT_MONDAY)
    assert codes(caught) == {"run.damaged_manifest_aside"}
    assert caught.value.problems[0].where.file == str(path)
    assert path.with_name("run.json.damaged").read_text(encoding="utf-8") == damaged
    assert run_here(book, NEXT_MONDAY).code == 0


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_history_that_is_none_stops_one_run(book: Path, broken: str) -> None:
    path = book / ".cscli" / "history.db"
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA writable_schema = 1; {broken}")
    connection.commit()
    connection.close()
    try:
        outcome = run_here(book, NEXT_MONDAY)
        code, said = outcome.code, {problem.code for problem in outcome.problems}
    except SourceError as error:
        code, said = error.exit_code, {problem.code for problem in error.problems}
    if path.with_name("history.db.damaged").exists():
        assert code == 5
        assert "history.damaged_aside" in said
    else:  # what is broken is not read any more
        assert code == 0
    assert run_here(book, NEXT_MONDAY).code == 0


@pytest.mark.slow
def test_a_column_that_grows_without_end_is_not_unpacked(book: Path) -> None:
    connection = sqlite3.connect(book / ".cscli" / "history.db")
    packing = zlib.compressobj()
    bomb = b"".join(packing.compress(b"\0" * (1 << 24)) for _ in range(40)) + packing.flush()
    connection.execute("UPDATE run_columns SET data = ?", (bomb,))
    connection.commit()
    connection.close()
    done = cscli(book, "history", "A00", code=5)
    assert done.stderr.count("\n") == 1
    assert "history.db.damaged" in done.stderr


def crafted(book: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = book / "out" / MONDAY / "run.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(as_of="../../x"),
        lambda found: found.update(inputs="all"),
        lambda found: found["inputs"][0].update(said=[{"code": "no.such", "severity": "note"}]),
        lambda found: found["outputs"][0].update(file="../../cscli.yaml"),
        lambda found: found.update(versions={}),
    ],
)
def test_a_crafted_replay_is_one_line(book: Path, change: Callable[[dict[str, Any]], object]) -> None:
    crafted(book, change)
    done = cscli(book, "run", "--replay", MONDAY, code=5)
    assert done.stderr.count("\n") == 1
    assert "run.json" in done.stderr
