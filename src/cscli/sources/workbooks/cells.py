"""Cells as a reader of workbooks gives them into the cells of a table: text without control characters,
whole numbers as floats, times as text.
"""

import re
from datetime import date, time, timedelta
from typing import Any

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def clean_column(column: list[Any]) -> int:
    """Cleans the cells of `column` in place; the number of control characters that went.

    A column of floats and of plain text, the usual ones, is looked at as a whole.
    """
    others = [cell for cell in column if cell.__class__ is not float]
    if not others:
        return 0
    try:
        whole = "".join(others)
    except TypeError:
        return _clean_cells(column)
    if whole.isprintable() and (" " not in whole or not any(map(str.isspace, others))):
        return 0
    return _clean_cells(column)


def _clean_cells(column: list[Any]) -> int:
    removed = 0
    for at, cell in enumerate(column):
        kind = cell.__class__
        if kind is float or kind is date or kind is bool or cell is None:
            continue
        if kind is str:
            cleaned, count = CONTROLS.subn("", cell)
            removed += count
            column[at] = cleaned if cleaned.strip() else None
        elif isinstance(cell, int):  # in xls and ods alone
            column[at] = float(cell)
        elif isinstance(cell, time | timedelta):
            column[at] = show_time(cell)
    return removed


def show_time(cell: time | timedelta) -> str:
    """A time of day, or a duration, as Excel shows it: 09:30:00, 36:00:00."""
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds")
    seconds = round(cell.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
