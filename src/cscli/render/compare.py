"""Two files of one report against each other: in which sheets they differ."""

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


def different_sheets(one: Path, other: Path) -> list[str]:
    """The names of the sheets of which a cell differs, or that only one has; of JSON, other keys too. None are named
    where the form has no sheets, or only how cells look is different.
    """
    contents = {".xlsx": _workbook, ".json": _structured}.get(one.suffix.lower())
    if contents is None:
        return []
    first, second = contents(one), contents(other)
    return [name for name in {**first, **second} if first.get(name) != second.get(name)]


def _workbook(path: Path) -> dict[str, Any]:
    workbook = load_workbook(path, read_only=True)
    try:
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}
    finally:
        workbook.close()


def _structured(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return {**found.pop("sheets"), **found}
