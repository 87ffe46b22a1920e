"""Contracts and the renewals they lived through to the shifted beta geometric model (Fader & Hardie 2007)."""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.revenue.estimate import Remark

Numbers = NDArray[np.float64]

HETEROGENEITY_LIMIT = 1e4
"""Above this a + b, contracts differ too little to be told from alike ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalModel:
    """`alpha`, `beta`: beta distribution of the chance to leave at a renewal, None where contracts do not differ
    (`no_heterogeneity`) and all leave with chance `mean_churn`. `n`: contracts; `events`: those that left.
    """

    alpha: float | None
    beta: float | None
    mean_churn: float
    log_likelihood: float
    n: int
    events: int
    remarks: tuple[Remark, ...] = ()


def fit_renewals(
    periods: NDArray[np.int64],
    churned: NDArray[np.bool_],
    counts: NDArray[np.int64] | None = None,
    entered: NDArray[np.int64] | None = None,
) -> RenewalModel | None:
    """The model of maximum likelihood for contracts that left at renewal number `periods` (1, 2, ...), or had
    lived through that many and are still there. `counts`: contracts of each entry (default 1). `entered`: renewals
    already lived through when leaving could first be seen (default 0); the likelihood is given those. None where
    nobody, or everybody at the first renewal, left: then there is nothing to fit.
    """
    weights = np.ones(len(periods), dtype=np.int64) if counts is None else counts
    size = int(periods.max(initial=0)) + 1
    left = np.bincount(periods[churned], weights=weights[churned], minlength=size).astype(np.float64)
    stayed = np.bincount(periods[~churned], weights=weights[~churned], minlength=size).astype(np.float64)
    begun = np.zeros_like(periods) if entered is None else entered
    before = np.bincount(begun, weights=weights, minlength=size).astype(np.float64)
    n, events = int(weights.sum()), int(left.sum())
    # one that leaves before its first renewal has none to be explained
    exposure = float((np.arange(size) * (left + stayed - before)).sum())
    left[0] = 0.0
    if left.sum() == 0 or left.sum() >= exposure:
        return None
    mean = float(left.sum()) / exposure
    alike = float(left.sum()) * log(mean) + (exposure - float(left.sum())) * np.log1p(-mean)
    alpha, beta, likelihood = _maximise(left, stayed - before, mean)
    if alpha + beta > HETEROGENEITY_LIMIT or likelihood < alike:
        return RenewalModel(
            alpha=None,
            beta=None,
            mean_churn=mean,
            log_likelihood=float(alike),
            n=n,
            events=events,
            remarks=(Remark.NO_HETEROGENEITY,),
        )
    return RenewalModel(
        alpha=alpha,
        beta=beta,
        mean_churn=alpha / (alpha + beta),
        log_likelihood=likelihood,
        n=n,
        events=events,
    )


def discounted_lifetime(model: RenewalModel, discount_rate: float) -> float:
    """DEL: sum of S(t) / (1 + d)^t over t = 0, 1, ... in periods, with `discount_rate` d > 0 per period; as
    2F1(1, b; a + b; 1 / (1 + d)) (Fader & Hardie 2010, eq. 5).
    """
    return _discounted(model, 0, discount_rate)


def _discounted(model: RenewalModel, shift: int, discount_rate: float) -> float:
    factor = 1 / (1 + discount_rate)
    if model.alpha is None or model.beta is None:
        return 1 / (1 - (1 - model.mean_churn) * factor)
    from scipy.special import hyp2f1  # noqa: PLC0415 - loaded only where it is used

    beta = model.beta + shift
    return float(hyp2f1(1.0, beta, model.alpha + beta, factor))


def _maximise(left: Numbers, stayed: Numbers, mean: float) -> tuple[float, float, float]:
    """Alpha, beta and the log-likelihood, sought over logit of the mean and log of a + b. `stayed`: less those that
    entered there.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - loaded only where it is used

    centre = log(mean / (1 - mean))
    fits = [
        minimize(
            lambda at: -_log_likelihood(_shapes(at), left, stayed),
            [centre, start],
            method="Nelder-Mead",
            bounds=[(centre - 12, centre + 12), (-8.0, log(100 * HETEROGENEITY_LIMIT))],
            options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000},
        )
        for start in (0.0, 3.0)
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    alpha, beta = _shapes(best.x)
    return alpha, beta, -float(best.fun)


def _shapes(at: Numbers) -> tuple[float, float]:
    mean = 1 / (1 + exp(-float(at[0])))
    total = exp(float(at[1]))
    return total * mean, total * (1 - mean)


def _log_likelihood(shapes: tuple[float, float], left: Numbers, stayed: Numbers) -> float:
    """With log P(T = t) = log B(a + 1, b + t - 1) - log B(a, b) for those that left, log S(t) for the others."""
    from scipy.special import betaln  # noqa: PLC0415 - loaded only where it is used

    alpha, beta = shapes
    t = np.arange(len(left))
    start = betaln(alpha, beta)
    dies = betaln(alpha + 1, beta + np.maximum(t - 1, 0)) - start
    tenures = betaln(alpha, beta + t) - start
    return float((left * dies + stayed * tenures).sum())
