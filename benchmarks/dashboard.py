"""Prints the dashboard's budgets: bytes, and what a reader waits for in Chromium, at 240, 5,000 and 20,000 accounts.

`python benchmarks/dashboard.py [ACCOUNTS ...]` (240 5000 20000). Accounts of 8 metrics with 14 weekly runs and an event log of
26 weeks. Times are of an idle machine of two cores; script and layout are measured in the page. Last, the CPU of
`cscli dashboard` by that of `cscli score --plain` over the same exports and history, as the median of paired runs.
"""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

LAST = dt.date(2026, 10, 31)
RUNS, WEEKS, PAIRS = 14, 26, 3
METRICS = ("use", "logins", "minutes", "nps", "csat", "tickets", "invoices", "depth")
FIRST_PAINT_SECONDS = {240: 0.5, 5_000: 0.8, 20_000: 1.5}
STEPS = {
    "filter": "#/accounts?band=At+risk",
    "sort": "#/accounts?band=At+risk&sort=renews",
    "page": "#/accounts?page=2",
    "open": "#/a/A00007",
}
GO = """(address) => new Promise((done) => {
  addEventListener("hashchange", () => { document.body.offsetHeight; done(performance.now() - begun); }, { once: true });
  const begun = performance.now(); location.hash = address; })"""
TYPE = """(words) => { const field = document.querySelector("input[type=search]"); let worst = 0;
  for (let end = 1; end <= words.length; end++) { const begun = performance.now(); field.value = words.slice(0, end);
    field.dispatchEvent(new Event("input", { bubbles: true })); document.body.offsetHeight;
    worst = Math.max(worst, performance.now() - begun); } return worst; }"""
SCROLL = """() => new Promise((done) => { let worst = 0, last = 0, count = 0;
  const step = (now) => { if (last) worst = Math.max(worst, now - last); last = now; scrollBy(0, 120);
    if (++count < 60) requestAnimationFrame(step); else done(worst); }; requestAnimationFrame(step); })"""


def write_workspace(folder: Path, accounts: int) -> None:
    """Exports of the last week, and rules that read them."""
    random = np.random.default_rng(11)
    ids = np.array([f"A{number:05d}" for number in range(accounts)])
    frame = pd.DataFrame({"account_id": ids, "name": [f"Company {number}" for number in range(accounts)]})
    frame["owner"] = [f"Owner {number % 40}" for number in range(accounts)]
    frame["mrr"] = random.integers(5, 900, accounts) * 1000
    renews = pd.Timestamp(LAST) + pd.to_timedelta(random.integers(1, 365, accounts), unit="D")
    frame["renews_on"] = renews.strftime("%Y-%m-%d")
    for name in METRICS:
        frame[name] = random.integers(0, 100, accounts)
    frame.to_csv(folder / "accounts.csv", index=False)
    rows = 2 * WEEKS * accounts
    at = pd.Timestamp(LAST) - pd.to_timedelta(random.integers(0, WEEKS * 7 * 24, rows), unit="h")
    log = {"account_id": random.choice(ids, rows), "user_id": random.integers(0, 9, rows), "at": at.strftime("%Y-%m-%d %H:%M"), "event": "use"}  # fmt: skip
    pd.DataFrame(log).to_csv(folder / "log.csv", index=False)
    text = [
        "version: 1", "currency: JPY", "timezone: Asia/Tokyo", "sources:", "  accounts: {file: accounts.csv}",
        "  log: {file: log.csv, kind: events, naive_times_are: Asia/Tokyo, windows: [28]}", "metrics:",
        *(f"  m_{name}: {{value: {name}, points: {{kind: linear, zero: 0, full: 100}}}}" for name in METRICS),
        "scorecards: [{name: all, groups: {g: {weight: 1, metrics: {" + ", ".join(f"m_{name}: 1" for name in METRICS) + "}}}}]",
        "bands: [{name: healthy, from: 60}, {name: watch, from: 45}, {name: at_risk, from: 0}]",
    ]  # fmt: skip
    (folder / "cscli.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")


