"""`cscli inputs` as people run it: a real process on the sample company's accounts."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from places import SAMPLE


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "inputs", *arguments, "--as-of", "2026-10-31"]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The first fifty accounts of the sample."""
    with (SAMPLE / "accounts_ja.csv").open(encoding="cp932", newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / "accounts.csv").open("w", encoding="cp932", newline="") as file:
        csv.writer(file).writerows(rows[:51])
    return tmp_path


@pytest.mark.slow
def test_make_extend_and_leave_alone(workspace: Path) -> None:
    path = workspace / "inputs" / "csm.xlsx"
    first = run(workspace, "accounts.csv", "--lang", "en")
    count = openpyxl.load_workbook(path).worksheets[0].max_row - 1
    assert first.stdout == f"inputs/csm.xlsx created with {count} accounts.\n"
    assert (
        run(workspace, "accounts.csv", "--lang", "en").stdout
        == "inputs/csm.xlsx has a row for every account; nothing was changed.\n"
    )
    shutil.copy(SAMPLE / "accounts_ja.csv", workspace / "accounts.csv")
    third = run(workspace, "accounts.csv", "--lang", "ja")
    total = openpyxl.load_workbook(path).worksheets[0].max_row - 1
    assert f"{total - count}社を追加しました（全{total}行）" in third.stdout
    assert total == 166  # the live accounts that the sample data's own description gives


def test_quiet_is_quiet(workspace: Path) -> None:
    result = run(workspace, "accounts.csv", "-q")
    assert result.stdout == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told_with_exit_code_5(workspace: Path) -> None:
    (workspace / "inputs").mkdir(mode=0o555)
    assert "csm.xlsx" in run(workspace, "accounts.csv", code=5).stderr


@pytest.mark.slow
def test_a_workbook_held_open_is_told_with_exit_code_5(workspace: Path) -> None:
    run(workspace, "accounts.csv")
    (workspace / "inputs" / "~$csm.xlsx").touch()
    shutil.copy(SAMPLE / "accounts_ja.csv", workspace / "accounts.csv")
    assert "~$csm.xlsx" in run(workspace, "accounts.csv", code=5).stderr
