"""Two years of weekly runs of a large book: the size of the history, its growth, and how long questions take.

    python benchmarks/history.py [--accounts 20000] [--weeks 104] [--keep FOLDER]
    python benchmarks/history.py --accounts 5000 --weeks 520    (ten years)

Every week is scored and stored as a run does it. Times of commands are CPU seconds (user + system) of whole processes, the
best of three, against 2 s, and the wall seconds of that run; the baseline reads the same rows with pandas and groups them. `score` finds what to compare with in the whole history: its CPU by that of the same run
where one earlier run is stored, and of one without any history (target 1.15). A `--keep FOLDER` that has a history is asked again without
making it anew.
"""

import argparse
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from cscli.analysis.tables.built_ins import add_built_ins
from cscli.workflows import Request
from cscli.workflows.book.contract import InspectedInputs
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.scores.scoring import JudgedBook, remember, score_book
from cscli.workspace.rules import find_rules, preset_text

LAST = dt.date(2026, 10, 31)
LIMIT_SECONDS = 2.0
MOVING = ("active_users", "logins", "usage_minutes", "nps", "csat", "open_tickets", "overdue_invoices", "mrr")
ACCOUNT = "A-010007"
COMMANDS = (
    ("history",),
    ("history", ACCOUNT),
    ("history", "-o", "out.xlsx"),
    ("history", ACCOUNT, "-o", "out.xlsx"),
    ("history", "runs"),
    ("diff",),
    ("explain", ACCOUNT),
)
BASELINE = """
import sqlite3
import pandas as pd
connection = sqlite3.connect(".cscli/history.db")
rows = pd.read_sql("SELECT as_of, band, score, mrr, arr FROM runs JOIN accounts USING (run_id)", connection)
print(rows.groupby(["as_of", "band"])[["mrr", "arr"]].sum())
"""

