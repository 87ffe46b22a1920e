"""An account among those like it: whom to compare it with, its rank, and what is usual there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import Floats

_FEWEST = 5


@dataclass(frozen=True, eq=False, kw_only=True)
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


def find_peers(scored_run: ScoredRun, row: int) -> PeerGroup:
    """Those of the same name in the first segmentation, if five or more have a score; else of the same scorecard, else
    everyone.
    """
    by, name, mask = next(
        (by, name, mask)
        for by, name, mask in _circles(scored_run, row)
        if by == "book" or int((mask & ~np.isnan(scored_run.score)).sum()) >= _FEWEST
    )
    known = scored_run.score[mask & ~np.isnan(scored_run.score)]
    typical = {metric: _typical(scored_run.measured[metric][mask]) for metric in scored_run.config.metrics}
    median = float(np.median(known)) if len(known) else float("nan")
    return PeerGroup(
        by=by,
        name=name,
        count=len(known),
        median_score=median,
        rank=_rank(known, float(scored_run.score[row])),
        typical=typical,
    )


def _circles(scored_run: ScoredRun, row: int) -> list[tuple[str, str | None, NDArray[np.bool_]]]:
    found: list[tuple[str, str | None, NDArray[np.bool_]]] = []
    first = next(iter(scored_run.config.segments), None)
    if first is not None and first in scored_run.segments:
        names = scored_run.segments[first]
        if pd.notna(names.iloc[row]):
            found.append((first, str(names.iloc[row]), (names == names.iloc[row]).to_numpy(dtype=bool)))
    card = int(scored_run.scorecard[row])
    if card >= 0 and len(scored_run.config.scorecards) > 1:
        found.append(("scorecard", scored_run.config.scorecards[card].name, scored_run.scorecard == card))
    return [*found, ("book", None, np.ones(len(scored_run), dtype=bool))]


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
