"""Files that were read before: the result is that of a full run (by the twin in pandas), whatever happened between."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from books.event_logs import AS_OF, check, log_of, skewed_rows, write_csv
from cscli.sources.events import EventLog, roll_up_events
from oracles.event_twin import Row

FIRST = dt.date(2026, 8, 24)
WEEKS = 9


def weekly(folder: Path) -> tuple[list[list[Row]], EventLog]:
    """A log in weekly files, each with some late rows of the week before."""
    parts = [skewed_rows(120, FIRST + dt.timedelta(days=7 * week - 1), 8, seed=week) for week in range(WEEKS)]
    files = [write_csv(folder / f"{week:02}.csv", rows) for week, rows in enumerate(parts)]
    return parts, log_of(*files, zone="America/New_York", keep=folder / "kept")


def flat(parts: list[list[Row]]) -> list[Row]:
    return [row for part in parts for row in part]


def said(log: EventLog) -> list[tuple[str, str | None]]:
    return [
        (each.code, each.where.file)
        for each in roll_up_events(log).problems
        if each.code.startswith("events.file_")
    ]


@pytest.mark.whole
def test_only_new_files_are_read(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    first = replace(log, files=log.files[:-1], as_of=AS_OF - dt.timedelta(days=7))
    check(flat(parts[:-1]), first)
    found = check(flat(parts), log)
    assert [file.reused for file in found.files] == [True] * (WEEKS - 1) + [False]
    again = check(flat(parts), log)
    assert all(file.reused for file in again.files)
    assert [replace(file, reused=True) for file in found.files] == list(again.files)
    check(flat(parts), replace(log, as_of=dt.date(2026, 9, 16)))
    check(flat(parts), log)


@pytest.mark.whole
def test_weeks_that_are_over_are_not_counted_again(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    log = replace(log, as_of=dt.date(2026, 11, 29))
    check(flat(parts[:-1]), replace(log, files=log.files[:-1]))
    check(flat(parts), log)
    (kept,) = (tmp_path / "kept").rglob("weeks.parquet")
    written = kept.stat().st_mtime_ns
    check(flat(parts), log)
    assert kept.stat().st_mtime_ns == written


@pytest.mark.whole
def test_a_changed_file_is_read_again_and_told(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    parts[3] = parts[3][:-40]
    write_csv(log.files[3], parts[3])
    found = check(flat(parts), log)
    assert [file.name for file in found.files if not file.reused] == ["03.csv"]
    assert ("events.file_changed", "03.csv") in [(each.code, each.where.file) for each in found.problems]
    assert said(log) == []


def test_a_file_of_the_same_content_is_not_read_again(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    os.utime(log.files[3], (1, 1))
    moved = tmp_path / "moved.csv"
    shutil.move(log.files[5], moved)
    files = (*log.files[:5], *log.files[6:], moved)
    found = check(flat(parts), replace(log, files=files))
    assert all(file.reused for file in found.files)


@pytest.mark.whole
def test_a_file_that_is_gone_counts_no_more(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    short = replace(log, files=log.files[:4] + log.files[5:])
    found = check(flat(parts[:4] + parts[5:]), short)
    assert ("events.file_gone", "04.csv") in [(each.code, each.where.file) for each in found.problems]
    assert said(short) == []


@pytest.mark.whole
def test_other_rules_make_everything_anew(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    tokyo = replace(log, zone="Asia/Tokyo")
    assert not any(file.reused for file in check(flat(parts), tokyo).files)
    assert all(file.reused for file in check(flat(parts), replace(tokyo, windows=(3, 14), features={})).files)


@pytest.mark.whole
def test_damage_to_what_is_kept_costs_only_time(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    for path in (tmp_path / "kept").rglob("index.json"):
        path.write_text("{", encoding="utf-8")
    check(flat(parts), log)
    for path in (tmp_path / "kept").rglob("weeks.parquet"):
        path.write_bytes(b"PAR1")
    check(flat(parts), log)
    next((tmp_path / "kept").rglob("*-0.parquet")).unlink()
    check(flat(parts), log)


@pytest.mark.whole
def test_what_another_cscli_kept_is_read_again(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    roll_up_events(log)
    (index,) = (tmp_path / "kept").rglob("index.json")
    kept = json.loads(index.read_text())
    first, second = list(kept["stages"])[:2]
    kept["stages"][first]["a_fact_of_tomorrow"] = 1
    del kept["stages"][second]["first_day"]
    index.write_text(json.dumps(kept))
    found = check(flat(parts), log)
    assert sum(not file.reused for file in found.files) == 2


def test_the_same_file_twice_counts_twice_and_is_told(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    copy = tmp_path / "copy.csv"
    shutil.copy(log.files[2], copy)
    found = check(flat(parts) + parts[2], replace(log, files=(*log.files, copy)))
    assert [each.where.file for each in found.problems if each.code == "events.same_content"] == ["copy.csv"]


RUN = """
import sys, datetime as dt
from pathlib import Path
from cscli.sources.events import *
log = EventLog(source="events", files=tuple(sorted(Path(sys.argv[1]).glob("*.csv"))),
               columns=LogColumns("org", "ts", "uid", "name"), zone="America/New_York",
               as_of=dt.date(2026, 10, 31), windows=(28, 7), keep=Path(sys.argv[1]) / "kept",
               features={"scan": ("card_scan", "card_import")}, engine=EventEngine(memory_bytes=int(sys.argv[2])))
print("begun", flush=True)
roll_up_events(log)
"""


def start(folder: Path, memory: int = 40_000) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder), str(memory)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_that_the_next_does_not_mend(tmp_path: Path) -> None:
    """Killed at eight moments of its work; nothing is left of its scratch after the next run, which is right."""
    parts, log = weekly(tmp_path)
    left = 0
    for moment in range(8):
        process = start(tmp_path)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.1 * moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left += len(list((tmp_path / "kept").glob("cscli-scratch-*")))
        if moment % 3 == 2:
            write_csv(log.files[moment], parts[moment])
            shutil.rmtree(tmp_path / "kept", ignore_errors=True)
    assert left, "some were killed at work"
    check(flat(parts), log)
    assert list((tmp_path / "kept").glob("cscli-scratch-*")) == []
    assert all(file.reused for file in check(flat(parts), log).files)


@pytest.mark.slow
@pytest.mark.whole
def test_runs_at_the_same_time_do_not_hurt_each_other(tmp_path: Path) -> None:
    parts, log = weekly(tmp_path)
    processes = [start(tmp_path, 2 * 10**9) for _ in range(2)]
    assert [process.wait() for process in processes if process.communicate()] == [0, 0]
    found = check(flat(parts), log)
    assert all(file.reused for file in found.files)
    assert_frame_equal(found.accounts, roll_up_events(replace(log, keep=None)).accounts)


@pytest.mark.parametrize("damage", ["half", "zeros", "nothing"])
def test_a_stage_that_was_damaged_is_read_again(tmp_path: Path, damage: str) -> None:
    rows = skewed_rows(60, FIRST, 8)
    path = write_csv(tmp_path / "a.csv", rows)
    log = log_of(path, keep=tmp_path / "kept")
    check(rows, log)
    for stage in (tmp_path / "kept").glob("*/*.parquet"):
        content = stage.read_bytes()
        damaged = {"half": content[: len(content) // 2], "zeros": bytes(len(content)), "nothing": b""}[damage]
        stage.write_bytes(damaged)
    check(rows, log)
    assert len(list((tmp_path / "kept").glob("*.damaged"))) == 1
    assert check(rows, log).files[0].reused
