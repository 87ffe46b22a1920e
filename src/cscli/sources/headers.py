"""The first rows of a sheet or file into the row that holds its headers."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date

from cscli.analysis.tables import Cell

_SCANNED = 20
_NEARLY = 0.8
_NUMERIC = re.compile(r"[\s(+\-¥$€£]*\d[\d.,\s]*[%)]?\s*")
_DATED = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([ T].*)?")


def find_header_row(rows: Sequence[Sequence[Cell]], known_headers: Callable[[str], bool]) -> int | None:
    """The index of the header row among the first rows that are not blank, or None if all are blank.

    A title row is narrower than the table, a data row has numbers or dates: the header is the first row
    that is nearly as wide as those below it and all text. A row with more known headers wins.
    """
    filled = [(index, cells) for index, row in enumerate(rows) if (cells := filled_cells(row))]
    filled = filled[: 2 * _SCANNED]
    if not filled:
        return None
    found = _find_by_shape([cells for _, cells in filled])
    hits = [_count_known(cells, known_headers) for _, cells in filled[:_SCANNED]]
    best = max(range(len(hits)), key=lambda at: (hits[at], -at))
    if hits[best] > hits[found] and (hits[best] > 1 or _is_all_text(filled[best][1])):
        found = best
    return filled[found][0]


def filled_cells(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if not is_blank(cell)]


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell is a number or a date, or text that reads as one."""
    if isinstance(cell, bool | float | int | date):
        return True
    folded = unicodedata.normalize("NFKC", cell or "").strip()
    return bool(_NUMERIC.fullmatch(folded) or _DATED.fullmatch(folded))


def _find_by_shape(filled: list[list[Cell]]) -> int:
    candidates = range(min(len(filled), _SCANNED))
    first_wide = next(at for at in candidates if _is_wide(filled, at) or at == len(candidates) - 1)
    if _is_all_text(filled[first_wide]):
        return first_wide
    later = (
        at
        for at in candidates[first_wide + 1 :]
        if _is_wide(filled, at) and _is_all_text(filled[at]) and _is_above_data(filled, at)
    )
    return next(later, first_wide)


def _is_wide(filled: list[list[Cell]], at: int) -> bool:
    width = len(filled[at])
    below = filled[at + 1 : at + 1 + _SCANNED]
    widest = max(map(len, below), default=0)
    if width >= math.ceil(widest * _NEARLY):
        return True
    # One header left blank in a small table; a short title above the headers has text below it.
    return width > 1 and width == widest - 1 and _is_all_text(filled[at]) and not _is_all_text(below[0])


def _is_above_data(filled: list[list[Cell]], at: int) -> bool:
    return any(not _is_all_text(cells) for cells in filled[at + 1 :])


def _is_all_text(cells: list[Cell]) -> bool:
    return all(isinstance(cell, str) and not looks_numeric(cell) for cell in cells)


def _count_known(cells: list[Cell], known_headers: Callable[[str], bool]) -> int:
    return sum(known_headers(cell.strip()) for cell in cells if isinstance(cell, str))
