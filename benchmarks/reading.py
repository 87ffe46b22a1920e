"""Time to read 100,000 rows x 30 columns, as a ratio to the bare readers: processor time, children included.

`python benchmarks/reading.py [ROWS] [--baseline PYTHON]`. Bounds: xlsx 1.5 x calamine and a DataFrame of its rows; csv
1.5 x pandas.read_csv with dtype=str. With a baseline, the interpreter in which an earlier cscli is installed: also the
book of a csv of 20,000 rows, at most 1.15 x of that version.
"""

import csv
import datetime as dt
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from cscli.sources import read_table

BOUND = 1.5
BOOK_ROWS, BOOK_BOUND, ROUNDS = 20_000, 1.15, 2
READ_BOOK = """
import datetime as dt, sys, time
from pathlib import Path
try:
    from cscli.workflows.book.read import read_book
    from cscli.workflows.book.request import Request
    from cscli.workspace.rules import find_rules
except ImportError:  # 0.1.0
    from cscli.workflows.book import read_book
    from cscli.workflows.request import Request
    from cscli.sources.workspace import find_rules
from cscli import __version__
path = Path(sys.argv[1])
now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
asked = Request(rules=find_rules(None, path.parent), now=now, as_of=dt.date(2026, 10, 31), accounts=path, remember=False)
read_book(asked)
spent = []
for _ in range(5):
    begun = time.process_time()
    read_book(asked)
    spent.append(time.process_time() - begun)
print(__version__, min(spent))
"""
"""The least processor time of five readings, after a first one that loads what is needed."""
NUMBERS = 24
REPEATS = 3
Row = list[str | float | dt.datetime | None]


def make_rows(count: int) -> tuple[list[str], list[Row]]:
    """Ids, names, words, dates, a sparse note and 24 columns of numbers with gaps."""
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    header = ["account_id", "name", "plan", "owner", "renewal", "note", *(f"m{at}" for at in range(NUMBERS))]
    rows: list[Row] = []
    for at in range(count):
        day = dt.datetime(2026, 1, 1) + dt.timedelta(days=chance.randrange(700))  # noqa: DTZ001 - Excel has no zones
        note = "a, note" if chance.random() > 0.7 else None
        words: Row = [
            f"A{at:06d}",
            f"Company {at} Inc.",
            chance.choice(["Basic", "Pro"]),
            "山田 太郎",
            day,
            note,
        ]
        rows.append(
            words
            + [round(chance.random() * 1000, 2) if chance.random() < 0.9 else None for _ in range(NUMBERS)]
        )
    return header, rows


def write_files(folder: Path, count: int) -> tuple[Path, Path]:
    """The same rows as .xlsx and .csv."""
    header, rows = make_rows(count)
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet("A")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(4, 4, None, day)
        sheet.write_row(0, 0, header)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(line, at, cell, day)
                elif cell is not None:
                    sheet.write(line, at, cell)
    with (folder / "a.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(
            [[c.date().isoformat() if isinstance(c, dt.datetime) else c for c in row] for row in rows]
        )
    return folder / "a.xlsx", folder / "a.csv"


def spent_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process and its children."""
    gc.collect()
    before = os.times()
    work()
    after = os.times()
    names = ("user", "system", "children_user", "children_system")
    return float(sum(getattr(after, name) - getattr(before, name) for name in names))


def read_bare(path: Path) -> pd.DataFrame:
    """What calamine and pandas alone take."""
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return pd.DataFrame(rows, columns=header)


def compare(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float, float]:
    """Median seconds of both, in turns, and their ratio."""
    pairs = [(spent_seconds(ours), spent_seconds(bare)) for _ in range(REPEATS)]
    own, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    return own, other, own / other


def read_books(python: str, path: Path) -> tuple[str, float]:
    """The version of cscli that `python` has, and its seconds for the book in `path`."""
    done = subprocess.run([python, "-c", READ_BOOK, str(path)], capture_output=True, text=True, check=True)
    version, seconds = done.stdout.split()
    return version, float(seconds)


def compare_books(baseline: str, folder: Path) -> bool:
    """Prints the ratio of the least times of several rounds, in turns; whether it is within the bound."""
    header, rows = make_rows(BOOK_ROWS)
    path = folder / "book.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*header[:20]])
        writer.writerows([[c.date() if isinstance(c, dt.datetime) else c for c in row[:20]] for row in rows])
    pairs = [(read_books(sys.executable, path), read_books(baseline, path)) for _ in range(ROUNDS)]
    (name, _), (before, _) = pairs[0]
    own, other = (min(seconds for _, seconds in side) for side in zip(*pairs, strict=True))
    print(
        f"book of a csv: {name} {own:.2f} s, {before} {other:.2f} s, ratio {own / other:.2f} (bound {BOOK_BOUND})"
    )
    return own <= BOOK_BOUND * other


def main() -> int:
    """Prints the ratios; 1 if one is above its bound."""
    given = [each for each in sys.argv[1:] if each.isdigit()]
    count = int(given[0]) if given else 100_000
    if "--baseline" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            if not compare_books(sys.argv[sys.argv.index("--baseline") + 1], Path(folder)):
                return 1
    with tempfile.TemporaryDirectory() as folder:
        workbook, text = write_files(Path(folder), count)
        results = {
            "xlsx": compare(lambda: read_table(workbook, "accounts"), lambda: read_bare(workbook)),
            "csv": compare(lambda: read_table(text, "accounts"), lambda: pd.read_csv(text, dtype=str)),
        }
    for form, (own, bare, ratio) in results.items():
        print(f"{form}: {own:.2f} s, bare {bare:.2f} s, ratio {ratio:.2f} (bound {BOUND})")
    return 0 if all(ratio <= BOUND for *_, ratio in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
