"""Values that may lift an account: the exact edges and, before each, what a person would write down."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cscli.analysis.explaining.actionable import column_value, find_actionable, metric_value
from cscli.analysis.explaining.values_for_points import nearest, values_reaching
from cscli.analysis.explaining.what_if import WhatIf
from cscli.analysis.scoring.adjustments import TOLERANCE, Floats
from cscli.analysis.scoring.health import UNKNOWN
from cscli.analysis.scoring.rescore import rule_formulas
from cscli.expressions.bare.model import Shape, Way
from cscli.points import Around

_GRID = 129
_ROUNDS = 5
_FINE = 33


@dataclass(frozen=True, slots=True)
class TrialValue:
    """A value of a metric; where `actionable` says how the metric comes from a column, the column's value, a day as its
    number since 1970. `exact`: the edge that it was rounded from.
    """

    value: float | str
    exact: float | str
    actionable: Shape | None = None
    column: float | None = None


def candidates_of(what_if: WhatIf, name: str, points: float) -> list[TrialValue]:
    """Values of the metric that may give at least `points`: the nearest edges first, each after its roundings."""
    rule = what_if.scored_run.config.metrics[name].points
    if rule.is_textual:
        return [TrialValue(text, text) for text in rule.texts_reaching(points)]
    now = float(what_if.scored_run.measured[name].iloc[what_if.row])
    edges = _edges(what_if, name, points)
    chosen = edges[:2] if math.isnan(now) else nearest(edges, now)
    return [each for edge in chosen for each in _rounded(what_if, name, edge, now)]


def is_read_by_rules(what_if: WhatIf, name: str) -> bool:
    """Whether a condition that decides on the score reads the metric, so that more than its points may change."""
    return any(name in formula.names for formula in rule_formulas(what_if.config))


def scan(what_if: WhatIf, name: str, points: float, edge: float) -> list[TrialValue]:
    """The same of a metric that conditions read, where more than `points` decides: the value nearest to now whose
    score is at or above `edge`, found by trying. Of categories all, the one with fewest points first.
    """
    rule = what_if.scored_run.config.metrics[name].points
    if rule.is_textual:
        return [TrialValue(text, text) for text in rule.texts_reaching(0)]
    now = float(what_if.scored_run.measured[name].iloc[what_if.row])
    grid = _grid(what_if, name, points, now)
    start = float(grid[0]) if math.isnan(now) else now
    ways = [_first_passing(what_if, name, grid[grid >= start], edge)]
    ways.append(_first_passing(what_if, name, grid[grid <= start][::-1], edge))
    found = sorted((way for way in ways if way is not None), key=lambda value: abs(value - start))
    by_points = candidates_of(what_if, name, points) if math.isnan(now) else []
    return by_points + [each for value in found for each in _rounded(what_if, name, value, now)]


def _edges(what_if: WhatIf, name: str, points: float) -> tuple[float, ...]:
    scored_run = what_if.scored_run
    rule = scored_run.config.metrics[name].points
    tenure = float(scored_run.numbers("tenure_months")[what_if.row])
    others = what_if.others(name) if rule.is_relative else np.empty(0)
    return values_reaching(rule, points, Around(tenure, others))


def _rounded(what_if: WhatIf, name: str, edge: float, now: float) -> Iterator[TrialValue]:
    """What a person would write for the edge, the smaller change first, then the edge itself."""
    config, as_of = what_if.scored_run.config, what_if.scored_run.as_of
    account = what_if.account.iloc[0]
    actionable = find_actionable(name, config)
    exact = column_value(actionable, edge, account, as_of) if actionable else None
    if actionable is None or exact is None:
        actionable, exact = Shape(Way.PLAIN, name), edge
    step = _step(what_if, actionable, exact, is_share=config.metrics[name].points.reads_as_share)
    shown = None if actionable.way is Way.PLAIN and actionable.column == name else actionable
    middle = round(exact / step, 6)
    near = (math.floor(middle) - 1, math.floor(middle), math.ceil(middle), math.ceil(middle) + 1)
    values = {
        column: metric_value(actionable, column, account, as_of)
        for column in (round(n * step, 10) for n in near)
    }
    start = edge if math.isnan(now) else now
    for column in sorted(values, key=lambda column: abs(values[column] - start)):
        yield TrialValue(values[column], edge, shown, column if shown else None)
    if actionable.way is not Way.SINCE:
        yield TrialValue(edge, edge, shown, exact if shown else None)


def _step(what_if: WhatIf, actionable: Shape, value: float, *, is_share: bool) -> float:
    """To what a person rounds the column: whole where all of the book are, else as many decimals as tell something."""
    frames = (what_if.scored_run.columns, what_if.scored_run.measured)
    held = next((frame[actionable.column] for frame in frames if actionable.column in frame), None)
    if actionable.way is Way.SINCE:
        return 1.0
    if held is not None and held.dtype == np.float64:
        known = held.to_numpy()[~np.isnan(held.to_numpy())]
        if len(known) and (known == np.floor(known)).all():
            return 1.0
    if is_share and actionable.way is Way.PLAIN:
        return 0.01
    return 1.0 if abs(value) >= 1000 else 0.1 if abs(value) >= 10 else 0.01


def _grid(what_if: WhatIf, name: str, points: float, now: float) -> Floats:
    """Values to try: between and around all that may matter, and what the conditions name, with its two sides."""
    formulas = [formula for formula in rule_formulas(what_if.config) if name in formula.names]
    literals = [number for formula in formulas for number in formula.literals]
    sides = [math.nextafter(number, end) for number in literals for end in (-math.inf, math.inf)]
    known = what_if.scored_run.measured[name].dropna().tolist()
    marks = [*literals, *_edges(what_if, name, points), *(known and [min(known), max(known)]), now]
    marks = [mark for mark in marks if not math.isnan(mark)] or [0.0]
    return np.unique([*np.linspace(min(marks), max(marks), _GRID), *marks, *sides])


def _first_passing(what_if: WhatIf, name: str, way: Floats, edge: float) -> float | None:
    """The first of the values whose score is at or above `edge`, then the same between it and the one before."""
    found = None
    for _ in range(_ROUNDS):
        scores = what_if.scores([(name, float(value)) for value in way])
        passed = (scores.score + TOLERANCE >= edge) & (scores.band != UNKNOWN)
        if not passed.any():
            return found
        first = int(passed.argmax())
        found = float(way[first])
        if first == 0:
            return found
        way = np.linspace(way[first - 1], found, _FINE)
    return found
