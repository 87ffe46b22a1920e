"""Runs checked expressions on a frame: layers of new columns, or many rows rolled up to one per key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from cscli.expressions.bare.columns import column_back, kind_of, numbers_of
from cscli.expressions.bare.model import AS_OF, Expression, Kind
from cscli.expressions.engine import TABLE, locked_connection
from cscli.expressions.faults import EvaluationError, ExpressionError, NoSuchNameError
from cscli.expressions.parse import checked_tree
from cscli.expressions.translate import MISSING, Term, result_sql, translate
from cscli.nearest import nearest_name

_ROW = "row_number"  # internal names: no name of the user's ever reaches the engine
_GROUP = "group_number"
_THREADS = 2

Fault = tuple[str, ExpressionError]
_Column = Any  # numpy's masked arrays; duckdb's stub also names a type that is asked for nowhere here


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One expression as it runs: `alias` is its column; `needs` are the aliases it reads, layer by layer."""

    name: str
    layer: int
    alias: str
    sql: str
    kind: Kind
    needs: frozenset[str]


@dataclass(slots=True)
class _Input:
    """The frame's columns under internal names; a column is only converted when it is read."""

    frame: pd.DataFrame
    columns: dict[str, np.ndarray | pd.Series] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def read(self, name: str) -> None:
        if name not in self.terms and name != AS_OF and name in self.frame.columns:
            self.terms[name] = self._column(self.frame[name], f"c{len(self.columns)}")

    def table(self, row_name: str, rows: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame({row_name: rows, **self.columns}, copy=False)

    def _column(self, values: pd.Series, alias: str) -> Term:
        kind = kind_of(values)
        if kind is Kind.MISSING:
            return MISSING
        self.columns[alias] = _handed_over(values, kind)
        return Term(f"CAST({alias} AS DATE)" if kind is Kind.DATE else alias, kind)


def evaluate_layers(
    frame: pd.DataFrame, layers: Sequence[Mapping[str, Expression]], as_of: date
) -> pd.DataFrame:
    """See `cscli.expressions.evaluate`."""
    source = _Input(frame)
    steps = _plan_layers(source, layers, as_of)
    table = source.table(_ROW, np.arange(len(frame), dtype=np.int64))
    with locked_connection(table, threads=_THREADS) as connection:
        try:
            found = connection.execute(_layered_sql(steps)).fetchnumpy()
        except duckdb.Error as error:
            faults = _failing_steps(connection, steps)
            raise EvaluationError(*faults or _unplaced(steps, error)) from None
    order = _row_order(found[_ROW])
    columns = {step.name: column_back(found[step.alias], step.kind, order, frame.index) for step in steps}
    return pd.DataFrame(columns, index=frame.index, copy=False)


def roll_up_by_key(
    frame: pd.DataFrame, key: str, expressions: Mapping[str, Expression], as_of: date
) -> pd.DataFrame:
    """See `cscli.expressions.roll_up`."""
    groups, keys = pd.factorize(frame[key], sort=True)
    source = _Input(frame)
    steps = _plan_layers(source, [expressions], as_of, aggregate=True)
    table = source.table(_GROUP, groups.astype(np.int64, copy=False))
    # One thread: the order of floating-point sums, and which of equal rows arg_min takes, must not vary.
    with locked_connection(table, threads=1) as connection:
        try:
            found = connection.execute(_grouped_sql(steps)).fetchnumpy()
        except duckdb.Error as error:
            faults = [fault for step in steps for fault in _fault_of(connection, step, _grouped_sql([step]))]
            raise EvaluationError(*faults or _unplaced(steps, error)) from None
    order = np.argsort(found[_GROUP], kind="stable")
    columns = {step.name: column_back(found[step.alias], step.kind, order, None) for step in steps}
    return pd.DataFrame({key: pd.Series(keys), **columns})


def roll_up_nothing(
    frame: pd.DataFrame, expressions: Mapping[str, Expression], as_of: date
) -> "pd.Series[float]":
    """See `cscli.expressions.roll_up_nothing`."""
    source = _Input(frame.iloc[:0])
    steps = _plan_layers(source, [expressions], as_of, aggregate=True)
    table = source.table(_GROUP, np.zeros(0, dtype=np.int64))
    wanted = ", ".join(f"{step.sql} AS {step.alias}" for step in steps)
    with locked_connection(table, threads=1) as connection:
        # count(*): a rollup of columns without values is a plain NULL, which alone would give no row
        found = connection.execute(f"SELECT {wanted}, count(*) FROM {TABLE}").fetchnumpy()  # noqa: S608 - checked trees, internal names
    return pd.Series(
        {step.name: column_back(found[step.alias], step.kind, None, None).iloc[0] for step in steps}
    )


def _plan_layers(
    source: _Input, layers: Sequence[Mapping[str, Expression]], as_of: date, *, aggregate: bool = False
) -> list[_Step]:
    """Every expression translated in order; a later name shadows an earlier one and the frame's column."""
    steps: list[_Step] = []
    faults: list[Fault] = []
    made: dict[str, Term] = {}
    read_later = _read_later(layers)
    for number, layer in enumerate(layers):
        fresh: dict[str, Term] = {}
        for name, expression in layer.items():
            tree = checked_tree(expression.text, aggregate=aggregate)
            try:
                term = translate(tree, _visible(source, made, expression), as_of)
            except ExpressionError as fault:
                faults.append((name, _with_nearest(fault, (*source.frame.columns, *made))))
                fresh[name] = MISSING  # what builds on it is not to blame
                continue
            alias = f"e{len(steps)}"
            needs = frozenset(made[read].sql for read in expression.names if read in made)
            steps.append(
                _Step(
                    name=name,
                    layer=number,
                    alias=alias,
                    sql=result_sql(term, read_again=name in read_later[number]),
                    kind=term.kind,
                    needs=needs,
                )
            )
            fresh[name] = MISSING if term.kind is Kind.MISSING else Term(alias, term.kind)
        made |= fresh
    if faults:
        raise EvaluationError(*faults)
    return steps


def _read_later(layers: Sequence[Mapping[str, Expression]]) -> list[set[str]]:
    """For each layer, the names that the layers behind it read."""
    reads = [{name for expression in layer.values() for name in expression.names} for layer in layers]
    return [set().union(*reads[number + 1 :]) for number in range(len(layers))]


def _visible(source: _Input, made: Mapping[str, Term], expression: Expression) -> dict[str, Term]:
    for name in expression.names:
        if name not in made:
            source.read(name)
    return {**source.terms, **made}


def _with_nearest(fault: ExpressionError, names: tuple[str, ...]) -> ExpressionError:
    """Only columns that are read are known to the translation: look for the nearest among all of them."""
    nearest = nearest_name(fault.value or "", names) if isinstance(fault, NoSuchNameError) else None
    return ExpressionError("expressions.unknown_name", fault.value, nearest=nearest) if nearest else fault


def _layered_sql(steps: Sequence[_Step]) -> str:
    """One query: each layer is a common table expression over the one before."""
    parts = []
    previous = TABLE
    for number in dict.fromkeys(step.layer for step in steps):
        new = ", ".join(f"{step.sql} AS {step.alias}" for step in steps if step.layer == number)
        parts.append(f"layer{number} AS (SELECT *, {new} FROM {previous})")  # noqa: S608 - checked trees, internal names
        previous = f"layer{number}"
    wanted = ", ".join([_ROW, *(step.alias for step in steps)])
    return f"{'WITH ' + ', '.join(parts) if parts else ''} SELECT {wanted} FROM {previous}"  # noqa: S608 - checked trees, internal names


def _grouped_sql(steps: Sequence[_Step]) -> str:
    wanted = ", ".join([_GROUP, *(f"{step.sql} AS {step.alias}" for step in steps)])
    return f"SELECT {wanted} FROM {TABLE} WHERE {_GROUP} >= 0 GROUP BY {_GROUP}"  # noqa: S608 - checked trees, internal names


def _failing_steps(connection: duckdb.DuckDBPyConnection, steps: Sequence[_Step]) -> list[Fault]:
    """Each expression run with only what it needs; those that build on a failing one are not named."""
    faults: list[Fault] = []
    failed: set[str] = set()
    by_alias = {step.alias: step for step in steps}
    for step in steps:
        chain = _chain(step, by_alias)
        if failed.isdisjoint(each.alias for each in chain):
            found = list(_fault_of(connection, step, _layered_sql(chain)))
            faults += found
            failed |= {step.alias} if found else set()
    return faults


def _chain(step: _Step, by_alias: Mapping[str, _Step]) -> list[_Step]:
    found = {step.alias: step}
    waiting = [step]
    while waiting:
        for alias in waiting.pop().needs & by_alias.keys() - found.keys():
            found[alias] = by_alias[alias]
            waiting.append(by_alias[alias])
    return [by_alias[alias] for alias in by_alias if alias in found]


def _fault_of(connection: duckdb.DuckDBPyConnection, step: _Step, sql: str) -> Iterator[Fault]:
    try:
        connection.execute(sql).fetchnumpy()
    except duckdb.Error as error:
        yield step.name, engine_error(error)


def _unplaced(steps: Sequence[_Step], error: duckdb.Error) -> list[Fault]:
    """Fails together though not alone (memory): say it of the first."""
    return [(steps[0].name if steps else "", engine_error(error))]


def engine_error(error: duckdb.Error) -> ExpressionError:
    return ExpressionError("expressions.engine", str(error).split("\n", 1)[0])


def _handed_over(values: pd.Series, kind: Kind) -> np.ndarray | pd.Series:
    if kind is Kind.NUMBER:
        return numbers_of(values)
    if kind is Kind.TEXT:
        return values.to_numpy(dtype=object)
    return values.reset_index(drop=True)


def _row_order(rows: _Column) -> np.ndarray | None:
    """What puts the rows back in order; None where the engine kept it, as it does."""
    numbers = np.asarray(rows)
    return None if (np.diff(numbers) == 1).all() else np.argsort(numbers, kind="stable")
