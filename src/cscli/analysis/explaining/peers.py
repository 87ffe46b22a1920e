"""An account among those like it: whom to compare it with, its rank, and what is usual there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.scored_run import Standing
from cscli.analysis.scoring.adjustments import Floats

_FEWEST = 5


@dataclass(frozen=True, eq=False)
class PeerGroup:
    """`by`: the segmentation, `scorecard`, or `book`; `name`: which of it. `count` includes the account. `rank`: of its
    score, (mid-rank - 0.5) / count, of 1; `typical`: each metric's median, of categories the most frequent text.
    """

    by: str
    name: str | None
    count: int
    median_score: float
    rank: float
    typical: dict[str, float | str | None]


def find_peers(standing: Standing, row: int) -> PeerGroup:
    """Those of the same name in the first segmentation, if five or more have a score; else of the same scorecard, else
    everyone.
    """
    by, name, mask = next(
        (by, name, mask)
        for by, name, mask in _circles(standing, row)
        if by == "book" or int((mask & ~np.isnan(standing.score)).sum()) >= _FEWEST
    )
    known = standing.score[mask & ~np.isnan(standing.score)]
    typical = {metric: _typical(standing.measured[metric][mask]) for metric in standing.config.metrics}
    median = float(np.median(known)) if len(known) else float("nan")
    return PeerGroup(by, name, len(known), median, _rank(known, float(standing.score[row])), typical)


def _circles(standing: Standing, row: int) -> list[tuple[str, str | None, NDArray[np.bool_]]]:
    found: list[tuple[str, str | None, NDArray[np.bool_]]] = []
    first = next(iter(standing.config.segments), None)
    if first is not None and first in standing.segments:
        names = standing.segments[first]
        if pd.notna(names.iloc[row]):
            found.append((first, str(names.iloc[row]), (names == names.iloc[row]).to_numpy(dtype=bool)))
    card = int(standing.scorecard[row])
    if card >= 0 and len(standing.config.scorecards) > 1:
        found.append(("scorecard", standing.config.scorecards[card].name, standing.scorecard == card))
    return [*found, ("book", None, np.ones(len(standing), dtype=bool))]


def _rank(known: Floats, own: float) -> float:
    if np.isnan(own) or not len(known):
        return float("nan")
    below, equal = int((known < own).sum()), int((known == own).sum())
    return (below + (equal + 1) / 2 - 0.5) / len(known)


def _typical(values: "pd.Series[float]") -> float | str | None:
    if values.dtype == np.float64:
        return float(values.median()) if values.notna().any() else None
    counts = values.dropna().astype(str).value_counts()
    return str(counts.index[0]) if len(counts) else None
