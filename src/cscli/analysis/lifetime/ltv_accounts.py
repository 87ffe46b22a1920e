"""Tenures and their segments' survival curves to the worth of every account: what remains, and in total."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.ltv import ALL, LtvEstimate, LtvTerms
from cscli.analysis.lifetime.survival import SurvivalCurve, discount_factors, extend
from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, MrrHistory

Numbers = NDArray[np.float64]


def value_accounts(
    tenures: pd.DataFrame,
    segment: NDArray[np.object_] | None,
    estimates: Iterable[LtvEstimate],
    terms: LtvTerms,
    paid: Numbers | None = None,
) -> pd.DataFrame:
    """One row an account of `tenures`, in its order: account_id, segment, tenure_months, mrr, expected_months
    (discounted, of the next H; 0 for those that left), ltv_remaining, ltv_total (money), cac, ltv_cac; float64,
    NaN where MRR, margin or CAC is missing or nothing is known of how long accounts stay.

    remaining = MRR x margin x sum over s = 0..H-1 of S(tenure + s) / S(tenure) v^s with the curve of the account's
    segment (`all` where it has none); total = margin x past revenue + remaining. `paid`: past revenue by row (see `past_revenue`);
    without it MRR x tenure. `estimates`: as `ltv.estimate_segments` gives them, with `all`.
    """
    by_name = {one.segment: one for one in estimates}
    labels = _labels(tenures, segment, by_name)
    tenure = tenures["months"].to_numpy(np.int64)
    months = np.full(len(tenures), np.nan)
    for name in sorted(set(labels.tolist())):
        rows = labels == name
        longest = int(tenure[rows].max())
        months[rows] = expect_remaining(by_name[name].curve, longest, terms)[tenure[rows]]
    months[tenures["churned"].to_numpy(bool)] = 0.0
    mrr = tenures["mrr"].to_numpy(np.float64)
    margin = _margin(tenures, labels, by_name, terms)
    remaining = mrr * margin * months
    revenue = mrr * tenure if paid is None else np.where(np.isnan(paid), mrr * tenure, paid)
    return _frame(
        tenures, segment, {"months": months, "remaining": remaining, "total": revenue * margin + remaining}
    )


def expect_remaining(curve: SurvivalCurve, longest_months: int, terms: LtvTerms) -> Numbers:
    """Discounted months out of the next H for tenures 0..`longest_months`, by the curve and its tail as in the LTV of
    all. Where the curve says that nobody stays so long, yet somebody has: the overall churn alone.
    """
    present = discount_factors(terms.horizon_months, terms.discount_rate_annual)
    survival = extend(curve, longest_months + len(present))
    total = np.zeros(longest_months + 1)
    for step, factor in enumerate(present):
        total += survival[step : step + longest_months + 1] * factor
    here = survival[: longest_months + 1]
    rate = min(curve.hazard or 0.0, 1.0)
    geometric = float(((1 - rate) ** np.arange(len(present)) * present).sum())
    return np.where(here > 0, total / np.where(here > 0, here, 1.0), geometric)


def past_revenue(history: MrrHistory, account_ids: NDArray[np.object_]) -> Numbers:
    """Money paid so far by account: the sum of its MRR over the months of `history`; NaN for one without a line."""
    rows = history.rows_of(account_ids)
    totals = np.append(history.units.sum(axis=1), 0) / UNITS_PER_MONEY
    return np.where(rows >= 0, totals[rows], np.nan)


def _labels(
    tenures: pd.DataFrame, segment: NDArray[np.object_] | None, known: dict[str, LtvEstimate]
) -> NDArray[np.object_]:
    if segment is None:
        return np.full(len(tenures), ALL, dtype=object)
    return np.array([name if name in known else ALL for name in segment], dtype=object)


def _margin(
    tenures: pd.DataFrame, labels: NDArray[np.object_], by_name: dict[str, LtvEstimate], terms: LtvTerms
) -> Numbers:
    """The given margin, else the account's own, else its segment's."""
    if terms.gross_margin is not None:
        return np.full(len(tenures), terms.gross_margin)
    of_segment = {
        name: np.nan if one.gross_margin is None else one.gross_margin for name, one in by_name.items()
    }
    own = tenures["gross_margin"].to_numpy(np.float64)
    return np.where(np.isnan(own), np.array([of_segment[name] for name in labels], dtype=np.float64), own)


def _frame(
    tenures: pd.DataFrame, segment: NDArray[np.object_] | None, found: dict[str, Numbers]
) -> pd.DataFrame:
    cac = tenures["cac"].to_numpy(np.float64)
    return pd.DataFrame(
        {
            "account_id": tenures["account_id"].to_numpy(dtype=object),
            "segment": np.full(len(tenures), ALL, dtype=object) if segment is None else segment,
            "tenure_months": tenures["months"].to_numpy(np.int64),
            "mrr": tenures["mrr"].to_numpy(np.float64),
            "expected_months": found["months"],
            "ltv_remaining": found["remaining"],
            "ltv_total": found["total"],
            "cac": cac,
            "ltv_cac": np.divide(found["total"], cac, out=np.full(len(tenures), np.nan), where=cac > 0),
        }
    )
