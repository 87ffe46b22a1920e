"""Metrics that tell the outcome by its own clock, found by the rules alone."""

import re

from cscli.analysis.scoring.provenance import columns_behind
from cscli.config.schema import Config

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
        behind = columns_behind(config, metric.value.names) - {"as_of"}
        if behind and all(_CLOCK.search(each) for each in behind):
            found.add(name)
    return frozenset(found)
