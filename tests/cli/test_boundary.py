"""Exit code 1 is for faults of cscli alone: not for what files, folders, streams and pipes are."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from books.small_book import MONDAY, cscli, make_book
from cscli.cli import crash


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def shell(book: Path, line: str) -> str:
    """What a line of bash prints; `cscli` in it is the program."""
    program = f"{sys.executable} -m cscli"
    done = subprocess.run(
        ["bash", "-c", line.replace("cscli", program, 1)],
        cwd=book,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (f"cscli run -v --as-of {MONDAY} | true; echo ${{PIPESTATUS[0]}}", "0"),
        (f"cscli run -v --as-of {MONDAY} 2>&1 | true; echo ${{PIPESTATUS[0]}}", "0"),
        (f"cscli run --as-of {MONDAY} 2>/dev/full; echo $?", "0"),
        ("cscli score none.csv 2>/dev/full; echo $?", "5"),
        ("cscli score none.csv 2>&1 | true; echo ${PIPESTATUS[0]}", "5"),
        ("cscli score none.csv 2>&-; echo $?", "5"),
        ("cscli score --none 2>/dev/full; echo $?", "2"),
        ("cscli history runs >/dev/full 2>/dev/null; echo $?", "5"),
        ("mkfifo pipe; cscli score pipe 2>/dev/null; echo $?", "5"),
        ("cscli score /dev/zero 2>/dev/null; echo $?", "5"),
        ("cscli score '~nouser/x.csv' 2>/dev/null; echo $?", "5"),
    ],
)  # fmt: skip
def test_streams_pipes_and_devices_are_no_faults_of_ours(book: Path, line: str, codes: str) -> None:
    assert shell(book, line).splitlines()[-1] == codes


def test_a_folder_that_is_gone_is_told_as_that(book: Path) -> None:
    gone = book / "gone"
    gone.mkdir()
    line = "rmdir ../gone; cscli score x.csv 2>&1; echo $?"
    said = shell(gone, line)
    assert said.endswith("5")
    assert "The current folder does not exist any more" in said


@pytest.mark.parametrize(
    "lines",
    [
        "account_id,accepted,source_id,source\nA00,y,x,usage\nA01,y\n",
        "accepted;source;account_id;source_id\ny;usage;A00;x\n",
        "source,source_id,account_id,accepted\nnowhere,x,A00,y\n",
    ],
)
def test_a_crosswalk_in_any_order_is_read(book: Path, lines: str) -> None:
    with (book / "cscli.yaml").open("a", encoding="utf-8") as file:
        file.write("")
    text = (book / "cscli.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "sources:\n", "sources:\n  usage: {file: usage.csv, kind: accounts, columns: {hits: hits}}\n"
    )
    (book / "cscli.yaml").write_text(text, encoding="utf-8")
    (book / "usage.csv").write_text("account_id,hits\nx,3\nA01,4\n", encoding="utf-8")
    (book / "inputs").mkdir()
    (book / "inputs" / "crosswalk.csv").write_text(lines, encoding="utf-8")
    said = cscli(book, "score", "-v").stderr
    assert ("nowhere" in said) == ("nowhere" in lines)


def test_crash_files_go_after_thirty_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "_FOLDER", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("cscli-crash-a.txt", "cscli-crash-b.txt", "notes.txt"))
    for path, days in ((old, 31), (new, 29), (other, 99)):
        path.touch()
        os.utime(path, (time.time() - days * 86_400,) * 2)
    written = Path(crash.write_crash_file())
    assert set(tmp_path.iterdir()) == {new, other, written}
