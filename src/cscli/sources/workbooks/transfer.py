"""The columns of a sheet to bytes and back: what the reading process hands to the one that asked.

`marshal` carries text, numbers and truth values a column at a time, several times faster than pickle, and
loading it runs no code; dates travel as day numbers.
"""

import marshal
from datetime import date, datetime
from typing import Any

from cscli.sources.workbooks.sheet import BLOCK_ROWS, SheetColumns
from cscli.sources.workbooks.workbook_xml import BadCell

OUT_OF_MEMORY = 70
"""Exit code of a reading process that was refused memory and could still say so."""
_VERSION = 2
"""Of marshal: the last without references, which cost more than they save here."""
_MARK = b"cscli sheet 1\n"


def pack_sheet(sheet: SheetColumns) -> bytes:
    """`sheet` as bytes."""
    starts = range(0, sheet.height, BLOCK_ROWS)
    blocks = [
        [_pack_part(column[start : start + BLOCK_ROWS]) for column in sheet.columns] for start in starts
    ]
    cells = [(cell.line, cell.column, cell.error) for cell in sheet.bad_cells]
    facts = {name: getattr(sheet, name) for name in _PLAIN}
    return _MARK + marshal.dumps((None, facts, cells, blocks), _VERSION)


def pack_fault(code: str, value: str | None, nearest: str) -> bytes:
    """Why there is no sheet, as bytes."""
    return _MARK + marshal.dumps(((code, value, nearest), None, None, None), _VERSION)


def unpack(answer: bytes) -> SheetColumns | tuple[str, str | None, str] | None:
    """The sheet, or the fault (code, value, nearest), in `answer`. None if it is not whole."""
    if not answer.startswith(_MARK):
        return None
    try:
        fault, facts, cells, blocks = marshal.loads(memoryview(answer)[len(_MARK) :])  # noqa: S302 - our own process wrote it
    except (EOFError, ValueError, TypeError):
        return None
    if fault:
        code, value, nearest = fault
        return code, value, nearest
    columns: list[list[Any]] = [[] for _ in (blocks[0] if blocks else ())]
    for block in blocks:
        for column, part in zip(columns, block, strict=True):
            column.extend(_unpack_part(*part))
    return SheetColumns(
        columns=columns,
        bad_cells=[BadCell(*cell) for cell in cells],
        **facts,
    )


_PLAIN = (
    "sheet", "first_line", "first_column", "is_checked", "controls", "hidden", "others", "heads",
    "differences", "damage", "last_line", "is_1904", "hidden_rows", "signs",
)  # fmt: skip


def _pack_part(column: list[Any]) -> tuple[bool, bytes]:
    """Whether dates are encoded, and the bytes."""
    try:
        return False, marshal.dumps(column, _VERSION)
    except ValueError:
        return True, marshal.dumps([_encode(cell) for cell in column], _VERSION)


def _encode(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return (cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second, cell.microsecond)
    return cell.toordinal() if isinstance(cell, date) else cell


def _unpack_part(has_dates: bool, content: bytes) -> list[Any]:
    column: list[Any] = marshal.loads(content)  # noqa: S302 - our own process wrote it
    if not has_dates:
        return column
    from_day = date.fromordinal
    return [
        from_day(cell)
        if cell.__class__ is int
        else datetime(*cell)  # noqa: DTZ001 - workbooks have no zones
        if cell.__class__ is tuple
        else cell
        for cell in column
    ]
