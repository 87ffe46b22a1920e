"""Opening and closing amounts by account to 95% intervals of what was kept; few accounts, or a few big ones, widen them."""

from math import exp, nan, sqrt

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.int64]
Interval = tuple[float | None, float | None]

_UPPER = 0.975
_FEW, _WIDE, _ABSURD = 10, 3.0, 100.0
"""Below so many accounts an interval up to the threefold says nothing; up to the hundredfold none does."""
_Z2 = 1.959963984540054**2


def nrr_interval(opening: Amounts, closing: Amounts) -> Interval:
    """Interval of sum(closing) / sum(opening) on the log scale. (None, None) where no account tells anything of the
    spread, or where `tells_too_little` holds.
    """
    factor = _factor(opening, closing)
    if factor == 1 or tells_too_little(opening, closing):
        return None, None
    ratio = float(closing.sum() / opening.sum())
    return ratio / factor, ratio * factor


def tells_too_little(opening: Amounts, closing: Amounts) -> bool:
    """Whether so few accounts have most of what there is that an interval would only show how little is known."""
    most = _WIDE if len(opening) < _FEW else _ABSURD
    return len(opening) == 1 or _factor(opening, closing) > most


def _factor(opening: Amounts, closing: Amounts) -> float:
    """By what NRR is divided and multiplied; 1 without any spread."""
    ratio, error, size = _spread(opening, closing)
    if error == 0:
        return 1.0
    return exp(min(_quantile(size) * error / ratio, 500.0))


def grr_interval(opening: Amounts, closing: Amounts) -> Interval:
    """Interval of sum(min(o, c)) / sum(o) on the logit scale; with nothing lost, or nothing kept, the Wilson bound
    for as many accounts as the concentration of MRR is worth. (None, None) where `tells_too_little` holds.
    """
    ratio, error, size = _spread(opening, np.minimum(opening, closing))
    if size == 0 or tells_too_little(opening, np.minimum(opening, closing)):
        return None, None
    if ratio in {0.0, 1.0}:
        return (size / (size + _Z2), 1.0) if ratio else (0.0, _Z2 / (size + _Z2))
    odds = ratio / (1 - ratio)
    factor = exp(min(_quantile(size) * error / (ratio * (1 - ratio)), 500.0))
    return odds / factor / (1 + odds / factor), odds * factor / (1 + odds * factor)


def wilson_interval(events: float, n: float) -> tuple[float, float]:
    """Of a share (Wilson 1927), which is honest at 0 and for small n: its ends are 0 and 1 where nobody, and where everybody, had the
    event. NaN without any n.
    """
    if n <= 0:
        return nan, nan
    share = events / n
    centre, half = share + _Z2 / (2 * n), sqrt(_Z2) * sqrt(share * (1 - share) / n + _Z2 / (4 * n * n))
    low = (centre - half) / (1 + _Z2 / n) if events > 0 else 0.0
    high = (centre + half) / (1 + _Z2 / n) if events < n else 1.0
    return low, high


def _spread(opening: Amounts, closing: Amounts) -> tuple[float, float, float]:
    """The ratio, its standard error and the effective number of accounts (Kish: (sum o)^2 / sum o^2).

    Linearised ratio (Cochran 1977, 6.4) with residuals / (1 - leverage), as in the jackknife.
    """
    if len(opening) < 2:
        return 0.0, 0.0, 0.0
    o, c = opening.astype(np.float64), closing.astype(np.float64)
    total = o.sum()
    ratio = float(c.sum() / total)
    # equal parts differ by rounding alone
    residual = np.where(c == o * ratio, 0.0, (c - ratio * o) / (1 - o / total))
    return ratio, float(np.sqrt((residual**2).sum()) / total), float(total**2 / (o**2).sum())


def _quantile(size: float) -> float:
    """Student's t with one less than the effective number of accounts as its degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy is loaded only by the commands that need it

    return float(stdtrit(max(size - 1.0, 1.0), _UPPER))
