"""The lock of a workspace, with real processes; that it is free or held is told by flock(1), a program of its own."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cscli.errors import LockedError, SourceError
from cscli.workspace.lock import PLACE, hold_workspace

NOW = dt.datetime(2026, 1, 5, 7, tzinfo=dt.timezone(dt.timedelta(hours=9)))
HOLD = """
import datetime as dt, subprocess, sys
from pathlib import Path
from cscli.workspace.lock import hold_workspace
with hold_workspace(Path(sys.argv[1]), dt.datetime(2026, 1, 5, tzinfo=dt.UTC)):
    child = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
    sys.stdin.read()
"""
needs_flock = pytest.mark.skipif(shutil.which("flock") is None, reason="flock(1) is of util-linux")


def is_free(workspace: Path) -> bool:
    command = ["flock", "--nonblock", str(workspace / PLACE), "true"]
    return subprocess.run(command, check=False).returncode == 0


def hold(workspace: Path) -> "tuple[subprocess.Popen[str], int]":
    """A process that holds the workspace, and the id of a child that it has started meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@needs_flock
def test_it_is_held_during_the_block_and_free_after_it(tmp_path: Path) -> None:
    with hold_workspace(tmp_path, NOW) as left_by:
        assert left_by is None
        assert not is_free(tmp_path)
        holder = json.loads((tmp_path / PLACE).read_text())
        assert (holder["pid"], holder["since"]) == (os.getpid(), "2026-01-04T22:00:00+00:00")
    assert is_free(tmp_path)
    assert (tmp_path / PLACE).read_text() == ""


@needs_flock
def test_the_lock_of_a_killed_process_is_free_although_its_child_lives(tmp_path: Path) -> None:
    process, child = hold(tmp_path)
    try:
        assert not is_free(tmp_path)
        process.kill()
        process.communicate()
        os.kill(child, 0)  # it lives
        assert is_free(tmp_path)
        with hold_workspace(tmp_path, NOW) as left_by:
            assert left_by is not None
            assert left_by.pid == process.pid
    finally:
        os.kill(child, signal.SIGKILL)


def test_who_comes_second_is_told_who_holds_it(tmp_path: Path) -> None:
    process, child = hold(tmp_path)
    try:
        with pytest.raises(LockedError) as caught, hold_workspace(tmp_path, NOW):
            pytest.fail("it is held")
        problem = caught.value.problems[0]
        assert problem.code == "run.locked"
        assert problem.value == str(process.pid)
        assert problem.details["since"] == "2026-01-05T00:00:00+00:00"
    finally:
        process.communicate("")
        os.kill(child, signal.SIGKILL)


def test_a_second_one_can_wait(tmp_path: Path) -> None:
    process, child = hold(tmp_path)
    try:
        with pytest.raises(LockedError), hold_workspace(tmp_path, NOW, wait_seconds=0.3):
            pytest.fail("it is held")
        ending = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -9 {process.pid}"])
        with hold_workspace(tmp_path, NOW, wait_seconds=20):
            assert process.wait(timeout=5) == -signal.SIGKILL
        ending.wait()
    finally:
        process.communicate()
        os.kill(child, signal.SIGKILL)


def test_content_of_no_sense_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / PLACE).parent.mkdir()
    (tmp_path / PLACE).write_text('{"pid": "x"')
    with hold_workspace(tmp_path, NOW) as left_by:
        assert left_by is None


def test_a_workspace_that_is_a_file_is_an_error_of_files(tmp_path: Path) -> None:
    (tmp_path / ".cscli").write_text("")
    with pytest.raises(SourceError) as caught, hold_workspace(tmp_path, NOW):
        pytest.fail("there is no folder")
    assert caught.value.problems[0].code == "run.no_lock"
