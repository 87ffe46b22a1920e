"""Scored accounts to opportunities: whom to offer more, what it could bring; never an account at risk."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.columns import Masks, evaluate_rules
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.schema import Config
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import evaluate

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Opportunities:
    """One entry an account and play, by rank: `rows` are places in the frame, `play` indices of the config's
    `opportunities`, `potential_mrr` may be missing. `holds`: accounts x plays. `held_back`: how many entries an account at risk had.
    """

    rows: NDArray[np.intp]
    play: NDArray[np.intp]
    potential_mrr: Floats
    holds: NDArray[np.bool_]
    held_back: int


def find_opportunities(
    frame: pd.DataFrame, config: Config, as_of: dt.date, at_risk: NDArray[np.bool_]
) -> Opportunities:
    """The opportunities among the accounts that are not `at_risk`: the largest potential first, then the higher
    score, then the id, then the order of the config; a missing potential last. Raises ConfigError.
    """
    rules = {f"opportunities[{index}].when": play.when for index, play in enumerate(config.opportunities)}
    masks: Masks = evaluate_rules(frame, rules, as_of) if rules else {}
    holds = np.array(list(masks.values()), dtype=bool).reshape(len(rules), len(frame)).T
    rows, play = np.nonzero(holds & ~at_risk[:, None])
    potential = _potentials(frame, config, as_of)[rows, play]
    keys = pd.DataFrame(
        {
            "potential": -potential,
            "score": -frame["score"].to_numpy(np.float64)[rows],
            "id": frame["account_id"].to_numpy(object)[rows],
            "play": play,
        }
    )
    order = keys.sort_values(["potential", "score", "id", "play"]).index.to_numpy(dtype=np.intp)
    held_back = int((holds & at_risk[:, None]).sum())
    return Opportunities(
        rows=rows[order], play=play[order], potential_mrr=potential[order], holds=holds, held_back=held_back
    )


def _potentials(frame: pd.DataFrame, config: Config, as_of: dt.date) -> Floats:
    """Accounts x plays: what each could bring a month."""
    plays = enumerate(config.opportunities)
    rules = {_potential_key(index): play.potential_mrr for index, play in plays if play.potential_mrr}
    found = np.full((len(frame), len(config.opportunities)), np.nan)
    with keyed({}):
        computed = evaluate(frame, [rules], as_of) if rules else frame
    for index, _ in enumerate(config.opportunities):
        key = _potential_key(index)
        if key in rules:
            found[:, index] = _as_money(computed[key], key)
    return found


def _as_money(values: "pd.Series[float]", key: str) -> Floats:
    if values.dtype == np.float64:
        return np.asarray(values, dtype=np.float64)
    if values.isna().all():
        return np.full(len(values), np.nan)
    raise ConfigError(Problem("config.not_an_amount", where=Location(key=key)))


def _potential_key(index: int) -> str:
    return f"opportunities[{index}].potential_mrr"
