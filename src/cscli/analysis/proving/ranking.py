"""Scores and outcomes to how often the account that left had the lower score: the AUC, and how sure it is."""

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
    """Rows of an account at a date. `accounts`: a whole number an account, from 0 on; `churned`: whether it left in the window;
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
        return int(np.count_nonzero(np.bincount(self.accounts[self.churned])))

    @property
    def is_simple(self) -> bool:
        """Whether all are compared with all, and no account stands twice."""
        one = len(self.strata) == 0 or bool((self.strata == self.strata[0]).all())
        return one and int(np.bincount(self.accounts).max(initial=0)) <= 1


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


def codes_of(*columns: NDArray[np.generic]) -> Codes:
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
        self._won, self._met = _won_and_met(risk, cases.churned, cases.strata)

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
        accounts = _without_gaps(self._cases.accounts)
        won = np.bincount(accounts, weights=self._won)
        met = np.bincount(accounts, weights=self._met)
        rows = self._paired_with_own(accounts)
        own_won, own_met = _won_and_met(
            self._risk[rows], self._cases.churned[rows], self._own(accounts)[rows]
        )
        left = self._cases.churned[rows]  # pairs of an account with itself were counted twice
        won -= np.bincount(accounts[rows][left], weights=own_won[left], minlength=len(won))
        met -= np.bincount(accounts[rows][left], weights=own_met[left], minlength=len(met))
        rest = self.pairs - met
        total = self._won[self._cases.churned].sum()
        return np.asarray(
            np.where(rest > 0, (total - won) / np.maximum(rest, 1), self.value), dtype=np.float64
        )

    def _own(self, accounts: Codes) -> Codes:
        """The strata, each parted by account."""
        return self._cases.strata * (int(accounts.max(initial=0)) + 1) + accounts

    def _paired_with_own(self, accounts: Codes) -> Codes:
        """The rows of accounts that both left and stayed in one stratum."""
        own, churned = self._own(accounts), self._cases.churned
        if (np.diff(np.sort(own)) > 0).all():
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(np.isin(own, np.intersect1d(own[churned], own[~churned])))


def _without_gaps(codes: Codes) -> Codes:
    """The same in the same order, numbered from 0 on."""
    return np.asarray((np.cumsum(np.bincount(codes) > 0) - 1)[codes], dtype=np.intp)


def _won_and_met(risk: Numbers, churned: Flags, strata: Codes) -> tuple[Numbers, Numbers]:
    """By row the pairs inside its stratum that are won, level ones counting half, and all of them.

    One sort for all strata: among ordered rows, counts of those before are differences of running sums.
    """
    order = np.lexsort((risk, strata))
    ordered, left = strata[order], churned[order]
    opens = np.diff(ordered, prepend=ordered[:1] - 1) != 0
    stratum = np.cumsum(opens) - 1
    level = np.cumsum(opens | (np.diff(risk[order], prepend=np.nan) != 0)) - 1
    gone, stayed = (_below(side, level, stratum) for side in (left, ~left))
    all_gone, all_stayed = (np.bincount(stratum, weights=side)[stratum] for side in (left, ~left))
    won, met = np.empty(len(risk)), np.empty(len(risk))
    won[order] = np.where(left, stayed, all_gone - gone)
    met[order] = np.where(left, all_stayed, all_gone)
    return won, met


def _below(side: Flags, level: Codes, stratum: Codes) -> Numbers:
    """Of ordered rows, how many of `side` are below each in its stratum, those of its level counting half."""
    of_level, of_stratum = np.bincount(level, weights=side), np.bincount(stratum, weights=side)
    before, earlier = (np.cumsum(counts) - counts for counts in (of_level, of_stratum))
    return np.asarray((before + of_level / 2)[level] - earlier[stratum], dtype=np.float64)
