"""What a back-test has found, as its report takes it, and the verdict on it."""

from dataclasses import dataclass

import pandas as pd

from cscli.analysis.backtesting.measures import Judged, Terms
from cscli.analysis.backtesting.metric_table import MetricTable
from cscli.analysis.backtesting.panel import Panel
from cscli.analysis.backtesting.verdicts import LEAK, NO_SIGNAL, WRONG_WAY, judge
from cscli.analysis.proving.early_warnings import LeadTimes, WeeklyReach
from cscli.analysis.proving.ranking import Auc
from cscli.errors import Problem

_MOST_FLAGGED = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """`panel`, `judged`: of the score without what knows too much; `with_flagged`: the AUC with it, where there is such;
    `weights`: as `suggest` gives them, if asked for; `of_snapshot`: one snapshot, which describes and does not predict;
    `own_score`: whether it is the score of the rules, not a column of the export; `lead`, `weekly`: of runs week by week.
    """

    panel: Panel
    judged: Judged
    with_flagged: Auc | None
    metrics: MetricTable
    terms: Terms
    outcome: str
    of_snapshot: bool
    own_score: bool
    problems: tuple[Problem, ...] = ()
    weights: pd.DataFrame | None = None
    lead: LeadTimes | None = None
    weekly: tuple[WeeklyReach, ...] = ()

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.own_score and self.metrics.weight_flagged > _MOST_FLAGGED:
            return LEAK
        return judge(self.judged.auc, self.judged.churned)

    @property
    def allows_weights(self) -> bool:
        """Whether there is a signal that other weights could sharpen."""
        return self.verdict not in (NO_SIGNAL, WRONG_WAY, LEAK)
