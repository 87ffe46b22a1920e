"""Points to health scores that explain themselves: groups, caps, bands, coverage, contributions and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.adjustments import (
    TOLERANCE,
    Floats,
    Limit,
    apply_limits,
    apply_overrides,
    find_limits,
)
from cscli.analysis.scoring.columns import rule_key
from cscli.config.schema import Band, Config, Scorecard
from cscli.errors import Problem, Severity
from cscli.points import Peers

UNKNOWN = "unknown"
REASONS = 3
_BLOCK = 2048
"""Accounts scored at a time: what a block needs fits the processor's cache (thirty times more costs twice the time)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class HealthScores:
    """One row an account. `points`, `contributions`: accounts x metrics (NaN: missing); contributions sum to
    `score_before_caps`. `groups`: accounts x `group_names`. `score`: rounded half up to one decimal.
    `covered`: the metrics that had data. `limits_hold`, `limits_changed`: accounts x `limits`.
    `overridden`: accounts whose score a person set. `reason_metrics`: the indices of the metrics that lost most (-1: fewer), `reason_losses`: points lost.
    """

    metrics: tuple[str, ...]
    group_names: tuple[str, ...]
    limits: tuple[Limit, ...]
    points: Floats
    covered: NDArray[np.bool_]
    scorecard: NDArray[np.intp]
    groups: Floats
    contributions: Floats
    score_before_caps: Floats
    score: Floats
    band: NDArray[np.object_]
    data_coverage: Floats
    limits_hold: NDArray[np.bool_]
    limits_changed: NDArray[np.bool_]
    overridden: NDArray[np.bool_]
    reason_metrics: NDArray[np.intp]
    reason_losses: Floats


def score_accounts(
    frame: pd.DataFrame, conditions: Mapping[str, NDArray[np.bool_]], config: Config
) -> HealthScores:
    """Scores of the accounts in `frame` (metrics' values under their names, tenure_months, segments, and
    override_score where an override is in force).

    Group = sum(weight x points) / sum(weight) over the metrics present; score likewise over the groups
    present; then caps, then floors, then overrides. Coverage = share of the configured weight that had data.
    """
    points, covered = metric_points(frame, config)
    return score_points(frame, points, covered, conditions, config)


