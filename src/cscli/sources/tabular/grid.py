"""Rows of cells as a file has them, with the number of each in the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Cell, Column
from cscli.errors import Location

ERROR_TEXTS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"}
)


class ColumnRows(Sequence[Sequence[Cell]]):
    """Columns of equal length, seen as rows."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(at, slice):
            return list(zip(*(column[at] for column in self.columns), strict=True))
        return [column[at] for column in self.columns]


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid:
    """Rows with their numbers in the file. Blank is "" or None."""

    rows: Sequence[Sequence[Cell]]
    lines: NDArray[np.int64]
    place: Location
    may_be_spaces: bool = False
    """Whether a cell of a text grid could be nothing but spaces."""
    may_be_errors: bool = False
    """Whether a cell could be the text of an error value, such as #N/A."""
    first_column: int = 0
    """Columns of the file before the first cell of each row."""

    def at(self, line: int, column: str | None = None) -> Location:
        return Location(file=self.place.file, sheet=self.place.sheet, line=line, column=column)

    def letter(self, index: int) -> str:
        return column_letter(self.first_column + index)


def column_letter(index: int) -> str:
    """Excel's name of the column with this index from 0: A, B, ... AA."""
    name, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(65 + letter) + name
    return name
