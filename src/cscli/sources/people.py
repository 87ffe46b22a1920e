"""The workbook in which people type, found by its headers wherever they stand, into a raw table."""

from dataclasses import replace
from pathlib import Path

from cscli.analysis.tables.people import people_column
from cscli.analysis.tables.raw import RawTable
from cscli.sources.reading import read_table
from cscli.sources.tabular.options import ReadOptions

_EXPECTED = frozenset({"reading.sheet_taken", "reading.sheet_chosen"})
"""The workbook has a second sheet, with the scale."""


def read_people(path: Path) -> RawTable:
    """Every column of the sheet that people fill in. SourceError, DataError as for any table."""
    table = read_table(path, "inputs", ReadOptions(), lambda header: people_column(header) is not None)
    return replace(table, problems=tuple(each for each in table.problems if each.code not in _EXPECTED))
