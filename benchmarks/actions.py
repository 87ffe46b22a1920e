"""Times `cscli at-risk` and `cscli opportunities` as whole processes against `cscli score` on the same file.

    python benchmarks/actions.py [--accounts 20000] [--runs 3]

CPU is user + system of the process and its children. Each command may take 1.5 times what `score` takes.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from whole_run import cpu, write_book

AS_OF = "2026-10-31"
COMMANDS = ("score", "at-risk", "opportunities")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_book(home / "book.xlsx", given.accounts)
        found: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(given.runs):
            for name in COMMANDS:
                found[name].append(seconds(home, name))
    times = {name: median(each) for name, each in found.items()}
    for name, time in times.items():
        print(
            f"{given.accounts:>7} accounts  {name:<14} {time:6.2f} s CPU  {time / times['score']:.2f} of score (at most 1.5)"
        )


def seconds(home: Path, command: str) -> float:
    """CPU seconds of one run with values only, so that formulas do not hide the work."""
    program = [
        sys.executable,
        "-m",
        "cscli",
        command,
        str(home / "book.xlsx"),
        "--as-of",
        AS_OF,
        "-q",
        "--plain",
    ]
    return cpu([*program, "-o", str(home / "out.xlsx")])[0]


if __name__ == "__main__":
    main()
