"""Points back to raw values: those nearest to one's own that reach so many points."""

import math
from collections.abc import Sequence

from cscli.normalizers import AnyNormalizer
from cscli.points import SLACK, Around


def values_reaching(rule: AnyNormalizer, points: float, around: Around) -> tuple[float, ...]:
    """Ascending, the edges of the ranges of values that give at least `points` (above 0); empty where none does.

    From outside, the nearest value that suffices is one of them; an edge itself suffices, but for rounding of floats.
    Of texts there are none: see `texts_reaching` of the normaliser.
    """
    if points > 100 + SLACK:
        return ()
    found = rule.values_reaching(min(points, 100.0), around)
    return tuple(sorted(value for value in found if math.isfinite(value)))


def nearest(values: Sequence[float], now: float) -> tuple[float, ...]:
    """The next of ascending `values` at or above `now`, and the last below it; the nearer one first."""
    above = [value for value in values if value >= now][:1]
    below = [value for value in values if value < now][-1:]
    return tuple(sorted([*above, *below], key=lambda value: abs(value - now)))
