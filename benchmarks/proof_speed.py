"""Prints what `backtest`, `plan` and `renewals` take on a large book, against their targets.

`python benchmarks/proof_speed.py [ACCOUNTS] [WEEKS]` (20000, 104). Accounts with renewal dates, a log of 50 events each over two years, 20
metrics from its windows, eight quarter ends. CPU seconds and memory of whole processes, `score` before and after each command that is
held against it: `backtest` within 20 s and 1 GB, `plan` at most 1.6 x `score` (its back-test of both rules beside it), `renewals` 1.2 x.
Then as many weeks of stored runs: the lists week by week of them all within 30 s.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cscli.analysis.proving.early_warnings import lead_times, weekly_reach

END = dt.date(2026, 6, 30)
KINDS = ("login", "scan", "share", "export", "invite")
COLUMNS = [f"{kind}_{days}d" for kind in KINDS for days in (7, 28, 90)] + [
    "users_28d",
    "users_90d",
    "events_28d",
    "events_90d",
    "active_days_28d",
]


def write_workspace(folder: Path, accounts: int) -> None:
    """Exports and rules; new.yaml weighs one metric otherwise."""
    random = np.random.default_rng(3)
    start = pd.Timestamp("2022-01-10") + pd.to_timedelta(random.integers(0, 700, accounts), unit="D")
    left = pd.Timestamp("2024-07-01") + pd.to_timedelta(random.integers(0, 5000, accounts), unit="D")
    renews = pd.Timestamp(END) + pd.to_timedelta(random.integers(1, 365, accounts), unit="D")
    ids = np.array([f"A{number:05d}" for number in range(accounts)])
    frame = pd.DataFrame(
        {
            "account_id": ids, "name": ids, "owner": [f"Owner {number % 40}" for number in range(accounts)],
            "mrr": random.integers(5, 900, accounts) * 1000, "started_on": start.strftime("%Y-%m-%d"),
            "churned_on": np.where(left <= pd.Timestamp(END), left.strftime("%Y-%m-%d"), ""),
            "renews_on": renews.strftime("%Y-%m-%d"),
        }
    )  # fmt: skip
    frame.to_csv(folder / "accounts.csv", index=False)
    rows = 50 * accounts
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 910 * 24 * 60, rows), unit="min")
    log = pd.DataFrame(
        {
            "account_id": random.choice(ids, rows), "user_id": random.integers(0, 20, rows),
            "at": at.strftime("%Y-%m-%d %H:%M"), "event": random.choice(KINDS, rows),
        }
    )  # fmt: skip
    log.to_csv(folder / "log.csv", index=False)
    rules = [
        "version: 1", "currency: JPY", "timezone: Asia/Tokyo", "sources:", "  accounts: {file: accounts.csv}",
        "  log:", "    file: log.csv", "    kind: events", "    naive_times_are: Asia/Tokyo", "    windows: [7, 28, 90]",
        "    features: {" + ", ".join(f"{kind}: {{events: [{kind}]}}" for kind in KINDS) + "}", "metrics:",
        *(f"  m_{name}: {{value: {name}, points: {{kind: linear, zero: 0, full: 10}}}}" for name in COLUMNS),
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {" + ", ".join(f"m_{name}: 1" for name in COLUMNS) + "}}}}]",
    ]  # fmt: skip
    text = "\n".join(rules) + "\n"
    (folder / "cscli.yaml").write_text(text, encoding="utf-8")
    (folder / "new.yaml").write_text(text.replace("m_login_7d: 1,", "m_login_7d: 9,"), encoding="utf-8")


def measure(folder: Path, *words: str) -> tuple[float, float]:
    """CPU seconds and megabytes of one process."""
    command = [sys.executable, "-m", "cscli", *words, "--as-of", END.isoformat(), "--no-history", "-q"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words}: {said}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def paired(folder: Path, *words: str) -> tuple[float, float, float]:
    """CPU seconds and megabytes of a command, and its ratio to the mean of a `score` before and after."""
    before, _ = measure(folder, "score")
    seconds, memory = measure(folder, *words)
    after, _ = measure(folder, "score")
    return seconds, memory, seconds * 2 / (before + after)


def without_who_left(folder: Path, target: Path) -> Path:
    """The same exports without a day on which anybody left: there is nothing to judge rules by."""
    target.mkdir()
    for name in ("log.csv", "cscli.yaml", "new.yaml"):
        (target / name).symlink_to(folder / name)
    frame = pd.read_csv(folder / "accounts.csv", dtype=str, keep_default_na=False)
    frame.drop(columns="churned_on").to_csv(target / "accounts.csv", index=False)
    return target


def weekly_lists(accounts: int, weeks: int) -> float:
    """CPU seconds for lead times and eight lists week by week."""
    random = np.random.default_rng(5)
    days = pd.date_range(end=pd.Timestamp(END), periods=weeks, freq="7D").astype("datetime64[us]")
    ids = np.array([f"A{number:05d}" for number in range(accounts)], dtype=object)
    runs = pd.DataFrame(
        {
            "account_id": np.tile(ids, weeks), "as_of": np.repeat(days, accounts),
            "score": np.round(random.uniform(0, 100, accounts * weeks), 1),
        }
    )  # fmt: skip
    left = pd.Timestamp("2024-07-01") + pd.to_timedelta(random.integers(0, 5000, accounts), unit="D")
    left = pd.Series(left.astype("datetime64[us]"))
    who = pd.DataFrame(
        {
            "account_id": ids,
            "churned_on": left.where(left <= pd.Timestamp(END)),
            "arr": random.random(accounts),
        }
    )
    begun = time.process_time()
    lead_times(runs, who, 45.0)
    for size in (1, 2, 3, 5, 8, 12, 20, 50):
        weekly_reach(runs, who, size, lead_days=30, horizon_days=180)
    return time.process_time() - begun


def main() -> None:
    """Prints each figure and its target."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 104
    print(f"{accounts} accounts, {len(COLUMNS)} metrics, {50 * accounts} events, {weeks} weeks; CPU seconds")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "book"
        folder.mkdir()
        write_workspace(folder, accounts)
        measure(folder, "score")  # compiles what is imported
        seconds, memory, ratio = paired(folder, "backtest", "--from", "2024-03-31", "--source", "exports")
        tell("backtest", seconds, ratio, f"{seconds / 20:.2f} of 20 s, {memory:.0f} MB of 1,000")
        seconds, _, ratio = paired(folder, "renewals")
        tell("renewals", seconds, ratio, f"{ratio / 1.2:.2f} of 1.2 x score")
        seconds, memory, ratio = paired(folder, "plan", "new.yaml")
        tell("plan, with a back-test of both rules", seconds, ratio, f"{memory:.0f} MB; no target")
        bare = without_who_left(folder, Path(name) / "bare")
        seconds, memory, ratio = paired(bare, "plan", "new.yaml")
        tell("plan, nobody left", seconds, ratio, f"{ratio / 1.6:.2f} of 1.6 x score, {memory:.0f} MB")
    seconds = weekly_lists(accounts, weeks)
    print(f"{'weekly lists':<38}{seconds:6.1f} s                  {seconds / 30:.2f} of 30 s")


def tell(what: str, seconds: float, ratio: float, target: str) -> None:
    """One line of the table."""
    print(f"{what:<38}{seconds:6.1f} s  {ratio:5.2f} x score   {target}", flush=True)


if __name__ == "__main__":
    main()
