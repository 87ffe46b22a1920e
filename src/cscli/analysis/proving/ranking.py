"""Scores and outcomes to how often the account that left had the lower score: the AUC, and how sure it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import (
    NO_INTERVAL,
    Interval,
    Numbers,
    Z,
    jackknife_error,
    logit_interval,
)

Flags = NDArray[np.bool_]
Codes = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """Rows of an account at a date. `accounts`: a whole number an account; `churned`: whether it left in the window;
    `strata`: a whole number for what is compared with each other: pairs are made inside one alone.
    """

    accounts: Codes
    churned: Flags
    strata: Codes

    def at(self, rows: Flags | Codes) -> "Cases":
        """These rows alone."""
        return Cases(self.accounts[rows], self.churned[rows], self.strata[rows])

    @property
    def churned_accounts(self) -> int:
        """How many accounts left: the n of events, whatever the rows."""
        return len(np.unique(self.accounts[self.churned]))

    @property
    def is_simple(self) -> bool:
        """Whether all are compared with all, and no account stands twice."""
        one = len(self.strata) == 0 or bool((self.strata == self.strata[0]).all())
        return one and len(np.unique(self.accounts)) == len(self.accounts)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Auc:
    """`value`: the share of pairs in which the one that left had the higher risk, ties counting half; NaN without a
    pair.
    """

    value: float
    error: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two AUC on the same rows, with its standard error and 95% interval."""

    value: float
    error: float
    low: float
    high: float


def codes_of(*columns: NDArray[np.object_]) -> Codes:
    """A whole number for each combination of values."""
    import pandas as pd  # noqa: PLC0415 - numbers alone need none

    rows = len(columns[0])
    found = np.zeros(rows, dtype=np.intp)
    for column in columns:
        codes, _ = pd.factorize(column, use_na_sentinel=False)
        found = found * (int(codes.max(initial=0)) + 1) + codes
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.intp)


def rank(risk: Numbers, cases: Cases) -> Auc:
    """The AUC of `risk` (higher is worse, no NaN) over pairs within a stratum.

    Its error is DeLong's (1988) where all are compared with all and no account stands twice; else the jackknife by
    account, which is right where windows overlap.
    """
    wins = _Wins(risk, cases)
    value = wins.value
    if not wins.pairs:
        return Auc(value=np.nan, error=np.nan, low=np.nan, high=np.nan, pairs=0)
    error = _delong(*wins.placements()) if cases.is_simple else jackknife_error(wins.without_each())
    low, high = logit_interval(value, error)
    return Auc(value=value, error=error, low=low, high=high, pairs=wins.pairs)


def compare(risk: Numbers, other: Numbers, cases: Cases) -> Difference:
    """The AUC of `risk` less that of `other` on the same rows; the error as in `rank`, paired."""
    first, second = _Wins(risk, cases), _Wins(other, cases)
    value = first.value - second.value
    if not first.pairs:
        return Difference(np.nan, np.nan, *NO_INTERVAL)
    if cases.is_simple:
        pairs = zip(first.placements(), second.placements(), strict=True)
        error = _delong(*(one - two for one, two in pairs))
    else:
        error = jackknife_error(first.without_each() - second.without_each())
    return Difference(value, error, *_plain_interval(value, error))


def is_significant(auc: Auc) -> bool:
    """Whether the interval leaves out one half."""
    return bool(auc.low > 0.5 or auc.high < 0.5)


def two_sided_p(auc: Auc) -> float:
    """The chance of an AUC so far from one half where the score tells nothing, on the logit scale. NaN if unknown."""
    if np.isnan(auc.low):
        return np.nan
    from scipy.special import ndtr  # noqa: PLC0415 - loaded only where it is used

    logit = np.log(auc.value / (1 - auc.value))
    error = auc.error / (auc.value * (1 - auc.value))
    return float(2 * ndtr(-abs(logit / error)))


def _plain_interval(value: float, error: float) -> Interval:
    return value - Z * error, value + Z * error


def _delong(of_churned: Numbers, of_stayed: Numbers) -> float:
    """DeLong, DeLong & Clarke-Pearson (1988) from the placements of both; NaN with fewer than two of either."""
    if min(len(of_churned), len(of_stayed)) < 2:
        return np.nan
    variance = of_churned.var(ddof=1) / len(of_churned) + of_stayed.var(ddof=1) / len(of_stayed)
    return float(np.sqrt(variance))


class _Wins:
    """How many pairs of each row, and how many of them it wins (of one that stayed: loses) as the score should have it."""

    def __init__(self, risk: Numbers, cases: Cases) -> None:
        self._risk, self._cases = risk, cases
        self._won, self._met = np.zeros(len(risk)), np.zeros(len(risk))
        for left, stayed in _sides(cases):
            self._won[left] = _above(risk[left], risk[stayed])
            self._won[stayed] = len(left) - _above(risk[stayed], risk[left])
            self._met[left], self._met[stayed] = len(stayed), len(left)

    @property
    def pairs(self) -> int:
        return int(self._met[self._cases.churned].sum())

    @property
    def value(self) -> float:
        return float(self._won[self._cases.churned].sum()) / self.pairs if self.pairs else np.nan

    def placements(self) -> tuple[Numbers, Numbers]:
        """The share of its pairs that each row wins: of those that left, of those that stayed."""
        share = self._won / np.maximum(self._met, 1)
        return share[self._cases.churned], share[~self._cases.churned]

    def without_each(self) -> Numbers:
        """The AUC of all others, an account each; of one without which there is no pair, that of all."""
        accounts = np.unique(self._cases.accounts, return_inverse=True)[1]
        won = np.bincount(accounts, weights=self._won)
        met = np.bincount(accounts, weights=self._met)
        for left, stayed in self._of_one_account(accounts):
            account = accounts[left[0]]  # pairs of an account with itself were counted twice
            won[account] -= _above(self._risk[left], self._risk[stayed]).sum()
            met[account] -= len(left) * len(stayed)
        rest = self.pairs - met
        total = self._won[self._cases.churned].sum()
        return np.asarray(
            np.where(rest > 0, (total - won) / np.maximum(rest, 1), self.value), dtype=np.float64
        )

    def _of_one_account(self, accounts: Codes) -> Iterator[tuple[Codes, Codes]]:
        cases = self._cases
        if len(np.unique(accounts)) == len(accounts):
            return
        own = cases.strata * (int(accounts.max()) + 1) + accounts
        yield from _sides(Cases(cases.accounts, cases.churned, own))


def _sides(cases: Cases) -> Iterator[tuple[Codes, Codes]]:
    """The rows that left and those that stayed of each stratum that has both."""
    order = np.argsort(cases.strata, kind="stable")
    edges = np.flatnonzero(np.diff(cases.strata[order])) + 1
    both = np.intersect1d(cases.strata[cases.churned], cases.strata[~cases.churned])
    for rows in np.split(order, edges):
        if len(rows) and np.isin(cases.strata[rows[0]], both):
            churned = cases.churned[rows]
            yield rows[churned], rows[~churned]


def _above(values: Numbers, others: Numbers) -> Numbers:
    """How many of `others` each value is above, those it is level with counting half."""
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return np.asarray((below + up_to) / 2, dtype=np.float64)
