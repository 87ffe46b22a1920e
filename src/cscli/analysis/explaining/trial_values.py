"""Values that may lift an account: the exact edges and, before each, what a person would write down."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cscli.analysis.explaining.actionable import Lever, Way, column_value, find_lever, metric_value
from cscli.analysis.explaining.values_for_points import Around, categories_reaching, nearest, values_reaching
from cscli.analysis.explaining.what_if import Trials
from cscli.analysis.scoring.adjustments import TOLERANCE, Floats
from cscli.analysis.scoring.health import UNKNOWN
from cscli.analysis.scoring.rescore import rule_formulas
from cscli.normalizers import Categories, Percentile, reads_as_share

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_GRID = 129
_ROUNDS = 5
_FINE = 33


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of a metric; where `lever` says how the metric comes from a column, the column's value, a day as its
    number since 1970. `exact`: the edge that it was rounded from.
    """

    value: float | str
    exact: float | str
    lever: Lever | None = None
    column: float | None = None


def candidates_of(trials: Trials, name: str, points: float) -> list[Candidate]:
    """Values of the metric that may give at least `points`: the nearest edges first, each after its roundings."""
    rule = trials.standing.config.metrics[name].points
    if isinstance(rule, Categories):
        return [Candidate(text, text) for text in categories_reaching(rule, points)]
    now = float(trials.standing.measured[name].iloc[trials.row])
    edges = _edges(trials, name, points)
    chosen = edges[:2] if math.isnan(now) else nearest(edges, now)
    return [each for edge in chosen for each in _rounded(trials, name, edge, now)]


def is_read_by_rules(trials: Trials, name: str) -> bool:
    """Whether a condition that decides on the score reads the metric, so that more than its points may change."""
    return any(name in formula.names for formula in rule_formulas(trials.config))


def scan(trials: Trials, name: str, points: float, edge: float) -> list[Candidate]:
    """The same of a metric that conditions read, where more than `points` decides: the value nearest to now whose
    score is at or above `edge`, found by trying. Of categories all, the one with fewest points first.
    """
    rule = trials.standing.config.metrics[name].points
    if isinstance(rule, Categories):
        return [Candidate(text, text) for text in categories_reaching(rule, 0)]
    now = float(trials.standing.measured[name].iloc[trials.row])
    grid = _grid(trials, name, points, now)
    start = float(grid[0]) if math.isnan(now) else now
    ways = [_first_passing(trials, name, grid[grid >= start], edge)]
    ways.append(_first_passing(trials, name, grid[grid <= start][::-1], edge))
    found = sorted((way for way in ways if way is not None), key=lambda value: abs(value - start))
    by_points = candidates_of(trials, name, points) if math.isnan(now) else []
    return by_points + [each for value in found for each in _rounded(trials, name, value, now)]


def _edges(trials: Trials, name: str, points: float) -> tuple[float, ...]:
    standing = trials.standing
    rule = standing.config.metrics[name].points
    tenure = float(standing.numbers("tenure_months")[trials.row])
    others = trials.others(name) if isinstance(rule, Percentile) else np.empty(0)
    return values_reaching(rule, points, Around(tenure, others))


def _rounded(trials: Trials, name: str, edge: float, now: float) -> Iterator[Candidate]:
    """What a person would write for the edge, the smaller change first, then the edge itself."""
    config, as_of = trials.standing.config, trials.standing.as_of
    account = trials.account.iloc[0]
    lever = find_lever(name, config)
    exact = column_value(lever, edge, account, as_of) if lever else None
    if lever is None or exact is None:
        lever, exact = Lever(Way.PLAIN, name), edge
    step = _step(trials, lever, exact, is_share=reads_as_share(config.metrics[name].points))
    shown = None if lever.way is Way.PLAIN and lever.column == name else lever
    middle = round(exact / step, 6)
    near = (math.floor(middle) - 1, math.floor(middle), math.ceil(middle), math.ceil(middle) + 1)
    values = {
        column: metric_value(lever, column, account, as_of) for column in (round(n * step, 10) for n in near)
    }
    start = edge if math.isnan(now) else now
    for column in sorted(values, key=lambda column: abs(values[column] - start)):
        yield Candidate(values[column], edge, shown, column if shown else None)
    if lever.way is not Way.SINCE:
        yield Candidate(edge, edge, shown, exact if shown else None)


def _step(trials: Trials, lever: Lever, value: float, *, is_share: bool) -> float:
    """To what a person rounds the column: whole where all of the book are, else as many decimals as tell something."""
    frames = (trials.standing.columns, trials.standing.measured)
    held = next((frame[lever.column] for frame in frames if lever.column in frame), None)
    if lever.way is Way.SINCE:
        return 1.0
    if held is not None and held.dtype == np.float64:
        known = held.to_numpy()[~np.isnan(held.to_numpy())]
        if len(known) and (known == np.floor(known)).all():
            return 1.0
    if is_share and lever.way is Way.PLAIN:
        return 0.01
    return 1.0 if abs(value) >= 1000 else 0.1 if abs(value) >= 10 else 0.01


def _grid(trials: Trials, name: str, points: float, now: float) -> Floats:
    """Values to try: between and around all that may matter, and what the conditions name, with its two sides."""
    formulas = [formula for formula in rule_formulas(trials.config) if name in formula.names]
    literals = [float(number) for formula in formulas for number in _NUMBER.findall(formula.text)]
    sides = [math.nextafter(number, end) for number in literals for end in (-math.inf, math.inf)]
    known = trials.standing.measured[name].dropna().tolist()
    marks = [*literals, *_edges(trials, name, points), *(known and [min(known), max(known)]), now]
    marks = [mark for mark in marks if not math.isnan(mark)] or [0.0]
    return np.unique([*np.linspace(min(marks), max(marks), _GRID), *marks, *sides])


def _first_passing(trials: Trials, name: str, way: Floats, edge: float) -> float | None:
    """The first of the values whose score is at or above `edge`, then the same between it and the one before."""
    found = None
    for _ in range(_ROUNDS):
        scores = trials.scores([(name, float(value)) for value in way])
        passed = (scores.score + TOLERANCE >= edge) & (scores.band != UNKNOWN)
        if not passed.any():
            return found
        first = int(passed.argmax())
        found = float(way[first])
        if first == 0:
            return found
        way = np.linspace(way[first - 1], found, _FINE)
    return found
