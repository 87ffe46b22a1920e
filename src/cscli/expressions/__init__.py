"""SQL expressions over a table's columns: checked against an allow-list, then run by a locked-down DuckDB; what is but columns,
arithmetic and comparisons is read and computed without either.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from cscli.expressions.bare.model import Expression
from cscli.expressions.bare.syntax import read_bare
from cscli.expressions.faults import EvaluationError, ExpressionError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "ends_at_as_of",
    "evaluate",
    "held_against_as_of",
    "is_count",
    "parse_expression",
    "roll_up",
    "roll_up_nothing",
]


@lru_cache(
    maxsize=4096
)  # rules are checked in several places, and the rules made of a file are those of a preset
def parse_expression(text: str, *, aggregate: bool = False) -> Expression:
    """Check an expression; with `aggregate` it must reduce many rows to one. Raises ExpressionError only."""
    bare = None if aggregate else read_bare(text)
    if bare is not None:
        return bare
    from cscli.expressions.parse import read_expression  # noqa: PLC0415 - loads sqlglot

    return read_expression(text, aggregate=aggregate)


def is_count(expression: Expression) -> bool:
    """Whether an aggregate is nothing but a count, which is 0 of no rows."""
    from cscli.expressions import parse  # noqa: PLC0415 - loads sqlglot

    return parse.is_count(expression)


def held_against_as_of(aggregate: Expression) -> frozenset[str]:
    """The columns that the aggregate compares with the run's date, or counts the days from."""
    from cscli.expressions import time_bounds  # noqa: PLC0415 - loads sqlglot

    return time_bounds.held_against_as_of(aggregate)


def ends_at_as_of(aggregate: Expression) -> bool:
    """Whether each aggregate in it counts rows up to the run's date alone, by its filter."""
    from cscli.expressions import time_bounds  # noqa: PLC0415 - loads sqlglot

    return time_bounds.ends_at_as_of(aggregate)


def evaluate(
    frame: "pd.DataFrame", layers: Sequence[Mapping[str, Expression]], as_of: date
) -> "pd.DataFrame":
    """One column per expression, with the index and the order of rows of `frame`.

    Each layer sees the frame's columns and the names of the layers before it. Numbers come back as float64
    (a result that is not finite is missing), booleans as "boolean", dates as datetime64[us], text as object.
    Raises EvaluationError with every expression that does not fit its columns.
    """
    from cscli.expressions.bare.values import evaluate_bare  # noqa: PLC0415 - loads pandas

    found = evaluate_bare(frame, layers, as_of)
    if found is not None:
        return found
    from cscli.expressions.evaluation import evaluate_layers  # noqa: PLC0415 - loads duckdb and sqlglot

    return evaluate_layers(frame, layers, as_of)


def roll_up(
    frame: "pd.DataFrame", key: str, expressions: Mapping[str, Expression], as_of: date
) -> "pd.DataFrame":
    """One row per value of `key`, sorted by it: columns `[key, *expressions]`; rows without a key are left out.

    The expressions are those of `parse_expression(..., aggregate=True)`. Raises EvaluationError as `evaluate`.
    """
    from cscli.expressions.evaluation import roll_up_by_key  # noqa: PLC0415 - loads duckdb and pandas

    return roll_up_by_key(frame, key, expressions, as_of)


def roll_up_nothing(
    frame: "pd.DataFrame", expressions: Mapping[str, Expression], as_of: date
) -> "pd.Series[float]":
    """What each aggregate says of no rows at all, by its name: a count is 0, a sum or a mean is missing.

    `frame` only tells which columns there are.
    """
    from cscli.expressions import evaluation  # noqa: PLC0415 - loads duckdb and pandas

    return evaluation.roll_up_nothing(frame, expressions, as_of)
