"""Columns of one sheet to those of its main table: what stands beside it, behind a blank column, is another one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.tables.raw import Cell, Column
from cscli.errors import Problem, Severity
from cscli.sources.tabular.grid import Grid
from cscli.sources.tabular.headers import header_text

_NEARLY_ALL = 0.9
_WIDE = 0.5
"""Share of the usual cells below which a row is a total or a note, not the last one of a table."""
_LISTED = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class _Block:
    """Columns without a blank one between them: places among those that are kept, names, and cells in each row."""

    places: list[int]
    names: list[str]
    hits: int
    cells: NDArray[np.int64]

    @property
    def height(self) -> int:
        """Rows down to the last that is about as wide as the others."""
        filled = self.cells[self.cells > 0]
        if not len(filled):
            return 0
        return int(np.flatnonzero(self.cells >= _WIDE * float(np.median(filled)))[-1]) + 1

    @property
    def is_filled(self) -> bool:
        """Whether its rows follow one another from the first on."""
        return self.height > 0 and float(np.mean(self.cells[: self.height] > 0)) >= _NEARLY_ALL


def leave_side_tables(
    grid: Grid,
    header: Sequence[Cell],
    columns: Sequence[Column],
    kept: list[int],
    known_headers: Callable[[str], bool],
    line: int,
) -> tuple[list[int], list[Problem]]:
    """The places, among the `columns` kept, of those of the main table, and what stands beside it as warnings. Another table
    is filled from its first row on and ends in another row; one that ends in the same row is read with the main one.

    `kept`: index of each column in the grid; `line`: the row of the header.
    """
    whole = list(range(len(kept)))
    if len(kept) < 2 or kept[-1] - kept[0] + 1 == len(kept):
        return whole, []
    blocks = _blocks(header, columns, kept, known_headers)
    main = max(blocks, key=lambda block: (block.hits, int(block.cells.sum())))
    stays, said = set(main.places), []
    for block in blocks:
        if block is main:
            continue
        is_other = block.is_filled and block.height != main.height
        if not is_other:
            stays.update(block.places)
        if not block.is_filled:
            continue
        first = kept[block.places[0]]
        said.append(
            Problem(
                "reading.side_table" if is_other else "reading.side_columns",
                severity=Severity.WARNING,
                where=grid.at(line, block.names[0] or grid.letter(first)),
                value=", ".join(block.names[:_LISTED]) + (", …" if len(block.names) > _LISTED else ""),
                details={"count": block.height, "rows": main.height, "letter": grid.letter(first)},
            )
        )
    return [at for at in whole if at in stays], said


def _blocks(
    header: Sequence[Cell], columns: Sequence[Column], kept: list[int], known_headers: Callable[[str], bool]
) -> list[_Block]:
    breaks = [at for at in range(1, len(kept)) if kept[at] > kept[at - 1] + 1]
    blocks = []
    for first, end in zip([0, *breaks], [*breaks, len(kept)], strict=True):
        names = [header_text(header[kept[at]]) for at in range(first, end)]
        filled = [[cell is not None for cell in columns[at]] for at in range(first, end)]
        cells = np.array(filled, dtype=np.int64).sum(axis=0)
        hits = sum(map(known_headers, names))
        blocks.append(_Block(places=list(range(first, end)), names=names, hits=hits, cells=cells))
    return blocks
