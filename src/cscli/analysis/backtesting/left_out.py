"""Rules without some of their metrics, and without the conditions that read what was not known then."""

from collections.abc import Iterable

from cscli.analysis.scoring.provenance import Provenance, Provenances
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.schema import Config


def only_dated(config: Config, known: Provenances) -> Config:
    """The rules as today's exports can judge an earlier date by them: metrics, caps and floors of dated columns alone."""
    left = without_metrics(config, list(known.undated))
    cards = [
        card.model_copy(
            update={
                "caps": [cap for cap in card.caps if known.of([cap.when]) is Provenance.DATED],
                "floors": [floor for floor in card.floors if known.of([floor.when]) is Provenance.DATED],
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
