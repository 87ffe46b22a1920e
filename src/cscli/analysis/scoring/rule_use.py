"""Lists of rules and the accounts they hold for to what is worth a look: rules without effect, accounts without a rule,
rules that compete.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.columns import evaluate_rules, segment_rules
from cscli.config.schema import Config
from cscli.errors import Location, Problem, Severity

OVERLAP_SHARE = 0.05
"""Two rules compete if both hold for at least this share of the accounts, and neither holds wherever the other does."""

_PAIRS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class RuleList:
    """Rules in their order under `key` in the config, with one mask over the accounts each: where it holds.
    `first_wins`: an account belongs to the first rule that holds, so that order decides where two do;
    `for_everyone`: every account should have one.
    """

    key: str
    names: Sequence[str]
    holds: Sequence[NDArray[np.bool_]]
    first_wins: bool = True
    for_everyone: bool = True


def find_rule_use(rules: RuleList) -> Iterator[Problem]:
    """At most one problem of each kind for the list. That nothing is left for the rule for all others is none."""
    taken = np.zeros(len(rules.holds[0]) if rules.holds else 0, dtype=bool)
    if not len(taken):
        return
    idle, shadowed = [], []
    for name, holds in zip(rules.names, rules.holds, strict=True):
        if not holds.any():
            idle.append(name)
        elif rules.first_wins and not holds.all() and not (holds & ~taken).any():
            shadowed.append(name)
        taken |= holds
    where = Location(key=rules.key)
    if idle:
        yield Problem("rules.never_hold", severity=Severity.NOTE, where=where, value=", ".join(idle))
    if shadowed:
        yield Problem(
            "rules.come_too_late", severity=Severity.WARNING, where=where, value=", ".join(shadowed)
        )
    if rules.for_everyone and not taken.all():
        details = {"count": int((~taken).sum()), "total": len(taken)}
        yield Problem("rules.catch_not_all", severity=Severity.WARNING, where=where, details=details)
    if rules.first_wins and (pairs := _competing(rules)):
        yield Problem("rules.compete", severity=Severity.NOTE, where=where, value="; ".join(pairs))


def segment_rule_lists(frame: pd.DataFrame, config: Config, as_of: dt.date) -> list[RuleList]:
    """The rules of every segmentation and of the teams; `frame` has every column."""
    lists = {
        "teams" if name == "team" else f"segments.{name}": rules
        for name, rules in segment_rules(config).items()
    }
    conditions = {
        f"{key}[{index}].when": rule.when
        for key, rules in lists.items()
        for index, rule in enumerate(rules)
        if rule.when
    }
    masks = evaluate_rules(frame, conditions, as_of)
    everyone = np.ones(len(frame), dtype=bool)
    return [
        RuleList(
            key=key,
            names=[rule.name for rule in rules],
            holds=[masks.get(f"{key}[{index}].when", everyone) for index in range(len(rules))],
        )
        for key, rules in lists.items()
    ]


def _competing(rules: RuleList) -> list[str]:
    """The largest pairs, as `a, b (n)`. A rule inside another is how thresholds are written, and no competition."""
    pairs: list[tuple[int, str]] = []
    least = max(1.0, OVERLAP_SHARE * len(rules.holds[0]))
    for later, mask in enumerate(rules.holds):
        for earlier in range(later):
            both = int((mask & rules.holds[earlier]).sum())
            if both >= least and both < min(mask.sum(), rules.holds[earlier].sum()):
                pairs.append((both, f"{rules.names[earlier]}, {rules.names[later]} ({both:,})"))
    return [shown for _, shown in sorted(pairs, key=lambda pair: -pair[0])[:_PAIRS]]
