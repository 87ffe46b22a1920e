"""The config's expressions over the accounts, in their order: derived, metrics, segments, rules of scorecards."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.config.names import AFTER_SCORE, order_names
from cscli.config.schema import Config, Rule, Scorecard
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import EvaluationError, Expression, evaluate

Layer = Mapping[str, Expression]


@dataclass(frozen=True, eq=False)
class Columns:
    """`frame`: the accounts with derived columns, metrics' values, and the segments that need no score.
    `conditions`: one boolean array (missing: False) for each rule of the scorecards, by `rule_key`."""

    frame: pd.DataFrame
    conditions: Mapping[str, NDArray[np.bool_]]


def add_columns(accounts: pd.DataFrame, config: Config, as_of: dt.date) -> Columns:
    """`accounts` with all that can be computed before the score. Raises ConfigError where types do not fit."""
    segments = _segment_expressions(config)
    late = late_names(segments)
    early = {name: expression for name, expression in segments.items() if name not in late}
    rules = dict(_scorecard_rules(config.scorecards))
    layers = [
        *_layers(config.derived),
        *_layers({name: metric.value for name, metric in config.metrics.items()}),
        *_layers(early),
        rules,
    ]
    computed = _evaluate(accounts, layers, config, as_of)
    conditions = {key: _as_mask(computed[key], key, config) for key in rules}
    return Columns(_with(accounts, computed.drop(columns=list(rules))), conditions)


def add_late_columns(accounts: pd.DataFrame, config: Config, as_of: dt.date) -> pd.DataFrame:
    """`accounts`, scored, with the segments and the team that need the score."""
    segments = _segment_expressions(config)
    late = late_names(segments)
    layers = _layers({name: expression for name, expression in segments.items() if name in late})
    return _with(accounts, _evaluate(accounts, layers, config, as_of))


def rule_key(scorecard: int, kind: str = "when", number: int = 0) -> str:
    """The name of a scorecard's rule among the conditions."""
    return f"scorecards[{scorecard}].{kind}[{number}]"


def first_match(rules: Sequence[Rule]) -> Expression:
    """One expression for a list of rules: the name of the first that holds, else missing."""
    cases = [
        f"WHEN {rule.when.sql if rule.when else 'TRUE'} THEN {_literal(rule.name)}" for rule in rules
    ]
    names = {name for rule in rules if rule.when for name in rule.when.names}
    return Expression("first match", f"CASE {' '.join(cases)} END", tuple(sorted(names)), None)


def late_names(segments: Mapping[str, Expression]) -> set[str]:
    """Those of `segments` that need the score, directly or through another."""
    late: set[str] = set()
    while True:
        found = {name for name, rule in segments.items() if set(rule.names) & (AFTER_SCORE | late)} - late
        if not found:
            return late
        late |= found


def _segment_expressions(config: Config) -> dict[str, Expression]:
    segments = {name: first_match(rules) for name, rules in config.segments.items()}
    return {**segments, **({"team": first_match(config.teams)} if config.teams else {})}


def _scorecard_rules(scorecards: Sequence[Scorecard]) -> Iterable[tuple[str, Expression]]:
    for index, scorecard in enumerate(scorecards):
        if scorecard.when:
            yield rule_key(index), scorecard.when
        for kind, limits in (("caps", scorecard.caps), ("floors", scorecard.floors)):
            for number, limit in enumerate(limits):
                yield rule_key(index, kind, number), limit.when


def _layers(expressions: Layer) -> list[Layer]:
    """Layers in which every expression reads only names of earlier ones."""
    reads = {name: set(rule.names) - {name} for name, rule in expressions.items()}
    layers: list[dict[str, Expression]] = []
    done: dict[str, int] = {}
    for name in order_names(reads):
        level = 1 + max((done[other] for other in reads[name] if other in done), default=-1)
        done[name] = level
        layers += [{}] * (level + 1 - len(layers))
        layers[level] = {**layers[level], name: expressions[name]}
    return list(layers)


def _evaluate(accounts: pd.DataFrame, layers: list[Layer], config: Config, as_of: dt.date) -> pd.DataFrame:
    layers = [layer for layer in layers if layer]
    if not layers:
        return pd.DataFrame(index=accounts.index)
    try:
        return evaluate(accounts, layers, as_of)
    except EvaluationError as error:
        problems = [
            Problem("config.types_do_not_fit", where=Location(key=_key(name, config)), details={"reason": reason})
            for name, reason in error.failures
        ]
        raise ConfigError(*problems) from error


def _key(name: str, config: Config) -> str:
    if name in config.metrics:
        return f"metrics.{name}.value"
    if name in config.segments:
        return f"segments.{name}"
    return f"derived.{name}" if name in config.derived else name


def _as_mask(values: "pd.Series[bool]", key: str, config: Config) -> NDArray[np.bool_]:
    if values.dtype != "boolean" and values.dtype != bool:
        raise ConfigError(Problem("config.not_a_condition", where=Location(key=_key(key, config))))
    return values.fillna(value=False).to_numpy(dtype=bool)


def _with(accounts: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    kept = accounts.drop(columns=[name for name in computed.columns if name in accounts.columns])
    return pd.concat([kept, computed], axis=1)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
