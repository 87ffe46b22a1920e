"""A large text file with delimiters into columns, a block of lines at a time, so that its rows never stand in memory as
rows; a text that stands often is kept once. `delimited` reads every file, and smaller ones as fast.
"""

import csv
from collections.abc import Iterator, Sequence

import numpy as np

from cscli.analysis.tables.raw import Column

LARGE = 1 << 25
"""Characters from which on it is worth it."""
BLOCK = 1 << 18
_MANY = 1 << 16
"""So many different texts tell whether a column has ever new ones."""
_Known = dict[str, str | None]


def split_lines(text_lines: list[str], delimiter: str) -> list[list[str]] | None:
    """Each line as a row, or None where a quoted field may go on in the next line.

    A line without a quotation mark is split as it is, at half the cost. If every line that has some is
    whole by itself, then no field is open where a line without any begins.
    """
    quoted = [at for at, line in enumerate(text_lines) if '"' in line]
    reader = csv.reader((text_lines[at] for at in quoted), delimiter=delimiter, strict=True)
    try:
        parsed = list(reader)
    except csv.Error:
        return None
    if len(parsed) != len(quoted):
        return None
    rows = [line.split(delimiter) for line in text_lines]
    for at, row in zip(quoted, parsed, strict=True):
        rows[at] = row
    return rows


def split_columns(
    text: str, delimiter: str, *, may_be_spaces: bool, block: int | None = None
) -> list[Column] | None:
    """The columns, blank fields None; None where a quoted field may go on in the next line, or rows differ in width."""
    most = text.count("\n") + 1
    columns: list[Column] = []
    known: list[_Known | None] = []
    done = 0
    for lines in _blocks(text, block or BLOCK):
        rows = split_lines(lines, delimiter)
        width = len(columns) or (len(rows[0]) if rows else 0)
        if rows is None or set(map(len, rows)) != {width} or done + len(rows) > most:
            return None
        if not columns:
            columns = [np.empty(most, dtype=object) for _ in range(width)]
            known = [{"": None} for _ in range(width)]
        for at, cells in enumerate(zip(*rows, strict=True)):
            columns[at][done : done + len(rows)] = _shared(cells, known, at, may_be_spaces=may_be_spaces)
        done += len(rows)
    return [column[:done] for column in columns]


def _blocks(text: str, size: int) -> Iterator[list[str]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + size) + 1 or len(text)
        yield text[start:end].splitlines()
        start = end


def _shared(
    cells: Sequence[str], known: list[_Known | None], at: int, *, may_be_spaces: bool
) -> Sequence[str | None]:
    """The cells of a column, equal ones as one text; of a column of ever new texts, such as ids, as they are."""
    texts = known[at]
    if may_be_spaces:
        cells = ["" if cell.isspace() else cell for cell in cells]
    if texts is None:
        return [cell or None for cell in cells]
    before = len(texts)
    found = list(map(texts.setdefault, cells, cells))
    if len(texts) > _MANY and len(texts) - before > len(cells) // 2:
        known[at] = None
    return found
