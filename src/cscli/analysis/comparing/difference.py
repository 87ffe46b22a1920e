"""Whether those who had something left less often than those who had not: adjusted over strata, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

Verdict = Literal["fewer_left", "more_left", "no_difference_seen", "too_few"]
FEWEST_LEFT, FEWEST_EXPECTED = 10, 5
_Z = float(ndtri(0.975))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Accounts of one stratum that were alive at the landmark: with and without, and how many of each left after it."""

    used: int
    used_left: int
    not_used: int
    not_used_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`crude` and `adjusted`: share that left with it minus share without, from -1 to 1; `low`, `high`: 95% interval of the
    adjusted one. NaN where nothing can be said.
    """

    used: int
    used_left: int
    not_used: int
    not_used_left: int
    crude: float
    adjusted: float
    low: float
    high: float
    verdict: Verdict


def compare(strata: Sequence[Stratum]) -> Difference:
    """The Mantel-Haenszel risk difference over `strata` with the variance of Greenland & Robins (1985, Biometrics 41:55).
    Refused unless 10 left in all and 5 would be expected in the smaller arm; strata with one arm do not count.
    """
    used, used_left = sum(s.used for s in strata), sum(s.used_left for s in strata)
    rest, rest_left = sum(s.not_used for s in strata), sum(s.not_used_left for s in strata)
    crude = used_left / used - rest_left / rest if used and rest else np.nan
    both = [s for s in strata if s.used and s.not_used]
    left = used_left + rest_left
    expected = min(used, rest) * left / (used + rest) if used + rest else 0.0
    adjusted = low = high = np.nan
    verdict: Verdict = "too_few"
    if left >= FEWEST_LEFT and expected >= FEWEST_EXPECTED and both:
        adjusted, error = _adjusted(both)
        low, high = adjusted - _Z * error, adjusted + _Z * error
        verdict = "fewer_left" if high < 0 else "more_left" if low > 0 else "no_difference_seen"
    return Difference(
        used=used, used_left=used_left, not_used=rest, not_used_left=rest_left, crude=crude, adjusted=adjusted,
        low=low, high=high, verdict=verdict,
    )  # fmt: skip


def _adjusted(strata: Sequence[Stratum]) -> tuple[float, float]:
    """The difference over strata and its standard error."""
    a, n = np.array([(s.used_left, s.used) for s in strata], dtype=np.float64).T
    c, m = np.array([(s.not_used_left, s.not_used) for s in strata], dtype=np.float64).T
    weight = n * m / (n + m)
    difference = np.sum(weight * (a / n - c / m)) / np.sum(weight)
    variance = np.sum(weight**2 * (a * (n - a) / n**3 + c * (m - c) / m**3)) / np.sum(weight) ** 2
    return float(difference), float(np.sqrt(variance))
