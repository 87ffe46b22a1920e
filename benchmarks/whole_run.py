"""Times `cscli score` as whole processes against named baselines, in one run, and prints CPU ratios.

    python benchmarks/whole_run.py [--accounts 10000] [--large] [--runs 3]

Baselines on the same files: `bare` reads with calamine and writes the cells of cscli's workbook with XlsxWriter;
`pandas` is read_excel + to_excel with openpyxl. CPU is user + system of the process and its children.
"""

import argparse
import datetime as dt
import marshal
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

PLANS = ("Starter", "Team", "Business", "Enterprise")

BARE = """
import marshal, sys
import xlsxwriter
from python_calamine import CalamineWorkbook
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
assert len(rows) > 1
with open(sys.argv[2], "rb") as file:
    sheets = marshal.load(file)
book = xlsxwriter.Workbook(sys.argv[3], {"strings_to_numbers": False, "strings_to_urls": False,
                                         "strings_to_formulas": False})
for name, cells in sheets:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(cells):
        sheet.write_row(number, 0, row)
book.close()
"""

PANDAS = """
import sys
import pandas as pd
frame = pd.read_excel(sys.argv[1], engine="openpyxl")
frame.to_excel(sys.argv[3], engine="openpyxl", index=False)
"""

TRIVIAL = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "x") -> None:
    print(name)
app()
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=10_000)
    options.add_argument("--large", action="store_true", help="also ten times as many accounts")
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        base = measure(home, given.accounts, given.runs)
        if given.large:
            large = measure(home, 10 * given.accounts, 1, ("plain",))
            print(
                f"plain, ten times the accounts / plain: {large['plain'] / base['plain']:.2f} (at most 10.5)"
            )
        measure_help(home, given.runs)


def measure(home: Path, accounts: int, runs: int, which: tuple[str, ...] = ()) -> dict[str, float]:
    """Median CPU seconds of each program on a book of `accounts` accounts, printed with their ratios."""
    book, cells, out = home / f"book{accounts}.xlsx", home / f"cells{accounts}", home / "out.xlsx"
    write_book(book, accounts)
    score = [sys.executable, "-m", "cscli", "score", str(book), "--as-of", "2026-10-31", "-q", "-o", str(out)]
    subprocess.run([*score, "--plain"], check=True)
    cells.write_bytes(marshal.dumps(read_cells(out)))
    arguments = [str(book), str(cells), str(out)]
    programs = {
        "bare": [sys.executable, "-c", BARE, *arguments],
        "plain": [*score, "--plain"],
        "live": score,
        "pandas": [sys.executable, "-c", PANDAS, *arguments],
    }
    chosen = {name: program for name, program in programs.items() if not which or name in which}
    found: dict[str, list[float]] = {name: [] for name in chosen}
    peak = dict.fromkeys(chosen, 0.0)
    for _ in range(runs):
        for name, program in chosen.items():
            seconds, megabytes = cpu(program)
            found[name].append(seconds)
            peak[name] = max(peak[name], megabytes)
    result = {name: median(seconds) for name, seconds in found.items()}
    for name, seconds in result.items():
        print(f"{accounts:>7} accounts  {name:<7} {seconds:6.2f} s CPU  {peak[name]:6.0f} MB")
    if not which:
        print(f"plain / bare:   {result['plain'] / result['bare']:.2f} (at most 1.5, good 1.3)")
        print(f"pandas / plain: {result['pandas'] / result['plain']:.2f} (at least 2.5)")
        print(f"live / plain:   {result['live'] / result['plain']:.2f} (at most 2)")
    return result


def measure_help(home: Path, runs: int) -> None:
    """`cscli --help` against a trivial app of the same library."""
    trivial = home / "trivial.py"
    trivial.write_text(TRIVIAL, encoding="utf-8")
    console = Path(sys.executable).with_name("cscli")
    program = [str(console)] if console.exists() else [sys.executable, "-m", "cscli"]
    ours = median(cpu([*program, "--help"])[0] for _ in range(5 * runs))
    theirs = median(cpu([sys.executable, str(trivial), "--help"])[0] for _ in range(5 * runs))
    print(f"cscli --help / a trivial typer app: {ours / theirs:.2f} ({ours:.3f} s; at most 1.3)")


def cpu(program: list[str]) -> tuple[float, float]:
    """User + system seconds of a process with its children, and its peak memory in MB."""
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, program
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def read_cells(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """The cells of a workbook by sheet, dates as serial numbers."""
    workbook = CalamineWorkbook.from_path(path)
    return [
        (name, [[serial(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()])
        for name in workbook.sheet_names
    ]


def serial(cell: Any) -> Any:
    """A cell as something that marshals."""
    if isinstance(cell, dt.date):
        return (dt.date(cell.year, cell.month, cell.day) - dt.date(1899, 12, 30)).days
    return cell


def write_book(path: Path, accounts: int) -> None:
    """A book of `accounts` rows and 30 columns: ids, names, money, usage, dates, and 8 columns of other numbers."""
    random = np.random.default_rng(20261031)
    seats = random.integers(5, 800, accounts)
    active = (seats * random.beta(4, 2, accounts)).astype(int)
    days = random.integers(30, 1500, accounts)
    columns: dict[str, Any] = {
        "Account ID": [f"A{number:06}" for number in range(accounts)],
        "Account name": [f"Company {number:06} K.K." for number in range(accounts)],
        "Owner": [f"CSM {number % 12}" for number in range(accounts)],
        "Plan": [PLANS[number % 4] for number in range(accounts)],
        "MRR": (seats * random.uniform(400, 1500, accounts)).round(-1),
        "Seats": seats,
        "Active users": active,
        "Logins": active * random.integers(1, 20, accounts),
        "Start date": [dt.date(2026, 10, 1) - dt.timedelta(days=int(day)) for day in days],
        "Renewal date": [dt.date(2026, 11, 1) + dt.timedelta(days=int(day) % 360) for day in days],
        "Last login": [dt.date(2026, 10, 31) - dt.timedelta(days=int(day) % 40) for day in days],
        "Usage minutes": active * random.integers(5, 300, accounts),
        "NPS": random.integers(-100, 101, accounts),
        "CSAT": random.integers(1, 6, accounts),
        "Open tickets": random.poisson(1.2, accounts),
        "Overdue invoices": random.poisson(0.1, accounts),
        "Domain": [f"company{number}.example" for number in range(accounts)],
        "Industry": [f"Industry {number % 9}" for number in range(accounts)],
        "Region": [f"Region {number % 7}" for number in range(accounts)],
        "Gross margin": random.uniform(0.6, 0.9, accounts).round(2),
        "CAC": random.integers(1, 90, accounts) * 10_000,
        "Currency": ["JPY"] * accounts,
        **{f"extra_{number}": random.uniform(0, 1000, accounts).round(2) for number in range(8)},
    }
    assert len(columns) == 30
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet("Accounts"), book.add_format({"num_format": "yyyy-mm-dd"})
    for index, (header, values) in enumerate(columns.items()):
        sheet.write(0, index, header)
        is_date = isinstance(values[0], dt.date)
        cells = values if isinstance(values, list) else values.tolist()
        sheet.write_column(1, index, cells, day if is_date else None)
    book.close()


if __name__ == "__main__":
    main()
