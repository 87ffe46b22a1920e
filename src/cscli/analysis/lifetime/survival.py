"""Lifetimes in whole months to a survival curve (Kaplan & Meier 1958), its intervals, and months that can be expected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.revenue.estimate import FEW_EVENTS, Estimate, Remark

_Z = 1.959963984540054

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class SurvivalCurve:
    """One entry a month t = 0, 1, ... up to the longest lifetime: `at_risk` (lifetime >= t), `events` (churned at
    t), `survival` S(t) = share that lives longer than t, `low` and `high` (95%, log(-log) scale); `n` accounts,
    `churned` of them, `exposure_months` the sum of lifetimes.
    """

    at_risk: Integers
    events: Integers
    survival: Numbers
    low: Numbers
    high: Numbers
    n: int
    churned: int
    exposure_months: int

    def at(self, month: int) -> float:
        """S(month); after the longest lifetime its last value."""
        return float(self.survival[min(month, len(self.survival) - 1)])

    @property
    def hazard(self) -> float | None:
        """Churn events by account-month at risk; None without time at risk."""
        return self.churned / self.exposure_months if self.exposure_months else None


def fit_survival(months: Integers, churned: NDArray[np.bool_]) -> SurvivalCurve:
    """The curve of accounts that lived `months` (whole, >= 0) and then churned, or are still there (censored)."""
    size = int(months.max(initial=0)) + 1
    events = np.bincount(months[churned], minlength=size)
    ends = np.bincount(months, minlength=size)
    at_risk = len(months) - np.cumsum(ends) + ends
    kept = np.where(at_risk > 0, 1 - events / np.maximum(at_risk, 1), 1.0)
    # 1 for no accounts at all: nobody was seen to leave
    survival = np.asarray(np.cumprod(kept), dtype=np.float64)
    low, high = _log_log_interval(survival, at_risk, events)
    return SurvivalCurve(
        at_risk=at_risk,
        events=events,
        survival=survival,
        low=low,
        high=high,
        n=len(months),
        churned=int(churned.sum()),
        exposure_months=int(months.sum()),
    )


def median_months(curve: SurvivalCurve) -> Estimate:
    """The first month at which S is 0.5 or less, with the interval of Brookmeyer & Crowley (1982); without one,
    the remark that it was not reached.
    """
    if curve.n == 0:
        return Estimate(value=None, remarks=(Remark.NO_ACCOUNTS,))
    low, value, high = (_first_at_half(curve_of) for curve_of in (curve.low, curve.survival, curve.high))
    remarks = (Remark.NOT_REACHED,) if value is None else ()
    return Estimate(value=value, low=low, high=high, n=curve.n, events=curve.churned, remarks=remarks)


def restricted_months(
    curve: SurvivalCurve, horizon_months: int, discount_rate_annual: float = 0.0
) -> Estimate:
    """Sum over t = 0..H-1 of S(t) v^t, v = (1 + d)^(-1/12), with the interval from Greenwood's variance: sum over
    event months of (what of the sum comes at or after them)^2 x d / (n (n - d)). After the longest lifetime S
    keeps its last value, which is remarked. No churn: no interval.
    """
    if curve.n == 0:
        return Estimate(value=None, remarks=(Remark.NO_ACCOUNTS,))
    present = discount_factors(horizon_months, discount_rate_annual)
    value, error = _restricted(curve, present)
    remarks = _remarks(curve, horizon_months)
    if curve.churned == 0:
        return Estimate(value=value, low=None, high=None, n=curve.n, events=0, remarks=remarks)
    low, high = max(0.0, value - _Z * error), min(float(present.sum()), value + _Z * error)
    return Estimate(value=value, low=low, high=high, n=curve.n, events=curve.churned, remarks=remarks)


def discount_factors(months: int, discount_rate_annual: float) -> Numbers:
    """v^t for t = 0..months-1, v = (1 + d)^(-1/12)."""
    return np.asarray((1.0 + discount_rate_annual) ** (-np.arange(months) / 12.0), dtype=np.float64)


def extend(curve: SurvivalCurve, months: int) -> Numbers:
    """S(t) for t = 0..months-1; after the longest lifetime its last value."""
    return curve.survival[np.minimum(np.arange(months), len(curve.survival) - 1)]


def _restricted(curve: SurvivalCurve, present: Numbers) -> tuple[float, float]:
    horizon = len(present)
    weighted = extend(curve, horizon) * present
    after = np.cumsum(weighted[::-1])[::-1]
    counted = min(horizon, len(curve.survival))
    terms = _greenwood_terms(curve.at_risk, curve.events)[:counted]
    return float(weighted.sum()), float(np.sqrt((after[:counted] ** 2 * terms).sum()))


def _greenwood_terms(at_risk: Integers, events: Integers) -> Numbers:
    """Terms d / (n (n - d)); 0 where all that were at risk left, since nothing comes after."""
    left = at_risk - events
    return np.where(left > 0, events / np.maximum(at_risk * left, 1), 0.0)


def _log_log_interval(survival: Numbers, at_risk: Integers, events: Integers) -> tuple[Numbers, Numbers]:
    """exp(-exp(log(-log S) +- z se)), se = sqrt(Greenwood sum) / |log S| (Kalbfleisch & Prentice 2002, 1.4)."""
    between = (survival > 0) & (survival < 1)
    log_survival = np.log(np.where(between, survival, 0.5))
    error = np.sqrt(np.cumsum(_greenwood_terms(at_risk, events))) / -log_survival
    low = np.exp(log_survival * np.exp(_Z * error))
    high = np.exp(log_survival * np.exp(-_Z * error))
    # Where S is 0 nobody is left to tell how far it may have been above: the last bound stays.
    last = np.maximum.accumulate(np.where(between, np.arange(len(survival)), -1))
    above = np.where(last >= 0, high[last], 1.0)
    return np.where(between, low, np.where(survival == 0, 0.0, 1.0)), np.where(
        between, high, np.where(survival == 0, above, 1.0)
    )


def _first_at_half(survival: Numbers) -> float | None:
    """Rounding must not hide an exact half."""
    at = np.flatnonzero(survival <= 0.5 + 1e-12)
    return float(at[0]) if len(at) else None


def _remarks(curve: SurvivalCurve, horizon_months: int) -> tuple[Remark, ...]:
    found = []
    if curve.churned == 0:
        found.append(Remark.NO_CHURN)
    elif curve.churned < FEW_EVENTS:
        found.append(Remark.TOO_FEW)
    # S(t) is known up to the longest lifetime, and for good where nobody is left
    if len(curve.survival) < horizon_months and curve.survival[-1] > 0:
        found.append(Remark.BEYOND_DATA)
    return tuple(found)