FINDING = """
import datetime as dt
import sys
import time
from pathlib import Path
from cscli.history import last_inputs, previous_scores
before = time.process_time()
day = dt.date(2026, 10, 31)
assert previous_scores("sqlite:///.cscli/history.db", Path(), day) is not None
last_inputs("sqlite:///.cscli/history.db", Path(), day)
print(time.process_time() - before)
"""
"""What `score` asks of the history; prints its CPU seconds."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--weeks", type=int, default=104)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.keep or Path(folder)
        if not (home / ".cscli").exists():
            fill(home, given.accounts, given.weeks)
        ask(home)
        compare_scoring(home)


def compare_scoring(home: Path) -> None:
    """Prints what a long history costs a run that compares itself with it. The run of the last day is stored again each time, so
    that the history does not grow.
    """
    command = [sys.executable, "-m", "cscli", "score", "-q", "--as-of", LAST.isoformat(), "-o", "out.csv"]
    with tempfile.TemporaryDirectory() as folder:
        young = Path(folder) / "young"
        shutil.copytree(home, young, ignore=shutil.ignore_patterns(".cscli"))
        earlier = (LAST - dt.timedelta(weeks=1)).isoformat()
        best([*command[:5], "--as-of", earlier, "-o", "out.csv"], young)
        (long, _), (short, _) = best(command, home), best(command, young)
        without, _ = best([*command, "--no-history"], home)
        told = [
            subprocess.run(
                [sys.executable, "-c", FINDING], cwd=home, capture_output=True, check=True, text=True
            )
            for _ in range(3)
        ]
    reads = min(float(each.stdout) for each in told)
    print(
        f"{'cscli score, the whole history':<40} {long:6.2f} s CPU  {long / short:.2f} of one with a single earlier run"
    )
    print(f"{'cscli score --no-history':<40} {without:6.2f} s CPU")
    print(
        f"finding the comparison adds {reads:.3f} s: {1 + reads / without:.3f} of a run without history (target 1.15)"
    )


def fill(home: Path, accounts: int, weeks: int) -> None:
    """Makes the workspace, and stores every week; prints what it took."""
    home.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(7)
    write_workspace(home, accounts, generator)
    rules = find_rules(str(home / "cscli.yaml"), home)
    request = Request(rules=rules, now=dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC), as_of=LAST)
    book = read_book(request)
    sizes, seconds = [], []
    for week in range(weeks):
        as_of = LAST - dt.timedelta(weeks=weeks - 1 - week)
        book = replace(book, as_of=as_of, frame=add_built_ins(moved(book, generator), as_of))
        week_book, scored, _ = score_book(replace(request, as_of=as_of, remember=False), book)
        judged = JudgedBook(week_book, scored, InspectedInputs({}, ()))
        before = time.perf_counter()
        remember(replace(request, as_of=as_of, known_on=as_of), judged)
        seconds.append(time.perf_counter() - before)
        sizes.append((home / ".cscli" / "history.db").stat().st_size)
    growth = median(np.diff(sizes)) if weeks > 1 else sizes[0]
    rows = accounts * weeks
    print(
        f"{accounts} accounts x {weeks} weeks, {len(book.frame.columns)} columns, {len(book.config.metrics)} metrics"
    )
    print(
        f"size {sizes[-1] / 1e6:.0f} MB, {growth / 1e6:.2f} MB a week, {sizes[-1] / rows:.0f} bytes an account and week"
    )
    print(f"a run stores in {median(seconds):.2f} s; the last ten {median(seconds[-10:]):.2f} s")


def write_workspace(home: Path, accounts: int, generator: np.random.Generator) -> None:
    """The starter preset, and an export with most of the columns that it knows."""
    (home / "cscli.yaml").write_text(preset_text("starter"), encoding="utf-8")
    (home / "exports").mkdir()
    number = np.arange(accounts)
    seats = generator.integers(5, 500, accounts)
    started = pd.Timestamp(LAST) - pd.to_timedelta(generator.integers(30, 2500, accounts), unit="D")
    frame = pd.DataFrame(
        {
            "account_id": [f"A-{at:06d}" for at in number],
            "name": [f"Company {at * 7919 % accounts} of {at % 47}" for at in number],
            "owner": [f"Owner {at % 40}" for at in number],
            "plan": generator.choice(["Starter", "Team", "Business"], accounts),
            "mrr": generator.integers(5, 900, accounts) * 1000.0,
            "seats": seats,
            "started_on": started.strftime("%Y-%m-%d"),
            "renews_on": (started + pd.Timedelta(days=2600)).strftime("%Y-%m-%d"),
            "domain": [f"c{at}.example" for at in number],
            "industry": generator.choice(["Retail", "Health", "Software", "Travel"], accounts),
            "region": generator.choice(["East", "West"], accounts),
            "active_users": (seats * generator.uniform(0, 1, accounts)).round(),
            "logins": generator.integers(0, 900, accounts),
            "last_login_on": (
                pd.Timestamp(LAST) - pd.to_timedelta(generator.integers(0, 60, accounts), unit="D")
            ).strftime("%Y-%m-%d"),
            "usage_minutes": generator.uniform(0, 9000, accounts).round(2),
            "nps": generator.integers(-100, 101, accounts),
            "csat": generator.uniform(1, 5, accounts).round(2),
            "open_tickets": generator.integers(0, 7, accounts),
            "overdue_invoices": generator.integers(0, 3, accounts),
            "gross_margin": generator.uniform(0.4, 0.9, accounts).round(3),
            "cac": generator.integers(100, 900, accounts) * 1000,
        }
    )
    frame.to_csv(home / "exports" / "accounts.csv", index=False)


def moved(book: Book, generator: np.random.Generator) -> pd.DataFrame:
    """The accounts a week on: of each figure two in five have changed."""
    frame = book.frame.copy()
    for name in MOVING:
        changes = generator.uniform(size=len(frame)) < 0.4
        factor = np.where(changes, generator.uniform(0.9, 1.11, len(frame)), 1.0)
        frame[name] = np.where(changes, (frame[name] * factor).round(2), frame[name])
    idle = generator.integers(0, 40, len(frame))
    frame["last_login_on"] = (pd.Timestamp(book.as_of) - pd.to_timedelta(idle, unit="D")).astype(
        "datetime64[us]"
    )
    return frame


def ask(home: Path) -> None:
    """Prints how long each command takes, and the baseline."""
    with closing(sqlite3.connect(home / ".cscli" / "history.db")) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM accounts").fetchone()
    print(f"asked of {rows} rows")
    baseline, _ = best([sys.executable, "-c", BASELINE], home)
    print(f"{'pandas over all rows':<40} {baseline:6.2f} s CPU")
    for words in COMMANDS:
        used, wall = best([sys.executable, "-m", "cscli", *words, "-q"], home)
        shown = f"{used:6.2f} s CPU  {wall:6.2f} s wall  {used / baseline:.2f} of the baseline"
        verdict = "" if used <= LIMIT_SECONDS else f"  OVER {LIMIT_SECONDS:g} s"
        print(f"{'cscli ' + ' '.join(words):<40} {shown if used else 'does not run'}{verdict}")


def best(command: list[str], home: Path) -> tuple[float, float]:
    """CPU and wall seconds of the run of three that used least; zeros for a command that fails."""
    found = []
    for _ in range(3):
        before = time.perf_counter()
        process = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            return 0.0, 0.0
        found.append((usage.ru_utime + usage.ru_stime, time.perf_counter() - before))
    return min(found)


if __name__ == "__main__":
    main()
