"""Playbooks that people did, judged as messages are: who did what when, and for whom it was meant as well."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.plays import names_of_plays, typed_plays
from cscli.analysis.acting.risk import at_risk_rule
from cscli.analysis.outreach.outcomes import ISSUED, first_cases
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.config.blocks.actions import Playbook
from cscli.config.schema import Config
from cscli.workflows.outreach.past import Holds, Then


def plays_done(
    past: Iterable[Then], now: pd.DataFrame, config: Config
) -> dict[str, list[tuple[str, dt.date]]]:
    """By playbook, who had it done and when: of every run, and as it stands now. A play is meant by its name, or what people read for it."""
    names = names_of_plays(config.playbooks)
    found: dict[str, set[tuple[str, dt.date]]] = {}
    for frame in [*(then.frame for then in past), now]:
        for account, name, day in typed_plays(frame, names):
            found.setdefault(name, set()).add((account, day))
    return {name: sorted(done) for name, done in found.items()}


def play_cases(done: Iterable[tuple[str, dt.date]]) -> pd.DataFrame:
    """Each account on the first day."""
    return first_cases((account, day, ISSUED) for account, day in done)


def play_holds(play: Playbook, config: Config) -> Holds:
    """Whom the play is meant for: who is at risk, and its own condition."""
    rules = {"at_risk.when": at_risk_rule(config)}
    if play.when is not None:
        rules[f"playbooks[{config.playbooks.index(play)}].when"] = play.when

    def holds(frame: pd.DataFrame, day: dt.date) -> NDArray[np.bool_]:
        masks = evaluate_rules(frame, rules, day)
        held = np.ones(len(frame), dtype=bool)
        for mask in masks.values():
            held &= mask
        return held

    return holds
