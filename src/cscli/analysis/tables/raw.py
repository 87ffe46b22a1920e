"""A table as it stands in a file: headers, columns of raw cells, and the row each came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from cscli.errors import Location, Problem

Cell = str | float | int | bool | date | datetime | None
"""One cell as the file has it; None is blank. Excel numbers are floats."""

Column = NDArray[np.object_]


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

    def column(self, header: str) -> Column:
        """The cells under `header`. KeyError if the file has no such column."""
        if header not in self.headers:
            raise KeyError(header)
        return self.columns[self.headers.index(header)]

    def only(self, stays: NDArray[np.bool_]) -> "RawTable":
        """The rows where `stays`."""
        if stays.all():
            return self
        columns = tuple(column[stays] for column in self.columns)
        return replace(self, columns=columns, lines=self.lines[stays])

    def locate(self, row: int | None = None, header: str | None = None) -> Location:
        """The place in the file of the table's row `row` (from 0) and the column `header`."""
        line = None if row is None else int(self.lines[row])
        return Location(file=self.facts.file, sheet=self.facts.sheet, line=line, column=header)
