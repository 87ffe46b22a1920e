"""`cscli segment` as people run it: a real process on the sample company, every output read back."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from books.opened import below_sentence
from places import CONFIGS, SAMPLE

AS_OF = "2026-10-31"
PRESETS = sorted(path.stem for path in CONFIGS.glob("*.yaml"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with the accounts of the sample company."""
    shutil.copy(SAMPLE / "accounts.xlsx", tmp_path)
    shutil.copy(SAMPLE / "accounts_ja.csv", tmp_path)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "segment", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    return result


def sheets(folder: Path, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    run(folder, "accounts.xlsx", "--as-of", AS_OF, "-o", "out.json", *arguments)
    document = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert document["report"] == "segment"
    found: dict[str, list[dict[str, Any]]] = document["sheets"]
    return found


def test_needs_no_config(book: Path) -> None:
    result = run(book, "accounts.xlsx", "--as-of", AS_OF, "-v")
    assert (book / "out" / "segments.xlsx").exists()
    assert "166 accounts need" in result.stdout
    assert "hours planned and hours spent are not compared" in result.stderr


@pytest.mark.slow
def test_every_form_carries_the_same_accounts(book: Path) -> None:
    accounts = sheets(book)["accounts"]
    assert list(accounts[0]) == [
        "account_id", "name", "owner", "touch", "phase", "team", "mrr", "hours_per_month", "hours_spent", "mismatch",
    ]  # fmt: skip
    for suffix in ("csv", "md", "xlsx"):
        run(book, "accounts.xlsx", "--as-of", AS_OF, "-o", f"out.{suffix}")
    with (book / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["account_id"] for row in table] == [row["account_id"] for row in accounts]
    assert [row["touch"] for row in table] == [row["touch"] for row in accounts]
    text = (book / "out.md").read_text(encoding="utf-8")
    assert all(f"| {row['account_id']} |" in text for row in accounts[:20])
    shown = CalamineWorkbook.from_path(book / "out.xlsx").get_sheet_by_name("Accounts").to_python()
    assert [row[0] for row in below_sentence(shown)[1:]] == [row["account_id"] for row in accounts]


@pytest.mark.slow
def test_the_same_run_gives_the_same_bytes(book: Path) -> None:
    tight = ("--set", "effort.owner_hours_per_month=22")
    for name in ("one.json", "two.json"):
        run(book, "accounts.xlsx", "--as-of", AS_OF, "-o", name, *tight)
    assert (book / "one.json").read_bytes() == (book / "two.json").read_bytes()


@pytest.mark.parametrize("preset", PRESETS)
def test_sums_over_segments_equal_the_whole(book: Path, preset: str) -> None:
    found = sheets(book, "-c", preset)
    accounts = found["accounts"]
    whole = (len(accounts), sum(row["mrr"] or 0 for row in accounts))
    for name in ("summary", "capacity", "teams", "owners"):
        rows = found[name]
        assert (sum(row["accounts"] for row in rows), sum(row["mrr"] or 0 for row in rows)) == whole, name
    crossed = [key for key in found["summary"][0] if key.startswith("accounts_")]
    assert sum(row[key] for row in found["summary"] for key in crossed) == whole[0]
    assert all(row["team"] and row["hours_per_month"] is not None for row in accounts)
    hours = sum(row["hours_per_month"] for row in accounts)
    assert sum(row["heads"] for row in found["teams"]) == pytest.approx(hours / 110)


def test_the_proposal_brings_every_owner_under_the_limit(book: Path) -> None:
    found = sheets(book, "-c", "starter", "--set", "effort.owner_hours_per_month=22")
    load = {row["owner"]: row["hours_needed"] for row in found["owners"]}
    assert max(load.values()) > 22
    by_id = {row["account_id"]: row for row in found["accounts"]}
    for move in found["proposal"]:
        account = by_id[move["account_id"]]
        assert account["owner"] == move["from_owner"]
        assert account["touch"] != "high"
        assert move["unavoidable"] is None
        load[move["from_owner"]] -= move["hours"]
        load[move["to_owner"]] += move["hours"]
    assert max(load.values()) <= 22 + 1e-6


def test_in_japanese(book: Path) -> None:
    result = run(book, "accounts_ja.csv", "--as-of", AS_OF, "--lang", "ja", "-o", "ja.xlsx")
    assert "166社に必要な人員は" in result.stdout
    workbook = CalamineWorkbook.from_path(book / "ja.xlsx")
    assert {"顧客一覧", "集計", "必要人員", "チーム", "担当別"} <= set(workbook.sheet_names)
    header = workbook.get_sheet_by_name("担当別").to_python()[0]
    assert header == ["担当CSM", "顧客数", "月額（MRR）", "必要時間", "対応可能時間", "負荷率"]


def test_a_run_is_stored_and_the_next_one_says_what_moved(book: Path) -> None:
    shutil.copy(CONFIGS / "starter.yaml", book / "cscli.yaml")
    assert "stored" in run(book, "accounts.xlsx", "--as-of", "2026-09-30", "-v").stderr
    moves = sheets(book)["moves"]
    assert {row["since"] for row in moves} == {"2026-09-30"}
    assert {row["segmentation"] for row in moves} <= {"touch", "phase", "team"}
    assert all(row["from"] != row["to"] for row in moves)
