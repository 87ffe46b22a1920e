"""What would lift an account into the next band: for each metric the smallest change that does it alone."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from cscli.analysis.explaining.trial_values import TrialValue, candidates_of, is_read_by_rules, scan
from cscli.analysis.explaining.what_if import WhatIf
from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import TOLERANCE, find_limits
from cscli.analysis.scoring.health import UNKNOWN, HealthScores, round_half_up, weigh_points
from cscli.config.blocks.shown import Cap
from cscli.config.schema import Band


class Obstacle(StrEnum):
    """Why a metric cannot do it: 100 points would not suffice; no value of it has so many; a limit holds."""

    NOT_ENOUGH = "not_enough"
    NO_SUCH_VALUE = "no_such_value"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricLift:
    """A metric alone. `change`: the value that suffices, tried by scoring it; None: an `obstacle`. `points_needed`:
    NaN with an obstacle. `score_at_best`: with 100 points. `there`: how many of `peers` with data have such points.
    """

    metric: str
    change: TrialValue | None
    points_needed: float
    score_at_best: float
    obstacle: Obstacle | None
    there: int
    peers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftPlan:
    """`band`: the next better one; None in the best, or without a score. `gap`: points of the score to its edge, in
    the best band those above its own. `held_by`: what alone keeps the score below: keys of caps, `override`,
    `data_coverage`, `no_score`. `coverage`: by metric without data, the coverage if it had some. `reproduced`:
    whether scoring the account anew gives its score; if not, nothing is proposed.
    """

    band: Band | None
    gap: float
    held_by: tuple[str, ...] = ()
    proposals: tuple[MetricLift, ...] = ()
    coverage: Mapping[str, float] = field(default_factory=dict)
    reproduced: bool = True


def plan_lift(what_if: WhatIf) -> LiftPlan:
    """What would lift the account of `trials` into the next band, the least change of points first."""
    scored_run, row = what_if.scored_run, what_if.row
    score = float(scored_run.score[row])
    if math.isnan(score):
        return LiftPlan(
            band=None, gap=math.nan, held_by=("no_score",), coverage=_coverage_then(scored_run, row)
        )
    bands = sorted(scored_run.config.bands, key=lambda band: band.from_)
    at = max(i for i, band in enumerate(bands) if band.from_ <= score + TOLERANCE or i == 0)
    if scored_run.band[row] == UNKNOWN:
        return LiftPlan(
            band=bands[at], gap=0, held_by=("data_coverage",), coverage=_coverage_then(scored_run, row)
        )
    if at + 1 == len(bands):
        return LiftPlan(band=None, gap=score - bands[at].from_)
    target = bands[at + 1]
    gap = target.from_ - score
    if "override" in scored_run.capped_by[row]:
        return LiftPlan(band=target, gap=gap, held_by=("override",))
    now = what_if.now
    if abs(float(now.score[0]) - score) > TOLERANCE:
        return LiftPlan(band=target, gap=gap, reproduced=False)
    held_by = _holding_caps(scored_run, now, target)
    proposals = _propose(what_if, target, is_held=bool(held_by))
    return LiftPlan(
        band=target, gap=gap, held_by=held_by, proposals=tuple(sorted(proposals, key=_order(scored_run, row)))
    )


def score_needed(edge: float) -> float:
    """The least score, not rounded, whose rounding to one decimal is at or above a band's edge."""
    return math.ceil(round(edge * 10, 6)) / 10 - 0.05


def _holding_caps(scored_run: ScoredRun, now: HealthScores, target: Band) -> tuple[str, ...]:
    """The caps that hold and under which even 100 points stay below the edge."""
    limits = find_limits(scored_run.config.scorecards)
    best = np.array([100.0])
    for limit, holds in zip(limits, now.limits_hold[0], strict=True):
        best = limit.apply(best) if holds else best
    needed = score_needed(target.from_)
    if best[0] >= needed - TOLERANCE:
        return ()
    return tuple(
        limit.key
        for limit, holds in zip(limits, now.limits_hold[0], strict=True)
        if holds and isinstance(limit.rule, Cap) and limit.rule.at_most < needed - TOLERANCE
    )


