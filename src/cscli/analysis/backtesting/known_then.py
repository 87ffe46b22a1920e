"""What of a metric was known at an earlier date, told by the rules alone: which may judge a score of then."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from cscli.config.blocks.events import event_columns
from cscli.config.schema import Config, Metric
from cscli.expressions import Expression

Provenance = Literal["dated", "snapshot", "known_later"]
"""From rows that bear their day, so the same from today's exports; of the day of the export; of how it ended."""

_WORST: tuple[Provenance, ...] = ("dated", "snapshot", "known_later")
_OF_LATER = frozenset({"churned_on", "churn_reason", "notice_given"})
_ALWAYS = frozenset({"as_of", "account_id", "started_on", "tenure_days", "tenure_months"})
_CLOCK = re.compile(
    r"tenure|^started_on$|total_?(billed|charges|revenue|paid|spend)|lifetime|age_days|累計|契約月数|利用月数",
    re.IGNORECASE,
)


def find_provenances(config: Config, of_lines: frozenset[str] = frozenset()) -> dict[str, Provenance]:
    """Of each metric: the worst of the columns behind it. `of_lines`: columns that subscriptions gave the accounts."""
    dated = {*_ALWAYS, *of_lines}
    for source in config.sources.values():
        if source.kind == "events":
            dated |= {*event_columns(source.windows, source.features)}
    return {name: _worst(_columns_behind(metric, config), dated) for name, metric in config.metrics.items()}


def is_dated(formula: Expression, config: Config, metrics: Mapping[str, Provenance]) -> bool:
    """Whether a condition reads nothing but what was known then."""
    dated = {*_ALWAYS, *(name for name, known in metrics.items() if known == "dated")}
    for source in config.sources.values():
        if source.kind == "events":
            dated |= {*event_columns(source.windows, source.features)}
    names = _through_derived(formula.names, config)
    return all(name in dated for name in names)


def runs_with_time(config: Config) -> frozenset[str]:
    """The metrics that are made of nothing but how long an account has been there, or what it has paid so far: they end
    when it leaves, which is the outcome told by its own clock.
    """
    found = set()
    for name, metric in config.metrics.items():
        behind = _columns_behind(metric, config) - {"as_of"}
        if behind and all(_CLOCK.search(each) for each in behind):
            found.add(name)
    return frozenset(found)


def _columns_behind(metric: Metric, config: Config) -> set[str]:
    return _through_derived(metric.value.names, config)


def _through_derived(names: Iterable[str], config: Config) -> set[str]:
    """The columns that exports, people and the calendar give behind `names`."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in config.derived:
            waiting |= set(config.derived[name].value.names)
        elif name in config.segments:
            rules = config.segments[name].values
            waiting |= {each for rule in rules if rule.when for each in rule.when.names}
        else:
            found.add(name)
    return found


def _worst(names: Iterable[str], dated: set[str]) -> Provenance:
    found = [2 if name in _OF_LATER else 0 if name in dated else 1 for name in names]
    return _WORST[max(found, default=0)]
