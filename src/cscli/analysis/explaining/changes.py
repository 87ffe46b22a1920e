"""Two runs to what moved each account's score between them: parts that add up to the change."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.health import WeighedPoints, weigh_points

PARTS = (
    "values_moved", "data_vanished", "data_appeared", "scorecard_changed", "config_changed", "cap_or_override",
    "rounding",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Changes:
    """The accounts of both runs in the order of the later one. `before`, `after`: their rows there. `change`: of the
    score, NaN where one end has none. `parts`: by name in the order of `PARTS`, accounts; they sum to `change`.
    `by_metric`: accounts x the earlier rules' metrics, parts of values_moved. `vanished`, `appeared`: which of these
    metrics counted and had data at one end only. `came`, `left`: rows of the later and of the earlier run.
    """

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    came: NDArray[np.intp]
    left: NDArray[np.intp]
    change: Floats
    parts: dict[str, Floats]
    by_metric: Floats
    vanished: NDArray[np.bool_]
    appeared: NDArray[np.bool_]


def split_changes(start: ScoredRun, end: ScoredRun, end_by_start: ScoredRun | None = None) -> Changes:
    """The change of each account's score from `start` to `end`, in steps, each from where the last one ended.

    It begins with the earlier data under the earlier rules. (1) The values that both runs have move: exact by
    metric, weight x change of points, in no order. (2) Data vanishes, then (3) appears, still under the account's
    earlier scorecard. (4) It takes the scorecard that the earlier rules give it now. (5) The later rules take
    over. All that is the score before caps. (6) Caps, floors and overrides: what they do at the end less what they
    did at the start. (7) Rounding to one decimal, likewise. A step that would leave no score moves nothing; the next
    takes it. Where one end has a score only because a person set it, the whole change is (6).

    `end_by_start`: the later data, in the same order, under the earlier rules; None where the rules are the same.
    """
    found = pd.Index(start.ids).get_indexer(pd.Index(end.ids))
    after = np.flatnonzero(found >= 0)
    pair = _Pair(start, found[after], end_by_start or end, after)
    by_metric = pair.values_moved()
    states = [pair.base(), pair.base() + by_metric.sum(axis=1), *pair.steps(), end.before[after]]
    change = end.score[after] - start.score[pair.before]
    parts = _parts(_carried(states))
    limited = end.limited[after] - start.limited[pair.before]
    parts["cap_or_override"] = limited - (end.before[after] - pair.base())
    parts["rounding"] = change - limited
    _settle_ends(parts, by_metric, limited, change)
    vanished, appeared = pair.data_changed()
    left = np.setdiff1d(np.arange(len(start)), pair.before)
    return Changes(
        before=pair.before,
        after=after,
        came=np.flatnonzero(found < 0),
        left=left,
        change=change,
        parts=parts,
        by_metric=by_metric,
        vanished=vanished,
        appeared=appeared,
    )


@dataclass(frozen=True, eq=False)
class _Pair:
    """The same accounts at both ends, judged by the earlier rules: `start` at rows `before`, `later` at `after`."""

    start: ScoredRun
    before: NDArray[np.intp]
    later: ScoredRun
    after: NDArray[np.intp]

    def base(self) -> Floats:
        return self.start.before[self.before]

    def values_moved(self) -> Floats:
        """Accounts x metrics: weight x change of the points that both ends have from data."""
        shares = self._weigh(self.start.points[self.before], self.start.covered[self.before]).shares
        moved = shares * (self.later.points[self.after] - self.start.points[self.before])
        return np.where(self._both() & ~np.isnan(moved), moved, 0.0)

    def steps(self) -> list[Floats]:
        """The score before caps after data vanished, after data appeared, and by the scorecard of now."""
        old, new = self.start.points[self.before], self.later.points[self.after]
        had = self.start.covered[self.before]
        covered = self.later.covered[self.after]
        without = np.where(had | ~covered, new, old)
        by_new_card = weigh_points(new, covered, self.later.scorecard[self.after], self.start.config)
        return [self._weigh(without, covered & had).score, self._weigh(new, covered).score, by_new_card.score]

    def data_changed(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which metrics that count have lost, and which have gained data."""
        had, has = self.start.covered[self.before], self.later.covered[self.after]
        counted = self._weigh(self.start.points[self.before], had).shares > 0
        counts = self._weigh(self.later.points[self.after], has).shares > 0
        return had & ~has & counted, has & ~had & counts

    def _both(self) -> NDArray[np.bool_]:
        both: NDArray[np.bool_] = self.start.covered[self.before] & self.later.covered[self.after]
        return both

    def _weigh(self, points: Floats, covered: NDArray[np.bool_]) -> WeighedPoints:
        """By the earlier rules and the earlier scorecard."""
        return weigh_points(points, covered, self.start.scorecard[self.before], self.start.config)


def _carried(states: list[Floats]) -> list[Floats]:
    """The states, with that before it in the place of one that has no score; the last is as it is."""
    carried = states[:1]
    for state in states[1:-1]:
        carried.append(np.where(np.isnan(state), carried[-1], state))
    return [*carried, states[-1]]


def _parts(states: list[Floats]) -> dict[str, Floats]:
    return {name: after - before for name, before, after in zip(PARTS, states, states[1:], strict=False)}


def _settle_ends(parts: dict[str, Floats], by_metric: Floats, limited: Floats, change: Floats) -> None:
    """Where an end has no weighed score, a person set it, and it is all theirs; without a score no part is known."""
    set_only = np.isnan(parts["cap_or_override"]) & ~np.isnan(change)
    by_metric[set_only | np.isnan(change)] = 0
    for name in PARTS[:5]:
        parts[name][set_only] = 0
    parts["cap_or_override"][set_only] = limited[set_only]
    for part in parts.values():
        part[np.isnan(change)] = np.nan
