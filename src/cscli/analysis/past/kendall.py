"""How likely an order over time is by luck: Kendall's test of concordant less discordant pairs."""

from functools import lru_cache
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=4096)
def exact_p(concordance: int, count: int) -> float:
    """Two-sided, of `count` values without ties whose pairs that rise outnumber those that fall by `concordance`: the share of all
    orders that are at least as far from even (Kendall 1938).
    """
    pairs = count * (count - 1) // 2
    falling = (pairs - abs(concordance)) // 2
    return min(1.0, 2 * float(_inversions(count)[: falling + 1].sum()))


def normal_p(concordance: float, ties: NDArray[np.int64]) -> float:
    """Two-sided by the normal distribution, with the variance for ties (Kendall 1970, 4.6). `ties`: how often each value is
    there.
    """
    n, t = float(ties.sum()), ties.astype(np.float64)
    variance = (n * (n - 1) * (2 * n + 5) - float((t * (t - 1) * (2 * t + 5)).sum())) / 18
    return erfc(abs(concordance) / sqrt(variance) / sqrt(2)) if variance > 0 else 1.0


@lru_cache(maxsize=128)
def _inversions(count: int) -> NDArray[np.float64]:
    """The share of the orders of `count` values that have 0, 1, ... pairs out of order."""
    found = np.ones(1)
    for size in range(2, count + 1):
        found = np.convolve(found, np.full(size, 1 / size))
    return found
