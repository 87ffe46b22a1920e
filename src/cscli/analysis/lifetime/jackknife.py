"""Lives and what they pay to the 95% interval of their worth: the jackknife by account, which leaves each one out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.lifetime.survival import discount_factors, followed_months, share_kept, with_tail

_Z = 1.959963984540054
_MOST_CELLS = 2_000_000
_ALIKE = 1e-9
"""Share of the value below which an error is rounding."""

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lives:
    """By account: `months` lived, whether it then `churned`, and `entry`: months over when churn could first be seen."""

    months: Integers
    churned: Flags
    entry: Integers


def months_without(lives: Lives, horizon_months: int, discount_rate_annual: float) -> Numbers:
    """The restricted months of all others, by account; as `survival.restricted_months`, tail included.

    Exact, and in closed form: accounts of the same months, entry and end change the curve alike.
    """
    seen = lives.months >= lives.entry
    months, left, entry = (np.where(seen, values, 0) for values in (lives.months, lives.churned, lives.entry))
    size = int(months.max(initial=0)) + 1
    keys = ((months * (size + 1) + entry) * 2 + left.astype(bool)) * 2 + seen
    kinds, which = np.unique(keys, return_inverse=True)
    events = np.bincount(months[seen & (left > 0)], minlength=size)
    at_risk = _at_risk(months[seen], entry[seen], size)
    exposure, churned = int((months - entry)[seen].sum()), int(left[seen].sum())
    found = np.empty(len(kinds))
    step = max(1, _MOST_CELLS // max(size, horizon_months))
    present = discount_factors(horizon_months, discount_rate_annual)
    for start in range(0, len(kinds), step):
        some = kinds[start : start + step]
        rest, is_seen = np.divmod(some, 2)
        rest, has_left = np.divmod(rest, 2)
        lived, begun = np.divmod(rest, size + 1)
        hazard = _hazards(churned - has_left * is_seen, exposure - (lived - begun) * is_seen)
        time = np.arange(size)
        here = (begun[:, None] <= time) & (time <= lived[:, None]) & (is_seen > 0)[:, None]
        ended = here & (time == lived[:, None]) & (has_left > 0)[:, None]
        survival = _survival_of(at_risk - here, events - ended, hazard, horizon_months)
        found[start : start + step] = survival @ present
    return found[which]


def money_without(mrr: Numbers, margin: Numbers | float | None) -> Numbers:
    """Mean MRR x mean margin (weighted by MRR) of all others, by account; `margin` as a number is every account's,
    None counts as 1 (revenue). NaN where the others have none.
    """
    known = ~np.isnan(mrr)
    mean = _mean_without(np.where(known, mrr, 0.0), known.astype(np.float64))
    if margin is None or isinstance(margin, float):
        return mean * (1.0 if margin is None else margin)
    has = ~np.isnan(margin)
    weight = np.where(known & has, np.maximum(np.where(known, mrr, 0.0), 0.0), 0.0)
    if weight.sum() <= 0:
        weight = has.astype(np.float64)
    return mean * _mean_without(np.where(has, margin, 0.0) * weight, weight)


def interval_of(value: float, without: Numbers) -> tuple[float | None, float | None]:
    """The 95% interval on the log scale, from `value` of all and of all `without` each account: SE^2 = (C - 1) / C x
    sum of squares about their mean (Efron & Stein 1981). None where there are fewer than two, one is not known, or all
    of a positive value are alike: accounts that do not differ tell nothing of chance.
    """
    count = len(without)
    if count < 2 or not np.isfinite(without).all():
        return None, None
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    if value <= 0:
        return (value - _Z * error, value + _Z * error) if value < 0 or error == 0 else (None, None)
    if error <= _ALIKE * value:
        return None, None
    factor = float(np.exp(min(_Z * error / value, 50.0)))
    return value / factor, value * factor


def _survival_of(at_risk: Integers, events: Integers, hazard: Numbers, horizon_months: int) -> Numbers:
    """Rows of curves, each with its tail."""
    known = ~np.isnan(hazard)
    rate = np.where(known, hazard, 0.0)
    survival: Numbers = np.cumprod(share_kept(at_risk, events, rate), axis=1, dtype=np.float64)
    followed = np.where(known, followed_months(at_risk, events), at_risk.shape[1])
    return with_tail(survival, followed, rate, horizon_months)


def _hazards(events: Integers, exposure: Integers) -> Numbers:
    """NaN without time at risk."""
    return np.where(exposure > 0, events / np.maximum(exposure, 1), np.nan)


def _at_risk(months: Integers, entry: Integers, size: int) -> Integers:
    ends = np.bincount(months, minlength=size)
    return np.asarray(np.cumsum(np.bincount(entry, minlength=size)) - np.cumsum(ends) + ends, dtype=np.int64)


def _mean_without(sums: Numbers, weights: Numbers) -> Numbers:
    """The weighted mean of all others, by account; `sums`: value x weight."""
    left = weights.sum() - weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(left > 0, (sums.sum() - sums) / left, np.nan), dtype=np.float64)
