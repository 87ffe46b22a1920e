"""Prints every ratio that is promised of speed and memory in one call, with the machine and the versions, compiled first.

    python benchmarks/ratios.py [--quick]

Calls the other benchmarks, at sizes that take a quarter of an hour together on an idle machine of two cores; each of them takes larger ones.
`--quick`: whole processes alone, without books of 100,000 accounts.
"""

import argparse
import compileall
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
LIBRARIES = (
    "cscli",
    "pandas",
    "numpy",
    "duckdb",
    "sqlglot",
    "pydantic",
    "xlsxwriter",
    "python-calamine",
    "openpyxl",
    "typer",
)
WHOLE = ("whole_run.py",)
OTHERS: tuple[tuple[str, ...], ...] = (
    ("whole_run.py", "--large"),
    ("reading.py", "50000"),
    ("scoring.py", "500000"),
    ("actions.py", "--accounts", "10000", "--runs", "1"),
    ("first_run_speed.py", "20000"),
    ("events.py", "--rows", "2000000", "--runs", "1"),
    ("retention.py", "50000"),
    ("history.py", "--accounts", "11000", "--weeks", "13"),
    ("proof_speed.py", "2000", "13"),
    ("outreach_speed.py", "5000"),
    ("work_speed.py", "5000"),
)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--quick", action="store_true")
    quick = options.parse_args().quick
    compileall.compile_dir(str(HERE.parent / "src"), quiet=1)
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(", ".join(f"{name} {version(name)}" for name in LIBRARIES), flush=True)
    began = time.perf_counter()
    for name, *arguments in (WHOLE,) if quick else OTHERS:
        print(f"\n== {name} {' '.join(arguments)}", flush=True)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        done = subprocess.run([sys.executable, str(HERE / name), *arguments], env=environment, check=False)
        if done.returncode:
            print(f"ended with {done.returncode}", flush=True)
    print(f"\n{(time.perf_counter() - began) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
