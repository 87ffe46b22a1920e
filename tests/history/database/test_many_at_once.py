"""Eight programs that write at once, and programs killed as they write. The oracle is the database's own check."""

import datetime as dt
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from books.made import AS_OF, made, stored
from cscli.history import append, read_snapshot, snapshot_days
from places import TESTS

HERE = Path()
PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
import datetime as dt
from pathlib import Path
from books.made import made
from cscli.history import append
url, first, count, accounts = sys.argv[2], dt.date.fromisoformat(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
print("ready", flush=True)
sys.stdin.readline()
for at in range(count):
    append(url, Path(), made(first + dt.timedelta(at), **{f"A{n}": float(at) for n in range(accounts)}))
"""


def start(url: str, first: dt.date, days: int, accounts: int) -> subprocess.Popen[str]:
    here = str(TESTS)
    command = [sys.executable, "-c", PROGRAM, here, url, first.isoformat(), str(days), str(accounts)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.slow
def test_eight_at_once_all_succeed(history_url: str) -> None:
    """They all find no history, and all write the same days as well as one of their own."""
    processes = [start(history_url, AS_OF + dt.timedelta(at), 3, 20) for at in range(8)]
    for process in processes:
        let_go(process)
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in processes]
    assert ends == [("", 0)] * 8
    assert snapshot_days(history_url, HERE) == tuple(AS_OF + dt.timedelta(at) for at in range(10))
    assert stored(history_url, "SELECT count(*), count(DISTINCT run_id) FROM accounts") == [(200, 10)]
    assert stored(history_url, "SELECT count(DISTINCT run_id) FROM run_columns") == [(10,)]


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(4))
def test_a_writer_killed_at_any_moment_leaves_whole_snapshots(history_url: str, seed: int) -> None:
    append(history_url, HERE, made(AS_OF, **{f"A{n}": -1.0 for n in range(400)}))
    process = start(history_url, AS_OF, 200, 400)
    let_go(process)
    time.sleep(random.Random(seed).uniform(0.02, 0.4))  # noqa: S311 - a moment, not a secret
    process.kill()
    process.communicate()
    days = snapshot_days(history_url, HERE)
    assert days[0] == AS_OF
    for day in days:
        found = read_snapshot(history_url, HERE, day)
        assert found is not None
        assert len(found.accounts) == len(found.columns) == len(found.points) == 400
        assert found.accounts["score"].nunique() == 1
    if history_url.startswith("sqlite"):
        assert stored(history_url, "PRAGMA integrity_check") == [("ok",)]
    assert stored(history_url, "SELECT count(*) FROM runs") == [(len(days),)]
    assert append(history_url, HERE, made(AS_OF, A=1)).replaced  # nobody has to clean up
