"""Rolls up generated event logs as whole processes: CPU against SQL written by hand, memory, and the second run.

    python benchmarks/events.py [--rows 10000000] [--runs 2] [--memory 2GB]    a CSV; with 52 weekly files
    python benchmarks/events.py --rows 100000000 --parquet --memory 2GB        the peak of memory alone

By hand is two-stage DuckDB SQL that gives the same frames, without a look at the file, its lines or its spaces.
CPU is user + system of each process.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import duckdb

MAKE = """
SELECT 'A' || lpad(CAST(account AS VARCHAR), 6, '0') AS org,
  'u' || CAST(account AS VARCHAR) || '-' || CAST(CAST(floor(u * u * (20 + account % 80)) AS INTEGER) AS VARCHAR) AS uid,
  TIMESTAMP '2025-11-02' + to_seconds(CAST({week} AS BIGINT) + CAST(random() * 14400 AS BIGINT)) AS ts,
  'event_' || CAST(CAST(floor(power(random(), 2) * 30) AS INTEGER) AS VARCHAR) AS name
FROM (SELECT CAST(floor(power(random(), 3) * {accounts}) AS INTEGER) AS account, random() AS u, random() AS t
      FROM range({sessions})), range(8)
"""
"""Sessions of eight events of one user; a few accounts have most of them."""

OURS = """
import sys, datetime as dt
from pathlib import Path
from cscli.sources.engine.model import EventEngine
from cscli.sources.events import EventLog, roll_up_events
from cscli.analysis.proposing.log_columns import LogColumns
files, memory, keep = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None
paths = tuple(sorted(Path(files).parent.glob(Path(files).name)))
found = roll_up_events(EventLog(source="events", files=paths, columns=LogColumns("org", "ts", "uid", "name"),
    zone="America/New_York", as_of=dt.date(2026, 10, 31), windows=(7, 28, 90), naive_times_are="UTC", features={"scan": ("event_1", "event_2")},
    engine=EventEngine(memory_bytes=memory), keep=keep))
print(len(found.accounts), len(found.weeks), found.rows, found.accounts.sum(numeric_only=True).sum())
"""

BY_HAND = """
import sys, duckdb
import pandas as pd
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET memory_limit = '2GB'")
con.execute('''CREATE TEMP TABLE log AS SELECT org, uid, name,
    CAST(timezone('America/New_York', CAST(ts AS TIMESTAMPTZ)) AS DATE) AS day
  FROM read_csv('%s', auto_detect=false, header=true,
    columns={'org': 'VARCHAR', 'uid': 'VARCHAR', 'ts': 'VARCHAR', 'name': 'VARCHAR'})
  WHERE org IS NOT NULL AND ts IS NOT NULL''' % sys.argv[1])
con.execute("CREATE TEMP TABLE a AS SELECT org, day, name, count(*) AS n FROM log WHERE day <= DATE '2026-10-31' GROUP BY ALL")
con.execute("CREATE TEMP TABLE b AS SELECT DISTINCT org, uid, day FROM log WHERE day <= DATE '2026-10-31' AND uid IS NOT NULL")
con.execute("DROP TABLE log")
windows = [(f"{w}d{s}", f"DATE '2026-10-31' - {w * (1 + i) - 1}", f"DATE '2026-10-31' - {w * i}")
           for w in (7, 28, 90) for i, s in enumerate(("", "_prev"))]
def each(form):
    return ", ".join(form.format(w=w, a=a, b=b) for w, a, b in windows)
