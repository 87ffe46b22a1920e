"""Renewals with the chance that each is lost to what will be kept of their ARR, and between which bounds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.forecasting.chances import Chances

Numbers = NDArray[np.float64]
Codes = NDArray[np.intp]
DRAWS = 20_000
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Due:
    """Renewals with their ARR: `band` and `period` as whole numbers, of the bands of the chances and of the months."""

    arr: Numbers
    band: Codes
    period: Codes

    def at(self, rows: NDArray[np.bool_]) -> "Due":
        """These alone."""
        return Due(arr=self.arr[rows], band=self.band[rows], period=self.period[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`low`, `high`: the middle 90% of the share kept. Standard deviations of that share: `sd_accounts` of who renews
    alone; `sd_band_rates` with how sure the rates of the bands are; `sd_year` with how far one year differs from another.
    """

    renewals: int
    arr: float
    expected_lost: float
    grr: float
    nrr: float
    low: float
    high: float
    sd_accounts: float
    sd_band_rates: float
    sd_year: float


def draw_losses(due: Due, chances: Chances, periods: int, seed: int) -> Numbers:
    """ARR lost in each of `periods`: periods x 20,000 draws. One year effect (gamma of mean 1) and one rate a band hold
    for a whole draw; the chance of an account is at most 1.
    """
    random = np.random.default_rng(seed)
    shape = 1 / chances.year_cv**2
    year = random.gamma(shape, 1 / shape, DRAWS)
    rates = np.empty((len(chances.bands), DRAWS))
    for band, chance in enumerate(chances.p):
        alpha, beta = chances.alpha[band], chances.beta[band]
        rates[band] = chance if np.isnan(alpha) else random.beta(alpha, beta, DRAWS)
    rates = np.minimum(rates * year, 1.0)
    edges = _edges(rates, random)
    certain = [row if row.any() else None for row in rates >= 1]
    lost = np.zeros((periods, DRAWS))
    for arr, band, period in zip(due.arr.tolist(), due.band.tolist(), due.period.tolist(), strict=True):
        leaves = random.bit_generator.random_raw(DRAWS // 4).view(np.uint16) < edges[band]
        sure = certain[band]
        lost[period][np.flatnonzero(leaves if sure is None else leaves | sure)] += arr
    return lost


def _edges(rates: Numbers, random: np.random.Generator) -> NDArray[np.uint16]:
    """Of whole numbers of 16 bits so many are below the edge as the rate says: rounded up or down at random by draw, so that the
    mean is the rate itself. Four such numbers come out of one raw draw, which is what a book of 20,000 accounts takes its time for.
    """
    edges = np.floor(rates * 65_536 + random.random(rates.shape))
    return np.minimum(edges, 65_535).astype(np.uint16)


def sum_up(due: Due, chances: Chances, losses: Numbers) -> Kept:
    """What is kept of `due`, of which `losses` were drawn (a sum of rows of `draw_losses`)."""
    total = float(due.arr.sum())
    p = chances.p[due.band]
    lost = float((due.arr * p).sum())
    kept = float((due.arr * (1 - p) * (1 + chances.uplift[due.band])).sum())
    spreads = [float(np.sqrt(variance)) / total if total else np.nan for variance in _variances(due, chances)]
    low, high = (float(np.quantile(1 - losses / total, at)) if total else np.nan for at in (_LOW, _HIGH))
    return Kept(
        renewals=len(due.arr),
        arr=total,
        expected_lost=lost,
        grr=1 - lost / total if total else np.nan,
        nrr=kept / total if total else np.nan,
        low=low,
        high=high,
        sd_accounts=spreads[0],
        sd_band_rates=spreads[1],
        sd_year=spreads[2],
    )


def _variances(due: Due, chances: Chances) -> tuple[float, float, float]:
    """Of the ARR lost. With X of chance q e, q of a band, e of a year: sum a^2 p (1 - p), plus for two of one band Var q,
    plus for any two cv^2 p p' (of one band cv^2 (p^2 + Var q)).
    """
    arr, p, count = due.arr, chances.p[due.band], len(chances.bands)
    sums = np.bincount(due.band, weights=arr, minlength=count)
    squares = np.bincount(due.band, weights=arr**2, minlength=count)
    accounts = float((arr**2 * p * (1 - p)).sum())
    of_rates = float((chances.variance() * (sums**2 - squares)).sum())
    lost = float((arr * p).sum())
    of_year = chances.year_cv**2 * (lost**2 - float((chances.p**2 * squares).sum()) + of_rates)
    return accounts, accounts + of_rates, accounts + of_rates + of_year
