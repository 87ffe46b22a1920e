"""Counts and estimates to their 95% intervals."""

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
Numbers = NDArray[np.float64]
Interval = tuple[float, float]
NO_INTERVAL: Interval = (np.nan, np.nan)


def jeffreys_mean(events: float, n: float) -> float:
    """(k + 1/2) / (n + 1): the mean of the beta distribution of a share (Brown, Cai & DasGupta 2001)."""
    return (events + 0.5) / (n + 1)


def jeffreys(events: float, n: float) -> Interval:
    """The middle 95% of that distribution; the low end is 0 where nobody, the high one 1 where everybody had the event."""
    from scipy.special import betaincinv  # noqa: PLC0415 - loaded only where it is used

    alpha, beta = events + 0.5, n - events + 0.5
    low = float(betaincinv(alpha, beta, 0.025)) if events > 0 else 0.0
    high = float(betaincinv(alpha, beta, 0.975)) if events < n else 1.0
    return low, high


def logit_interval(value: float, error: float) -> Interval:
    """Of a share from its standard error, symmetric on the logit scale; NaN where that scale ends or the error is 0."""
    if not 0 < value < 1 or not error > 0:
        return NO_INTERVAL
    centre, step = np.log(value / (1 - value)), Z * error / (value * (1 - value))
    return float(1 / (1 + np.exp(step - centre))), float(1 / (1 + np.exp(-step - centre)))


def jackknife_error(without: Numbers) -> float:
    """The standard error from the estimates without each account: SE^2 = (C - 1) / C x sum of squares about their mean
    (Efron & Stein 1981). NaN with fewer than two.
    """
    count = len(without)
    if count < 2:
        return np.nan
    return float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))


def holm(p_values: Numbers) -> Numbers:
    """Adjusted for their number (Holm 1979); NaN stays NaN and is not counted."""
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    steps = p_values[order] * (len(order) - np.arange(len(order)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted
