"""What each band came to: how many left, how sure that is, and the chance to leave that one can reckon with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import Numbers

PRIOR_ROWS = 20
"""A band is drawn towards the rate of all as if so many rows of theirs were in it."""
YEAR_DAYS = 365


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class BandRates:
    """By band, worst first. `rate`: NaN without a row. `shrunk`: drawn to the rate of all; `monotone`: the same, never
    rising from a worse band to a better one.
    """

    rows: Numbers
    events: Numbers
    rate: Numbers
    shrunk: Numbers
    monotone: Numbers


def rate_bands(rows: Numbers, events: Numbers, overall: float | None = None) -> BandRates:
    """Rates of bands from worst to best. `overall`: the rate of all, where these are not all of them.

    Shrunk: (k + 20 p) / (n + 20); monotone by pooling adjacent violators with weights n + 20.
    """
    total = float(rows.sum())
    share = (float(events.sum()) / total if total else np.nan) if overall is None else overall
    shrunk = (events + PRIOR_ROWS * share) / (rows + PRIOR_ROWS)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(rows > 0, events / rows, np.nan)
    return BandRates(
        rows=rows, events=events, rate=rate, shrunk=shrunk, monotone=falling(shrunk, rows + PRIOR_ROWS)
    )


def falling(values: Numbers, weights: Numbers) -> Numbers:
    """The nearest values that never rise, by pooling adjacent violators (Ayer et al. 1955)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            heavy = last[1] + before[1]
            mean = (last[0] * last[1] + before[0] * before[1]) / heavy
            blocks.append((mean, heavy, last[2] + before[2]))
    return np.repeat([value for value, _, _ in blocks], [count for _, _, count in blocks]).astype(np.float64)


def within_a_year(rate: Numbers, window_days: int) -> Numbers:
    """The chance to leave within 365 days from that within a window of so many: 1 - (1 - p)^(365 / days)."""
    return np.asarray(1 - (1 - np.minimum(rate, 1.0)) ** (YEAR_DAYS / window_days), dtype=np.float64)


def brier_skill(
    bands: NDArray[np.intp], churned: NDArray[np.bool_], dates: NDArray[np.intp], count: int
) -> float:
    """1 - Brier / Brier of one rate for all, each date judged by the rates of the other dates alone. `bands`: 0 is the
    worst of `count`. NaN with fewer than two dates, or where nobody left (Brier 1950).
    """
    own, plain = [], []
    for date in np.unique(dates):
        here, others = dates == date, dates != date
        if not others.any():
            return np.nan
        rows = np.bincount(bands[others], minlength=count).astype(np.float64)
        events = np.bincount(bands[others & churned], minlength=count).astype(np.float64)
        found = rate_bands(rows, events)
        came = churned[here].astype(np.float64)
        own.append((found.monotone[bands[here]] - came) ** 2)
        plain.append((events.sum() / rows.sum() - came) ** 2)
    worst = float(np.concatenate(plain).sum()) if plain else 0.0
    return 1 - float(np.concatenate(own).sum()) / worst if worst > 0 else np.nan
