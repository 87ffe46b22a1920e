"""Whom a list of so many accounts reaches: worst first, those at the edge that are level sharing the last places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import Numbers

Codes = NDArray[np.intp]
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """By the worst `size` of each date: rows called, and of `weight` what is reached, and what luck would reach."""

    size: int
    called: int
    reached: float
    by_luck: float


def reach(risk: Numbers, weight: Numbers, dates: Codes, size: int) -> Reached:
    """`weight`: 1 of an account that left (or its ARR), 0 of others. Luck: the share of a date's rows that is called, of
    what it has.
    """
    called = 0
    reached = by_luck = 0.0
    for rows in _by_date(dates):
        most = min(size, len(rows))
        called += most
        reached += float(np.interp(most, *_run_through(risk[rows], weight[rows])))
        by_luck += float(weight[rows].sum()) * most / len(rows)
    return Reached(size=size, called=called, reached=reached, by_luck=by_luck)


def tenths(risk: Numbers, weight: Numbers, dates: Codes) -> tuple[Numbers, Numbers]:
    """Rows and weight in each tenth of the dates, worst first; a tie over an edge is shared."""
    rows_in, weight_in = np.zeros(TENTHS), np.zeros(TENTHS)
    for rows in _by_date(dates):
        edges = np.arange(TENTHS + 1) * len(rows) / TENTHS
        rows_in += len(rows) / TENTHS
        weight_in += np.diff(np.interp(edges, *_run_through(risk[rows], weight[rows])))
    return rows_in, weight_in


def expected_below(below: NDArray[np.bool_], churned: NDArray[np.bool_], dates: Codes) -> float:
    """How many of those that left would be below a score by luck alone: by date, churned x share of rows below."""
    return sum(float(churned[rows].sum()) * float(below[rows].mean()) for rows in _by_date(dates))


def _by_date(dates: Codes) -> list[Codes]:
    order = np.argsort(dates, kind="stable")
    if not len(order):
        return []
    return np.split(order, np.flatnonzero(np.diff(dates[order])) + 1)


def _run_through(risk: Numbers, weight: Numbers) -> tuple[Numbers, Numbers]:
    """The places at which a group of level rows ends, and the weight up to there; from place 0 on."""
    order = np.argsort(-risk, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(risk[order])) + 1, len(order))
    summed = np.cumsum(weight[order])
    return np.append(0.0, ends.astype(np.float64)), np.append(0.0, summed[ends - 1])
