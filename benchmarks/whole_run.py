"""Times `cscli` as whole processes against named baselines, in one run, and prints CPU ratios with the goal of each.

    python benchmarks/whole_run.py [--accounts 10000] [--large] [--million] [--runs 3]

Baselines on the same files: `bare` reads with calamine and writes the cells of cscli's workbook with XlsxWriter;
`pandas` is read_excel + to_excel with openpyxl; `imports` loads the libraries that a run with formulas in SQL needs, and does nothing.
CPU is user + system of the process and its children. Compile first (`python -m compileall -q src`): else what changed is compiled in each
process. `--large`: also ten times as many accounts. `--million`: also a million in CSV, of which the memory counts.
"""

import argparse
import csv
import datetime as dt
import marshal
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

AS_OF = ("--as-of", "2026-10-31")
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

IMPORTS = "import pandas, duckdb, sqlglot, pydantic, xlsxwriter, typer"

TRIVIAL = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "x") -> None:
    print(name)
app()
"""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--accounts", type=int, default=10_000)
    options.add_argument("--large", action="store_true")
    options.add_argument("--million", action="store_true")
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        measure(home, given.accounts, given.runs)
        measure_small(home, 100, 2 * given.runs)
        measure_history(home, given.accounts, given.runs)
        measure_help(home, given.runs)
        if given.large:
            measure_large(home, 10 * given.accounts)
        if given.million:
            measure_memory(home, 1_000_000)


def measure(home: Path, accounts: int, runs: int) -> None:
    """A book in a workbook to its scores in one, beside what does the same without any score."""
    programs = programs_on(home, accounts)
    pandas = [sys.executable, "-c", PANDAS, *programs["bare"][3:]]
    result, _ = alternate({**programs, "pandas": pandas}, runs, accounts)
    tell("plain / bare", result["plain"] / result["bare"], most=0.70)
    tell("live / bare", result["live"] / result["bare"], most=0.80)
    tell("pandas / plain", result["pandas"] / result["plain"], least=5.5)


def measure_large(home: Path, accounts: int) -> None:
    """The same once, with its memory and the size of its file."""
    programs = programs_on(home, accounts)
    result, peak = alternate({name: programs[name] for name in ("bare", "plain")}, 1, accounts)
    tell(f"plain / bare, {accounts:,} accounts", result["plain"] / result["bare"], most=0.38)
    tell(f"memory of plain, {accounts:,} accounts, MB", peak["plain"], most=550)
    out = home / "out.xlsx"  # `plain` ran last
    tell("file / the same packed at level 6", out.stat().st_size / size_at_level_6(out), most=1.2)


def measure_memory(home: Path, accounts: int) -> None:
    """Accounts in CSV to scores in CSV: what fits into memory."""
    book, table = home / "few.xlsx", home / "many.csv"
    write_book(book, 1_000)
    headers, *rows = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for number in range(accounts):
            writer.writerow([f"A{number:07}", f"Company {number:07} K.K.", *rows[number % len(rows)][2:]])
    _, megabytes = cpu(score(table, home / "many_scored.csv"))
    table.unlink()
    tell(f"memory of {accounts:,} accounts in CSV, MB", megabytes, most=1000)


def measure_small(home: Path, accounts: int, runs: int) -> None:
    """What a run costs that has hardly anything to do."""
    book = home / f"book{accounts}.xlsx"
    write_book(book, accounts)
    workspace = home / "small"
    remember_two_runs(workspace, book)
    cscli = [sys.executable, "-m", "cscli"]
    config = ["--config", str(workspace / "cscli.yaml")]
    with_sql = ["--set", "metrics.seat_use.value=coalesce(active_users, 0) / seats"]
    programs = {
        "imports": [sys.executable, "-c", IMPORTS],
        "score": [*score(book, home / "small.xlsx"), "--plain"],
        "with SQL": [
            *cscli,
            "score",
            *config,
            *with_sql,
            "--no-history",
            *AS_OF,
            "--plain",
            "-o",
            str(home / "small.xlsx"),
        ],
        "check": [*cscli, "check", *config, *AS_OF],
        "explain": [*cscli, "explain", "A000001", *config],
        "history": [*cscli, "history", *config],
        "diff": [*cscli, "diff", *config],
    }
    result, _ = alternate(programs, runs, accounts)
    for name, most in (
        ("score", 1.0),
        ("with SQL", 1.25),
        ("check", 1.3),
        ("explain", 1.3),
        ("history", 1.3),
        ("diff", 1.3),
    ):
        tell(f"{name} / imports, {accounts} accounts", result[name] / result["imports"], most=most)


def measure_history(home: Path, accounts: int, runs: int) -> None:
    """What it costs to remember a run."""
    workspace = home / "remembered"
    remember_two_runs(workspace, home / f"book{accounts}.xlsx")
    program = [
        sys.executable,
        "-m",
        "cscli",
        "score",
        "--config",
        str(workspace / "cscli.yaml"),
        *AS_OF,
        "--plain",
        "-o",
        str(home / "out.xlsx"),
    ]
    result, _ = alternate({"without": [*program, "--no-history"], "with history": program}, runs, accounts)
    tell("with history / without", result["with history"] / result["without"], most=1.25)


def measure_help(home: Path, runs: int) -> None:
    """`cscli --help` against a trivial app of the same library."""
    trivial = home / "trivial.py"
    trivial.write_text(TRIVIAL, encoding="utf-8")
    console = Path(sys.executable).with_name("cscli")
    program = [str(console)] if console.exists() else [sys.executable, "-m", "cscli"]
    programs = {"help": [*program, "--help"], "trivial": [sys.executable, str(trivial), "--help"]}
    result, _ = alternate(programs, 5 * runs, 0)
    tell("cscli --help, s", result["help"], most=0.10)
    tell("cscli --help / a trivial typer app", result["help"] / result["trivial"], most=1.3)


def programs_on(home: Path, accounts: int) -> dict[str, list[str]]:
    """`bare`, `live` and `plain` on a book of so many accounts, which is made."""
    book, cells, out = home / f"book{accounts}.xlsx", home / f"cells{accounts}", home / "out.xlsx"
    write_book(book, accounts)
    plain = [*score(book, out), "--plain"]
    subprocess.run(plain, check=True)
    cells.write_bytes(marshal.dumps(read_cells(out)))
    return {
        "bare": [sys.executable, "-c", BARE, str(book), str(cells), str(out)],
        "live": score(book, out),
        "plain": plain,
    }


def score(book: Path, out: Path) -> list[str]:
    """`cscli score` of a file without rules."""
    return [sys.executable, "-m", "cscli", "score", str(book), *AS_OF, "-q", "-o", str(out)]


def remember_two_runs(workspace: Path, book: Path) -> None:
    """A workspace with the rules that `init` writes for the book, and the runs of two weeks."""
    workspace.mkdir()
    subprocess.run(
        [sys.executable, "-m", "cscli", "init", str(book), "-q", "-o", str(workspace / "cscli.yaml")],
        check=True,
    )
    for day in ("2026-10-17", "2026-10-24"):
        config, out = str(workspace / "cscli.yaml"), str(workspace / "scored.csv")
        command = ["score", "--config", config, "--as-of", day, "--known-on", "2026-10-31", "-q", "-o", out]
        subprocess.run([sys.executable, "-m", "cscli", *command], check=True)


def alternate(
    programs: dict[str, list[str]], runs: int, accounts: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Median CPU seconds and peak MB of each program, run in turn and printed."""
    found: dict[str, list[float]] = {name: [] for name in programs}
    peak = dict.fromkeys(programs, 0.0)
    for _ in range(runs):
        for name, program in programs.items():
            seconds, megabytes = cpu(program)
            found[name].append(seconds)
            peak[name] = max(peak[name], megabytes)
    result = {name: median(seconds) for name, seconds in found.items()}
    for name, seconds in result.items():
        print(f"{accounts:>9,} accounts  {name:<14} {seconds:6.2f} s CPU  {peak[name]:6.0f} MB", flush=True)
    return result, peak


def tell(what: str, found: float, *, most: float | None = None, least: float | None = None) -> None:
    """A figure beside its goal."""
    goal = f"at most {most:g}" if most is not None else f"at least {least:g}"
    holds = (most is None or round(found, 2) <= most) and (least is None or round(found, 2) >= least)
    print(f"{what:<44} {found:8.2f}   goal {goal:<14} {'holds' if holds else 'DOES NOT HOLD'}", flush=True)


def size_at_level_6(path: Path) -> int:
    """Bytes of the parts of a workbook at zlib's own level."""
    with zipfile.ZipFile(path) as package:
        return sum(len(zlib.compress(package.read(name), 6)) for name in package.namelist())


LAUNCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""
"""A small process starts what is measured: the peak of a process begins with that of the one it was forked from."""


def cpu(program: list[str]) -> tuple[float, float]:
    """User + system seconds of a process with its children, and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCH, *program], stdout=subprocess.PIPE, text=True, check=True
    )
    code, seconds, megabytes = done.stdout.split()
    assert code == "0", program
    return float(seconds), float(megabytes)


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
