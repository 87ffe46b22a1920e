"""CPU seconds of `cscli segment` against `cscli score` on the same book, and of the rebalancing proposal.

Usage: python benchmarks/segmenting.py [ACCOUNTS]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from whole_run import cpu, write_book

from cscli.analysis.acting.rebalance import Workload, rebalance

OWNERS = 60
RUNS = 3


def main() -> None:
    """Prints the ratio, and the time of proposals for books that are less and more full."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsx"
        write_book(book, accounts)
        seconds = {name: command_seconds(name, book) for name in ("score", "segment")}
    for name, found in seconds.items():
        print(f"{accounts:>7} accounts  {name:<8} {found:6.2f} s CPU")
    print(f"segment / score: {seconds['segment'] / seconds['score']:.2f} (at most 1.5)")
    for fill in (0.7, 0.95, 0.999, 1.1):
        work = random_work(accounts, fill)
        start = time.perf_counter()
        found_moves = rebalance(work)
        took = time.perf_counter() - start
        print(
            f"{fill:.1%} full, {OWNERS} owners: {len(found_moves.moved):>5} moves in {took:.2f} s (at most 5 s)"
        )


def command_seconds(name: str, book: Path) -> float:
    """Median CPU seconds of the command as a process, plain workbook included."""
    command = [sys.executable, "-m", "cscli", name, str(book), "--as-of", "2026-10-31", "-q", "--plain"]
    program = [*command, "-o", str(book.with_name(f"{name}.xlsx"))]
    subprocess.run(program, check=True)
    return median(cpu(program)[0] for _ in range(RUNS))


def random_work(accounts: int, fill: float) -> Workload:
    """Accounts of three sizes with unequal owners, who together have `1 / fill` of the hours needed."""
    random = np.random.default_rng(7)
    hours = random.choice([4, 1.2, 0.02], accounts, p=[0.02, 0.15, 0.83])
    share = random.lognormal(0, 0.4, OWNERS)
    owner = random.choice(OWNERS, accounts, p=share / share.sum())
    protected = (hours == hours.max()) | (random.random(accounts) < 0.15)
    limit = float(hours.sum()) / OWNERS / fill
    return Workload(
        owner=owner,
        hours=hours,
        protected=protected,
        worth=random.random(accounts),
        owners=OWNERS,
        limit_hours=limit,
    )


if __name__ == "__main__":
    main()