def _propose(what_if: WhatIf, target: Band, *, is_held: bool) -> list[MetricLift]:
    scored_run = what_if.scored_run
    needs = _points_needed(scored_run, what_if.row, score_needed(target.from_))
    found: dict[str, list[TrialValue]] = {}
    for name, (points, _) in needs.items():
        if is_read_by_rules(what_if, name):
            found[name] = scan(what_if, name, points, target.from_)
        else:
            found[name] = [] if is_held else candidates_of(what_if, name, points)
    tried = [(name, candidate) for name, candidates in found.items() for candidate in candidates]
    scores = what_if.scores([None, *((name, candidate.value) for name, candidate in tried)])
    chosen: dict[str, TrialValue] = {}
    for at, (name, candidate) in enumerate(tried, start=1):
        if reaches(scores, at, target.from_):
            chosen.setdefault(name, candidate)
    return [
        _proposal(scored_run, name, points, best, chosen.get(name), is_held=is_held)
        for name, (points, best) in needs.items()
    ]


def reaches(scores: HealthScores, at: int, edge: float) -> bool:
    """Whether the score in that row is in a band from `edge` on."""
    return bool(scores.score[at] + TOLERANCE >= edge and scores.band[at] != UNKNOWN)


def _proposal(
    scored_run: ScoredRun, name: str, points: float, best: float, change: TrialValue | None, *, is_held: bool
) -> MetricLift:
    obstacle = None
    if change is None and is_held:
        obstacle = Obstacle.HELD
    elif change is None:
        obstacle = Obstacle.NOT_ENOUGH if points > 100 + TOLERANCE else Obstacle.NO_SUCH_VALUE
    column = list(scored_run.config.metrics).index(name)
    known = scored_run.points[scored_run.covered[:, column], column]
    there = int((known >= points - TOLERANCE).sum())
    return MetricLift(
        metric=name,
        change=change,
        points_needed=math.nan if obstacle else points,
        score_at_best=best,
        obstacle=obstacle,
        there=there,
        peers=len(known),
    )


def _points_needed(scored_run: ScoredRun, row: int, needed: float) -> dict[str, tuple[float, float]]:
    """By metric that counts: the points with which the score before caps is `needed`, all else equal; and the
    score with 100 points, rounded.
    """
    names = tuple(scored_run.config.metrics)
    points = np.repeat(scored_run.points[[row]], 2 * len(names), axis=0)
    for column in range(len(names)):
        points[2 * column : 2 * column + 2, column] = (0, 100)
    cards = np.repeat(scored_run.scorecard[[row]], len(points))
    weighed = weigh_points(points, ~np.isnan(points), cards, scored_run.config)
    found = {}
    for column, name in enumerate(names):
        none, full = weighed.score[2 * column : 2 * column + 2].tolist()
        if weighed.shares[2 * column, column] > 0:
            best = float(round_half_up(np.array([full]))[0])
            found[name] = ((needed - none) / (full - none) * 100, best)
    return found


def _coverage_then(scored_run: ScoredRun, row: int) -> dict[str, float]:
    """By metric that counts and has no data: the data coverage if it alone had some; most first."""
    covered = np.repeat(scored_run.covered[[row]], len(scored_run.config.metrics), axis=0)
    np.fill_diagonal(covered, val=True)
    points = np.where(covered, 0.0, np.nan)
    cards = np.repeat(scored_run.scorecard[[row]], len(points))
    coverage = weigh_points(points, covered, cards, scored_run.config).coverage
    gains = dict(zip(scored_run.config.metrics, coverage.tolist(), strict=True))
    kept = {name: then for name, then in gains.items() if then > scored_run.coverage[row] + TOLERANCE}
    return dict(sorted(kept.items(), key=lambda pair: -pair[1]))


def _order(scored_run: ScoredRun, row: int) -> Callable[[MetricLift], tuple[bool, float, int]]:
    """Those that can first, by the points to gain."""
    columns = {name: at for at, name in enumerate(scored_run.config.metrics)}

    def key(proposal: MetricLift) -> tuple[bool, float, int]:
        now = float(np.nan_to_num(scored_run.points[row, columns[proposal.metric]]))
        step = math.inf if proposal.obstacle else proposal.points_needed - now
        return (proposal.obstacle is not None, step, columns[proposal.metric])

    return key


def limits_that_hold(what_if: WhatIf) -> tuple[str, ...]:
    """The keys of the caps and floors of its scorecard whose conditions hold, whether or not they change the score."""
    limits = find_limits(what_if.scored_run.config.scorecards)
    return tuple(limit.key for limit, holds in zip(limits, what_if.now.limits_hold[0], strict=True) if holds)
