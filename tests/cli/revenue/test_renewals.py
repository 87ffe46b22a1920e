"""`cscli renewals` and `cscli ledger` as people run them: a real process, calls typed into the workbook that it made.

Oracle: the book is made by hand; each figure is worked out beside its test.
"""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books.small_book import cscli

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
fiscal_year_start: 4
sources:
  accounts: {file: accounts.csv}
inputs: {file: inputs/csm.xlsx}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
HEAD = "account_id,name,owner,mrr,nps,renews_on,churned_on,started_on"
BEFORE = ["A,Alpha,Aoki,100,20,2026-03-01,,2024-03-01", "B,Beta,Aoki,200,80,2026-03-15,,2024-03-15"]
BEFORE += ["C,Gamma,Baker,300,90,,,2025-01-01"]


def write(folder: Path, rows: list[str]) -> None:
    (folder / "accounts.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def call(folder: Path, **calls: str) -> None:
    """What the owners type into the workbook that `cscli inputs` made."""
    path = folder / "inputs" / "csm.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        typed = calls.get(str(row[0].value))
        if typed:
            row[heads.index("Renewal call")].value = typed
            row[heads.index("Renewal call date")].value = "2026-01-20"
    book.save(path)


def read(folder: Path, command: str, day: str, *more: str) -> dict[str, Any]:
    cscli(folder, command, "--as-of", day, "-o", f"{command}.json", "-q", *more)
    found: dict[str, Any] = json.loads((folder / f"{command}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Aoki calls Alpha lost, and Beta to be lost with 5%."""
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path, BEFORE)
    cscli(tmp_path, "inputs", "--as-of", "2026-02-02")
    call(tmp_path, A="churn", B="5%")
    return tmp_path


def test_the_calendar_and_what_is_kept(workspace: Path) -> None:
    """At risk .55 (assumed), healthy .05: of 1,200 and 2,400 ARR 660 + 120 are expected to be lost, .217 of 3,600."""
    report = read(workspace, "renewals", "2026-02-02")
    rows = report["sheets"]["calendar"]
    assert [(row["account_id"], row["p"], row["csm_call"], row["disagree"]) for row in rows] == [
        ("A", 0.55, "churn", "yes"), ("B", 0.05, "5%", "no"),
    ]  # fmt: skip
    kept = {row["period"]: row for row in report["sheets"]["forecast"]}
    assert list(kept) == ["2026-03", "FY2025 Q4", "all"]
    assert kept["all"]["expected_lost"] == pytest.approx(780)
    assert kept["all"]["expected_grr"] == pytest.approx(1 - 780 / 3600)
    assert kept["all"]["low"] <= kept["all"]["expected_grr"] <= kept["all"]["high"]
    assert [row["share"] for row in report["sheets"]["concentration"]] == pytest.approx([2 / 3, 1 / 3])
    assert any("no renewal date" in each["message"] for each in report["problems"])


def test_in_japanese(workspace: Path) -> None:
    done = cscli(workspace, "renewals", "--as-of", "2026-02-02", "--lang", "ja")
    assert "今後12か月に2件" in done.stdout
    assert "更新日" in done.stdout


def test_without_a_history_there_is_no_ledger(workspace: Path) -> None:
    done = cscli(workspace, "ledger", "--no-history", code=5)
    assert "no ledger" in done.stderr
