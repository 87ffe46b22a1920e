"""A workbook as text that can be reviewed like code: sheet, cell, value, number format."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

WHOLE_ROWS, FIRST_ROWS = 40, 15
HOW_MUCH = (
    f"Sheets of up to {WHOLE_ROWS} rows are whole; of longer ones, the first {FIRST_ROWS} rows and the last."
)


def workbook_text(path: Path, masks: Mapping[str, str]) -> str:
    """Every sheet of the workbook; `masks`: the name that stands for whatever fits a pattern.

    A formula stands with the value that is stored beside it. Numbers have 12 digits: the last few of a float
    may be another machine's.
    """
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    lines = [line for sheet in formulas.worksheets for line in _sheet_lines(sheet, values[sheet.title])]
    text = "\n".join(lines) + "\n"
    for name, pattern in masks.items():
        text = re.sub(pattern, f"<{name}>", text)
    return text


def _sheet_lines(sheet: Worksheet, values: Worksheet) -> Iterator[str]:
    state = "" if sheet.sheet_state == "visible" else f", {sheet.sheet_state}"
    yield f"\n== {sheet.title}: {sheet.max_row} rows, {sheet.max_column} columns{state}"
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if sheet.max_row <= WHOLE_ROWS or number <= FIRST_ROWS or number == sheet.max_row:
            yield from (
                _cell_line(cell, values[cell.coordinate].value) for cell in row if cell.value is not None
            )


def _cell_line(cell: Cell, value: object) -> str:
    shown = _shown(cell.value)
    if cell.data_type == "f":
        formula = getattr(cell.value, "text", cell.value)  # of an array, its text
        shown = f"{formula} -> {_shown(value)}"
    form = "" if cell.number_format == "General" else f"  [{cell.number_format}]"
    return f"{cell.coordinate}  {shown}{form}"


def _shown(value: object) -> str:
    if isinstance(value, bool | str) or value is None:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return format(value, ".12g")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
