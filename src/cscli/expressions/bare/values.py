"""Bare expressions on a frame, column by column in numpy, with the values that DuckDB gives."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.expressions.bare.columns import column_back, kind_of, numbers_of
from cscli.expressions.bare.model import AS_OF, Expression, Kind
from cscli.expressions.bare.syntax import (
    Between,
    Name,
    NotBareError,
    Number,
    Pair,
    Single,
    Tree,
    Words,
    bare_tree,
)

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPUTE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_OF_TEXTS = ("=", "<>")
_FIRST_DAY, _LAST_DAY = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """One value a row, or one for all rows. `data` counts where `known` is true: doubles, truth values, texts, or days since
    1970 as doubles.
    """

    kind: Kind
    data: Any
    known: NDArray[np.bool_]


_MISSING = Values(Kind.MISSING, 0.0, np.False_)  # type: ignore[arg-type]  # one for all rows
_EVERY = np.True_


@dataclass(slots=True)
class _Names:
    """What names mean: the columns of the frame, as they are asked for, and what earlier layers made."""

    frame: pd.DataFrame
    made: dict[str, Values] = field(default_factory=dict)

    def read(self, name: str) -> Values:
        if name not in self.made:
            if name not in self.frame.columns:
                raise NotBareError
            self.made[name] = _of_column(self.frame[name])
        return self.made[name]


def evaluate_bare(
    frame: pd.DataFrame, layers: Sequence[Mapping[str, Expression]], as_of: date
) -> pd.DataFrame | None:
    """As `cscli.expressions.evaluate`; None where an expression needs the engine, or where the engine has to say what is wrong."""
    trees = [{name: bare_tree(each.text) for name, each in layer.items()} for layer in layers]
    if not len(frame) or any(tree is None for layer in trees for tree in layer.values()):
        return None
    names = _Names(frame, {AS_OF: Values(Kind.DATE, float(np.datetime64(as_of, "D").astype(int)), _EVERY)})  # type: ignore[arg-type]
    columns: dict[str, pd.Series] = {}
    try:
        for layer in trees:
            fresh = {name: _value(tree, names) for name, tree in layer.items() if tree is not None}
            columns |= {name: _column(values, frame.index) for name, values in fresh.items()}
            names.made |= fresh
    except NotBareError:
        return None
    return pd.DataFrame(columns, index=frame.index, copy=False)


def _of_column(column: pd.Series) -> Values:
    kind = kind_of(column)
    if kind is Kind.MISSING:
        return _MISSING
    known = column.notna().to_numpy()
    if kind is Kind.NUMBER:
        numbers = numbers_of(column)
        return Values(kind, numbers, np.isfinite(numbers))
    if kind is Kind.BOOLEAN:
        return Values(kind, column.to_numpy(dtype=bool, na_value=False), known)
    if kind is Kind.TEXT:
        return Values(kind, column.to_numpy(dtype=object), known)
    days = column.to_numpy().astype("M8[D]")
    if ((days[known] < _FIRST_DAY) | (days[known] > _LAST_DAY)).any():
        raise NotBareError
    return Values(kind, days.astype(np.int64).astype(np.float64), known)


def _column(values: Values, index: pd.Index) -> pd.Series:
    """A finished column of its own."""
    data, unknown = (np.broadcast_to(part, len(index)).copy() for part in (values.data, ~values.known))
    if values.kind is Kind.DATE:
        data = np.where(unknown, 0, data).astype(np.int64).astype("M8[D]")
    return column_back(np.ma.MaskedArray(data, unknown), values.kind, None, index)


def _value(tree: Tree, names: _Names) -> Values:
    match tree:
        case Name(name):
            return names.read(name)
        case Number(value):
            return Values(Kind.NUMBER, value, _EVERY)  # type: ignore[arg-type]
        case Words(text):
            return Values(Kind.TEXT, text, _EVERY)  # type: ignore[arg-type]
        case Between(value, low, high):
            sides = _alike(*(_value(side, names) for side in (value, low, high)))
            return _and(_compared(">=", sides[0], sides[1]), _compared("<=", sides[0], sides[2]))
        case Single(sign, of):
            return _single(sign, _value(of, names))
        case Pair(sign, left, right):
            return _pair(sign, _value(left, names), _value(right, names))


def _single(sign: str, of: Values) -> Values:
    match sign:
        case "-":
            number = _as(Kind.NUMBER, of)
            return Values(Kind.NUMBER, -number.data, number.known)
        case "NOT":
            truth = _as(Kind.BOOLEAN, of)
            return Values(Kind.BOOLEAN, ~truth.data, truth.known)
        case "IS NULL":
            return Values(Kind.BOOLEAN, ~of.known, _EVERY)  # type: ignore[arg-type]
        case "IS NOT NULL":
            return Values(Kind.BOOLEAN, of.known, _EVERY)  # type: ignore[arg-type]
    return of


def _pair(sign: str, left: Values, right: Values) -> Values:
    if sign in _COMPARE:
        return _compared(sign, *_alike(left, right))
    if sign == "AND":
        return _and(_as(Kind.BOOLEAN, left), _as(Kind.BOOLEAN, right))
    if sign == "OR":
        either = _and(_single("NOT", left), _single("NOT", right))
        return _single("NOT", either)
    if Kind.DATE in (left.kind, right.kind) and sign in "+-":
        return _days_between(sign, left, right)
    return _computed(sign, _as(Kind.NUMBER, left), _as(Kind.NUMBER, right))


def _computed(sign: str, left: Values, right: Values) -> Values:
    known = left.known & right.known
    with np.errstate(all="ignore"):  # of what is not known, and of what is looked at below
        if sign == "/":
            known &= np.not_equal(right.data, 0)
            found = np.divide(left.data, np.where(known, right.data, 1.0))
        else:
            found = _COMPUTE[sign](left.data, right.data)
    if not np.isfinite(found[known] if np.ndim(found) and np.ndim(known) else found).all():
        raise NotBareError  # an overflow: the engine decides what it is
    return Values(Kind.NUMBER, found, known)


def _days_between(sign: str, left: Values, right: Values) -> Values:
    if Kind.MISSING in (left.kind, right.kind):
        return _MISSING
    if sign == "+" or left.kind is not Kind.DATE or right.kind is not Kind.DATE:
        raise NotBareError
    return Values(Kind.NUMBER, left.data - right.data, left.known & right.known)


def _and(left: Values, right: Values) -> Values:
    """What is false beside what is not known is false."""
    no = (left.known & ~left.data) | (right.known & ~right.data)
    return Values(Kind.BOOLEAN, ~no, no | (left.known & right.known))


def _compared(sign: str, left: Values, right: Values) -> Values:
    if left.kind is Kind.TEXT and sign not in _OF_TEXTS:
        raise NotBareError
    found = _COMPARE[sign](left.data, right.data)
    return Values(Kind.BOOLEAN, np.asarray(found, dtype=bool), left.known & right.known)


def _alike(*sides: Values) -> list[Values]:
    """Sides that can be compared: numbers, dates or texts."""
    kinds = {side.kind for side in sides} - {Kind.MISSING}
    if len(kinds) > 1 or Kind.BOOLEAN in kinds:
        raise NotBareError
    kind = next(iter(kinds), Kind.NUMBER)
    return [_as(kind, side) for side in sides]


def _as(kind: Kind, values: Values) -> Values:
    if values.kind is Kind.MISSING:
        blank: Any = {Kind.TEXT: "", Kind.BOOLEAN: np.False_}.get(kind, 0.0)
        return Values(kind, blank, values.known)
    if values.kind is not kind:
        raise NotBareError
    return values
