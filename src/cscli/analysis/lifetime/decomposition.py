"""LTV at two dates to how much of the change came from churn, ARPA, margin and effort: exact, in no order."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class LtvFactors:
    """LTV = `arpa` (money a month) x `gross_margin` (share) x `months` (expected, as the estimate counts them)."""

    arpa: float
    gross_margin: float
    months: float

    @property
    def ltv(self) -> float:
        """Money an account."""
        return self.arpa * self.gross_margin * self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class LtvChange:
    """`before` + `churn` + `arpa` + `margin` = `after`, up to rounding in the last digit of a float."""

    before: float
    after: float
    churn: float
    arpa: float
    margin: float


def decompose(before: LtvFactors, after: LtvFactors) -> LtvChange:
    """The Shapley values of the three factors (Shapley 1953): each one's effect, averaged over all orders in which
    they could have changed. For a product abc, a's share is (a1 - a0) ((b0c0 + b1c1) / 3 + (b0c1 + b1c0) / 6).
    """
    arpa = _share(
        (before.arpa, after.arpa), (before.gross_margin, after.gross_margin), (before.months, after.months)
    )
    margin = _share(
        (before.gross_margin, after.gross_margin), (before.arpa, after.arpa), (before.months, after.months)
    )
    churn = _share(
        (before.months, after.months), (before.arpa, after.arpa), (before.gross_margin, after.gross_margin)
    )
    return LtvChange(before=before.ltv, after=after.ltv, churn=churn, arpa=arpa, margin=margin)


def effort_shares(before: LtvFactors, after: LtvFactors, effort: tuple[float, float]) -> tuple[float, float]:
    """What effort (money an account and month, before and after) takes from LTV, effort x months, to the share of effort
    and that of churn in its change: Shapley values of two factors. They add to `decompose`, as Shapley values of a sum do.
    """
    mean_months, mean_effort = (before.months + after.months) / 2, (effort[0] + effort[1]) / 2
    return (effort[0] - effort[1]) * mean_months, (before.months - after.months) * mean_effort


def tabulate_changes(
    factors: Mapping[str, Mapping[str, LtvFactors | None]],
) -> pd.DataFrame:
    """One row a segment and pair of successive dates: segment, from, to, ltv_before, churn, arpa, margin, ltv_after
    (money), and the factors arpa_before, arpa_after, gross_margin_before, gross_margin_after, months_before,
    months_after; NaN where a date has no LTV. `factors`: by segment and date (ISO, in order).
    """
    rows = [
        {"segment": segment, "from": first, "to": second, **_changes(dates[first], dates[second])}
        for segment, dates in factors.items()
        for first, second in zip(list(dates)[:-1], list(dates)[1:], strict=True)
    ]
    return pd.DataFrame(rows, columns=["segment", "from", "to", *_changes(None, None)])


def _share(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    same = (b[0] * c[0] + b[1] * c[1]) / 3
    crossed = (b[0] * c[1] + b[1] * c[0]) / 6
    return (a[1] - a[0]) * (same + crossed)


def _changes(before: LtvFactors | None, after: LtvFactors | None) -> dict[str, float]:
    change = decompose(before, after) if before and after else None
    nan = float("nan")
    return {
        "ltv_before": before.ltv if before else nan,
        "churn": change.churn if change else nan,
        "arpa": change.arpa if change else nan,
        "margin": change.margin if change else nan,
        "ltv_after": after.ltv if after else nan,
        "arpa_before": before.arpa if before else nan,
        "arpa_after": after.arpa if after else nan,
        "gross_margin_before": before.gross_margin if before else nan,
        "gross_margin_after": after.gross_margin if after else nan,
        "months_before": before.months if before else nan,
        "months_after": after.months if after else nan,
    }
