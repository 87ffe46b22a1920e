"""Renewals of the past to the chance that the next one is lost, by band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
FEWEST_LOST = 5
"""With fewer lost renewals in all the past says nothing, and the configured table stands."""
FEWEST_FOR_UPLIFT = 20
YEARS_FOR_SPREAD = 3
YEAR_CV, LEAST_YEAR_CV = 0.15, 0.05


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Chances:
    """By band, in the order of `bands`: `p`, the chance that a renewal is lost; `alpha`, `beta`: of its distribution, NaN
    where it is the configured table. `lost`, `due`: what it rests on. `uplift`: growth of the ARR of those that renewed, 0
    with fewer than 20. `year_cv`: how far one year differs from another for all bands together; `measured_cv`: from
    years of one's own.
    """

    bands: tuple[str, ...]
    p: Numbers
    alpha: Numbers
    beta: Numbers
    lost: Numbers
    due: Numbers
    uplift: Numbers
    year_cv: float
    is_measured: bool
    measured_cv: bool

    def variance(self) -> Numbers:
        """Of each p: that of its beta distribution, 0 of a configured one."""
        total = self.alpha + self.beta
        known = self.alpha * self.beta / (total**2 * (total + 1))
        return np.where(np.isnan(known), 0.0, known)


def find_chances(past: pd.DataFrame, bands: Sequence[str], configured: Mapping[str, float]) -> Chances:
    """`past`: a row a resolved renewal: band, lost (bool), year (of the renewal), arr, arr_after (of those that renewed).

    Of k lost of m due: beta(k + 1/2, m - k + 1/2) (Jeffreys); with fewer than five lost in all, `configured`.
    """
    where = pd.Index(list(bands)).get_indexer(pd.Index(past["band"]))
    due = np.bincount(where[where >= 0], minlength=len(bands)).astype(np.float64)
    lost = past["lost"].to_numpy(dtype=bool)
    gone = np.bincount(where[(where >= 0) & lost], minlength=len(bands)).astype(np.float64)
    is_measured = float(gone.sum()) >= FEWEST_LOST
    nothing = np.full(len(bands), np.nan)
    alpha, beta = (gone + 0.5, due - gone + 0.5) if is_measured else (nothing, nothing)
    table = np.array([configured[band] for band in bands])
    cv, measured_cv = _year_cv(past) if is_measured else (YEAR_CV, False)
    return Chances(
        bands=tuple(bands),
        p=alpha / (alpha + beta) if is_measured else table,
        alpha=alpha,
        beta=beta,
        lost=gone,
        due=due,
        uplift=_uplifts(past, where, len(bands)),
        year_cv=cv,
        is_measured=is_measured,
        measured_cv=measured_cv,
    )


def _uplifts(past: pd.DataFrame, where: NDArray[np.intp], count: int) -> Numbers:
    """ARR after the renewal against that before, of those that renewed and whose ARR is known; 0 where too few."""
    arr, after = (past[name].to_numpy(np.float64) for name in ("arr", "arr_after"))
    usable = (where >= 0) & ~past["lost"].to_numpy(dtype=bool) & (arr > 0) & ~np.isnan(after)
    rows = np.bincount(where[usable], minlength=count)
    before = np.bincount(where[usable], weights=arr[usable], minlength=count)
    then = np.bincount(where[usable], weights=after[usable], minlength=count)
    growth = np.divide(then, before, out=np.ones(count), where=before > 0) - 1
    return np.where(rows >= FEWEST_FOR_UPLIFT, growth, 0.0)


def _year_cv(past: pd.DataFrame) -> tuple[float, bool]:
    """From the over-dispersion of the years' rates, by moments: cv^2 = sum((k - m r)^2 Y / (Y - 1) - m r (1 - r)) / sum(m
    (m - 1) r^2); at least .05. The usual .15 with fewer than three years.
    """
    years = past.groupby("year")["lost"].agg(["sum", "count"])
    if len(years) < YEARS_FOR_SPREAD:
        return YEAR_CV, False
    lost, due = (years[name].to_numpy(np.float64) for name in ("sum", "count"))
    rate = lost.sum() / due.sum()
    spread = (lost - due * rate) ** 2 * len(years) / (len(years) - 1) - due * rate * (1 - rate)
    scale = float((due * (due - 1)).sum()) * rate**2
    square = float(spread.sum()) / scale if scale > 0 else 0.0
    return max(float(np.sqrt(max(square, 0.0))), LEAST_YEAR_CV), True
