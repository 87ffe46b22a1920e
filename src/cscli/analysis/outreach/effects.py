"""The difference between accounts that got something and others, with how sure it is: by lot, or matched by what they were like."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]
Method = Literal["holdout", "matched", "none"]
Verdict = Literal["better", "worse", "no_difference", "too_few", "no_comparison", "no_run", "not_yet"]
FEWEST = 20
"""Accounts in either group; with fewer nothing is judged."""
_TAIL = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`treated`, `control`: means, of those that could be compared; `low`, `high`: 95% interval of `difference`. NaN where nothing
    can be said. `dropped`: treated accounts that nobody is like.
    """

    n_treated: int
    n_control: int
    treated: float = np.nan
    control: float = np.nan
    difference: float = np.nan
    low: float = np.nan
    high: float = np.nan
    dropped: int = 0

    @property
    def verdict(self) -> Verdict:
        """What it comes to, if more is better."""
        if min(self.n_treated, self.n_control) < FEWEST or np.isnan(self.low):
            return "too_few"
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "no_difference"


def by_lot(treated: Floats, control: Floats) -> Effect:
    """The difference of means where a lot decided who got it. Source: Welch (1947), Biometrika 34:28."""
    a, b = treated[~np.isnan(treated)], control[~np.isnan(control)]
    if len(a) < 2 or len(b) < 2:
        return Effect(n_treated=len(a), n_control=len(b))
    of_a, of_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = float(np.sqrt(of_a + of_b))
    freedom = (of_a + of_b) ** 2 / (of_a**2 / (len(a) - 1) + of_b**2 / (len(b) - 1)) if error else 1.0
    return _effect(a, b, float(a.mean() - b.mean()), error * float(stdtrit(freedom, _TAIL)))


def shares_by_lot(treated: NDArray[np.bool_], control: NDArray[np.bool_]) -> Effect:
    """The difference of two shares. Source: Newcombe (1998), Statistics in Medicine 17:873, method 10 (of Wilson's intervals)."""
    n, m = len(treated), len(control)
    if not (n and m):
        return Effect(n_treated=n, n_control=m)
    p, q = float(treated.mean()), float(control.mean())
    (low_p, high_p), (low_q, high_q) = _wilson(p, n), _wilson(q, m)
    low = p - q - float(np.hypot(p - low_p, high_q - q))
    high = p - q + float(np.hypot(high_p - p, q - low_q))
    return Effect(
        n_treated=n, n_control=m, treated=p, control=q, difference=p - q, low=low, high=high
    )  # fmt: skip


def matched(treated: pd.DataFrame, control: pd.DataFrame) -> Effect:
    """The difference of means within strata, weighted by how many of the treated lie in each. Frames: value (float64), stratum (text).
    Strata with one group alone do not count. The interval takes the spread within groups of a stratum as the same everywhere
    (as an analysis of variance does), so that small strata count too.
    """
    a, b = treated.dropna(subset="value"), control.dropna(subset="value")
    of_a, of_b = (each.groupby("stratum")["value"].agg(["size", "mean", _squares]) for each in (a, b))
    both = of_a.join(of_b.add_suffix("_c"), how="inner")
    n, m = both["size"].to_numpy(np.float64), both["size_c"].to_numpy(np.float64)
    used, rest = int(n.sum()), int(m.sum())
    dropped = len(a) - used
    freedom = n.sum() + m.sum() - 2 * len(both)
    if not used or freedom < 1:
        return Effect(n_treated=used, n_control=rest, dropped=dropped)
    weight = n / n.sum()
    mean, mean_c = both["mean"].to_numpy(np.float64), both["mean_c"].to_numpy(np.float64)
    within = float(both["_squares"].sum() + both["_squares_c"].sum()) / float(freedom)
    error = float(np.sqrt(within * np.sum(weight**2 * (1 / n + 1 / m))))
    span = error * float(stdtrit(freedom, _TAIL))
    difference = float(np.sum(weight * (mean - mean_c)))
    return Effect(
        n_treated=used, n_control=rest, treated=float(np.sum(weight * mean)), control=float(np.sum(weight * mean_c)),
        difference=difference, low=difference - span, high=difference + span, dropped=dropped,
    )  # fmt: skip


def _effect(a: Floats, b: Floats, difference: float, span: float) -> Effect:
    return Effect(
        n_treated=len(a), n_control=len(b), treated=float(a.mean()), control=float(b.mean()), difference=difference,
        low=difference - span, high=difference + span,
    )  # fmt: skip


def _squares(values: "pd.Series[float]") -> float:
    return float(((values - values.mean()) ** 2).sum())


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson (1927), JASA 22:209."""
    z = float(ndtri(_TAIL))
    middle = share + z**2 / (2 * n)
    span = z * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    whole = 1 + z**2 / n
    return (middle - span) / whole, (middle + span) / whole
