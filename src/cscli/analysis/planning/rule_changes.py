"""The same accounts under two sets of rules to what moved each score: parts by metric that add up to the change."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.health import UNKNOWN, assign_bands, weigh_points

PARTS = ("points", "weights", "coverage", "limits", "rounding")
"""What can move a score: the points that a value gets; weights and scorecards; what is done without data; caps, floors and
overrides; rounding.
"""
SCORE, EDGES, COVERAGE = "score", "edges", "coverage"
"""What can move a band: the score, the edges of the bands, how much data there is for the weights and is needed."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RuleChanges:
    """The accounts that both sets of rules judge, in the order of the first. `before`, `after`: their rows there. `change`:
    of the score, NaN where one has none. `by_metric`: points, weights and coverage, accounts x `metrics`. `parts`: by name
    in the order of `PARTS`, accounts; they sum to `change`. `band_by`: of a band that moves, by what, in order.
    """

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    metrics: tuple[str, ...]
    change: Floats
    by_metric: dict[str, Floats]
    parts: dict[str, Floats]
    band_by: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class _State:
    """Accounts x the metrics of both sets of rules: points, and what share of the score each has (NaN: not scored)."""

    shares: Floats
    points: Floats

    @property
    def score(self) -> Floats:
        """Before caps; NaN where nothing has a share."""
        summed = np.where(self.shares > 0, self.shares * self.points, 0.0).sum(axis=1)
        scored = (self.shares > 0).any(axis=1)
        return np.asarray(np.where(scored, summed, np.nan), dtype=np.float64)

    def to(self, other: "_State") -> Floats:
        """By metric, what the way to `other` does to the score: the changes of share x (points - score)."""
        base = self.score[:, None]
        was, now = (
            np.where(each.shares > 0, each.shares * (each.points - base), 0.0) for each in (self, other)
        )
        return np.asarray(now - was, dtype=np.float64)


def split_by_rule(old: ScoredRun, new: ScoredRun) -> RuleChanges:
    """The change of each account's score from the rules of `old` to those of `new`, on the same data.

    (1) Points: of a value that both have, today's share of the score x change of points. (2) Coverage: what the new rules
    do where there is no data, under today's weights. (3) Weights and scorecards: all else before caps. Of (2) and (3) a
    metric has the change of its share x how far its points lie from the score before that step; shares sum to one, so
    that this is exact. (4) Caps, floors and overrides: what they do under the new rules less under the old ones; all of
    the change where one end has a score only because a person set it. (5) Rounding. A step that would leave no score
    moves nothing; the next takes it.
    """
    found = pd.Index(new.ids).get_indexer(pd.Index(old.ids))
    before = np.flatnonzero(found >= 0)
    after = found[before]
    metrics = tuple(dict.fromkeys([*old.config.metrics, *new.config.metrics]))
    by_metric = _by_metric(_Pair(old=old, new=new, before=before, after=after, metrics=metrics))
    change = new.score[after] - old.score[before]
    limited = new.limited[after] - old.limited[before]
    weighed = new.before[after] - old.before[before]
    set_only = np.isnan(weighed) & ~np.isnan(change)
    unknown = np.isnan(change)
    for part in by_metric.values():
        part[set_only | unknown] = 0.0
    parts = {name: part.sum(axis=1) for name, part in by_metric.items()}
    parts["limits"] = np.where(set_only, limited, limited - weighed)
    parts["rounding"] = np.round(change - limited, 9)
    for part in parts.values():
        part[unknown] = np.nan
    return RuleChanges(
        before=before,
        after=after,
        metrics=metrics,
        change=change,
        by_metric=by_metric,
        parts=parts,
        band_by=_band_by(old, new, before, after),
    )


