"""Figures of revenue and lifetime by the plain formula, for tests that compare a report's figure with another way."""

from math import expm1, log1p

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime import renewals
from cscli.analysis.lifetime.decomposition import LtvFactors
from cscli.analysis.lifetime.ltv import LtvEstimate
from cscli.analysis.lifetime.renewals import RenewalModel
from cscli.analysis.lifetime.survival import SurvivalCurve, discount_factors
from cscli.analysis.revenue import movements
from cscli.analysis.revenue.mrr import MrrHistory

Numbers = NDArray[np.float64]


def factors_of(estimate: LtvEstimate) -> LtvFactors | None:
    """The factors of the headline estimate; None where it has no value."""
    months = estimate.restricted_months.value
    if estimate.arpa is None or estimate.gross_margin is None or months is None:
        return None
    return LtvFactors(estimate.arpa, estimate.gross_margin, months)


def simple_ltv(arpa: float, gross_margin: float, months: float) -> float:
    """ARPA per month x gross margin x average months: 50,000 x 75% x 12 = 450,000."""
    return arpa * gross_margin * months


def survive(model: RenewalModel, periods: int) -> Numbers:
    """S(t) for t = 0..periods-1: B(a, b + t) / B(a, b); (1 - p)^t where contracts do not differ."""
    t = np.arange(periods)
    if model.alpha is None or model.beta is None:
        return np.asarray((1 - model.mean_churn) ** t, dtype=np.float64)
    from scipy.special import betaln  # noqa: PLC0415 - loaded only where it is used

    start = betaln(model.alpha, model.beta)
    return np.asarray(np.exp(betaln(model.alpha, model.beta + t) - start), dtype=np.float64)


def residual_lifetime(model: RenewalModel, renewal: int, discount_rate: float) -> float:
    """DERL just before renewal number `renewal` (1, 2, ...) of a contract that is still there: sum of
    S(t) / S(n - 1) / (1 + d)^(t - n) over t = n, n + 1, ... (Fader & Hardie 2010, eq. 6).
    """
    if model.alpha is None or model.beta is None:
        return (1 - model.mean_churn) * renewals._discounted(model, 0, discount_rate)
    stays = (model.beta + renewal - 1) / (model.alpha + model.beta + renewal - 1)
    return float(stays * renewals._discounted(model, renewal, discount_rate))


def restricted_error(curve: SurvivalCurve, horizon_months: int, discount_rate_annual: float = 0.0) -> float:
    """The standard error of the restricted mean from the variance of S alone (Greenwood)."""
    weighted = plain_survival(curve, horizon_months) * discount_factors(horizon_months, discount_rate_annual)
    after = np.cumsum(weighted[::-1])[::-1]
    counted = min(horizon_months, len(curve.survival))
    stay = np.maximum(curve.at_risk - curve.events, 0)
    terms = np.where(stay > 0, curve.events / np.maximum(curve.at_risk * stay, 1), 0.0)[:counted]
    return float(np.sqrt((after[:counted] ** 2 * terms).sum()))


def plain_survival(curve: SurvivalCurve, months: int) -> Numbers:
    """S(t) for t = 0..months-1 as Kaplan & Meier have it, with no tail: the last value is kept."""
    return curve.survival[np.minimum(np.arange(months), len(curve.survival) - 1)]


def list_movements(history: MrrHistory) -> pd.DataFrame:
    """One row an account and month in which its MRR moved, by month and account: month (YYYY-MM), account_id,
    movement, opening, closing, delta (closing - opening), in money at constant rates.
    """
    return pd.concat(
        [
            movements._list_month(history, label, month)
            for label, month in zip(history.labels, movements._months(history), strict=True)
        ],
        ignore_index=True,
    )


def pick_accounts(history: MrrHistory, chosen: NDArray[np.bool_]) -> MrrHistory:
    """The history of the accounts where `chosen`, over the same months."""
    revaluation = None if history.revaluation is None else history.revaluation[chosen]
    return MrrHistory(
        account_ids=history.account_ids[chosen],
        months=history.months,
        units=history.units[chosen],
        revaluation=revaluation,
    )


def annual_from_monthly(monthly: float) -> float:
    """1 - (1 - m)^12, for a rate of churn."""
    return -expm1(12 * log1p(-monthly)) if monthly < 1 else 1.0


def monthly_from_annual(annual: float) -> float:
    """1 - (1 - a)^(1/12), for a rate of churn."""
    return -expm1(log1p(-annual) / 12) if annual < 1 else 1.0
