"""Ends `cscli run` by SIGINT or SIGTERM at random moments of its work on an event log, again and again: it ends with 130
or 143, or with 0 and whole outputs; never as a fault of its own, and what it had not finished is not published.
`python benchmarks/run_signals.py [COUNT] [ROWS] [SEED]` (100, 3500000, 20261031).
"""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import run_kills
from run_kills import DAY, State

COUNT, ROWS, SEED = 100, 3_500_000, 20_261_031
ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143}


@dataclass(frozen=True)
class Outcome:
    """How often a run ended with each code, and what was `lost`."""

    codes: Counter[int] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)


def run(count: int, rows: int, seed: int, folder: Path) -> Outcome:
    """Sends `count` signals, each to a run in a fresh copy of the same workspace."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    original, book = folder / "original", folder / "book"
    run_kills.prepare(book)
    run_kills.write_log(book / "log" / "1.csv", rows, 7)
    old = run_kills.outputs_of(book)
    shutil.copytree(book, original)
    begun = time.perf_counter()
    run_kills.start(book, DAY).wait()
    seconds = time.perf_counter() - begun
    new = run_kills.outputs_of(book)
    outcome = Outcome()
    for number in range(count):
        shutil.rmtree(book)
        shutil.copytree(original, book)
        code, faults = signal_once(book, chance, seconds, (old, new))
        outcome.codes[code] += 1
        outcome.lost.extend(f"{number}: {fault}" for fault in faults)
    return outcome


def signal_once(
    book: Path, chance: random.Random, seconds: float, states: tuple[State, State]
) -> tuple[int, list[str]]:
    """One run with a signal: its exit code, and what is wrong."""
    sent, wait = chance.choice(list(ENDED)), chance.uniform(0.01, seconds)
    process = subprocess.Popen(
        [sys.executable, "-m", "cscli", "run", "--as-of", DAY],
        cwd=book,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    time.sleep(wait)
    process.send_signal(sent)
    _, said = process.communicate()
    code = process.returncode
    return code, [
        f"{sent.name} after {wait:.2f} s: {fault}" for fault in faults_of(book, sent, code, said, states)
    ]


def faults_of(
    book: Path, sent: signal.Signals, code: int, said: bytes, states: tuple[State, State]
) -> list[str]:
    """What is wrong with how a run has ended, with what it said, and with what it left."""
    old, new = states
    found = run_kills.outputs_of(book)
    is_early = code == -sent  # before Python has come to our first line
    faults = [] if is_early or code in (0, ENDED[sent]) else [f"exit code {code}: {said[-300:]!r}"]
    faults += (
        [f"said {said[-300:]!r}"]
        if not is_early and code and (b"Traceback" in said or b"cscli:" in said)
        else []
    )
    faults += ["outputs are not whole"] if found not in (old, new) else []
    faults += ["0, and not done"] if code == 0 and found != new else []
    faults += ["the history is damaged"] if run_kills.integrity(book) != "ok" else []
    return faults


def main() -> None:
    """Prints how the runs have ended."""
    given = [int(value) for value in sys.argv[1:4]]
    count, rows, seed = (*given, *(COUNT, ROWS, SEED)[len(given) :])
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        outcome = run(count, rows, seed, Path(name))
    codes = ", ".join(f"{number} x {code}" for code, number in sorted(outcome.codes.items()))
    print(
        f"{count} signals to a run over {rows:,} rows: {codes}; {len(outcome.lost)} faults; {time.perf_counter() - begun:,.0f} s"
    )
    for line in outcome.lost:
        print(line)
    sys.exit(bool(outcome.lost))


if __name__ == "__main__":
    main()
