"""Where scores have been going: the runs of the last nine weeks under today's rules, as columns of the accounts."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.past.trend import WINDOW_DAYS, find_trends
from cscli.config.load import Draft, read_draft
from cscli.config.schema import Config
from cscli.errors import ConfigError

if TYPE_CHECKING:
    from cscli.analysis.past.over_time import JudgedRun


def trend_columns(
    past: pd.DataFrame, now: pd.DataFrame, as_of: dt.date
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]:
    """The columns trend and trend_change by row of `now` (account_id, score): its scores, of `as_of`, are the last of the course.
    `past`: account_id, as_of, score of earlier runs under the same rules.
    """
    found = find_trends(with_today(past, now, as_of), pd.Timestamp(as_of)).reindex(now["account_id"])
    trend = found["trend"].astype(object)
    return {
        "trend": trend.where(trend.notna(), None).to_numpy(object),
        "trend_change": np.round(found["trend_change"].to_numpy(np.float64), 1) + 0.0,
    }


def with_today(past: pd.DataFrame, now: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The scores of earlier runs and those of `now`, of its accounts: account_id, as_of, score."""
    day = pd.Timestamp(as_of)
    here = past[past["account_id"].isin(now["account_id"]) & (past["as_of"] < day)]
    return pd.concat([here, now[["account_id", "score"]].assign(as_of=day)], ignore_index=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class RulesNow:
    """The rules in force: as they stand in `draft`, of `digest`, and `config` as the run settled them; where they keep runs."""

    draft: Draft
    digest: str
    config: Config
    url: str | None
    folder: Path


def scores_before(rules: RulesNow, as_of: dt.date) -> pd.DataFrame:
    """The columns account_id, as_of, score of the runs in the nine weeks before `as_of` that tell what was known in time: as
    they stored them where the rules that gave them are these, else what these would have said of what they kept.
    """
    nothing = pd.DataFrame({"account_id": [], "as_of": [], "score": []}).astype({"as_of": "datetime64[us]"})
    if rules.url is None:
        return nothing
    from cscli.history import evidence_scores

    first, last = as_of - dt.timedelta(days=WINDOW_DAYS - 1), as_of - dt.timedelta(days=1)
    parts, known = [], {rules.digest: True}
    for run, stored in evidence_scores(rules.url, rules.folder, first, last):
        if run.config_digest not in known:
            known[run.config_digest] = _is_same(run, rules)
        table = stored if known[run.config_digest] else _under(rules.url, run.as_of, rules)
        if table is not None:
            parts.append(table.assign(as_of=pd.Timestamp(run.as_of)))
    return pd.concat(parts, ignore_index=True) if parts else nothing


def _is_same(run: "JudgedRun", rules: RulesNow) -> bool:
    """Whether a run was judged by the same rules."""
    from cscli.analysis.scoring.rescore import same_rules

    try:
        found = read_draft(run.config_text, "cscli.yaml", run.overrides).config
    except ConfigError:
        return False
    return found is not None and same_rules(found, rules.draft.config or rules.config)


def _under(url: str, day: dt.date, rules: RulesNow) -> pd.DataFrame | None:
    """What the rules say of what the run of `day` kept; None where it kept no columns, or none that fit."""
    from cscli.analysis.scoring.rescore import rescore
    from cscli.history import read_evidence

    stored = read_evidence(url, rules.folder, day)
    if stored is None or list(stored.columns.columns) == ["account_id"]:
        return None
    try:
        found = rescore(stored.columns, rules.config, day)
    except ConfigError:
        return None
    return found.frame[["account_id", "score"]]
