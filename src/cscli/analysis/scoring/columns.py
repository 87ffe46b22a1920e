"""The config's expressions over the accounts, in their order: derived, metrics, segments, rules of scorecards."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.formats import check_formats
from cscli.analysis.scoring.nodes import Node, blocked_names, next_nodes
from cscli.analysis.tables.built_ins import add_built_ins
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.blocks.shown import Rule
from cscli.config.linting.names import names_after_score, order_names
from cscli.config.schema import Config, Scorecard
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import Expression, evaluate, parse_expression
from cscli.fields import FIELD_BY_NAME

_MOVES: Mapping[str, float | None] = {
    "score_change": np.nan, "trend_change": np.nan, "band_before": None, "trend": None,
}  # fmt: skip
Layer = Mapping[str, Expression]
Masks = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class Columns:
    """`frame`: the accounts with derived columns, metrics' values, and the segments that need no score.
    `conditions`: one mask (a condition on a missing value does not hold) for each rule of the scorecards.
    """

    frame: pd.DataFrame
    conditions: Masks


def add_columns(
    accounts: pd.DataFrame, config: Config, as_of: dt.date, nodes: Sequence[Node] = ()
) -> Columns:
    """`accounts` with all that can be computed before the score; `nodes`: columns that are no formulas. Raises ConfigError where types
    do not fit.
    """
    frame = accounts
    pending, held = list(nodes), frozenset(config.derived) | frozenset(config.metrics)
    while held or pending:
        blocked = frozenset(name for node in pending for name in node.gives)
        frame, held = _add_formulas(frame, config, as_of, held, blocked)
        if not pending:
            break
        frame, unmade = _add_early_segments(frame, config, as_of, blocked | held)
        turn = next_nodes(pending, held | unmade)
        if not turn:
            raise TypeError("columns in a circle, which the check of names lets nobody write")
        for node in turn:
            frame = _with(frame, node.make(frame, as_of))
        pending = [node for node in pending if node not in turn]
    frame = frame.copy() if nodes else frame  # columns that came one by one lie together again
    _check_metric_types(frame, config)
    check_formats(frame, config)
    return judge_columns(frame, config, as_of)


def _add_formulas(
    frame: pd.DataFrame, config: Config, as_of: dt.date, wanted: frozenset[str], blocked: frozenset[str]
) -> tuple[pd.DataFrame, frozenset[str]]:
    """`frame` with those derived columns and metrics of `wanted` that need nothing `blocked`; and the names of the others."""
    derived = {name: rule for name, rule in _known_by_then(config.derived_values).items() if name in wanted}
    metrics = {name: metric.value for name, metric in config.metrics.items() if name in wanted}
    held: frozenset[str] = frozenset()
    if blocked:
        held = blocked_names({name: rule.names for name, rule in (derived | metrics).items()}, blocked)
    layers = [
        *_layers({name: rule for name, rule in derived.items() if name not in held}),
        *_layers({name: rule for name, rule in metrics.items() if name not in held}),
    ]
    keys = {name: f"derived.{name}" for name in config.derived}
    with keyed(keys | {name: f"metrics.{name}.value" for name in config.metrics}):
        return _with(frame, _evaluate(frame, layers, as_of)), held


def _add_early_segments(
    frame: pd.DataFrame, config: Config, as_of: dt.date, blocked: frozenset[str]
) -> tuple[pd.DataFrame, frozenset[str]]:
    """`frame` with the segments that need neither the score nor anything `blocked`; and the names of those that need the latter."""
    segments = segment_rules(config)
    late = late_names(segments)
    unmade = blocked_names(
        {name: _reads(rules) for name, rules in segments.items() if name not in late}, blocked
    )
    ready = {name: rules for name, rules in segments.items() if name not in late | unmade}
    return _add_segments(frame, ready, as_of), unmade


def derive_known(accounts: pd.DataFrame, config: Config, as_of: dt.date) -> pd.DataFrame:
    """`accounts` with those derived columns that are fields of the data dictionary, which count as read ones do."""
    wanted = {name for name in config.derived if name in FIELD_BY_NAME}
    if not wanted:
        return accounts
    needed = _needed(wanted, config.derived_values)
    built_ins = add_built_ins(accounts, as_of)
    with keyed({name: f"derived.{name}" for name in config.derived}):
        computed = _evaluate(built_ins, _layers({name: config.derived[name].value for name in needed}), as_of)
    return accounts.assign(**{name: computed[name].astype(accounts[name].dtype) for name in wanted})


def _known_by_then(derived: Layer) -> Layer:
    """Who leaves after the as-of date is not known in a formula, whatever gives the day."""
    leaving = derived.get("churned_on")
    if leaving is None:
        return derived
    text = f"CASE WHEN ({leaving.text}) <= as_of THEN ({leaving.text}) END"
    return {**derived, "churned_on": parse_expression(text)}


def _needed(wanted: set[str], derived: Layer) -> list[str]:
    """Those of `derived` that `wanted` read, directly or not, and they themselves."""
    found: set[str] = set()
    waiting = set(wanted)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {other for other in derived[name].names if other in derived} - found
    return [name for name in derived if name in found]


def judge_columns(frame: pd.DataFrame, config: Config, as_of: dt.date) -> Columns:
    """`frame`, which has the derived columns and the metrics' values, with segments and scorecards' conditions."""
    segments = segment_rules(config)
    late = late_names(segments)
    frame = _add_segments(frame, {name: rules for name, rules in segments.items() if name not in late}, as_of)
    return Columns(frame, evaluate_rules(frame, dict(_scorecard_rules(config.scorecards)), as_of))


def add_late_columns(accounts: pd.DataFrame, config: Config, as_of: dt.date) -> pd.DataFrame:
    """`accounts`, scored, with the segments and the team that need the score. Where no run is compared with, how it moved is
    missing.
    """
    accounts = accounts.assign(**{name: nothing for name, nothing in _MOVES.items() if name not in accounts})
    segments = segment_rules(config)
    late = late_names(segments)
    return _add_segments(accounts, {name: rules for name, rules in segments.items() if name in late}, as_of)


def evaluate_rules(frame: pd.DataFrame, rules: Layer, as_of: dt.date) -> Masks:
    """For which accounts each rule holds; on a missing value it does not. `rules`: by their keys in the config.

    Raises ConfigError where types do not fit.
    """
    with keyed({}):
        computed = _evaluate(frame, [rules], as_of)
    return {key: _as_mask(computed[key], key) for key in rules}


def segment_rules(config: Config) -> dict[str, Sequence[Rule]]:
    """The rules of each segmentation, and of `team`."""
    return {**config.segment_rules, **({"team": config.teams} if config.teams else {})}


def rule_key(scorecard: int, kind: str = "when", number: int | None = None) -> str:
    """The key in the config of a scorecard's rule."""
    return (
        f"scorecards[{scorecard}].when"
        if number is None
        else f"scorecards[{scorecard}].{kind}[{number}].when"
    )


