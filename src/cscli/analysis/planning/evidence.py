"""Two scores on the same rows of a back-test: which of them ranks those that left lower, and how many it would reach."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.panel import Panel
from cscli.analysis.backtesting.verdicts import FEWEST
from cscli.analysis.proving.ranking import Auc, Difference, compare, rank
from cscli.analysis.proving.reach import reach

_ROW = ["account_id", "t0"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """On `rows` rows of `churned` accounts that left. `auc_from`, `auc_to`: within date, segment and term of the rules in
    force; `difference`: the new one less it, paired. `caught_from`, `caught_to`: by the worst `calls` of each date.
    """

    rows: int
    churned: int
    auc_from: Auc
    auc_to: Auc
    difference: Difference
    calls: int
    caught_from: float
    caught_to: float


def compare_panels(old: Panel, new: Panel, calls: int) -> Evidence | int:
    """`old`, `new`: the same dates under both sets of rules. Where fewer than ten accounts left, only how many."""
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
    )
