"""Ends `cscli run` by SIGKILL at random moments, again and again, and looks at what is left: every output is whole
(as it was, or as it is to be), the history is sound, and the next run needs no help and gives what an undisturbed
one gives. A third of the kills come at any moment, a third while outputs are written, a third while they are moved.
`python benchmarks/run_kills.py [COUNT] [SEED]` (300, 20261031).
"""

import csv
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl

COUNT, SEED = 300, 20_261_031
ACCOUNTS = 12
BEFORE, DAY = "2026-01-05", "2026-01-12"
RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: "accounts.xlsx"}
  tickets: {file: tickets.csv, kind: rows, rollup: {tickets_open: count(*)}}
  events:
    file: log/*.csv
    kind: events
    columns: {account_id: org, user_id: uid, at: ts, event: name}
    naive_times_are: UTC
    windows: [7]
metrics:
  nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}
  tickets: {value: "coalesce(tickets_open, 0)", points: {kind: linear, zero: 5, full: 0}}
segments: {size: [{name: large, when: mrr >= 600}, {name: small}]}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 3, tickets: 1}}}}]
opportunities: [{name: more_seats, kind: upsell, when: score >= 80, potential_mrr: mrr * 0.1}]
history: {url: "sqlite:///.cscli/history.db"}
alerts: [{name: low, when: score < 40}]
channels: [{name: team, kind: file, path: told.jsonl, send: true}]
run: {forms: [xlsx, csv, json]}
"""
_TIMES = ("run", "started_at", "seconds")
State = dict[str, str]


@dataclass(frozen=True)
class Phase:
    """A part of a run: from when a file is there, or from its start, for so large a share of its time."""

    begins: str | None
    share: float


PHASES = (Phase(None, 1.1), Phase("out/.staging", 0.4), Phase("out/.staging/complete", 0.0015))


@dataclass(frozen=True)
class Outcome:
    """Kills by what they left: files of the run before, of this one, of both. `lost`: what was wrong."""

    before: int = 0
    mixed: int = 0
    after: int = 0
    lost: list[str] = field(default_factory=list)


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Kills `cscli run` `count` times, each time in a fresh copy of the same workspace."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    original, book = folder / "original", folder / "book"
    prepare(book)
    old = outputs_of(book)
    shutil.copytree(book, original)
    begun = time.perf_counter()
    start(book, DAY).wait()
    seconds = time.perf_counter() - begun
    new, history = outputs_of(book), history_of(book)
    found = {"before": 0, "mixed": 0, "after": 0}
    lost: list[str] = []
    for number in range(count):
        shutil.rmtree(book)
        shutil.copytree(original, book)
        kill_once(book, chance, seconds, PHASES[number % len(PHASES)])
        faults, kind = faults_after_kill(book, old, new)
        found[kind] += 1
        faults += faults_after_next_run(book, new, history)
        lost += [f"{number}: {fault}" for fault in faults]
    return Outcome(**found, lost=lost)


def kill_once(book: Path, chance: random.Random, seconds: float, phase: "Phase") -> None:
    process = start(book, DAY)
    if phase.begins is not None:
        while process.poll() is None and not (book / phase.begins).exists():
            time.sleep(0.0005)
    time.sleep(chance.uniform(0, phase.share * seconds))
    process.kill()
    process.wait()


def faults_after_kill(book: Path, old: State, new: State) -> tuple[list[str], str]:
    """What is wrong, and whose files there are."""
    faults = [] if integrity(book) == "ok" else ["the history is damaged"]
    found = outputs_of(book)
    faults += [
        f"{name} is neither as it was nor as it is to be"
        for name, digest in found.items()
        if digest not in (old.get(name), new.get(name))
    ]
    faults += [f"{name} is gone" for name in old if name not in found]
    return faults, "before" if found == old else "after" if found == new else "mixed"


def faults_after_next_run(book: Path, new: State, history: State) -> list[str]:
    """The same command again: it works, and all is as if nothing had happened."""
    process = start(book, DAY)
    faults = [f"the next run ended with {process.returncode}"] if process.wait() else []
    faults += ["the next run gives other outputs"] if outputs_of(book) != new else []
    faults += ["the next run gives another history"] if history_of(book) != history else []
    faults += faults_of_messages(book)
    left = [str(path) for path in book.rglob("*") if path.name == ".staging" or path.suffix == ".tmp"]
    return faults + [f"{path} is left" for path in left]


def faults_of_messages(book: Path) -> list[str]:
    """Every message that was stored has arrived, whole; one may have come twice, under the same key."""
    connection = sqlite3.connect(book / ".cscli" / "history.db")
    stored = {str(row[0]) for row in connection.execute("SELECT key FROM outbox")}
    connection.close()
    told = [
        json.loads(line)["key"] for line in (book / "told.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    faults = [f"message {key} is lost" for key in stored - set(told)]
    return faults + [
        f"message {key} came {told.count(key)} times" for key in set(told) if told.count(key) > 2
    ]


def outputs_of(book: Path) -> State:
    """The digest of every output; of manifests without their times."""
    return {
        path.relative_to(book).as_posix(): sha256(_content(path)).hexdigest()
        for path in sorted((book / "out").glob("*/*"))
        if path.is_file() and not path.relative_to(book).as_posix().startswith("out/.")
    }


