"""The first rows of a sheet or file into the row that holds its headers."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from cscli.analysis.tables.raw import Cell

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
    stacked = _find_stacked(rows, [index for index, _ in filled[:_SCANNED]])
    found = _find_by_shape([cells for _, cells in filled]) if stacked is None else stacked
    hits = [_count_known(cells, known_headers) for _, cells in filled[:_SCANNED]]
    if stacked is not None:
        hits[stacked] += hits[stacked - 1]  # the two are the header together
    best = max(range(len(hits)), key=lambda at: (hits[at], -at))
    if hits[best] > hits[found] and (hits[best] > 1 or _is_all_text(filled[best][1])):
        found = best
    return filled[found][0]


def find_group_row(rows: Sequence[Sequence[Cell]], header_at: int) -> int | None:
    """The index of the row of group headers above the header row, or None: a row of at least two texts, or of
    one above a part of the columns, directly above.
    """
    if header_at == 0:
        return None
    groups, header = rows[header_at - 1], rows[header_at]
    if len(groups) != len(header) or not _is_all_text(filled_cells(groups)):
        return None
    at = [index for index, cell in enumerate(groups) if not is_blank(cell)]
    is_title = len(at) == 1 and at[0] == next(
        (index for index, cell in enumerate(header) if not is_blank(cell)), 0
    )
    return header_at - 1 if at and not is_title else None


def join_groups(groups: list[Cell], header: list[Cell]) -> list[Cell]:
    """The names of columns under two rows of headers: the lower one; the upper one where that is blank; both
    where the lower alone would repeat. A group reaches as far right as no other begins (merged cells).
    """
    names = [header_text(cell) for cell in header]
    repeated = {name for name, count in Counter(names).items() if count > 1 and name}
    joined: list[Cell] = []
    group = ""
    for above, name, cell in zip(groups, names, header, strict=True):
        group = header_text(above) or group
        own = header_text(above)
        joined.append(f"{group} {name}".strip() if name in repeated else cell if name else own or cell)
    return joined


def header_text(cell: Cell) -> str:
    """A header as it is called: whole numbers without a point, dates as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


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


def _find_stacked(rows: Sequence[Sequence[Cell]], indexes: list[int]) -> int | None:
    """The place, among the rows at `indexes`, of the lower of two rows that are the header together: all text,
    the upper with names where the lower is blank, and neither as wide as the data below, as both are.
    """
    for at in range(len(indexes) - 2):
        upper, lower, data = (rows[index] for index in indexes[at : at + 3])
        if indexes[at + 1] != indexes[at] + 1 or not len(upper) == len(lower) == len(data):
            continue
        up, low, below = (
            {column for column, cell in enumerate(row) if not is_blank(cell)} for row in (upper, lower, data)
        )
        if (
            len(low) > 1
            and up - low
            and up & low
            and len(up | low) > max(len(up), len(low))
            and (up | low) >= below
            and _is_all_text(filled_cells(upper))
            and _is_all_text(filled_cells(lower))
            and not _is_all_text(filled_cells(data))
        ):
            return at + 1
    return None


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
