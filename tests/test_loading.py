"""What a command loads: nothing that its rules and files have no use for. Oracle: the modules of a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

OF_OTHERS = (
    "sqlglot", "duckdb", "sqlalchemy", "scipy", "rich", "ruamel", "openpyxl", "jinja2", "python_calamine",
    "cscli.analysis.promises.standards", "cscli.analysis.conversations", "cscli.analysis.practice", "cscli.analysis.orders",
    "cscli.analysis.past.snapshots", "cscli.analysis.acting", "cscli.analysis.matching.match", "cscli.history", "cscli.delivery",
    "cscli.workflows.work.finding", "cscli.cli.practice", "cscli.cli.monday", "cscli.render.screen", "cscli.render.dashboard",
)  # fmt: skip
"""What a score does without under rules of columns and arithmetic. A workbook is read by a process of its own."""

_PROGRAM = """
import sys
from cscli.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules))
"""
_ACCOUNTS = "Account ID,Account name,MRR,Seats,Active users,Last login\n" + "\n".join(
    f"A{number:03},Company {number},{1000 * number},{number + 5},{number},2026-10-{number + 1:02}"
    for number in range(20)
)
_RULES = """
version: 1
sources: {accounts: {file: accounts.csv}}
metrics:
  use: {value: "VALUE", points: {kind: linear, zero: 0, full: 1}}
scorecards:
  - name: all
    groups: {use: {weight: 1, metrics: {use: 1}}}
bands: [{name: healthy, from: 70}, {name: at_risk, from: 0}]
BLOCK
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that are there when `score` ends, each with what it lies in."""
    (folder / "accounts.csv").write_text(_ACCOUNTS, encoding="utf-8")
    command = [sys.executable, "-c", _PROGRAM, "score", *arguments, "-q", "--as-of", "2026-10-31"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()[-1].split()
    return {name.rsplit(".", depth)[0] for name in modules for depth in range(name.count(".") + 1)}


def score_by(folder: Path, value: str, block: str = "") -> set[str]:
    """As `loaded`, under rules with this formula and block."""
    rules = _RULES.replace("VALUE", value).replace("BLOCK", block)
    (folder / "cscli.yaml").write_text(rules, encoding="utf-8")
    return loaded(folder, "--no-history")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_score_without_rules_of_ones_own_loads_nothing_of_others(tmp_path: Path, form: str) -> None:
    assert loaded(tmp_path, "accounts.csv", "-o", f"out.{form}") & set(OF_OTHERS) == set()


def test_a_score_under_rules_loads_nothing_that_they_do_not_name(tmp_path: Path) -> None:
    assert score_by(tmp_path, "active_users / seats") & {*OF_OTHERS, "sqlite3"} == set()


@pytest.mark.parametrize(
    ("value", "block", "needed"),
    [
        ("coalesce(active_users, 0) / seats", "", {"sqlglot", "duckdb"}),
        ("active_users / seats", "timeline: {}", {"cscli.workflows.work.finding", "cscli.analysis.conversations"}),
    ],
)  # fmt: skip
def test_what_rules_name_is_loaded(tmp_path: Path, value: str, block: str, needed: set[str]) -> None:
    assert needed <= score_by(tmp_path, value, block)
