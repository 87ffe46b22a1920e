"""A table as it stands in a file: headers, columns of raw cells, and the row each came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cscli.errors import Location, Problem

Cell = str | float | int | bool | date | datetime | None
"""One cell as the file has it; None is blank. Excel numbers are floats."""

Column = NDArray[np.object_]
_PART = 10_000_000
"""More rows than a file has."""
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFacts:
    """What was read and how: enough to recognise the same file again, and to explain a reading."""

    file: str
    sha256: str
    size_bytes: int
    modified: float
    """Seconds since 1970 (the file's mtime)."""
    form: str
    """csv, xlsx, xlsb, xls, ods, html or xml."""
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int
    """Row of the headers in the file, counted from 1."""
    rows: int
    blank_rows: int
    """Rows below the header that had no filled cell and were skipped."""
    total_rows: int
    """Total rows at the end that were dropped."""
    parts: tuple["ReadFacts", ...] = ()
    """Of a table that lies in several files: what was read of each. The others are then of them together, and the row
    numbers of the table those of `line_in_part`."""

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files."""
        return tuple(part.file for part in self.parts) or (self.file,)

    def locate(self, line: int | None = None, column: str | None = None) -> Location:
        """The place of the row `line` (one of the table's `lines`) and of the column."""
        if line is None or not self.parts:
            return Location(file=self.file, sheet=self.sheet, line=line, column=column)
        part, line = divmod(line, _PART)
        return self.parts[part].locate(line, column)


def sources_of_files(inputs: Mapping[str, ReadFacts]) -> dict[str, str]:
    """The source of each file, by the file's name."""
    return {file: name for name, facts in inputs.items() for file in (facts.file, *facts.files)}


def line_in_part(part: int, lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row numbers of the file number `part` (from 0) among those of several, for `ReadFacts.locate`."""
    return lines + part * _PART


@dataclass(frozen=True, eq=False, kw_only=True)
class RawTable:
    """Cells as delivered, not yet typed. `columns` holds one object array for each of `headers`;
    `lines` holds the row number in the file (from 1) of each row.
    """

    source: str
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    facts: ReadFacts
    problems: tuple[Problem, ...]
    titles: tuple[str, ...] = ()
    """The texts in the rows above the header."""
    unit_row: Mapping[str, str] = field(default_factory=dict)
    """What a row of units below the header says, by header."""
    signs: Mapping[str, tuple[str, Mapping[int, str]]] = field(default_factory=dict)
    """The currency that the cells of a workbook show by their formats, by header: that of most, and by line of the others."""

    def column(self, header: str) -> Column:
        """The cells under `header`. KeyError if the file has no such column."""
        return self.columns[self.places[header]]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each header stands, from 0."""
        return {header: at for at, header in reversed([*enumerate(self.headers)])}

    @cached_property
    def is_japanese(self) -> bool:
        """Whether more than half of the headers are written in Japanese."""
        return sum(_JAPANESE.search(header) is not None for header in self.headers) * 2 > len(self.headers)

    def only(self, stays: NDArray[np.bool_]) -> "RawTable":
        """The rows where `stays`."""
        if stays.all():
            return self
        columns = tuple(column[stays] for column in self.columns)
        return replace(self, columns=columns, lines=self.lines[stays])

    def locate(self, row: int | None = None, header: str | None = None) -> Location:
        """The place in the file of the table's row `row` (from 0) and the column `header`."""
        line = None if row is None else int(self.lines[row])
        return self.facts.locate(line, header)
