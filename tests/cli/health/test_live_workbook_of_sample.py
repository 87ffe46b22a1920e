"""The workbook of the sample company, recalculated: as cscli wrote it, and after changes made in both places.

Oracle: cscli itself with the same changes made in the YAML; the calculator is LibreOffice.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from books.opened import table_rows
from places import CONFIGS, SAMPLE

PRESET = CONFIGS / "coverage-database-activity.yaml"
SHOWN = ("score", "band", "data_coverage", "capped_by")

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # data bars
]


def score(folder: Path, name: str, *overrides: str) -> Path:
    sets = [part for override in overrides for part in ("--set", override)]
    accounts = str(SAMPLE / "accounts.xlsx")
    command = [sys.executable, "-m", "cscli", "score", accounts, "-c", str(PRESET), "--as-of", "2026-10-31"]
    command += ["--no-history", "-q", "-o", name, *sets]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / name


def accounts(path: Path) -> dict[str, dict[str, Any]]:
    """The columns that follow the Config sheet, by account."""
    header, *rows = table_rows(load_workbook(path, data_only=True)["Accounts"])
    wanted = [*("Score", "Band", "Data coverage", "Capped by"), *_group_labels(header)]
    columns = [list(header).index(label) for label in wanted]
    return {str(row[0]): {wanted[i]: row[column] or None for i, column in enumerate(columns)} for row in rows}


def _group_labels(header: tuple[Any, ...]) -> list[str]:
    start, end = header.index("Capped by") + 1, header.index("Reasons")
    return [str(label) for label in header[start:end]]


def assert_same(path: Path, expected: Path) -> None:
    shown, wanted = accounts(path), accounts(expected)
    assert shown.keys() == wanted.keys()
    for account, row in wanted.items():
        for column, value in row.items():
            same = pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
            assert shown[account][column] == same, (account, column)


def cell(workbook: Workbook, title: str, label: str, column: int) -> Any:
    """The cell in `column` of the first row labelled `label` below a title of the Config sheet."""
    sheet = workbook["Config"]
    below = next(row.row for row in sheet["A"] if row.value == title)
    for row in range(below + 1, sheet.max_row + 1):
        if label in (sheet.cell(row, 1).value, sheet.cell(row, 2).value):
            return sheet.cell(row, column)
    raise AssertionError(f"no {label} under {title}")


@pytest.mark.slow
def test_recalculated_it_holds_what_cscli_wrote(recalculate: Callable[[Path], Path], tmp_path: Path) -> None:
    path = score(tmp_path, "scored.xlsx")
    assert_same(recalculate(path), path)


@pytest.mark.slow
def test_changes_in_the_workbook_and_in_the_yaml_agree(
    recalculate: Callable[[Path], Path], tmp_path: Path
) -> None:
    before = score(tmp_path, "before.xlsx")
    workbook = load_workbook(before)
    cell(workbook, "Weights of groups", "Standard", 3).value = 5
    cell(workbook, "Caps and floors", "Standard", 3).value = 21
    cell(workbook, "Bands", "watch", 3).value = 47
    workbook.save(tmp_path / "changed.xlsx")
    overrides = (
        "scorecards[1].groups.usage.weight=5",
        "scorecards[1].caps[0].at_most=21",
        "bands[1].from=47",
    )
    after = score(tmp_path, "after.xlsx", *overrides)
    assert accounts(after) != accounts(before)
    assert_same(recalculate(tmp_path / "changed.xlsx"), after)
