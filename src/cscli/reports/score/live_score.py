"""Health scores to what a workbook needs to compute them by itself."""

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.scoring.health import HealthScores
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import band_label, group_label, limit_label, metric_labels, value_labels
from cscli.reports.kit.live import LiveBand, LiveLimit, LiveScore, LiveScorecard
from cscli.texts import Language, text

LIVE_ACCOUNTS = 20_000
"""Above, formulas make a workbook slow to open: values are written."""


def live_score(
    scores: HealthScores, order: NDArray[np.intp], config: Config, context: Context
) -> tuple[LiveScore | None, str | None]:
    """What the workbook needs, accounts in `order`; or None, and why values only are written."""
    if context.plain:
        return None, text("about.plain_asked", context.language)
    if len(order) > LIVE_ACCOUNTS:
        return None, text("about.plain_size", context.language, limit=f"{LIVE_ACCOUNTS:,}")
    language = context.language
    group_labels = tuple(group_label(name, config, language) for name in scores.group_names)
    bands = tuple(
        LiveBand(band.name, band_label(band, language), band.from_)
        for band in sorted(config.bands, key=lambda band: band.from_)
    )
    live = LiveScore(
        metrics=scores.metrics,
        metric_labels=tuple(metric_labels(config, language)),
        groups=scores.group_names,
        group_labels=group_labels,
        scorecards=tuple(
            _live_scorecard(index, scores, config, language) for index in range(len(config.scorecards))
        ),
        bands=bands,
        unknown_label=text("label.band.unknown", language),
        min_data_coverage=config.min_data_coverage,
        points=scores.points[order],
        imputed=(~scores.covered & ~np.isnan(scores.points))[order],
        scorecard=scores.scorecard[order],
        limits_hold=_limits_by_scorecard(scores, len(config.scorecards))[order],
        score_before_caps=scores.score_before_caps[order],
        pinned=scores.overridden[order],
    )
    return live, None


def _live_scorecard(index: int, scores: HealthScores, config: Config, language: Language) -> LiveScorecard:
    card = config.scorecards[index]
    groups = [card.groups.get(name) for name in scores.group_names]
    limits = [LiveLimit("at_most", cap.at_most, limit_label(cap, language)) for cap in card.caps] + [
        LiveLimit("at_least", floor.at_least, limit_label(floor, language)) for floor in card.floors
    ]
    return LiveScorecard(
        value_labels(["scorecard"], config, language)[card.name],
        tuple(group.weight if group else None for group in groups),
        tuple(
            tuple(group.metrics.get(name) if group else None for name in scores.metrics) for group in groups
        ),
        tuple(limits),
    )


def _limits_by_scorecard(scores: HealthScores, cards: int) -> NDArray[np.bool_]:
    """`limits_hold` with the limits of each account's own scorecard moved to the front."""
    own = [[i for i, limit in enumerate(scores.limits) if limit.scorecard == card] for card in range(cards)]
    hold = np.zeros((len(scores.scorecard), max(map(len, own), default=0)), dtype=bool)
    for card, columns in enumerate(own):
        members = scores.scorecard == card
        hold[np.ix_(members, range(len(columns)))] = scores.limits_hold[np.ix_(members, columns)]
    return hold
