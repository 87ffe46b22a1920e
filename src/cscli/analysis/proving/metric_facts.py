"""Points of metrics and outcomes to what each metric tells by itself: direction, gaps, fifths, and whether it knows too much."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import Numbers
from cscli.analysis.proving.ranking import Auc, Cases, rank

FIFTHS = 5
NOT_MONOTONE_Z = 2.6
"""The worst reversal of fifths that is told: among ten pairs, 1.96 is a matter of luck."""
LEAK_AUC, LEAK_SHARE, PURE_ROWS = 0.85, 0.5, 20
FEWEST_PARTED = 10
"""So many accounts that left, all of them below all others: an AUC of 1 has no interval."""
MISSING_TELLS_P = 0.01
REDUNDANT_RHO, REDUNDANT_ROWS = 0.8, 50
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class MetricFacts:
    """Of one metric. `rows`: with a value; `churned`: accounts among them that left. `missing_of_churned`,
    `missing_of_stayed`: shares of rows; `missing_p`: Fisher's exact test of the two (by the last row of each account).
    `fifths`: the rate in each, worst points first, NaN for an empty one; `reversal_z`: the worst one between two of
    them; `pure_values`: values of at least 20 rows in which nobody or everybody left; `pure_share`: of rows in them.
    """

    auc: Auc
    rows: int
    churned: int
    missing_of_churned: float
    missing_of_stayed: float
    missing_p: float
    fifths: Numbers
    reversal_z: float
    pure_values: int
    pure_share: float

    @property
    def knows_too_much(self) -> bool:
        """Whether it ranks, or parts, those that left so well that it may have been written after the fact."""
        parts_all = self.auc.value >= 1 and self.churned >= FEWEST_PARTED
        return bool(self.auc.low > LEAK_AUC or parts_all or self.pure_share > LEAK_SHARE)

    @property
    def tells_by_gaps(self) -> bool:
        """Whether its being missing tells something by itself."""
        return bool(self.missing_p < MISSING_TELLS_P)

    @property
    def is_not_monotone(self) -> bool:
        """Whether a better fifth left more often than a worse one, beyond luck."""
        return self.reversal_z > NOT_MONOTONE_Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two metrics by their place: on how many rows both have a value, and Spearman's rank correlation there."""

    first: int
    second: int
    rows: int
    rho: float

    @property
    def is_redundant(self) -> bool:
        """Whether they say the same."""
        return self.rows >= REDUNDANT_ROWS and abs(self.rho) >= REDUNDANT_RHO


def judge_metric(points: Numbers, cases: Cases) -> MetricFacts:
    """`points`: 0 to 100, NaN missing, a row each of `cases`."""
    here = ~np.isnan(points)
    known = cases.at(here)
    fifths, z = _fifths(points[here], known.churned)
    pure, share = _pure(points[here], known.churned)
    gone, stayed = ~here[cases.churned], ~here[~cases.churned]
    return MetricFacts(
        auc=rank(-points[here], known),
        rows=int(here.sum()),
        churned=known.churned_accounts,
        missing_of_churned=float(gone.mean()) if len(gone) else np.nan,
        missing_of_stayed=float(stayed.mean()) if len(stayed) else np.nan,
        missing_p=_fisher(~here, cases),
        fifths=fifths,
        reversal_z=z,
        pure_values=pure,
        pure_share=share,
    )


def correlate(points: Numbers) -> list[Pair]:
    """Each two columns of `points` (rows x metrics)."""
    count, known = points.shape[1], ~np.isnan(points)
    whole = [mid_ranks(points[here, column]) for column, here in enumerate(known.T)]

    def pair(first: int, second: int) -> Pair:
        both = known[:, first] & known[:, second]
        ranks = [
            whole[column] if both.sum() == len(whole[column]) else mid_ranks(points[both, column])
            for column in (first, second)
        ]
        varies = all(len(each) > 1 and each.std() > 0 for each in ranks)
        rho = float(np.corrcoef(ranks[0], ranks[1])[0, 1]) if varies else np.nan
        return Pair(first=first, second=second, rows=int(both.sum()), rho=rho)

    return [pair(first, second) for first in range(count) for second in range(first + 1, count)]


def mid_ranks(values: Numbers) -> Numbers:
    """From 1, level values sharing the middle of their places."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which], dtype=np.float64)


def _fifths(points: Numbers, churned: Flags) -> tuple[Numbers, float]:
    """The rate of each fifth by mid-rank, and the z of the worst reversal (two proportions, pooled)."""
    if not len(points):
        return np.full(FIFTHS, np.nan), 0.0
    which = np.minimum((mid_ranks(points) - 0.5) / len(points) * FIFTHS, FIFTHS - 1).astype(np.intp)
    rows = np.bincount(which, minlength=FIFTHS).astype(np.float64)
    events = np.bincount(which[churned], minlength=FIFTHS).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = np.where(rows > 0, events / rows, np.nan)
    worst = 0.0
    for low in range(FIFTHS):
        for high in range(low + 1, FIFTHS):
            worst = max(worst, _two_proportions(events, rows, low, high))
    return rates, worst


def _two_proportions(events: Numbers, rows: Numbers, low: int, high: int) -> float:
    if not rows[low] or not rows[high]:
        return 0.0
    pooled = (events[low] + events[high]) / (rows[low] + rows[high])
    error = np.sqrt(pooled * (1 - pooled) * (1 / rows[low] + 1 / rows[high]))
    return float((events[high] / rows[high] - events[low] / rows[low]) / error) if error > 0 else 0.0


def _pure(points: Numbers, churned: Flags) -> tuple[int, float]:
    if not len(points):
        return 0, 0.0
    _, which, rows = np.unique(points, return_inverse=True, return_counts=True)
    events = np.bincount(which[churned], minlength=len(rows))
    pure = (rows >= PURE_ROWS) & ((events == 0) | (events == rows))
    return int(pure.sum()), float(rows[pure].sum() / len(points))


def _fisher(missing: Flags, cases: Cases) -> float:
    """By accounts: whether it left at all, and whether it was missing in its last row."""
    if missing.all() or not missing.any():
        return 1.0
    from scipy.stats import fisher_exact  # noqa: PLC0415 - loaded only where it is used

    count = int(cases.accounts.max(initial=-1)) + 1
    last = np.full(count, -1, dtype=np.intp)
    last[cases.accounts] = np.arange(len(missing))  # of rows of one account the later one stays
    left = np.bincount(cases.accounts[cases.churned], minlength=count)[last >= 0] > 0
    lacks = missing[last[last >= 0]]
    table = [[int((lacks & left).sum()), int((lacks & ~left).sum())]]
    table.append([int((~lacks & left).sum()), int((~lacks & ~left).sum())])
    return float(fisher_exact(table)[1])
