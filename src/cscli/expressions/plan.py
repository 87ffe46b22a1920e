"""Rollups as the SQL of an aggregate each, for engines that read the rows themselves, and their results as a frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.expressions.bare.columns import column_back
from cscli.expressions.bare.model import AS_OF, Expression, Kind
from cscli.expressions.faults import EvaluationError, ExpressionError
from cscli.expressions.parse import checked_tree
from cscli.expressions.translate import MISSING, Term, result_sql, translate


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """One rollup: its SQL in DuckDB's dialect over the aliases of `read_aliases`, and what its values are."""

    name: str
    sql: str
    kind: Kind


def read_aliases(expressions: Mapping[str, Expression]) -> dict[str, str]:
    """The columns that the expressions read, each with the name under which their SQL knows it."""
    names = sorted({name for expression in expressions.values() for name in expression.names} - {AS_OF})
    return {name: f"c{number}" for number, name in enumerate(names)}


def plan_roll_up(
    kinds: Mapping[str, Kind], expressions: Mapping[str, Expression], as_of: date
) -> tuple[PlannedColumn, ...]:
    """The expressions over columns of these kinds (DOUBLE, VARCHAR, DATE, BOOLEAN). Raises EvaluationError with
    every expression that does not fit.
    """
    aliases = read_aliases(expressions)
    terms = {
        name: MISSING if kind is Kind.MISSING else Term(aliases[name], kind)
        for name, kind in kinds.items()
        if name in aliases
    }
    planned: list[PlannedColumn] = []
    faults: list[tuple[str, ExpressionError]] = []
    for name, expression in expressions.items():
        try:
            term = translate(checked_tree(expression.text, aggregate=True), terms, as_of)
        except ExpressionError as fault:
            faults.append((name, fault))
            continue
        planned.append(PlannedColumn(name, result_sql(term, read_again=False), term.kind))
    if faults:
        raise EvaluationError(*faults)
    return tuple(planned)


def results_frame(planned: tuple[PlannedColumn, ...], columns: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """What an engine gave for each planned column, by its name, typed as `cscli.expressions.roll_up` does."""
    return pd.DataFrame(
        {each.name: column_back(columns[each.name], each.kind, None, None) for each in planned}
    )


def masked(values: tuple[Any, ...], kind: Kind) -> "np.ma.MaskedArray[Any, Any]":
    """Python's values, None where there is none, as numpy has them."""
    types: dict[Kind, Any] = {Kind.TEXT: object, Kind.DATE: "M8[D]", Kind.BOOLEAN: bool}
    missing = [value is None for value in values]
    blank: Any = {Kind.TEXT: "", Kind.DATE: date.min, Kind.BOOLEAN: False}.get(kind, 0.0)
    filled = [blank if value is None else value for value in values]
    return np.ma.MaskedArray(np.array(filled, dtype=types.get(kind, float)), mask=missing)
