"""What a workbook needs to compute health scores by itself: weights, limits, band edges and points."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LiveLimit:
    """A cap (`at_most`) or floor (`at_least`) of a scorecard, in the order in which it applies."""

    kind: Literal["at_most", "at_least"]
    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class LiveScorecard:
    """`group_weights[g]` by group, `metric_weights[g][m]` by group and metric; None: not in the scorecard.
    `limits`: caps, then floors.
    """

    name: str
    group_weights: tuple[float | None, ...]
    metric_weights: tuple[tuple[float | None, ...], ...]
    limits: tuple[LiveLimit, ...]


@dataclass(frozen=True, slots=True)
class LiveBand:
    """A band's name as the sheet shows it, and its lower edge, which belongs to it."""

    name: str
    label: str
    lower_edge: float


@dataclass(frozen=True, eq=False, kw_only=True)
class LiveScore:
    """All of it. The arrays have one row an account, in the order of the `accounts` sheet:
    `points` (accounts x metrics, NaN missing), `imputed` (points that a missing value was given: they count
    in the score, not in the coverage), `scorecard` (index, -1: none), `limits_hold` (accounts x limits of
    the account's own scorecard, padded with False), `score_before_caps` (NaN: none). Bands ascend by edge.
    Score = round half up to one decimal of ((weighted mean of groups, each the weighted mean of its metrics),
    caps, floors); band = `unknown_label` where data_coverage < min_data_coverage or there is no score.
    `pinned`: accounts whose score a person set; it stands as it is, and the band follows it.
    """

    metrics: tuple[str, ...]
    metric_labels: tuple[str, ...]
    groups: tuple[str, ...]
    group_labels: tuple[str, ...]
    scorecards: tuple[LiveScorecard, ...]
    bands: tuple[LiveBand, ...]
    unknown_label: str
    min_data_coverage: float
    points: NDArray[np.float64]
    imputed: NDArray[np.bool_]
    scorecard: NDArray[np.intp]
    limits_hold: NDArray[np.bool_]
    score_before_caps: NDArray[np.float64]
    pinned: NDArray[np.bool_] | None = None
