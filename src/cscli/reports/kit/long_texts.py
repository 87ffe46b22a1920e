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
            if count := _too_long(values.tolist()):
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


def _too_long(values: list[object]) -> int:
    """How many are texts that are too long. Most columns have nothing but texts, none of them long: one look tells it."""
    try:
        if max(map(len, filter(None, values)), default=0) <= MOST_CHARACTERS:  # type: ignore[arg-type]  # numbers are among a few
            return 0
    except TypeError:
        pass
    return sum(isinstance(value, str) and len(value) > MOST_CHARACTERS for value in values)
