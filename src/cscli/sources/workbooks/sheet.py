"""One sheet of a workbook as plain columns, as every reader of workbooks gives it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cscli.sources.workbooks.workbook_xml import BadCell

if TYPE_CHECKING:
    from cscli.analysis.tables.raw import Cell  # numpy, which the reading process has no use for

BLOCK_ROWS = 1024
"""Rows that are handled at once; their cells fit in a cache."""


class WorkbookFaultError(Exception):
    """Why no sheet could be read: `code` of a problem, and what its text needs."""

    def __init__(self, code: str, value: str | None = None, nearest: str = "") -> None:
        super().__init__(code, value, nearest)
        self.code = code
        self.value = value
        self.nearest = nearest


@dataclass(eq=False, kw_only=True)
class SheetColumns:
    """The filled part of one sheet, column by column. Blank cells are None or ""; the first row is number
    `first_line`.
    """

    sheet: str | None
    columns: "list[list[Cell]]"
    first_line: int = 1
    first_column: int = 0
    bad_cells: list[BadCell] = field(default_factory=list)
    is_checked: bool = True
    """Whether error cells could be looked for (not in xls and xlsb)."""
    controls: int = 0
    hidden: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Visible sheets that have data too."""
    heads: dict[str, list[list[str]]] = field(default_factory=dict)
    """The texts in the first rows of this and the other sheets, where it was cheap to look."""
    differences: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Row, column, and the cell as each of two readers has it, where they disagree."""
    damage: tuple[int, str] | None = None
    """Where the XML is damaged, though a reader went on: after which row (0: not known), and what the parser says."""
    last_line: int = 0
    """The last row with a value by the file's own account; 0 where it is not known."""
    is_1904: bool = False
    hidden_rows: int = 0
    """Rows that a filter or a person has hidden; their cells are read like any other."""
    signs: "dict[int, tuple[str, dict[int, str]]]" = field(default_factory=dict)
    """The currencies that the number formats of cells name, as `money_formats.Signs`."""

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def pick_sheets(pinned: str | None, visible: list[str], hidden: list[str]) -> list[str]:
    """The names of the sheets that may hold the table."""
    if pinned is None:
        return visible
    if pinned not in visible + hidden:
        raise WorkbookFaultError("reading.sheet_unknown", pinned, ", ".join(visible + hidden))
    return [pinned]