def cscli(folder: Path, *words: str, day: dt.date = LAST) -> float:
    """CPU seconds of one process."""
    command = [sys.executable, "-m", "cscli", *words, f"--as-of={day}", "-q"]
    process = subprocess.Popen(command, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words}: exit {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def store_weeks(folder: Path) -> None:
    """The runs before the last one: each a week earlier, of figures that move."""
    path, random = folder / "accounts.csv", np.random.default_rng(12)
    last = pd.read_csv(path)
    for week in range(RUNS - 1, 0, -1):
        moved = last[list(METRICS)] + random.integers(-3, 4, (len(last), len(METRICS)))
        last.assign(**moved.clip(0, 100)).to_csv(path, index=False)
        cscli(folder, "score", "--plain", day=LAST - dt.timedelta(weeks=week))
    last.to_csv(path, index=False)


def look(page: Page, file: Path) -> dict[str, float]:
    """What a reader waits for, in milliseconds, and the heap in megabytes."""
    page.goto(file.as_uri())
    page.wait_for_selector("h1")
    painted: list[dict[str, Any]] = page.evaluate("performance.getEntriesByType('paint').map((e) => ({ name: e.name, at: e.startTime }))")  # fmt: skip
    found = {"first paint": max(entry["at"] for entry in painted)}
    page.evaluate(GO, "#/accounts")
    for step, address in STEPS.items():
        waited = []
        for _ in range(3):
            waited.append(page.evaluate(GO, address))
            page.evaluate(GO, "#/accounts")
        found[step] = median(waited)
    found["key in search"] = page.evaluate(TYPE, "company 12")
    page.evaluate(GO, "#/")
    found["frame while scrolling"] = page.evaluate(SCROLL)
    found["heap"] = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    return found


def say(what: str, found: float, limit: float, unit: str) -> None:
    """One line: the figure, its limit, whether it holds."""
    print(
        f"  {what:28} {found:10,.2f} {unit:6} limit {limit:,.2f}  {'holds' if found <= limit else 'MISSED'}"
    )


def bytes_of(file: Path, accounts: int) -> None:
    """Prints the size of the page, without and with its data."""
    html = file.read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    held = len(data[1].encode()) if data else 0
    say("page without data", (file.stat().st_size - held) / 1e3, 80, "kB")
    say("bytes an account", held / accounts, 170 + 13 * len(METRICS) + 6.3 * RUNS + 2.3 * WEEKS, "bytes")
    say("file", file.stat().st_size / 1e6, 16, "MB")


def main() -> None:
    """Prints each figure by size, with its limit."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    for accounts in map(int, sys.argv[1:] or ("240", "5000", "20000")):
        with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
            folder = Path(name)
            write_workspace(folder, accounts)
            store_weeks(folder)
            cscli(folder, "dashboard", "-o", "out/d.html")
            print(f"{accounts:,} accounts, {len(METRICS)} metrics, {RUNS} runs, {WEEKS} weeks")
            bytes_of(folder / "out/d.html", accounts)
            browser = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--enable-precise-memory-info"]
            )
            page = browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900}).new_page()
            seen = look(page, folder / "out/d.html")
            browser.close()
            say("first paint", seen["first paint"] / 1000, FIRST_PAINT_SECONDS.get(accounts, 1.5), "s")
            for step in STEPS:
                say(step, seen[step], 250, "ms")
            say("key in search", seen["key in search"], 100, "ms")
            say("frame while scrolling", seen["frame while scrolling"], 50, "ms")
            say("heap", seen["heap"], 80, "MB")
            ratios = [
                cscli(folder, "dashboard", "-o", "out/d.html") / cscli(folder, "score", "--plain")
                for _ in range(PAIRS)
            ]
            say("CPU by score --plain", median(ratios), 1.3, "x")


if __name__ == "__main__":
    main()
