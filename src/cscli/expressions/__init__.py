"""SQL expressions over a table's columns: checked against an allow-list, then run by a locked-down DuckDB."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from cscli.expressions.faults import EvaluationError, ExpressionError
from cscli.expressions.parse import Expression, is_count, parse_expression

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "evaluate",
    "is_count",
    "parse_expression",
    "roll_up",
    "roll_up_nothing",
]


def evaluate(
    frame: "pd.DataFrame", layers: Sequence[Mapping[str, Expression]], as_of: date
) -> "pd.DataFrame":
    """One column per expression, with the index and the order of rows of `frame`.

    Each layer sees the frame's columns and the names of the layers before it. Numbers come back as float64
    (a result that is not finite is missing), booleans as "boolean", dates as datetime64[us], text as object.
    Raises EvaluationError with every expression that does not fit its columns.
    """
    from cscli.expressions.evaluation import evaluate_layers  # noqa: PLC0415 - loads duckdb and pandas

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