def order_kept(old: Floats, new: Floats) -> float:
    """Kendall's tau-b (1938, with ties) of two scores of the same accounts; NaN with fewer than two, or where all are level."""
    both = ~np.isnan(old) & ~np.isnan(new)
    if both.sum() < 2:
        return np.nan
    from scipy.stats import kendalltau  # noqa: PLC0415 - loaded only where it is used

    return float(kendalltau(old[both], new[both]).statistic)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Pair:
    """The same accounts under both sets of rules."""

    old: ScoredRun
    new: ScoredRun
    before: NDArray[np.intp]
    after: NDArray[np.intp]
    metrics: tuple[str, ...]

    def start(self) -> _State:
        old, rows = self.old, self.before
        return self._state(old, rows, old.points[rows], old.covered[rows])

    def end(self) -> _State:
        new, rows = self.new, self.after
        return self._state(new, rows, new.points[rows], new.covered[rows])

    def by_old_weights(self) -> _State:
        """The points of the new rules, of metrics that both have, under the weights of the old ones."""
        points, covered = self.old.points[self.before].copy(), self.old.covered[self.before].copy()
        theirs = list(self.new.config.metrics)
        for place, name in enumerate(self.old.config.metrics):
            if name in theirs:
                points[:, place] = self.new.points[self.after, theirs.index(name)]
                covered[:, place] = self.new.covered[self.after, theirs.index(name)]
        return self._state(self.old, self.before, points, covered)

    def has_data(self) -> NDArray[np.bool_]:
        """Accounts x metrics: whether both have points that come from data."""
        both = np.ones((len(self.before), len(self.metrics)), dtype=bool)
        for run, rows in ((self.old, self.before), (self.new, self.after)):
            own = np.zeros_like(both)
            own[:, self._places(run)] = run.covered[rows]
            both &= own
        return both

    def _places(self, run: ScoredRun) -> list[int]:
        return [self.metrics.index(name) for name in run.config.metrics]

    def _state(
        self, run: ScoredRun, rows: NDArray[np.intp], points: Floats, covered: NDArray[np.bool_]
    ) -> _State:
        shape = (len(rows), len(self.metrics))
        shares, wide = np.zeros(shape), np.full(shape, np.nan)
        shares[:, self._places(run)] = weigh_points(points, covered, run.scorecard[rows], run.config).shares
        wide[:, self._places(run)] = points
        return _State(shares, wide)


def _by_metric(pair: _Pair) -> dict[str, Floats]:
    start, middle, end = pair.start(), pair.by_old_weights(), pair.end()
    moves = pair.has_data() & (start.shares > 0)
    after_points = _State(start.shares, np.where(moves, middle.points, start.points))
    points = np.where(moves, start.shares * (after_points.points - start.points), 0.0)
    lost = np.isnan(middle.score)[:, None]
    middle = _State(
        np.where(lost, after_points.shares, middle.shares), np.where(lost, after_points.points, middle.points)
    )
    return {"points": points, "weights": middle.to(end), "coverage": after_points.to(middle)}


def _band_by(
    old: ScoredRun, new: ScoredRun, before: NDArray[np.intp], after: NDArray[np.intp]
) -> tuple[tuple[str, ...], ...]:
    """The steps from the old band to the new one that change it: the score, then the edges, then data coverage. Where too
    little data is the end of it, that alone.
    """
    was, now = old.config, new.config
    had = old.coverage[before]
    score = new.score[after]
    by_score = assign_bands(score, had, was.bands, was.min_data_coverage)
    by_edges = assign_bands(score, had, now.bands, was.min_data_coverage)
    steps = [old.band[before], by_score, by_edges, new.band[after]]
    names = (SCORE, EDGES, COVERAGE)
    moved = [one != two for one, two in pairwise(steps)]
    stays = steps[0] == steps[-1]
    lacks = (steps[-1] == UNKNOWN) & moved[-1]
    found = []
    for row in range(len(before)):
        by = tuple(name for name, step in zip(names, moved, strict=True) if step[row])
        found.append(() if stays[row] else (COVERAGE,) if lacks[row] else by)
    return tuple(found)
