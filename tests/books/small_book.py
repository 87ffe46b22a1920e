"""A workspace with a book of 12 accounts in which nothing is wrong, and the program run in it as people do."""

import datetime as dt
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from cscli.workflows import Request
from cscli.workflows.run.running import RunOptions, RunOutcome, run
from cscli.workspace.rules import find_rules
from places import SOURCE

MONDAY, NEXT_MONDAY = "2026-01-05", "2026-01-12"
RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""


def make_book(folder: Path, more_rules: str = "") -> Path:
    """The workspace in `folder`: with these rules, account A00 has score 40 and A11 score 95."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cscli.yaml").write_text(RULES + more_rules, encoding="utf-8")
    write_accounts(folder)
    return folder


def write_accounts(folder: Path, lowest: int = 40, name: str = "Company") -> None:
    """The export; `lowest`: the NPS of A00; others have 45, 50 and so on."""
    lines = ["account_id,name,owner,mrr,nps"]
    lines += [
        f"A{number:02},{name} {number},Ito,{100 + number},{40 + 5 * number if number else lowest}"
        for number in range(12)
    ]
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cscli(folder: Path, *arguments: str, code: int | None = 0) -> "subprocess.CompletedProcess[str]":
    """The program, run in `folder`; `code`: what it must end with."""
    done = subprocess.run(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert code is None or done.returncode == code, done.stderr
    return done


def run_here(folder: Path, day: str, *overrides: str, fail_on: frozenset[str] = frozenset()) -> RunOutcome:
    """The run of `cscli run`, in this process."""
    now = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)
    as_of = dt.date.fromisoformat(day)
    request = Request(
        rules=find_rules(None, folder), now=now, as_of=as_of, overrides=overrides, allow_future=True
    )
    return run(request, RunOptions(fail_on=fail_on))


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """The same, not waited for."""
    return subprocess.Popen(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in `folder`, by its path there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def bare_environment() -> dict[str, str]:
    """What a program of this tree needs under `env -i`: where its package lies."""
    return {"PYTHONPATH": os.environ.get("PYTHONPATH", str(SOURCE.parent))}
