"""Purchases of customers who may leave unseen to BG/NBD (Fader, Hardie & Lee 2005) and Gamma-Gamma (Fader & Hardie
2013): how many purchases and how much a purchase can be expected. Not for contracts, where leaving is observed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseModel:
    """BG/NBD: purchase rates gamma(`r`, `alpha`), chance to leave after a purchase beta(`a`, `b`)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class SpendModel:
    """Gamma-Gamma: the value of a purchase is gamma(`p`, nu) with nu gamma(`q`, `v`)."""

    p: float
    q: float
    v: float
    log_likelihood: float

    @property
    def mean(self) -> float | None:
        """Mean value of a purchase over all customers, p v / (q - 1); None where q <= 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None


@dataclass(frozen=True, eq=False)
class Purchases:
    """Customers: `frequency` (repeat purchases), `recency` (age at the last one; 0 without), `age`, in one unit of
    time; `counts`: customers of each entry.
    """

    frequency: Numbers
    recency: Numbers
    age: Numbers
    counts: Numbers


def fit_purchases(purchases: Purchases) -> PurchaseModel | None:
    """BG/NBD by maximum likelihood; None where nobody bought again, or the fit runs off to no model."""
    if not len(purchases.frequency) or purchases.frequency.max() == 0:
        return None
    # Ages of the size of one make the likelihood as round in alpha as in the others.
    scale = float(purchases.age.max())
    scaled = Purchases(
        purchases.frequency, purchases.recency / scale, purchases.age / scale, purchases.counts
    )
    found = _maximise(lambda at: _purchase_likelihood(np.exp(at), scaled), [0.0, 0.0, 0.0, 0.5])
    if found is None:
        return None
    (r, alpha, a, b), likelihood = found
    # the density of x purchases is per scaled unit of time to the power of x
    likelihood -= float((purchases.counts * purchases.frequency).sum()) * np.log(scale)
    return PurchaseModel(r=r, alpha=alpha * scale, a=a, b=b, log_likelihood=float(likelihood))


def fit_spend(frequency: Numbers, mean_value: Numbers) -> SpendModel | None:
    """Gamma-Gamma by maximum likelihood over customers with repeat purchases: `mean_value` of their `frequency`
    purchases, both above 0. None without any, or where the fit runs off to no model.
    """
    used = (frequency > 0) & (mean_value > 0)
    x, m = frequency[used], mean_value[used]
    if len(x) < 2:
        return None
    scale = float(m.mean())
    found = _maximise(lambda at: _spend_likelihood(np.exp(at), x, m / scale), [1.0, 1.0, 0.0])
    if found is None:
        return None
    (p, q, v), likelihood = found
    return SpendModel(p, q, v * scale, float(likelihood - len(x) * np.log(scale)))


def expect_purchases(model: PurchaseModel, time: float) -> float:
    """E[X(t)] of a new customer in `time` (Fader, Hardie & Lee 2005, eq. 9)."""
    from scipy.special import hyp2f1  # noqa: PLC0415 - loaded only where it is used

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    ratio = (alpha / (alpha + time)) ** r
    series = hyp2f1(r, b, a + b - 1, time / (alpha + time))
    return float((a + b - 1) / (a - 1) * (1 - ratio * series))


def expect_future_purchases(model: PurchaseModel, purchases: Purchases, time: float) -> Numbers:
    """E[Y(t) | x, t_x, T] by entry (eq. 10): purchases in the next `time`, given what was seen."""
    from scipy.special import hyp2f1  # noqa: PLC0415 - loaded only where it is used

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x, age = purchases.frequency, purchases.age
    series = hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + age + time))
    ratio = ((alpha + age) / (alpha + age + time)) ** (r + x)
    expected = (a + b + x - 1) / (a - 1) * (1 - ratio * series)
    return np.asarray(expected * chance_alive(model, purchases), dtype=np.float64)


def chance_alive(model: PurchaseModel, purchases: Purchases) -> Numbers:
    """P(alive | x, t_x, T) by entry: 1 for those without a repeat purchase, as the model has it."""
    x = purchases.frequency
    odds = model.a / (model.b + np.maximum(x, 1) - 1)
    odds *= ((model.alpha + purchases.age) / (model.alpha + purchases.recency)) ** (model.r + x)
    return np.where(x > 0, 1 / (1 + odds), 1.0)


def expect_value(model: SpendModel, frequency: Numbers, mean_value: Numbers) -> Numbers:
    """E[M | x, m] by customer: the mean value of a purchase, drawn towards that of all; NaN where q <= 1 and x = 0."""
    weight = model.p * frequency
    total = weight + model.q - 1
    known = total > 0
    expected = model.p * (model.v + frequency * mean_value) / np.where(known, total, 1.0)
    return np.where(known, expected, np.nan)


def _maximise(likelihood: Callable[[Numbers], float], start: list[float]) -> tuple[list[float], float] | None:
    """Over the logarithms of the parameters; None at the edge of what is searched."""
    from scipy.optimize import minimize  # noqa: PLC0415 - loaded only where it is used

    edge = 12.0
    bounds = [(-edge, edge)] * len(start)
    # Gradients get off the ridges on which the simplex stalls; the simplex then gets to the last digits.
    starts = [np.array(start) + shift for shift in (-1.0, 0.0, 1.0)]
    rough = [minimize(lambda at: -likelihood(at), at, method="L-BFGS-B", bounds=bounds) for at in starts]
    best = min(rough, key=lambda fit: float(fit.fun)).x
    options = {"xatol": 1e-8, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000}
    fit = minimize(lambda at: -likelihood(at), best, method="Nelder-Mead", bounds=bounds, options=options)
    best = np.asarray(fit.x, dtype=np.float64)
    if not np.isfinite(fit.fun) or np.abs(best).max() > edge - 0.5:
        return None
    return np.exp(best).tolist(), -float(fit.fun)


def _purchase_likelihood(shapes: Numbers, purchases: Purchases) -> float:
    """Fader, Hardie & Lee 2005, eq. 6, on the log scale."""
    from scipy.special import betaln, gammaln  # noqa: PLC0415 - loaded only where it is used

    r, alpha, a, b = shapes
    x = purchases.frequency
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + purchases.age)
    leaves = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b)
    leaves = leaves - (r + x) * np.log(alpha + purchases.recency)
    both = np.where(x > 0, np.logaddexp(stays, leaves), stays)
    return float((purchases.counts * (rate + both)).sum())


def _spend_likelihood(shapes: Numbers, frequency: Numbers, mean_value: Numbers) -> float:
    """Fader & Hardie 2013, eq. 1a, on the log scale."""
    from scipy.special import gammaln  # noqa: PLC0415 - loaded only where it is used

    p, q, v = shapes
    px, m = p * frequency, mean_value
    ways = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
    return float(
        (ways + (px - 1) * np.log(m) + px * np.log(frequency) - (px + q) * np.log(v + frequency * m)).sum()
    )
