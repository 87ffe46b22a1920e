"""Tenures of accounts to what a customer is worth: simple, restricted (the headline) and shrunk by segment."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.jackknife import interval_of, money_without, months_without
from cscli.analysis.lifetime.shrinkage import ShrunkHazards, shrink_hazards
from cscli.analysis.lifetime.survival import (
    SurvivalCurve,
    geometric_months,
    median_months,
    restricted_months,
    share_beyond,
    weighted_months,
)
from cscli.analysis.lifetime.tenures import fit_tenures, lives_in
from cscli.analysis.revenue.estimate import FEW_EVENTS, Estimate, Remark

ALL = "all"
_RULE_OF_THREE = 3
"""Events that zero seen ones are below with 95% (one-sided; Hanley & Lippman-Hand 1983)."""


@dataclass(frozen=True, slots=True)
class LtvTerms:
    """What an LTV is subject to: the cap, the discount rate a year, and a margin in place of the accounts' own."""

    horizon_months: int = 60
    discount_rate_annual: float = 0.10
    gross_margin: float | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class LtvEstimate:
    """Of a segment: `accounts`, `churned`, `account_months` at risk; `arpa` (money a month; mean MRR of all its
    accounts, those that left with their last); `gross_margin` (share, weighted by MRR); `monthly_churn`, and where
    nobody left `churn_bound`, its one-sided 95% bound; months: `simple_months` (1 / churn), `restricted_months`
    (discounted, capped), `median`; money: `simple`, `ltv` (the headline), `revenue` (the same before any margin),
    `shrunk` (from the segment's shrunk hazard). Intervals of the last three but `shrunk`: jackknife by account; where
    nobody left, `low` is what the bound means, and there is no `high`. `beyond`: share of the months after the data. `by_money`: the
    restricted months of a unit of MRR in place of an account; other than those of accounts where large ones stay longer.
    """

    segment: str
    accounts: int
    churned: int
    account_months: int
    arpa: float | None
    gross_margin: float | None
    monthly_churn: float | None
    churn_bound: float | None
    median: Estimate
    simple_months: Estimate
    restricted_months: Estimate
    simple: Estimate
    ltv: Estimate
    revenue: Estimate
    shrunk: Estimate
    beyond: float | None
    by_money: float | None
    curve: SurvivalCurve

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything that must be said beside the numbers, once."""
        return tuple(dict.fromkeys((*self.ltv.remarks, *self.simple.remarks, *self.shrunk.remarks)))


def estimate_segments(
    tenures: pd.DataFrame, segment: NDArray[np.object_] | None, terms: LtvTerms
) -> list[LtvEstimate]:
    """`all` first, then the segments by name. `tenures`: as `tenures_of` gives them; `segment`: by row of it,
    None for no segmentation (a missing segment counts in `all` alone).
    """
    whole = estimate_ltv(tenures, terms)
    found = [replace(whole, shrunk=_shrunk(whole, _pooled_hazard(whole), terms))]
    if segment is None:
        return found
    names = sorted({str(name) for name in segment[~pd.isna(segment)]})
    parts = [estimate_ltv(tenures[segment == name], terms, name) for name in names]
    counts = np.array([(part.churned, part.account_months) for part in parts], dtype=np.int64).reshape(-1, 2)
    hazards = shrink_hazards(counts[:, 0], counts[:, 1])
    for place, part in enumerate(parts):
        values = (hazards.hazard[place], hazards.low[place], hazards.high[place])
        found.append(replace(part, shrunk=_shrunk(part, (*values, hazards.remarks), terms)))
    return found


def estimate_ltv(tenures: pd.DataFrame, terms: LtvTerms, segment: str = ALL) -> LtvEstimate:
    """The simple and the restricted estimate of `tenures` (months, churned, mrr, gross_margin; entry, else 0);
    nothing shrunk.
    """
    curve = fit_tenures(tenures)
    arpa, margin = mean_mrr(tenures), mean_margin(tenures, terms)
    simple = _simple_months(curve)
    money, without = _margin_a_month(arpa, margin)
    months, ltv, revenue = _restricted(tenures, terms, curve, (money, without), arpa)
    return LtvEstimate(
        segment=segment,
        accounts=curve.n,
        churned=curve.churned,
        account_months=curve.exposure_months,
        arpa=arpa,
        gross_margin=margin,
        monthly_churn=curve.hazard,
        churn_bound=_churn_bound(curve),
        median=median_months(curve),
        simple_months=simple,
        restricted_months=months,
        simple=simple.times(money, *without),
        ltv=ltv,
        revenue=revenue,
        shrunk=Estimate(value=None, n=curve.n, events=curve.churned),
        beyond=share_beyond(curve, terms.horizon_months, terms.discount_rate_annual) if curve.n else None,
        by_money=_months_by_money(tenures, terms),
        curve=curve,
    )


def _months_by_money(tenures: pd.DataFrame, terms: LtvTerms) -> float | None:
    lives, mrr = lives_in(tenures), tenures["mrr"].to_numpy(np.float64)
    weight = np.where(np.isnan(mrr), 0.0, np.maximum(mrr, 0.0))
    horizon, discount = terms.horizon_months, terms.discount_rate_annual
    return weighted_months(lives.months, lives.churned, lives.entry, weight, horizon, discount)


def _restricted(
    tenures: pd.DataFrame,
    terms: LtvTerms,
    curve: SurvivalCurve,
    money: tuple[float | None, tuple[Remark, ...]],
    arpa: float | None,
) -> tuple[Estimate, Estimate, Estimate]:
    """Months, LTV and revenue, each with its interval."""
    months = restricted_months(curve, terms.horizon_months, terms.discount_rate_annual)
    no_mrr = (Remark.NO_MRR,) if arpa is None else ()
    ltv, revenue = months.times(money[0], *money[1]), months.times(arpa, *no_mrr)
    bound = _churn_bound(curve)
    if months.value is None or (curve.churned == 0 and bound is None):
        return months, ltv, revenue
    if bound is not None:
        share = geometric_months(bound, terms.horizon_months, terms.discount_rate_annual) / months.value
        return _from_below(months, share), _from_below(ltv, share), _from_below(revenue, share)
    left_out = months_without(lives_in(tenures), terms.horizon_months, terms.discount_rate_annual)
    mrr = tenures["mrr"].to_numpy(np.float64)
    margins = (
        tenures["gross_margin"].to_numpy(np.float64)
        if terms.gross_margin is None
        else float(terms.gross_margin)
    )
    return (
        _between(months, left_out),
        _between(ltv, left_out * money_without(mrr, margins)),
        _between(revenue, left_out * money_without(mrr, None)),
    )


def _from_below(estimate: Estimate, share: float) -> Estimate:
    return estimate if estimate.value is None else replace(estimate, low=estimate.value * min(share, 1.0))


def _between(estimate: Estimate, without: NDArray[np.float64]) -> Estimate:
    if estimate.value is None:
        return estimate
    low, high = interval_of(estimate.value, without)
    return replace(estimate, low=low, high=high)


def _churn_bound(curve: SurvivalCurve) -> float | None:
    """Where time at risk has seen no churn."""
    if curve.churned or not curve.exposure_months:
        return None
    return min(_RULE_OF_THREE / curve.exposure_months, 1.0)


def tabulate_segments(estimates: list[LtvEstimate]) -> pd.DataFrame:
    """One row an estimate, in their order: segment, accounts, churned, account_months, arpa, gross_margin,
    monthly_churn, ltv_simple, ltv, ltv_low, ltv_high, ltv_shrunk, ltv_shrunk_low, ltv_shrunk_high (float64, NaN
    where missing), median_months, remarks (tuple).
    """
    numbers = {
        "arpa": [one.arpa for one in estimates],
        "gross_margin": [one.gross_margin for one in estimates],
        "monthly_churn": [one.monthly_churn for one in estimates],
        "ltv_simple": [one.simple.value for one in estimates],
        "ltv": [one.ltv.value for one in estimates],
        "ltv_low": [one.ltv.low for one in estimates],
        "ltv_high": [one.ltv.high for one in estimates],
        "ltv_shrunk": [one.shrunk.value for one in estimates],
        "ltv_shrunk_low": [one.shrunk.low for one in estimates],
        "ltv_shrunk_high": [one.shrunk.high for one in estimates],
        "median_months": [one.median.value for one in estimates],
    }
    return pd.DataFrame(
        {
            "segment": [one.segment for one in estimates],
            "accounts": [one.accounts for one in estimates],
            "churned": [one.churned for one in estimates],
            "account_months": [one.account_months for one in estimates],
            **{name: np.array(values, dtype=np.float64) for name, values in numbers.items()},
            "remarks": [one.remarks for one in estimates],
        }
    )


def _simple_months(curve: SurvivalCurve) -> Estimate:
    if curve.n == 0:
        return Estimate(value=None, remarks=(Remark.NO_ACCOUNTS,))
    if curve.churned == 0 or curve.hazard is None:
        reason = Remark.NO_CHURN if curve.churned == 0 else Remark.NO_TIME_AT_RISK
        return Estimate(value=None, n=curve.n, events=curve.churned, remarks=(reason,))
    few = (Remark.TOO_FEW,) if curve.churned < FEW_EVENTS else ()
    return Estimate(value=1 / curve.hazard, n=curve.n, events=curve.churned, remarks=few)


def mean_mrr(tenures: pd.DataFrame) -> float | None:
    """Money a month: of the accounts whose MRR is known, those that left with their last."""
    mrr = tenures["mrr"].to_numpy(np.float64)
    known = mrr[~np.isnan(mrr)]
    return float(known.mean()) if len(known) else None


def mean_margin(tenures: pd.DataFrame, terms: LtvTerms) -> float | None:
    """Weighted by MRR, so that ARPA x margin is the mean margin in money of the accounts that have both."""
    if terms.gross_margin is not None:
        return terms.gross_margin
    margin, mrr = tenures["gross_margin"].to_numpy(np.float64), tenures["mrr"].to_numpy(np.float64)
    known = ~np.isnan(margin)
    if not known.any():
        return None
    weight = np.where(np.isnan(mrr), 0.0, np.maximum(mrr, 0.0))[known]
    return float(np.average(margin[known], weights=weight if weight.sum() > 0 else None))


def _margin_a_month(arpa: float | None, margin: float | None) -> tuple[float | None, tuple[Remark, ...]]:
    missing = [(arpa, Remark.NO_MRR), (margin, Remark.NO_MARGIN)]
    without = tuple(remark for value, remark in missing if value is None)
    return (None if arpa is None or margin is None else arpa * margin), without


def _pooled_hazard(whole: LtvEstimate) -> tuple[float, float, float, tuple[Remark, ...]]:
    own: ShrunkHazards = shrink_hazards(np.array([whole.churned]), np.array([whole.account_months]))
    remarks = tuple(remark for remark in own.remarks if remark is not Remark.POOLED)
    return float(own.hazard[0]), float(own.low[0]), float(own.high[0]), remarks


def _shrunk(
    estimate: LtvEstimate, hazard: tuple[float, float, float, tuple[Remark, ...]], terms: LtvTerms
) -> Estimate:
    """The restricted months of a constant hazard; the interval's ends change places."""
    value, low, high, remarks = hazard
    base = Estimate(value=None, n=estimate.accounts, events=estimate.churned, remarks=remarks)
    if not np.isnan(value):
        horizon, discount = terms.horizon_months, terms.discount_rate_annual
        months = [geometric_months(float(rate), horizon, discount) for rate in (value, high, low)]
        base = replace(base, value=months[0], low=months[1], high=months[2])
    money, without = _margin_a_month(estimate.arpa, estimate.gross_margin)
    return base.times(money, *without)