def _content(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.name != "run.json":
        return raw
    found: dict[str, Any] = json.loads(raw)
    steps = [{key: value for key, value in step.items() if key not in _TIMES} for step in found["steps"]]
    return json.dumps(
        {key: value for key, value in found.items() if key not in _TIMES} | {"steps": steps}
    ).encode()


def integrity(book: Path) -> str:
    with sqlite3.connect(book / ".cscli" / "history.db") as connection:
        found = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    connection.close()
    return found


def history_of(book: Path) -> State:
    """The digest of every table, without the times of the runs and the numbers that count them."""
    connection = sqlite3.connect(book / ".cscli" / "history.db")
    found = {}
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        kept = ", ".join(f'"{each}"' for each in columns if each != "run_id" and not each.endswith("_at"))
        rows = connection.execute(f"SELECT {kept} FROM {name}").fetchall()  # noqa: S608 - names of our own tables
        found[name] = sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    connection.close()
    return found


def prepare(book: Path) -> None:
    """A workspace in which the week before was run, and the exports of this week have come."""
    book.mkdir(parents=True)
    (book / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write_exports(book, 0)
    start(book, BEFORE).wait()
    write_exports(book, 1)


def write_exports(book: Path, week: int) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["account_id", "name", "owner", "mrr", "nps"])
    for number in range(ACCOUNTS):
        nps = (number * 9 + week * 20) % 101
        sheet.append([f"A{number:02}", f"Company {number}", "Ito", 100 * number + week, nps])
    workbook.save(book / "accounts.xlsx")
    with (book / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["account_id", "ticket_id"], *((f"A{n:02}", n) for n in range(4 + week))])
    write_log(book / "log" / f"{week}.csv", 1_000, week * 7)


def write_log(path: Path, rows: int, first: int) -> None:
    """An event log of so many rows, over seven days of which the `first` is so many days after 31 December."""
    path.parent.mkdir(exist_ok=True)
    lines = (
        f"A{at * 7 % ACCOUNTS:02},u{at * 3 % 50},2026-01-{first + 1 + at % 5:02}T10:00:00,e{at % 9}\n"
        for at in range(rows)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write("org,uid,ts,name\n")
        file.writelines(lines)


def start(book: Path, day: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cscli", "run", "--as-of", day]
    return subprocess.Popen(command, cwd=book, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    """Prints what the kills have left."""
    given = [int(value) for value in sys.argv[1:3]]
    count, seed = (*given, *(COUNT, SEED)[len(given) :])
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        outcome = run(count, seed, Path(name))
    print(
        f"run: {count} kills: {outcome.before} left the outputs before, {outcome.mixed} whole ones of both, "
        f"{outcome.after} the new ones; {len(outcome.lost)} faults; {time.perf_counter() - begun:,.0f} s"
    )
    for line in outcome.lost:
        print(line)
    sys.exit(bool(outcome.lost))


if __name__ == "__main__":
    main()
