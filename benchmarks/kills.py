"""Ends `cscli inputs` and `cscli at-risk` by SIGKILL at random moments, again and again, and looks at what is left:
the workbook that people fill in must open, with every cell they typed, and have all of the new rows or none; a call
list is whole or not there, and the history sound.
`python benchmarks/kills.py [COUNT] [SEED]` (200, 20261031).
"""

import csv
import datetime as dt
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

COUNT, SEED = 200, 20_261_031
OLD, NEW = 300, 200
"""Accounts with a row in the workbook before each run, and accounts that the run adds."""
Row = tuple[object, ...]


@dataclass(frozen=True)
class Outcome:
    """`before`, `after`: kills that left the workbook as it was, or with the new rows. `lost`: what was wrong."""

    before: int = 0
    after: int = 0
    lost: list[str] = field(default_factory=list)


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Kills `cscli inputs` `count` times in `folder`, each time from the same workbook."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    path = folder / "inputs" / "csm.xlsx"
    original, seconds = prepare(folder, path)
    path.write_bytes(original)
    typed, ids = rows_of(path), {f"A{number:04}" for number in range(OLD + NEW)}
    before, after, lost = 0, 0, []
    for number in range(count):
        path.write_bytes(original)
        process = start(folder)
        time.sleep(chance.uniform(0, 1.1 * seconds))
        process.kill()
        process.wait()
        try:
            found = rows_of(path)
        except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises is what is looked for
            lost.append(f"{number}: {error!r}")
            continue
        added = len(found) - len(typed)
        if (
            found[: len(typed)] != typed
            or added not in (0, NEW)
            or (added and ids != {row[0] for row in found[1:]})
        ):
            lost.append(f"{number}: {added} rows added")
        before, after = before + (added == 0), after + (added == NEW)
    return Outcome(before, after, lost)


def run_call_list(count: int, seed: int, folder: Path) -> list[str]:
    """Kills `cscli at-risk` `count` times in `folder`; what was wrong afterwards."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    people, listed = folder / "inputs" / "csm.xlsx", folder / "out" / "at-risk.xlsx"
    original, _ = prepare(folder, people)
    people.write_bytes(original)
    shutil.copy(Path(__file__).parents[1] / "configs" / "starter.yaml", folder / "cscli.yaml")
    begun = time.perf_counter()
    start(folder, "at-risk").wait()
    seconds, lost = time.perf_counter() - begun, []
    for number in range(count):
        process = start(folder, "at-risk")
        time.sleep(chance.uniform(0, 1.1 * seconds))
        process.kill()
        process.wait()
        if people.read_bytes() != original:
            lost.append(f"{number}: the workbook of people's inputs has changed")
        lost += [f"{number}: {fault}" for fault in faults_of(folder / ".cscli" / "history.db", listed)]
    return lost


def faults_of(history: Path, listed: Path) -> list[str]:
    """What is wrong with the history and the call list."""
    with sqlite3.connect(history) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    try:
        openpyxl.load_workbook(listed).close()
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises is what is looked for
        return [repr(error)]
    return [] if verdict == "ok" else [str(verdict)]


def prepare(folder: Path, path: Path) -> tuple[bytes, float]:
    """A workbook in which something is typed in every row, accounts that it lacks, and how long one run takes."""
    write_accounts(folder, OLD)
    start(folder).wait()
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    for line in range(2, OLD + 2):
        typed: list[Any] = [
            1 + line % 5,
            dt.date(2026, 1, 1),
            line % 101,
            f"because {line}",
            dt.date(2027, 1, 1),
            line / 8,
            f"call {line}",
            f"note {line}\nmore",
        ]
        for column, value in enumerate(typed, start=4):
            sheet.cell(line, column).value = value
    workbook.save(path)
    original = path.read_bytes()
    write_accounts(folder, OLD + NEW)
    begun = time.perf_counter()
    start(folder).wait()
    return original, time.perf_counter() - begun


def write_accounts(folder: Path, count: int) -> None:
    with (folder / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["account_id", "name", "mrr"])
        rows.writerows([f"A{number:04}", f"Company {number}", 100] for number in range(count))


def start(folder: Path, name: str = "inputs") -> "subprocess.Popen[bytes]":
    return start_in(folder, name, "accounts.csv", "--as-of", "2026-01-31")


def start_in(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A command that works in `folder`."""
    command = [sys.executable, "-m", "cscli", *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rows_of(path: Path) -> list[Row]:
    """Every row of the sheet that people fill in."""
    workbook = openpyxl.load_workbook(path)
    return [tuple(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]


def main() -> None:
    """Prints what became of the workbook."""
    given = [int(value) for value in sys.argv[1:3]]
    count, seed = (*given, *(COUNT, SEED)[len(given) :])
    with tempfile.TemporaryDirectory() as name:
        outcome = run(count, seed, Path(name))
    print(
        f"inputs: {count} kills: {outcome.before} before the new rows, {outcome.after} after, {len(outcome.lost)} lost"
    )
    with tempfile.TemporaryDirectory() as name:
        lost = run_call_list(count, seed, Path(name))
    print(f"at-risk: {count} kills, {len(lost)} faults")
    for line in (*outcome.lost, *lost):
        print(line)
    sys.exit(bool(outcome.lost or lost))


if __name__ == "__main__":
    main()
