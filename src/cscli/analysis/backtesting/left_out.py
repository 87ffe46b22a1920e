"""Rules without some of their metrics, and without the conditions that read what was not known then."""

from collections.abc import Iterable, Mapping

from cscli.analysis.backtesting.known_then import Provenance, is_dated
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.schema import Config


def only_dated(config: Config, known: Mapping[str, Provenance]) -> Config:
    """The rules as today's exports can judge an earlier date by them: metrics, caps and floors of dated columns alone."""
    left = without_metrics(config, [name for name, each in known.items() if each != "dated"])
    cards = [
        card.model_copy(
            update={
                "caps": [cap for cap in card.caps if is_dated(cap.when, config, known)],
                "floors": [floor for floor in card.floors if is_dated(floor.when, config, known)],
            }
        )
        for card in left.scorecards
    ]
    return left.model_copy(update={"scorecards": cards})


def metrics_counted(config: Config) -> tuple[str, ...]:
    """The metrics that have a weight in some scorecard, in the order of the rules."""
    weighed = {
        name
        for card in config.scorecards
        for group in card.groups.values()
        for name, weight in group.metrics.items()
        if weight > 0 and group.weight > 0
    }
    return tuple(name for name in config.metrics if name in weighed)


def has_other_metrics(config: Config, names: Iterable[str]) -> bool:
    """Whether something counts beside `names`."""
    return bool(set(metrics_counted(config)) - set(names))