def late_names(segments: Mapping[str, Sequence[Rule]]) -> frozenset[str]:
    """Those of `segments` that need the score, directly or through another."""
    return names_after_score({name: _reads(rules) for name, rules in segments.items()})


def _check_metric_types(frame: pd.DataFrame, config: Config) -> None:
    """Raises ConfigError for each metric whose points are computed from numbers and whose values are none."""
    wrong = [
        name
        for name, metric in config.metrics.items()
        if not metric.points.is_textual and frame[name].dtype.kind not in "fb" and frame[name].notna().any()
    ]
    if wrong:
        places = [Location(key=f"metrics.{name}.value") for name in wrong]
        raise ConfigError(*(Problem("scoring.not_a_number_metric", where=where) for where in places))


def _add_segments(
    frame: pd.DataFrame, segments: Mapping[str, Sequence[Rule]], as_of: dt.date
) -> pd.DataFrame:
    """`frame` with one text column a segmentation: the name of the first rule that holds, else missing."""
    for level in _levels({name: _reads(rules) for name, rules in segments.items()}):
        rules = {
            _segment_key(name, index): rule.when
            for name in level
            for index, rule in enumerate(segments[name])
            if rule.when
        }
        masks = evaluate_rules(frame, rules, as_of)
        chosen = {name: _first_match(name, segments[name], masks, len(frame)) for name in level}
        frame = frame.assign(
            **{name: pd.Series(names, index=frame.index, dtype=object) for name, names in chosen.items()}
        )
    return frame


def _segment_key(name: str, index: int) -> str:
    return f"teams[{index}].when" if name == "team" else f"segments.{name}[{index}].when"


def _first_match(name: str, rules: Sequence[Rule], masks: Masks, rows: int) -> NDArray[np.object_]:
    chosen = np.full(rows, None, dtype=object)
    for index, rule in reversed(list(enumerate(rules))):
        chosen[masks[_segment_key(name, index)] if rule.when else slice(None)] = rule.name
    return chosen


def _reads(rules: Sequence[Rule]) -> set[str]:
    return {name for rule in rules if rule.when for name in rule.when.names}


def _scorecard_rules(scorecards: Sequence[Scorecard]) -> Iterator[tuple[str, Expression]]:
    for index, scorecard in enumerate(scorecards):
        if scorecard.when:
            yield rule_key(index), scorecard.when
        for number, cap in enumerate(scorecard.caps):
            yield rule_key(index, "caps", number), cap.when
        for number, floor in enumerate(scorecard.floors):
            yield rule_key(index, "floors", number), floor.when


def _layers(expressions: Layer) -> list[Layer]:
    """Layers in which every expression reads only names of earlier ones."""
    levels = _levels({name: set(rule.names) - {name} for name, rule in expressions.items()})
    return [{name: expressions[name] for name in level} for level in levels]


def _levels(reads: Mapping[str, set[str]]) -> list[list[str]]:
    levels: list[list[str]] = []
    level_of: dict[str, int] = {}
    for name in order_names(reads):
        level_of[name] = 1 + max((level_of[other] for other in reads[name] if other in level_of), default=-1)
        if level_of[name] == len(levels):
            levels.append([])
        levels[level_of[name]].append(name)
    return levels


def _as_mask(values: "pd.Series[bool]", key: str) -> NDArray[np.bool_]:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.fillna(value=False).to_numpy(dtype=bool)
    if values.isna().all():  # a condition on columns that no export has
        return np.zeros(len(values), dtype=bool)
    raise ConfigError(Problem("config.not_a_condition", where=Location(key=key)))


def _evaluate(accounts: pd.DataFrame, layers: Sequence[Layer], as_of: dt.date) -> pd.DataFrame:
    layers = [layer for layer in layers if layer]
    return evaluate(accounts, layers, as_of) if layers else pd.DataFrame(index=accounts.index)


def _with(accounts: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    kept = accounts.drop(columns=[name for name in computed.columns if name in accounts.columns])
    return pd.concat([kept, computed], axis=1)
