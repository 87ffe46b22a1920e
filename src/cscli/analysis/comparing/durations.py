"""How long it takes to get somewhere, where some leave before they are there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REACHED, LEFT, OPEN = 1, 2, 0
"""How a duration ended: there, gone before, or not over yet."""
_HALF = 0.5 - 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class Reached:
    """Cumulative incidence: `share` of those who started that are there after `days` (rising, days on which somebody was)."""

    days: NDArray[np.float64]
    share: NDArray[np.float64]

    @property
    def median_days(self) -> float:
        """The first day on which at least half are there; NaN where it never came to that."""
        there = np.flatnonzero(self.share >= _HALF)
        return float(self.days[there[0]]) if len(there) else np.nan


def share_reached(days: Sequence[float] | NDArray[np.float64], ends: NDArray[np.intp]) -> Reached:
    """The share that is there by each day, leaving being a competing end (Aalen & Johansen 1978). `days`: from the start
    to the end, or to the day of the report; `ends`: `REACHED`, `LEFT` or `OPEN` of each.
    """
    lasted, ends = np.asarray(days, dtype=np.float64), np.asarray(ends)
    times, place = np.unique(lasted, return_inverse=True)
    there = np.bincount(place, weights=ends == REACHED, minlength=len(times))
    gone = np.bincount(place, weights=ends == LEFT, minlength=len(times))
    waiting = len(lasted) - np.concatenate([[0.0], np.cumsum(np.bincount(place, minlength=len(times)))])[:-1]
    stays = np.concatenate([[1.0], np.cumprod(1 - (there + gone) / np.maximum(waiting, 1))])[:-1]
    share = np.cumsum(stays * there / np.maximum(waiting, 1))
    happened = there > 0
    return Reached(times[happened], share[happened])
