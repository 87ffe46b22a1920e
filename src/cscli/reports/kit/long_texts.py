"""Texts of a report that a cell of a workbook cannot hold."""

from collections.abc import Iterable

from cscli.errors import Location, Problem, Severity
from cscli.reports.kit.model import Sheet

MOST_CHARACTERS = 32_767
"""What Excel lets a cell hold."""


def say_long_texts(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """A warning for each column with such texts, and in how many cells."""
    said = []
    for sheet in sheets:
        for column, values in zip(sheet.columns, sheet.values, strict=True):
            if values.dtype != object:
                continue
            lengths = [len(value) for value in values.tolist() if isinstance(value, str)]
            if max(lengths, default=0) > MOST_CHARACTERS:
                count = sum(length > MOST_CHARACTERS for length in lengths)
                where = Location(sheet=sheet.title, column=column.label)
                details = {"limit": f"{MOST_CHARACTERS:,}"}
                said.append(
                    Problem(
                        "writing.text_cut",
                        severity=Severity.WARNING,
                        where=where,
                        value=str(count),
                        details=details,
                    )
                )
    return tuple(said)
