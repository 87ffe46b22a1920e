"""Lifetimes in whole months to a survival curve (Kaplan & Meier 1958), its intervals, and months that can be expected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.revenue.estimate import FEW_EVENTS, Estimate, Remark

_Z = 1.959963984540054
_ROUNDING = 1e-12

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]


FEWEST_AT_RISK = 10
"""A curve is followed as far as so many accounts are left; after that the overall churn goes on."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SurvivalCurve:
    """One entry a month t = 0, 1, ... up to the longest lifetime: `at_risk` (entry <= t <= lifetime), `events`
    (churned at t), `survival` S(t) = share that lives longer than t, `low` and `high` (95%, log(-log) scale); `n`
    accounts, `churned` of those at risk, `exposure_months` the sum of lifetimes less their entries.
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

    @property
    def followed(self) -> int:
        """So many months of S are data; what comes after them is the tail."""
        return int(followed_months(self.at_risk, self.events))


def fit_survival(
    months: Integers, churned: NDArray[np.bool_], entry: Integers | None = None
) -> SurvivalCurve:
    """The curve of accounts that lived `months` (whole, >= 0) and then churned, or are still there (censored).

    `entry`: months already over when churn could first be seen (late entry; Klein & Moeschberger 2003, 4.6); those
    that ended before it were never at risk. Default: 0.
    """
    begun = np.zeros(len(months), dtype=np.int64) if entry is None else entry
    seen = months >= begun
    lived, left, begun = months[seen], churned[seen], begun[seen]
    size = int(lived.max(initial=0)) + 1
    events = np.bincount(lived[left], minlength=size)
    ends = np.bincount(lived, minlength=size)
    at_risk = np.cumsum(np.bincount(begun, minlength=size)) - np.cumsum(ends) + ends
    exposure = int((lived - begun).sum())
    hazard = int(left.sum()) / exposure if exposure else 0.0
    survival: Numbers = np.cumprod(share_kept(at_risk, events, np.array(hazard)), dtype=np.float64)
    low, high = _log_log_interval(survival, at_risk, events)
    return SurvivalCurve(
        at_risk=at_risk,
        events=events,
        survival=survival,
        low=low,
        high=high,
        n=len(months),
        churned=int(left.sum()),
        exposure_months=exposure,
    )


def share_kept(at_risk: Integers, events: Integers, hazard: Numbers) -> Numbers:
    """1 - events / at_risk by month (last axis). Where nobody is at risk, or all of those few leave, while enough are
    followed later (they entered later), the overall `hazard` speaks for the month.
    """
    kept = np.where(at_risk > 0, 1 - events / np.maximum(at_risk, 1), 1.0)
    later = np.arange(at_risk.shape[-1]) < followed_months(at_risk, events)[..., None]
    overall = 1 - np.minimum(hazard, 1.0)[..., None]
    return np.asarray(np.where(later & (at_risk <= events), overall, kept), dtype=np.float64)


def followed_months(at_risk: Integers, events: Integers) -> Integers:
    """Months (last axis) up to the last with at least ten accounts left."""
    enough = at_risk - events >= FEWEST_AT_RISK
    last = enough.shape[-1] - np.argmax(enough[..., ::-1], axis=-1)
    return np.asarray(np.where(enough.any(axis=-1), last, 0), dtype=np.int64)


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
    """Sum over t = 0..H-1 of S(t) v^t, v = (1 + d)^(-1/12), S as `extend` gives it; without an interval, which takes
    the lives (`jackknife`).
    """
    if curve.n == 0:
        return Estimate(value=None, remarks=(Remark.NO_ACCOUNTS,))
    if curve.hazard is None and curve.churned == 0:
        return Estimate(value=None, n=curve.n, events=0, remarks=(Remark.NO_TIME_AT_RISK,))
    present = discount_factors(horizon_months, discount_rate_annual)
    value = float((extend(curve, horizon_months) * present).sum())
    remarks = _remarks(curve, horizon_months)
    return Estimate(value=value, n=curve.n, events=curve.churned, remarks=remarks)


def share_beyond(curve: SurvivalCurve, horizon_months: int, discount_rate_annual: float) -> float | None:
    """Which share of the restricted months lies in the tail, after the months that are data."""
    weighted = extend(curve, horizon_months) * discount_factors(horizon_months, discount_rate_annual)
    total = float(weighted.sum())
    return float(weighted[curve.followed :].sum()) / total if total > 0 else None


def geometric_months(hazard: float, horizon_months: int, discount_rate_annual: float) -> float:
    """Sum over t = 0..H-1 of (1 - hazard)^t v^t."""
    present = discount_factors(horizon_months, discount_rate_annual)
    return float(((1.0 - hazard) ** np.arange(len(present)) * present).sum())


def weighted_months(
    months: Integers,
    churned: NDArray[np.bool_],
    entry: Integers,
    weight: Numbers,
    horizon_months: int,
    discount_rate_annual: float,
) -> float | None:
    """The restricted months of a unit of `weight` (MRR, at least 0) in place of an account, as far as accounts are
    followed, then by the churn of the weight; None without weight at risk.
    """
    seen = (months >= entry) & (weight > 0)
    curve = fit_survival(months, churned, entry)
    lived, begun, left, mass = months[seen], entry[seen], churned[seen], weight[seen]
    exposure = float((mass * (lived - begun)).sum())
    if not exposure:
        return None
    size = len(curve.survival)
    ends = np.bincount(lived, weights=mass, minlength=size)
    events = np.bincount(lived[left], weights=mass[left], minlength=size)
    at_risk = np.cumsum(np.bincount(begun, weights=mass, minlength=size)) - np.cumsum(ends) + ends
    hazard = min(float(mass[left].sum()) / exposure, 1.0)
    is_known = (at_risk > _ROUNDING * mass.sum()) & (curve.at_risk > curve.events)
    kept = np.where(is_known, 1 - events / np.where(is_known, at_risk, 1.0), 1 - hazard)
    followed = np.array(curve.followed)
    survival: Numbers = np.cumprod(kept, dtype=np.float64)
    present = discount_factors(horizon_months, discount_rate_annual)
    return float((with_tail(survival, followed, np.array(hazard), horizon_months) * present).sum())


def discount_factors(months: int, discount_rate_annual: float) -> Numbers:
    """v^t for t = 0..months-1, v = (1 + d)^(-1/12)."""
    return np.asarray((1.0 + discount_rate_annual) ** (-np.arange(months) / 12.0), dtype=np.float64)


def extend(curve: SurvivalCurve, months: int) -> Numbers:
    """S(t) for t = 0..months-1: the curve as far as it is followed, then the overall monthly churn (`hazard`). Without
    any time at risk the curve as it is, its last value kept.
    """
    if curve.hazard is None:
        return curve.survival[np.minimum(np.arange(months), len(curve.survival) - 1)]
    return with_tail(curve.survival, np.array(curve.followed), np.array(curve.hazard), months)


def with_tail(survival: Numbers, followed: Integers, hazard: Numbers, months: int) -> Numbers:
    """`survival` (last axis: months) up to `followed`, from there on by the constant `hazard`, cut to `months`."""
    time = np.arange(months)
    last = followed[..., None] - 1
    at = np.broadcast_to(np.clip(time, 0, np.maximum(last, 0)), (*followed.shape, months))
    within = np.take_along_axis(survival, np.minimum(at, survival.shape[-1] - 1), axis=-1)
    beyond = np.maximum(time - np.maximum(last, 0), 0)
    tail = (1 - np.minimum(hazard, 1.0))[..., None] ** beyond
    return np.asarray(np.where(last < 0, 1.0, within) * tail, dtype=np.float64)


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
    if curve.followed < horizon_months and extend(curve, curve.followed + 1)[-1] > 0:
        found.append(Remark.BEYOND_DATA)
    return tuple(found)
