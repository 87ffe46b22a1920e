"""Churn events and account-months by segment to hazards drawn towards what the segments have in common."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.revenue.estimate import Remark

Numbers = NDArray[np.float64]

FEWEST_SEGMENTS = 4
_SMALLEST_GAIN = 1e-4
_LARGEST_SHAPE = 1e5
_STARTS = (-0.5, 3.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class ShrunkHazards:
    """Monthly hazards by segment, in their order, with 95% intervals (at most 1; NaN where no churn was seen at
    all). `shape`, `rate_months`: the gamma prior, None where the segments were pooled (see `remarks`).
    """

    hazard: Numbers
    low: Numbers
    high: Numbers
    shape: float | None = None
    rate_months: float | None = None
    log_likelihood: float | None = None
    pooled_hazard: float | None
    remarks: tuple[Remark, ...] = ()


def shrink_hazards(events: NDArray[np.int64], account_months: NDArray[np.int64]) -> ShrunkHazards:
    """(a + events) / (b + account_months) with the gamma prior (a, b) of maximum negative-binomial likelihood
    (Poisson events, gamma hazards); interval: quantiles of the posterior. One hazard for all with fewer than four
    segments, or where they differ no more than chance would have it.
    """
    total_events, total_months = int(events.sum()), int(account_months.sum())
    if total_events == 0 or total_months == 0:
        unknown = np.full(len(events), np.nan)
        reason = Remark.NO_CHURN if total_events == 0 else Remark.NO_TIME_AT_RISK
        return ShrunkHazards(hazard=unknown, low=unknown, high=unknown, pooled_hazard=None, remarks=(reason,))
    pooled = total_events / total_months
    prior = _fit_prior(events, account_months) if len(events) >= FEWEST_SEGMENTS else None
    if prior is None:
        # the posterior of the pooled rate under Jeffreys' prior
        low, high = (
            np.full(len(events), end)
            for end in _interval(np.array(total_events + 0.5), np.array(float(total_months)))
        )
        hazard = np.full(len(events), min(pooled, 1.0))
        return ShrunkHazards(
            hazard=hazard, low=low, high=high, pooled_hazard=pooled, remarks=(Remark.POOLED,)
        )
    shape, rate, likelihood = prior
    shapes, rates = np.asarray(shape + events, np.float64), np.asarray(rate + account_months, np.float64)
    low, high = _interval(shapes, rates)
    return ShrunkHazards(
        hazard=np.minimum(shapes / rates, 1.0),
        low=low,
        high=high,
        shape=shape,
        rate_months=rate,
        log_likelihood=likelihood,
        pooled_hazard=pooled,
    )


def _interval(shape: Numbers, rate: Numbers) -> tuple[Numbers, Numbers]:
    from scipy.special import gammaincinv  # noqa: PLC0415 - loaded only where it is used

    low, high = (np.minimum(gammaincinv(shape, share) / rate, 1.0) for share in (0.025, 0.975))
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def _fit_prior(
    events: NDArray[np.int64], account_months: NDArray[np.int64]
) -> tuple[float, float, float] | None:
    """Shape, rate in months and log-likelihood; None without over-dispersion."""
    from scipy.optimize import minimize  # noqa: PLC0415 - loaded only where it is used

    seen = account_months > 0
    d, m = events[seen].astype(np.float64), account_months[seen].astype(np.float64)
    if len(d) < FEWEST_SEGMENTS or d.sum() == 0:
        return None
    centre = np.log(d.sum() / m.sum())
    fits = [
        minimize(
            lambda at: -_log_likelihood(at, d, m),
            [start, centre],
            method="Nelder-Mead",
            bounds=[(-8.0, np.log(10 * _LARGEST_SHAPE)), (centre - 8.0, centre + 8.0)],
            options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 1000},
        )
        for start in _STARTS
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    shape, mean = (float(number) for number in np.exp(best.x))
    gain = -float(best.fun) - _poisson(d, m)
    if shape > _LARGEST_SHAPE or gain < _SMALLEST_GAIN:
        return None
    return shape, shape / mean, -float(best.fun)


def _log_likelihood(at: Numbers, events: Numbers, months: Numbers) -> float:
    """Of the negative binomial; `at`: log of the prior's shape and of its mean."""
    from scipy.special import gammaln  # noqa: PLC0415 - loaded only where it is used

    shape = np.exp(at[0])
    rate = shape / np.exp(at[1])
    ways = gammaln(shape + events) - gammaln(shape) - gammaln(events + 1)
    return float((ways - shape * np.log1p(months / rate) + events * np.log(months / (rate + months))).sum())


def _poisson(events: Numbers, months: Numbers) -> float:
    from scipy.special import gammaln  # noqa: PLC0415 - loaded only where it is used

    expected = months * events.sum() / months.sum()
    return float((events * np.log(expected) - expected - gammaln(events + 1)).sum())