def score_points(
    frame: pd.DataFrame,
    points: Floats,
    covered: NDArray[np.bool_],
    conditions: Mapping[str, NDArray[np.bool_]],
    config: Config,
) -> HealthScores:
    """The scores of accounts whose points are known; of `frame` only override_score is read."""
    scorecard = _choose_scorecards(len(frame), conditions, config.scorecards)
    limits = tuple(find_limits(config.scorecards))
    sums = weigh_points(points, covered, scorecard, config)
    hold = np.zeros((len(frame), len(limits)), dtype=bool)
    for column, limit in enumerate(limits):
        hold[:, column] = conditions[limit.key] & (scorecard == limit.scorecard)
    limited, changed = apply_limits(sums.score, limits, hold)
    limited, overridden = apply_overrides(limited, frame)
    score = round_half_up(limited)
    band = assign_bands(score, sums.coverage, config.bands, config.min_data_coverage)
    return HealthScores(
        metrics=tuple(config.metrics),
        group_names=group_names(config.scorecards),
        limits=limits,
        points=points,
        covered=covered,
        scorecard=scorecard,
        groups=sums.groups,
        contributions=sums.contributions,
        score_before_caps=sums.score,
        score=score,
        band=band,
        data_coverage=sums.coverage,
        limits_hold=hold,
        limits_changed=changed,
        overridden=overridden,
        reason_metrics=sums.reason_metrics,
        reason_losses=sums.reason_losses,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class WeighedPoints:
    """`shares`: of each metric its weight in this account's score, of 1 (NaN: not scored, 0: no weight or no points);
    contributions = shares x points. `score`: before caps.
    """

    groups: Floats
    shares: Floats
    contributions: Floats
    score: Floats
    coverage: Floats
    reason_metrics: NDArray[np.intp]
    reason_losses: Floats


def weigh_points(
    points: Floats,
    covered: NDArray[np.bool_],
    scorecard: NDArray[np.intp],
    config: Config,
    *,
    most_reasons: int = REASONS,
) -> WeighedPoints:
    """Points (accounts x metrics) weighed by the account's scorecard, an index (-1: none takes it)."""
    rows, metrics = points.shape
    names = group_names(config.scorecards)
    reasons = min(most_reasons, metrics)
    sums = WeighedPoints(
        groups=np.full((rows, len(names)), np.nan),
        shares=np.full((rows, metrics), np.nan),
        contributions=np.full((rows, metrics), np.nan),
        score=np.full(rows, np.nan),
        coverage=np.zeros(rows),
        reason_metrics=np.full((rows, reasons), -1, dtype=np.intp),
        reason_losses=np.zeros((rows, reasons)),
    )
    for index, card in enumerate(config.scorecards):
        weights = _Weights.of(card, names, tuple(config.metrics))
        members = np.flatnonzero(scorecard == index)
        for start in range(0, len(members), _BLOCK):
            block = members[start : start + _BLOCK]
            _weigh_block(sums, block, points[block], covered[block], weights)
    return sums


def metric_points(frame: pd.DataFrame, config: Config) -> tuple[Floats, NDArray[np.bool_]]:
    """Points by account and metric, and which of them come from data (not from `missing`)."""
    peers = Peers(
        frame["tenure_months"].to_numpy(np.float64),
        {name: frame[name].to_numpy(object) for name in config.segments if name in frame},
    )
    points = np.empty((len(frame), len(config.metrics)))
    for column, (name, metric) in enumerate(config.metrics.items()):
        text = metric.points.is_textual
        values = frame[name].to_numpy(object if text else np.float64)
        points[:, column] = metric.points.points(values, peers)
    covered = ~np.isnan(points)
    for column, metric in enumerate(config.metrics.values()):
        if metric.missing != "skip":
            points[~covered[:, column], column] = metric.missing
    return points, covered


def unknown_categories(frame: pd.DataFrame, config: Config) -> list[Problem]:
    """A problem for each category metric that met values which are not in its map and have no `other`."""
    problems = []
    for name, metric in config.metrics.items():
        strange = metric.points.unknown(frame[name].dropna().unique()) if metric.points.is_textual else []
        if strange:
            details = {"metric": name, "values": ", ".join(strange[:5]), "count": len(strange)}
            problems.append(Problem("scoring.unknown_category", severity=Severity.WARNING, details=details))
    return problems


def round_half_up(score: Floats) -> Floats:
    """To one decimal, a half going up, as a spreadsheet would from the exact value."""
    return np.floor((score + TOLERANCE) * 10 + 0.5) / 10


def assign_bands(
    score: Floats, coverage: Floats, bands: Sequence[Band], min_coverage: float
) -> NDArray[np.object_]:
    """The band of each rounded score, lower edge included; `unknown` without a score or with too little data."""
    ascending = sorted(bands, key=lambda band: band.from_)
    edges = np.array([band.from_ for band in ascending])
    index = np.searchsorted(edges, np.nan_to_num(score) + TOLERANCE, side="right") - 1
    names = np.array([band.name for band in ascending], dtype=object)[np.maximum(index, 0)]
    names[np.isnan(score) | (coverage < min_coverage - TOLERANCE)] = UNKNOWN
    return names


def scorecard_names(scores: HealthScores, config: Config) -> NDArray[np.object_]:
    """The name of each account's scorecard; None for an account that none takes."""
    return np.array([*(card.name for card in config.scorecards), None], dtype=object)[scores.scorecard]


def group_names(scorecards: Sequence[Scorecard]) -> tuple[str, ...]:
    """Every group of any scorecard, in order of first appearance."""
    return tuple(dict.fromkeys(name for scorecard in scorecards for name in scorecard.groups))


def _choose_scorecards(
    rows: int, conditions: Mapping[str, NDArray[np.bool_]], scorecards: Sequence[Scorecard]
) -> NDArray[np.intp]:
    chosen = np.full(rows, -1, dtype=np.intp)
    for index, scorecard in enumerate(scorecards):
        holds = conditions[rule_key(index)] if scorecard.when else np.ones(rows, dtype=bool)
        chosen[(chosen == -1) & holds] = index
    return chosen


@dataclass(frozen=True, eq=False)
class _Weights:
    """`group`: by group; `metric`: groups x metrics; `effective`: shares of the configured whole, by metric."""

    group: Floats
    metric: Floats
    effective: Floats

    @classmethod
    def of(cls, card: Scorecard, groups: Sequence[str], metrics: Sequence[str]) -> "_Weights":
        group = np.array([card.groups[name].weight if name in card.groups else 0.0 for name in groups])
        metric = np.zeros((len(groups), len(metrics)))
        for row, name in enumerate(groups):
            for member, weight in (card.groups[name].metrics if name in card.groups else {}).items():
                metric[row, metrics.index(member)] = weight
        return cls(
            group, metric, _divide(group, group.sum()) @ _divide(metric, metric.sum(axis=1, keepdims=True))
        )


def _weigh_block(
    sums: WeighedPoints,
    block: NDArray[np.intp],
    points: Floats,
    covered: NDArray[np.bool_],
    weights: _Weights,
) -> None:
    is_present = ~np.isnan(points)
    present, known = is_present.astype(np.float64), np.where(is_present, points, 0.0)
    weight_present = present @ weights.metric.T
    groups = np.where(weight_present > 0, _divide(known @ weights.metric.T, weight_present), np.nan)
    group_weight = np.where(weight_present > 0, weights.group, 0.0)
    total = group_weight.sum(axis=1)
    # The weight of a metric in this account's score: its group's share x its share of the group.
    share = (_divide(group_weight, total[:, None]) * _divide(1.0, weight_present)) @ weights.metric * present
    scored = total > 0
    contributions = share * known
    sums.shares[block] = np.where(scored[:, None], share, np.nan)
    sums.groups[block] = groups
    sums.contributions[block] = np.where(scored[:, None] & is_present, contributions, np.nan)
    sums.score[block] = np.where(scored, contributions.sum(axis=1), np.nan)
    sums.coverage[block] = covered.astype(np.float64) @ weights.effective
    _find_reasons(sums, block, share * (100 - known))


def _find_reasons(sums: WeighedPoints, block: NDArray[np.intp], remaining: Floats) -> None:
    """The metrics that lost most; of equal losses the one that the config names first. Uses up `remaining`."""
    count = sums.reason_metrics.shape[1]
    rows = np.arange(len(remaining))
    for place in range(count):
        most = remaining.max(axis=1, keepdims=True)
        best = (remaining >= most - TOLERANCE).argmax(axis=1)
        loss = remaining[rows, best]
        sums.reason_metrics[block, place] = np.where(loss > TOLERANCE, best, -1)
        sums.reason_losses[block, place] = np.maximum(loss, 0)
        remaining[rows, best] = -1


def _divide(numerator: Floats | float, denominator: Floats | float) -> Floats:
    """0 where the denominator is 0: no weight, no share."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    result: Floats = np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > 0)
    return result
