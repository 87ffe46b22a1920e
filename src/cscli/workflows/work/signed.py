"""What was known of the accounts when they signed, from the first runs that had them."""

import datetime as dt
from pathlib import Path

import pandas as pd

from cscli.analysis.practice.fit import SIGNED_WITHIN_DAYS, criteria_met
from cscli.analysis.scoring.only_needed import needed_names, with_needed
from cscli.config.schema import Config


def signed_facts(
    url: str | None, workspace: Path, config: Config, frame: pd.DataFrame, as_of: dt.date
) -> pd.DataFrame:
    """By account_id, whether each criterion of fit was met in the first run that had the account, where its start is near that run; empty without rules
    or history. `frame`: account_id, started_on of the accounts.
    """
    if config.fit is None:
        return pd.DataFrame()
    criteria = config.fit.criteria
    nothing = pd.DataFrame({each.name: pd.Series([], dtype="float64") for each in criteria})
    if url is None:
        return nothing
    from cscli.history import first_seen

    reads = {name for each in criteria for name in each.when.names}
    started = frame.set_index("account_id")["started_on"]
    parts = []
    for day, columns in first_seen(url, workspace, as_of, sorted(needed_names(reads, config))):
        start = started[~started.index.duplicated()].reindex(columns["account_id"])
        near = ((pd.Timestamp(day) - start).dt.days.abs() <= SIGNED_WITHIN_DAYS).to_numpy(bool)
        if near.any():
            accounts = columns[near].reset_index(drop=True)
            then, _ = with_needed(accounts, reads, config, day)
            parts.append(criteria_met(then, criteria, day).set_axis(accounts["account_id"], axis=0))
    return pd.concat(parts) if parts else nothing
