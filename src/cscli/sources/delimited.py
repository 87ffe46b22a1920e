"""A text file with delimiters into a raw table: strict quoting, one width, physical line numbers."""

import csv
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables import RawTable
from cscli.errors import DataError, Location, Problem, Severity
from cscli.sources.encoding import DecodedText, decode_text
from cscli.sources.files import FileBytes
from cscli.sources.grid import Grid, ReadAs, shape_table
from cscli.sources.options import ReadOptions

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_SAMPLE_CHARACTERS = 1 << 20
_FIELD_LIMIT = 2**31 - 1
_EDGES = np.zeros(256, dtype=bool)
_EDGES[list(b' \t,;|"\r\n')] = True

Lines = NDArray[np.int64]


def read_delimited(
    file: FileBytes, source: str, options: ReadOptions, known_headers: Callable[[str], bool]
) -> RawTable:
    """The table in a CSV file. DataError for a broken quote, rows of unequal width, or no rows."""
    decoded = decode_text(file, options.encoding)
    # Control characters are gone, so this splits at CR, LF and CRLF alone.
    text_lines = decoded.text.splitlines(keepends=True)
    delimiter = options.delimiter or _find_delimiter(decoded.text, known_headers)
    rows, lines = _parse(file, text_lines, delimiter)
    grid = Grid(rows, lines, file.place, is_text=True, may_be_spaces=_may_hold_spaces(decoded))
    problems = decoded.problems
    if delimiter != "," and not options.delimiter:
        shown = "tab" if delimiter == "\t" else delimiter
        problems = (*problems, Problem("reading.delimiter_found", Severity.NOTE, file.place, shown))
    shaped = shape_table(grid, options.header, known_headers)
    return shaped.table(file, source, ReadAs("csv", decoded.encoding, delimiter), problems)


def _find_delimiter(text: str, known_headers: Callable[[str], bool]) -> str:
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


def _parse(file: FileBytes, text_lines: list[str], delimiter: str) -> tuple[list[list[str]], Lines]:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise DataError(Problem("reading.bad_delimiter", where=file.place, value=delimiter))
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(text_lines, delimiter=delimiter, strict=True)
    try:
        with _collector_paused():
            rows = list(reader)
    except csv.Error as error:
        where = Location(file=file.name, line=_broken_line(text_lines, delimiter))
        raise DataError(Problem("reading.broken_quote", where=where)) from error
    if reader.line_num == len(rows):
        return rows, np.arange(1, len(rows) + 1, dtype=np.int64)
    heights = np.array([_lines_of(row) for row in rows], dtype=np.int64)
    return rows, np.cumsum(heights) - heights + 1


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows are no garbage; looking for some among them doubles the time of parsing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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


def _may_hold_spaces(decoded: DecodedText) -> bool:
    """Whether some field could be nothing but spaces: a space with an edge or a space at both sides."""
    if not decoded.text.isascii() and ("\u3000" in decoded.text or "\xa0" in decoded.text):
        return True
    content = np.frombuffer(decoded.raw, dtype=np.uint8)
    spaces = np.flatnonzero(content == ord(" "))
    after = np.minimum(spaces + 1, len(content) - 1)
    return bool((_EDGES[content[spaces - 1]] & _EDGES[content[after]]).any())