accounts = con.execute(f'''
WITH e AS (SELECT org, name, {each("sum(n) FILTER (WHERE day BETWEEN {a} AND {b}) AS n_{w}")} FROM a GROUP BY ALL),
c AS (SELECT org, {each("sum(n_{w}) AS events_{w}, count(*) FILTER (WHERE n_{w} > 0 AND name IS NOT NULL) AS breadth_{w}, "
                        "sum(n_{w}) FILTER (WHERE name IN ('event_1', 'event_2')) AS scan_{w}")} FROM e GROUP BY ALL),
d AS (SELECT org, min(day) AS first_seen_on, max(day) AS last_seen_on,
      {each("count(*) FILTER (WHERE day BETWEEN {a} AND {b}) AS active_days_{w}")}
      FROM (SELECT DISTINCT org, day FROM a) GROUP BY ALL),
u AS (SELECT org, uid, {each("max(day) FILTER (WHERE day <= {b}) AS last_{w}")} FROM b GROUP BY ALL),
v AS (SELECT org, {each("count(*) FILTER (WHERE last_{w} >= {a}) AS users_{w}")} FROM u GROUP BY ALL)
SELECT * FROM d LEFT JOIN c USING (org) LEFT JOIN v USING (org) ORDER BY org''').df()
weeks = con.execute('''
WITH c AS (SELECT org, week, sum(n) AS events, count(name) AS breadth
           FROM (SELECT org, date_trunc('week', day) AS week, name, sum(n) AS n FROM a GROUP BY ALL) GROUP BY ALL),
d AS (SELECT org, date_trunc('week', day) AS week, count(*) AS active_days FROM (SELECT DISTINCT org, day FROM a) GROUP BY ALL),
u AS (SELECT org, week, count(*) AS users FROM (SELECT DISTINCT org, uid, date_trunc('week', day) AS week FROM b) GROUP BY ALL)
SELECT * FROM c LEFT JOIN d USING (org, week) LEFT JOIN u USING (org, week) ORDER BY org, week''').df()
print(len(accounts), len(weeks), accounts.sum(numeric_only=True).sum())
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--runs", type=int, default=2)
    options.add_argument("--memory", default="2GB")
    options.add_argument("--parquet", action="store_true", help="only the peak of memory, on a parquet file")
    options.add_argument("--accounts", type=int, default=5_000)
    given = options.parse_args()
    memory = int(float(given.memory.removesuffix("GB")) * 10**9)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if given.parquet:
            measure_peak(home, given.rows, given.accounts, memory)
            return
        measure_csv(home, given.rows, given.accounts, memory, given.runs)
        measure_second_run(home, given.rows, given.accounts, memory)


def measure_csv(home: Path, rows: int, accounts: int, memory: int, runs: int) -> None:
    """CPU on one CSV file against SQL by hand, and the peak of memory."""
    log = home / "log.csv"
    make(log, rows, accounts)
    ours, theirs, peaks = [], [], []
    for _ in range(runs):
        theirs.append(measure([BY_HAND, str(log)])[0])
        seconds, peak = measure([OURS, str(log), str(memory)])
        ours.append(seconds)
        peaks.append(peak)
    ratio = median(ours) / median(theirs)
    print(f"{rows:>11,} rows  by hand {median(theirs):6.2f} s CPU")
    print(f"{rows:>11,} rows  cscli   {median(ours):6.2f} s CPU  {ratio:.2f} of by hand (at most 1.3)")
    print(
        f"{rows:>11,} rows  peak {max(peaks):.2f} GB, {max(peaks) * 1e9 / memory:.2f} of the memory allowed (at most 1.15)"
    )
    log.unlink()


def measure_second_run(home: Path, rows: int, accounts: int, memory: int) -> None:
    """CPU of a run in which one of 52 weekly files is new, against the run that reads all of them."""
    folder, kept, later = home / "weekly", home / "kept", home / "later"
    folder.mkdir()
    for week in range(52):
        make(folder / f"{week:02}.csv", rows // 52, accounts, week)
    pattern = str(folder / "*.csv")
    first, _ = measure([OURS, pattern, str(memory), str(kept)])
    shutil.rmtree(kept)
    newest = folder / "51.csv"
    newest.rename(later)
    measure([OURS, pattern, str(memory), str(kept)])
    later.rename(newest)
    second, _ = measure([OURS, pattern, str(memory), str(kept)])
    print(
        f"{rows:>11,} rows  52 weekly files {first:6.2f} s CPU, with one of them new {second:.2f} s:"
        f" {second / first:.2f} (at most 0.2)"
    )


def measure_peak(home: Path, rows: int, accounts: int, memory: int) -> None:
    """Peak memory and CPU on one parquet file."""
    log = home / "log.parquet"
    make(log, rows, accounts)
    seconds, peak = measure([OURS, str(log), str(memory)])
    share = peak * 1e9 / memory
    print(
        f"{rows:>11,} rows  parquet {seconds:7.1f} s CPU, peak {peak:.2f} GB, {share:.2f} of the memory allowed (at most 1.15)"
    )


def make(path: Path, rows: int, accounts: int, week: int | None = None) -> None:
    """A seeded log: of a year, or of one of its weeks."""
    begin = "t * 31449600" if week is None else f"{week * 604_800} + t * 590400"
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false; SET memory_limit = '3GB'")
        connection.execute(f"SELECT setseed({0.42 if week is None else week / 100})")
        made = MAKE.format(week=begin, accounts=accounts, sessions=rows // 8)
        if path.suffix == ".csv":
            made = f"SELECT * REPLACE (strftime(ts, '%Y-%m-%dT%H:%M:%SZ') AS ts) FROM ({made})"  # noqa: S608 - its own
        connection.execute(f"COPY ({made}) TO '{path}'" + (" (HEADER)" if path.suffix == ".csv" else ""))


def measure(arguments: list[str]) -> tuple[float, float]:
    """CPU seconds of a program given as text, and its peak memory in GB."""
    process = subprocess.Popen([sys.executable, "-c", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
