"""What moves a score after its weights: caps, floors, and overrides that are in force."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.columns import rule_key
from cscli.config.blocks.shown import Cap, Floor
from cscli.config.schema import Scorecard

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
"""Sums of weighted points are exact to about 1e-13; what lies this near to an edge is on it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap (`at_most`) or floor of one scorecard, in the order in which they apply."""

    scorecard: int
    rule: Cap | Floor
    key: str

    def apply(self, score: Floats) -> Floats:
        if isinstance(self.rule, Cap):
            return np.minimum(score, self.rule.at_most)
        return np.maximum(score, self.rule.at_least)


def find_limits(scorecards: Sequence[Scorecard]) -> list[Limit]:
    """The caps, then the floors, of each scorecard."""
    limits = []
    for index, scorecard in enumerate(scorecards):
        limits += [Limit(index, cap, rule_key(index, "caps", n)) for n, cap in enumerate(scorecard.caps)]
        limits += [
            Limit(index, floor, rule_key(index, "floors", n)) for n, floor in enumerate(scorecard.floors)
        ]
    return limits


def apply_limits(
    score: Floats, limits: Sequence[Limit], hold: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_]]:
    """The score after the limits that hold, and which of them changed it."""
    changed = np.zeros_like(hold)
    for column, limit in enumerate(limits):
        limited = np.where(hold[:, column], limit.apply(score), score)
        changed[:, column] = np.abs(limited - score) > TOLERANCE
        score = limited
    return score, changed


def apply_overrides(score: Floats, frame: pd.DataFrame) -> tuple[Floats, NDArray[np.bool_]]:
    """The score with `override_score` in its place, where there is one; it is there only while in force."""
    if "override_score" not in frame:
        return score, np.zeros(len(score), dtype=bool)
    override = frame["override_score"].to_numpy(np.float64)
    overridden = ~np.isnan(override)
    return np.where(overridden, override, score), overridden
