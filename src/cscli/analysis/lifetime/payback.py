"""Acquisition cost and margin to how soon a customer pays back, and what each year brings per 100 of revenue."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.ltv import LtvEstimate, LtvTerms
from cscli.analysis.lifetime.survival import discount_factors, extend
from cscli.analysis.revenue.estimate import Estimate, Remark

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEconomics:
    """Of a segment: `cac` (money), `payback_months` (simple), `payback_adjusted` (with churn; whole months within
    the horizon), `ltv_cac` (restricted LTV / CAC, with its interval).
    """

    segment: str
    cac: float | None
    payback_months: Estimate
    payback_adjusted: Estimate
    ltv_cac: Estimate


def measure_economics(estimate: LtvEstimate, cac: float | None, terms: LtvTerms) -> UnitEconomics:
    """`cac`: mean money it cost to win an account of the segment; None: nothing can be said."""
    without = (Remark.NO_CAC,) if cac is None or cac <= 0 else ()
    if cac is None or without:
        nothing = Estimate(value=None, n=estimate.accounts, events=estimate.churned, remarks=without)
        return UnitEconomics(
            segment=estimate.segment,
            cac=cac,
            payback_months=nothing,
            payback_adjusted=nothing,
            ltv_cac=nothing,
        )
    if estimate.arpa is None or estimate.gross_margin is None or estimate.accounts == 0:
        nothing = Estimate(
            value=None, n=estimate.accounts, events=estimate.churned, remarks=estimate.ltv.remarks
        )
        return UnitEconomics(
            segment=estimate.segment,
            cac=cac,
            payback_months=nothing,
            payback_adjusted=nothing,
            ltv_cac=nothing,
        )
    margin = estimate.arpa * estimate.gross_margin
    survival = extend(estimate.curve, terms.horizon_months)
    simple, adjusted = payback_simple(cac, margin), payback_adjusted(cac, margin, survival)
    return UnitEconomics(
        segment=estimate.segment,
        cac=cac,
        payback_months=_reached(simple, estimate),
        payback_adjusted=_reached(adjusted, estimate),
        ltv_cac=estimate.ltv.times(1 / cac),
    )


def mean_cac(tenures: pd.DataFrame) -> float | None:
    """Mean of `cac` over the accounts that have one."""
    cac = tenures["cac"].to_numpy(np.float64)
    known = cac[~np.isnan(cac)]
    return float(known.mean()) if len(known) else None


def payback_simple(cac: float, margin_per_month: float) -> float | None:
    """CAC / (ARPA x gross margin), in months; None where the margin is not above 0."""
    return cac / margin_per_month if margin_per_month > 0 else None


def payback_adjusted(
    cac: float, margin_per_month: float, survival: Numbers, discount_rate_annual: float = 0.0
) -> int | None:
    """The first k at which margin x the sum over t = 0..k-1 of S(t) v^t reaches CAC; None within `survival`."""
    present = discount_factors(len(survival), discount_rate_annual)
    cumulative = margin_per_month * np.cumsum(survival * present)
    # a billionth is rounding
    reached = np.flatnonzero(cumulative >= cac * (1 - 1e-9))
    return int(reached[0]) + 1 if len(reached) else None


def tabulate_years(
    estimate: LtvEstimate, cac: float | None, cost_per_month: float | None, terms: LtvTerms
) -> pd.DataFrame | None:
    """What 100 of first-year revenue of a new customer brings by year, churn included, without discount: year (1,
    2, ...), revenue, gross_margin (before the costs that follow), acquisition (CAC, in year 1), cost_to_keep
    (`cost_per_month`: money an account and month that the margin does not hold), margin (what is left of the
    year), cumulative_margin. None without MRR or margin; a missing CAC or cost is NaN, and is not subtracted.
    """
    if not estimate.arpa or estimate.gross_margin is None or estimate.accounts == 0:
        return None
    years = terms.horizon_months // 12
    lived = extend(estimate.curve, 12 * years).reshape(years, 12).sum(axis=1)
    if not years or lived[0] == 0:
        return None
    scale = 100 / (estimate.arpa * lived[0])
    revenue = scale * estimate.arpa * lived
    acquisition = np.zeros(years) if cac is not None else np.full(years, np.nan)
    acquisition[0] = np.nan if cac is None else cac * scale
    keep = np.full(years, np.nan) if cost_per_month is None else cost_per_month * lived * scale
    margin = revenue * estimate.gross_margin - np.nan_to_num(acquisition) - np.nan_to_num(keep)
    return pd.DataFrame(
        {
            "year": np.arange(1, years + 1),
            "revenue": revenue,
            "gross_margin": revenue * estimate.gross_margin,
            "acquisition": acquisition,
            "cost_to_keep": keep,
            "margin": margin,
            "cumulative_margin": np.cumsum(margin),
        }
    )


def _reached(months: float | None, estimate: LtvEstimate) -> Estimate:
    remarks = (Remark.NOT_REACHED,) if months is None else ()
    return Estimate(value=months, n=estimate.accounts, events=estimate.churned, remarks=remarks)
