"""Points back to raw values: for each kind of normaliser the values nearest to one's own that reach so many points."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from cscli.analysis.scoring.adjustments import Floats
from cscli.normalizers import (
    AnyNormalizer,
    Categories,
    Decay,
    Linear,
    Logistic,
    Percentile,
    Piecewise,
    Steps,
    Target,
)

_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Around:
    """What some kinds need beside the points: the account's tenure in whole months, and the values of the other
    accounts among which a percentile ranks it.
    """

    tenure_months: float
    others: Floats


def values_reaching(rule: AnyNormalizer, points: float, around: Around) -> tuple[float, ...]:
    """Ascending, the edges of the ranges of values that give at least `points` (above 0); empty where none does.

    From outside, the nearest value that suffices is one of them; an edge itself suffices, but for rounding of floats.
    Of categories there are none: see `categories_reaching`.
    """
    if points > 100 + _SLACK:
        return ()
    found = _INVERSES[type(rule)](rule, min(points, 100.0), around)
    return tuple(sorted(value for value in found if math.isfinite(value)))


def nearest(values: Sequence[float], now: float) -> tuple[float, ...]:
    """The next of ascending `values` at or above `now`, and the last below it; the nearer one first."""
    above = [value for value in values if value >= now][:1]
    below = [value for value in values if value < now][-1:]
    return tuple(sorted([*above, *below], key=lambda value: abs(value - now)))


def categories_reaching(rule: Categories, points: float) -> tuple[str, ...]:
    """The categories that give at least `points`, the one with fewest first."""
    enough = [(worth, name.strip()) for name, worth in rule.map.items() if worth >= points - _SLACK]
    return tuple(name for worth, name in sorted(enough, key=lambda pair: pair[0]))


def _linear(rule: Linear, points: float, _around: Around) -> Iterator[float]:
    yield rule.zero + (rule.full - rule.zero) * points / 100


def _piecewise(rule: Piecewise, points: float, _around: Around) -> Iterator[float]:
    for (x0, y0), (x1, y1) in pairwise(rule.at):
        if (y0 < points - _SLACK) != (y1 < points - _SLACK):
            yield x0 + (points - y0) / (y1 - y0) * (x1 - x0)


def _steps(rule: Steps, points: float, _around: Around) -> Iterator[float]:
    levels = [(-math.inf, 0.0), *rule.at]
    for (_, low), (x, high) in pairwise(levels):
        if low < points - _SLACK <= high:
            yield x
        elif high < points - _SLACK <= low:
            yield math.nextafter(x, -math.inf)  # the step before ends just below


def _categories(_rule: Categories, _points: float, _around: Around) -> Iterator[float]:
    return iter(())


def _target(rule: Target, points: float, around: Around) -> Iterator[float]:
    share = min(1.0, around.tenure_months / rule.after_months)  # NaN and month 0: no points at all
    if share > 0:
        yield points / 100 * rule.target * share


def _logistic(rule: Logistic, points: float, _around: Around) -> Iterator[float]:
    if 0 < points < 100 - _SLACK:
        yield rule.middle - rule.scale * math.log(100 / points - 1)


def _decay(rule: Decay, points: float, _around: Around) -> Iterator[float]:
    if points > 0:
        yield rule.half_life * math.log2(100 / points)


def _percentile(rule: Percentile, points: float, around: Around) -> Iterator[float]:
    """The value on a peer's, or just beyond it, from which the rank suffices."""
    sign = -1.0 if rule.lower_is_better else 1.0
    known, counts = np.unique(sign * around.others, return_counts=True)
    size = counts.sum() + 1
    below = np.cumsum(counts) - counts
    level = (below + (counts + 2) / 2 - 0.5) / size * 100  # with the same value as these
    beyond = (below + counts + 0.5) / size * 100
    for value, tied, past in zip(known.tolist(), level.tolist(), beyond.tolist(), strict=True):
        if tied >= points - _SLACK:
            yield sign * value
            return
        if past >= points - _SLACK:
            yield sign * math.nextafter(value, math.inf)
            return


_INVERSES: Mapping[type[Any], Callable[[Any, float, Around], Iterator[float]]] = MappingProxyType(
    {
        Linear: _linear, Piecewise: _piecewise, Steps: _steps, Categories: _categories, Target: _target,
        Logistic: _logistic, Decay: _decay, Percentile: _percentile,
    }
)  # fmt: skip
