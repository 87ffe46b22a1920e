"""A text file with delimiters into a raw table: strict quoting, one width, physical line numbers."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Cell, RawTable
from cscli.errors import DataError, Location, Problem, Severity
from cscli.sources.tabular.blocks import LARGE, split_columns, split_lines
from cscli.sources.tabular.collector import collector_paused
from cscli.sources.tabular.encoding import DecodedText, decode_text
from cscli.sources.tabular.files import FileBytes
from cscli.sources.tabular.grid import ERROR_TEXTS, ColumnRows, Grid
from cscli.sources.tabular.options import ReadOptions
from cscli.sources.tabular.shape import ReadAs, shape_table

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_SAMPLE_CHARACTERS = 1 << 20
_ERROR = re.compile("|".join(sorted(map(re.escape, ERROR_TEXTS))))
_FIELD_LIMIT = 2**31 - 1
_EDGES = np.zeros(256, dtype=bool)
_EDGES[list(b' \t,;|"\r\n')] = True

Lines = NDArray[np.int64]


def read_delimited(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool]
) -> RawTable:
    """The table in a CSV file. DataError for a broken quote, rows of unequal width, or no rows."""
    with collector_paused():  # until the rows are gone again
        return _read(file, source, options, known_headers)


def _read(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool]
) -> RawTable:
    decoded = decode_text(file, options.encoding)
    delimiter = options.delimiter or find_delimiter(decoded.text, known_headers)
    grid, swallowed = _grid_of(file, decoded, delimiter)
    problems = (*decoded.problems, *swallowed)
    if delimiter != "," and not options.delimiter:
        shown = "tab" if delimiter == "\t" else delimiter
        problems = (
            *problems,
            Problem("reading.delimiter_found", severity=Severity.NOTE, where=file.place, value=shown),
        )
    shaped = shape_table(grid, options, known_headers)
    if '="' in decoded.text:
        _unwrap(shaped.columns)
    return shaped.table(file, source, ReadAs("csv", decoded.encoding, delimiter), problems)


def _grid_of(file: FileBytes, decoded: DecodedText, delimiter: str) -> tuple[Grid, Iterable[Problem]]:
    """The rows, and what is said of them. Those of a large file are columns from the start."""
    may_be_spaces, text = _may_hold_spaces(decoded), decoded.text
    rows: Sequence[Sequence[Cell]]
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise DataError(Problem("reading.bad_delimiter", where=file.place, value=delimiter))
    csv.field_size_limit(_FIELD_LIMIT)
    columns = split_columns(text, delimiter, may_be_spaces=may_be_spaces) if len(text) >= LARGE else None
    if columns:
        rows, lines, said = ColumnRows(columns), np.arange(1, len(columns[0]) + 1, dtype=np.int64), []
    else:
        parsed, lines = _parse(file, text, delimiter)
        rows, said = parsed, list(_say_swallowed(file, parsed, lines, delimiter))
    may_be_errors = _ERROR.search(text) is not None
    grid = Grid(
        rows=rows, lines=lines, place=file.place, may_be_spaces=may_be_spaces, may_be_errors=may_be_errors
    )
    return grid, said


def _unwrap(columns: Iterable[NDArray[np.object_]]) -> None:
    """`="00123"`, by which a CSV keeps Excel from changing an id, is 00123."""
    for column in columns:
        for at in np.flatnonzero([type(cell) is str and cell.startswith('="') for cell in column]).tolist():
            column[at] = column[at][2:].removesuffix('"') or None


def find_delimiter(text: str, known_headers: Callable[[str], bool]) -> str:
    """The delimiter whose rows agree best on a number of fields above one; then the one that yields
    known headers; then the one that yields more fields. Comma if none splits anything.
    """
    sample = text[:_SAMPLE_CHARACTERS].splitlines(keepends=True)
    best, best_score = ",", (0.0, 0, 0)
    for delimiter in _DELIMITERS:
        rows = _sample_rows(sample, delimiter)
        if not rows:
            continue
        widths = Counter(map(len, rows))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width < 2:
            continue
        hits = max(sum(map(known_headers, map(str.strip, row))) for row in rows)
        score = (count / len(rows), hits, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _sample_rows(sample: Iterable[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in islice(csv.reader(sample, delimiter=delimiter, strict=True), _SAMPLE_ROWS * 2):
            rows += [row] if any(map(str.strip, row)) else []
    except csv.Error:
        # A wrong delimiter often meets a quote at a wrong place; a sample may end inside a quote.
        return rows if len(rows) >= _SAMPLE_ROWS else []
    return rows[:_SAMPLE_ROWS]


def _parse(file: FileBytes, text: str, delimiter: str) -> tuple[list[list[str]], Lines]:
    # Control characters are gone, so lines end at CR, LF and CRLF alone.
    rows = split_lines(text.splitlines(), delimiter)
    if rows is not None:
        return rows, np.arange(1, len(rows) + 1, dtype=np.int64)
    text_lines = text.splitlines(keepends=True)
    reader = csv.reader(text_lines, delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        where = Location(file=file.name, line=_broken_line(text_lines, delimiter))
        raise DataError(Problem("reading.broken_quote", where=where)) from error
    heights = np.array([_lines_of(row) for row in rows], dtype=np.int64)
    return rows, np.cumsum(heights) - heights + 1


def _broken_line(text_lines: list[str], delimiter: str) -> int:
    reader = csv.reader(text_lines, delimiter=delimiter, strict=True)
    end = 0
    with suppress(csv.Error):
        for _ in reader:
            end = reader.line_num
    return end + 1


def _lines_of(row: list[str]) -> int:
    whole = " ".join(row)
    return 1 + whole.count("\n") + whole.count("\r") - whole.count("\r\n")


def _say_swallowed(file: FileBytes, rows: list[list[str]], lines: Lines, delimiter: str) -> Iterator[Problem]:
    """Rows one field of which holds what looks like further rows: two stray quotation marks do that."""
    if not len(lines) or lines[-1] == len(rows):
        return
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for at in np.flatnonzero(np.diff(lines, append=lines[-1] + _lines_of(rows[-1])) > 1).tolist():
        field = max(rows[at], key=_lines_in)
        swallowed = _lines_in(field) - 1
        # One row's end, whole rows, and another's beginning, up to the same column: so many delimiters.
        if width > 1 and field.count(delimiter) == swallowed * (width - 1):
            where = Location(file=file.name, line=int(lines[at]))
            yield Problem(
                "reading.rows_in_field", severity=Severity.WARNING, where=where, value=str(swallowed)
            )


def _lines_in(field: str) -> int:
    return len(field.splitlines())


def _may_hold_spaces(decoded: DecodedText) -> bool:
    """Whether some field could be nothing but spaces: a space with an edge or a space at both sides."""
    if not decoded.text.isascii() and ("\u3000" in decoded.text or "\xa0" in decoded.text):
        return True
    content = np.frombuffer(decoded.raw, dtype=np.uint8)
    spaces = np.flatnonzero(content == ord(" "))
    after = np.minimum(spaces + 1, len(content) - 1)
    return bool((_EDGES[content[spaces - 1]] & _EDGES[content[after]]).any())
