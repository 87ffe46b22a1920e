"""What is known of a checked expression, and what its values are."""

from dataclasses import dataclass, field
from enum import StrEnum

AS_OF = "as_of"
"""The run's date; a name in every expression."""


class Kind(StrEnum):
    """What a value is. MISSING is NULL, or a column without any value: it fits everywhere."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    MISSING = "missing"


class Way(StrEnum):
    """How a value comes from its column: the column itself, its ratio to another, its growth over another, the days
    since it; or none of these.
    """

    PLAIN = "plain"
    RATIO = "ratio"
    GROWTH = "growth"
    SINCE = "since"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shape:
    """`column` moves, `other` stays: plain, factor x column / other, the same - 1, or as_of - column in days."""

    way: Way = Way.OTHER
    column: str = ""
    other: str | None = None
    factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A checked expression. `names` are the columns it reads, sorted, without `as_of`.

    `text` is as the user wrote it, `plain_column` is the name if it is nothing but a column. `literals`: the numbers in it.
    """

    text: str
    names: tuple[str, ...]
    plain_column: str | None
    literals: tuple[float, ...] = ()
    shape: Shape = field(default_factory=Shape)
    texts: tuple[tuple[str, str], ...] = ()
    """Columns and the texts that they are compared with, by = and IN."""
