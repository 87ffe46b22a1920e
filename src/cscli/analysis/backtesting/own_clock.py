"""Metrics that tell the outcome by its own clock, found by the rules alone."""

import re
from collections.abc import Iterable

from cscli.config.schema import Config, Metric

_CLOCK = re.compile(
    r"tenure|^started_on$|total_?(billed|charges|revenue|paid|spend)|lifetime|age_days|累計|契約月数|利用月数",
    re.IGNORECASE,
)


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
