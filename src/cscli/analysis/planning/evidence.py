"""Two scores on the same rows of a back-test: which of them ranks those that left lower, and how many it would reach."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.panel import Panel
from cscli.analysis.backtesting.verdicts import FEWEST
from cscli.analysis.proving.intervals import Numbers
from cscli.analysis.proving.ranking import Auc, Cases, Difference, compare, rank
from cscli.analysis.proving.reach import Codes, expected_below, reach

_ROW = ["account_id", "t0"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Rows below an edge: `rows` in all, `left` of those that left, `by_luck` so many of those by luck alone."""

    rows: int
    left: int
    by_luck: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """On `rows` rows of `churned` accounts that left. `auc_from`, `auc_to`: within date, segment and term of the rules in
    force; `difference`: the new one less it, paired. `caught_from`, `caught_to`: by the worst `calls` of each date.
    `below_from`, `below_to`: below the edge of the lowest band of either.
    """

    rows: int
    churned: int
    auc_from: Auc
    auc_to: Auc
    difference: Difference
    calls: int
    caught_from: float
    caught_to: float
    below_from: Below
    below_to: Below

    @property
    def is_same_order(self) -> bool:
        """Whether both rank every pair alike: what differs then is the edge, or is not known of these dates."""
        return self.difference.low == 0 == self.difference.high

    @property
    def is_beyond_luck(self) -> bool:
        """Whether more of those that left come below the edge than luck adds: by twice its spread, that of a Poisson count."""
        before, after = self.below_from, self.below_to
        added = after.by_luck - before.by_luck
        return after.left - before.left - added >= 2 * math.sqrt(max(1.0, abs(added)))


def compare_panels(old: Panel, new: Panel, calls: int, edges: tuple[float, float]) -> Evidence | int:
    """`old`, `new`: the same dates under both sets of rules; `edges`: where the lowest band of each ends. Where fewer than ten
    accounts left, only how many.
    """
    place = pd.MultiIndex.from_frame(new.rows[_ROW]).get_indexer(pd.MultiIndex.from_frame(old.rows[_ROW]))
    here = np.flatnonzero(place >= 0)
    cases = old.headline_cases.at(here)
    if cases.churned_accounts < FEWEST:
        return cases.churned_accounts
    risk_from, risk_to = old.risk[here], new.risk[place[here]]
    weight, dates = cases.churned.astype(np.float64), old.t0[here]
    return Evidence(
        rows=len(here),
        churned=cases.churned_accounts,
        auc_from=rank(risk_from, cases),
        auc_to=rank(risk_to, cases),
        difference=compare(risk_to, risk_from, cases),
        calls=calls,
        caught_from=reach(risk_from, weight, dates, calls).reached,
        caught_to=reach(risk_to, weight, dates, calls).reached,
        below_from=_below(old.rows["score"].to_numpy(np.float64)[here], edges[0], cases, dates),
        below_to=_below(new.rows["score"].to_numpy(np.float64)[place[here]], edges[1], cases, dates),
    )


def _below(score: Numbers, edge: float, cases: Cases, dates: Codes) -> Below:
    under = score < edge
    return Below(
        rows=int(under.sum()),
        left=int((under & cases.churned).sum()),
        by_luck=expected_below(under, cases.churned, dates),
    )
