"""`cscli run` when things go wrong around it: others that run, full disks, locked folders, signals, kills.

What is left is compared byte by byte with what was there before, or with what an undisturbed run makes.
"""

import importlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from books.small_book import (
    MONDAY,
    NEXT_MONDAY,
    cscli,
    digests,
    make_book,
    run_here,
    start,
    write_accounts,
)
from places import BENCHMARKS

is_root = os.geteuid() == 0


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workspace with the run of one Monday, and the export of the next."""
    folder = make_book(tmp_path / "book")
    run_here(folder, MONDAY)
    write_accounts(folder, lowest=30)
    return folder


def untouched(book: Path) -> dict[str, str]:
    """Every output, and what the history holds."""
    connection = sqlite3.connect(book / ".cscli" / "history.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    days = str(connection.execute("SELECT as_of FROM runs ORDER BY as_of").fetchall())
    connection.close()
    return digests(book / "out") | {"history": days}


def wait_for_writing(process: "subprocess.Popen[str]", book: Path) -> None:
    while process.poll() is None and not (book / "out" / ".staging").exists():
        time.sleep(0.001)


@pytest.mark.slow
def test_of_eight_at_once_one_works(tmp_path: Path) -> None:
    """The book is large enough for the first to be at work when the last comes."""
    book = make_book(tmp_path / "book", "run: {forms: [xlsx, csv, json, md]}\n")
    with (book / "accounts.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"B{number},Company,Ito,100,{number % 101}\n" for number in range(20_000))
    processes = [start(book, "run", "--as-of", MONDAY) for _ in range(8)]
    said = [process.communicate() for process in processes]
    codes = sorted(process.returncode for process in processes)
    assert codes == [0, *[6] * 7]
    for process, (_, messages) in zip(processes, said, strict=True):
        if process.returncode:
            assert messages.count("\n") == 1
            assert "process" in messages
            assert "since" in messages
    assert json.loads((book / "out" / "latest" / "run.json").read_text())["exit_code"] == 0


@pytest.mark.slow
def test_one_that_waits_works_afterwards(book: Path) -> None:
    first = start(book, "run", "--as-of", NEXT_MONDAY)
    wait_for_writing(first, book)
    cscli(book, "run", "--as-of", NEXT_MONDAY, "--wait", "60")
    first.communicate()
    assert first.returncode == 0


def test_a_file_that_grows_too_large_leaves_all_as_it_was(book: Path) -> None:
    """A limit of 4 KB on every file that is written stands for a full disk at the first report."""
    before = untouched(book)
    program = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    program += f"resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.RLIM_INFINITY})); "
    program += "from cscli.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "--as-of", NEXT_MONDAY],
        cwd=book, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert done.stderr.count("\n") == 1
    assert untouched(book) == before


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 512 KB."""
    folder = Path(tempfile.mkdtemp())
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not is_root or subprocess.run(command, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.mark.slow
def test_a_full_disk_leaves_all_as_it_was(book: Path, small_disk: Path) -> None:
    """Less and less room: too little for the reports, then for the history, then for nothing of all."""
    place = small_disk / "book"
    shutil.copytree(book, place)
    before = untouched(place)
    for room in (4, 24, 60):
        filler = small_disk / "filler"
        filler.write_bytes(b"")
        with filler.open("wb") as file:
            file.write(bytes(max(0, os.statvfs(small_disk).f_bavail * 4096 - room * 1024)))
        done = cscli(place, "run", "--as-of", NEXT_MONDAY, code=None)
        assert done.returncode == 5, (room, done.stderr)
        filler.unlink()
        assert untouched(place) == before
    cscli(place, "run", "--as-of", NEXT_MONDAY)
    run_here(book, NEXT_MONDAY)
    one, other = (digests(each / "out" / NEXT_MONDAY) for each in (place, book))
    assert {name for name in one.keys() | other if one.get(name) != other.get(name)} == {"run.json"}


@pytest.mark.parametrize("name", [".", "out", f"out/{NEXT_MONDAY}", "out/latest", ".cscli"])
def test_a_folder_that_cannot_be_written_leaves_all_as_it_was(book: Path, name: str) -> None:
    """For root a folder is made read-only by a mount, for others by its mode."""
    before = untouched(book)
    (book / name).mkdir(exist_ok=True)
    with read_only(book / name):
        done = cscli(book, "run", "--as-of", NEXT_MONDAY, code=5)
        assert done.stderr.count("\n") == 1
    assert untouched(book) == before
    assert not (book / "out" / ".staging").exists()


class read_only:  # noqa: N801 - reads as a verb does
    """The folder cannot be written in the block."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __enter__(self) -> None:
        if not is_root:
            Path(self._folder).chmod(0o555)
            return
        commands = (["--bind", self._folder, self._folder], ["-o", "remount,bind,ro", self._folder])
        for command in commands:
            if subprocess.run(["mount", *command], check=False, capture_output=True).returncode:
                pytest.skip("neither modes nor mounts make a folder read-only here")

    def __exit__(self, *_: object) -> None:
        if is_root:
            subprocess.run(["umount", self._folder], check=True)
        else:
            Path(self._folder).chmod(0o755)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_128_and_its_number(book: Path, number: signal.Signals) -> None:
    before = untouched(book)
    process = start(book, "run", "--as-of", NEXT_MONDAY)
    wait_for_writing(process, book)
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 128 + number
    assert untouched(book) == before
    assert not list(book.rglob(".staging"))
    events = (book / ".cscli" / "log" / "cscli.log").read_text().splitlines()
    assert json.loads(events[-1])["exit_code"] == 128 + number


def test_an_output_that_is_an_input_is_refused(book: Path) -> None:
    """The rules read what the run of that day would write."""
    before = untouched(book)
    for folder in (book / "out" / MONDAY, book / "out" / "latest"):
        shutil.copy(book / "accounts.csv", folder / "scored.csv")
    before = digests(book / "out")
    more = ["--set", f"sources.accounts.file=out/{MONDAY}/scored.csv", "--set", "run.forms=[csv]"]
    done = cscli(book, "run", "--as-of", MONDAY, *more, code=5)
    assert "input" in done.stderr
    assert digests(book / "out") == before


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_whole_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small share of the kills of `benchmarks/run_kills.py`."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    outcome = importlib.import_module("run_kills").run(12, 7, tmp_path)
    assert outcome.lost == []
    assert outcome.before + outcome.mixed + outcome.after == 12
