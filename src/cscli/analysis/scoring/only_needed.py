"""Some columns of the rules over accounts as a run kept them, without the rest of the rules."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cscli.analysis.scoring.columns import add_columns, add_late_columns, segment_rules
from cscli.config.schema import Config


def with_needed(
    columns: pd.DataFrame, names: Iterable[str], config: Config, as_of: dt.date
) -> tuple[pd.DataFrame, frozenset[str]]:
    """`columns`, accounts before any rule, with those of `names` that rules make of them; and the columns that they lack, which count as missing.
    Raises ConfigError where types do not fit.
    """
    wanted = needed_names(set(names), config)
    segments = segment_rules(config)
    made = wanted & {*config.derived, *config.metrics, *segments}
    own = {
        name for name in made if name in config.metrics and config.metrics[name].value.plain_column == name
    }
    lacking = frozenset(wanted - (made - own) - set(map(str, columns.columns)) - {"as_of"})
    trimmed = config.model_copy(
        update={
            "derived": {name: each for name, each in config.derived.items() if name in made},
            "metrics": {name: each for name, each in config.metrics.items() if name in made},
            "segments": {name: each for name, each in config.segments.items() if name in made},
            "teams": config.teams if "team" in made else [],
            "scorecards": [],
        }
    )
    nothing = dict.fromkeys(sorted(lacking), np.full(len(columns), np.nan))
    frame = add_columns(columns.reset_index(drop=True).assign(**nothing), trimmed, as_of).frame
    return add_late_columns(frame, trimmed, as_of), lacking


def needed_names(names: set[str], config: Config) -> set[str]:
    """`names` and everything that they are made of."""
    segments = segment_rules(config)
    found: set[str] = set()
    while waiting := names - found:
        found |= waiting
        for name in waiting:
            if name in config.derived:
                names = names | set(config.derived[name].value.names)
            elif name in config.metrics:
                names = names | set(config.metrics[name].value.names)
            elif name in segments:
                names = names | {read for rule in segments[name] if rule.when for read in rule.when.names}
    return found
