"""Other rules beside those in force: what the report `plan` is made from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.planning.evidence import Evidence
from cscli.analysis.planning.rule_changes import RuleChanges
from cscli.analysis.scoring.adjustments import Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """`old`, `new`: the same accounts under the rules in force and under the others. Tables as `analysis.planning` gives
    them. `order`: Kendall's tau-b. `evidence`: None where no back-test can tell.
    """

    old: ScoredRun
    new: ScoredRun
    changes: RuleChanges
    order: float
    moves: pd.DataFrame
    lists: pd.DataFrame
    owners: pd.DataFrame
    segments: pd.DataFrame
    alerts: pd.DataFrame
    keys: pd.DataFrame
    evidence: Evidence | None

    @property
    def moved(self) -> "np.typing.NDArray[np.bool_]":
        """Of the accounts of both: whose band changes."""
        return np.array([bool(steps) for steps in self.changes.band_by], dtype=bool)

    @property
    def arr(self) -> Floats:
        """ARR of the accounts of both."""
        return self.old.numbers("arr")[self.changes.before]

    @property
    def moved_share(self) -> float:
        """The share of the known ARR whose band changes; of the accounts, where no ARR is known."""
        arr = self.arr
        total = float(np.nansum(arr))
        if total > 0:
            return float(np.nansum(arr[self.moved])) / total
        return float(self.moved.mean()) if len(arr) else 0.0

    @property
    def same_scores(self) -> bool:
        """Whether every account keeps its score and its band."""
        change = self.changes.change
        was = self.old.score[self.changes.before]
        now = self.new.score[self.changes.after]
        level = np.abs(np.nan_to_num(change)) < 1e-9
        return bool((level & (np.isnan(was) == np.isnan(now))).all()) and not self.moved.any()
