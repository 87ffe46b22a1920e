"""Optional metrics that no account has a value for, out of the scorecards: data switches them on, not an edit."""

from collections.abc import Iterable, Mapping

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
    return without_metrics(config, idle), idle


def without_metrics(config: Config, names: Iterable[str]) -> Config:
    """`config` whose scorecards do not count `names`; a scorecard that would have nothing left stays as it is."""
    left_out = frozenset(names)
    if not left_out:
        return config
    return config.model_copy(update={"scorecards": [_switched(card, left_out) for card in config.scorecards]})


def _switched(card: Scorecard, idle: frozenset[str]) -> Scorecard:
    groups: Mapping[str, Group] = {
        name: group.model_copy(update={"metrics": left})
        for name, group in card.groups.items()
        if (left := {metric: weight for metric, weight in group.metrics.items() if metric not in idle})
    }
    return card.model_copy(update={"groups": dict(groups)}) if groups else card
