"""Optional metrics that no account has a value for, out of the scorecards: data switches them on, not an edit."""

from collections.abc import Mapping

import pandas as pd

from cscli.config.schema import Config, Group, Scorecard


def without_idle_metrics(config: Config, frame: pd.DataFrame) -> tuple[Config, tuple[str, ...]]:
    """`config` whose scorecards have only the metrics that count, and the names of those that do not: `optional` ones
    whose column of `frame` is missing for every account. A scorecard that would have nothing left stays as it is.
    """
    idle = tuple(
        name
        for name, metric in config.metrics.items()
        if metric.optional and name in frame.columns and frame[name].isna().all()
    )
    if not idle:
        return config, ()
    cards = [_switched(card, frozenset(idle)) for card in config.scorecards]
    return config.model_copy(update={"scorecards": cards}), idle


def _switched(card: Scorecard, idle: frozenset[str]) -> Scorecard:
    groups: Mapping[str, Group] = {
        name: group.model_copy(update={"metrics": left})
        for name, group in card.groups.items()
        if (left := {metric: weight for metric, weight in group.metrics.items() if metric not in idle})
    }
    return card.model_copy(update={"groups": dict(groups)}) if groups else card
