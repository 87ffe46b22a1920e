"""Times `cscli run` as a whole process against that of another version, and prints the ratio of CPU seconds.

    python benchmarks/monday.py OTHER_PYTHON [--accounts 20000] [--runs 3] [--keep FOLDER]

`OTHER_PYTHON` is the interpreter of an environment with the other version (0.1.0). Both follow the rules that the other
version's `init` writes, on one workbook of accounts and one table of subscriptions, each with a stored run of the week
before. Runs alternate; CPU is user + system of the process and its children. `--keep`: leaves both workspaces there,
so that the reports can be compared.
"""

import argparse
import csv
import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from whole_run import cpu, write_book

BOUND = 0.75
WEEK_BEFORE, AS_OF = "2026-10-24", "2026-10-31"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("other", help="the interpreter of the other version")
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.keep or Path(folder)
        pythons = {"this": sys.executable, "other": given.other}
        make_workspace(home / "book", given.accounts, given.other)
        for name, python in pythons.items():
            shutil.copytree(home / "book", home / f"{name}-before")
            subprocess.run(monday(python, home / f"{name}-before", WEEK_BEFORE), check=True)
        found: dict[str, list[float]] = {name: [] for name in pythons}
        for _ in range(given.runs):
            for name, python in pythons.items():
                shutil.rmtree(home / name, ignore_errors=True)
                shutil.copytree(home / f"{name}-before", home / name)
                found[name].append(cpu(monday(python, home / name, AS_OF))[0])
        for name, seconds in found.items():
            print(f"{given.accounts:>7} accounts  {name:<6} {median(seconds):6.2f} s CPU")
        ratios = [this / other for this, other in zip(found["this"], found["other"], strict=True)]
        print(f"this / other: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; at most {BOUND})")


def monday(python: str, workspace: Path, as_of: str) -> list[str]:
    """The command for cron in `workspace`."""
    return [python, "-m", "cscli", "run", "-q", "-c", str(workspace / "cscli.yaml"), "--as-of", as_of]


def make_workspace(home: Path, accounts: int, python: str) -> None:
    """A workbook of accounts, two years of subscriptions, and rules for them."""
    exports = home / "exports"
    exports.mkdir(parents=True)
    write_book(exports / "accounts.xlsx", accounts)
    write_subscriptions(exports / "subscriptions.csv", accounts)
    files = [f"exports/{path.name}" for path in sorted(exports.iterdir())]
    init = [python, "-m", "cscli", "init", *files]
    subprocess.run(init, cwd=home, check=True, stdout=subprocess.DEVNULL)


def write_subscriptions(path: Path, accounts: int) -> None:
    """Two terms an account, the second of another amount; a tenth have ended."""
    random = np.random.default_rng(20261031)
    starts = random.integers(400, 1500, accounts)
    amounts = random.integers(5, 800, accounts) * 1000
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Account ID", "Subscription ID", "Start date", "End date", "MRR", "Plan"])
        for number, (days, amount) in enumerate(zip(starts.tolist(), amounts.tolist(), strict=True)):
            begun = dt.date(2026, 10, 31) - dt.timedelta(days=days)
            turned = begun + dt.timedelta(days=365)
            ended = "" if number % 10 else turned + dt.timedelta(days=30)
            plan = "Team" if number % 3 else "Business"
            rows.writerow(
                [f"A{number:06}", f"S{number}a", begun, turned - dt.timedelta(days=1), amount, plan]
            )
            rows.writerow([f"A{number:06}", f"S{number}b", turned, ended, round(amount * 1.1), plan])


if __name__ == "__main__":
    main()
