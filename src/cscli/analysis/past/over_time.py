"""What the history tells over time: of one account, of the book, and of the runs themselves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run that the history has. `known_on`: the day on which its exports told what they tell. `is_newest`: reports use it;
    `is_evidence`: it tells what was known in time. `relative`: metrics whose points depend on the other accounts. `inputs`: (source,
    file, sha256) of every file read; `accounts`: how many were scored or unknown.
    """

    as_of: dt.date
    taken_at: dt.datetime
    known_on: dt.date
    is_newest: bool
    is_evidence: bool
    version: str
    config_digest: str
    relative: tuple[str, ...]
    inputs: tuple[tuple[str, str, str], ...]
    accounts: int


@dataclass(frozen=True, eq=False, kw_only=True)
class AccountCourse:
    """`course`: one row a run that had the account: as_of, score, band, data_coverage, scorecard, capped_by (list of
    reasons), mrr, arr, config_digest. `weeks`: by source, what its event log came to: week (its Monday), events, users,
    active_days, breadth. `relative`: as of any of the runs.
    """

    account_id: str
    name: str | None
    course: pd.DataFrame
    relative: tuple[str, ...] = ()
    weeks: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class BookCourse:
    """`runs`: ascending. `bands`: one row a run and band: as_of, band, accounts, scored, score_sum, mrr, arr,
    weighted_score_sum, weight_sum. `heat`: account_id, name, arr, and scores in one column a run under its date (ISO), of
    the accounts of highest ARR in the newest run; `accounts`: how many that run has.
    """

    runs: tuple[StoredRun, ...]
    bands: pd.DataFrame
    heat: pd.DataFrame
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRun:
    """A run and the rules that judged it."""

    as_of: dt.date
    config_digest: str
    config_text: str
    overrides: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ScoreCourses:
    """The scores of all accounts over several runs. `runs`: ascending. `table`: one row a run and account: run (its
    place in `runs`), account_id, score, band, scorecard, capped_by (the keys of what changed the score, as JSON).
    """

    runs: tuple[JudgedRun, ...]
    table: pd.DataFrame


def book_totals(bands: pd.DataFrame) -> pd.DataFrame:
    """One row a run: as_of, accounts, mean_score, mean_score_by_mrr (weighted by MRR), mrr, arr. Missing where no
    account has what it needs.
    """
    sums = bands.groupby("as_of", sort=True)[
        ["accounts", "scored", "score_sum", "weighted_score_sum", "weight_sum"]
    ].sum()
    money = bands.groupby("as_of", sort=True)[["mrr", "arr"]].sum(min_count=1)
    return pd.DataFrame(
        {
            "as_of": sums.index.to_numpy(),
            "accounts": sums["accounts"].to_numpy(np.float64),
            "mean_score": _ratio(sums["score_sum"], sums["scored"]),
            "mean_score_by_mrr": _ratio(sums["weighted_score_sum"], sums["weight_sum"]),
            "mrr": money["mrr"].to_numpy(np.float64),
            "arr": money["arr"].to_numpy(np.float64),
        }
    )


def by_band(bands: pd.DataFrame, band: str, name: str) -> NDArray[np.float64]:
    """One value a run of a band; 0 accounts where the run has none in it, and 0 of what others have."""
    days = sorted(bands["as_of"].unique())
    found = bands[bands["band"] == band].set_index("as_of")[name]
    present = found.reindex(days)
    absent = ~pd.Index(days).isin(found.index)
    known = bands.groupby("as_of", sort=True)[name].sum(min_count=1).notna().to_numpy()
    return np.where(absent & known, 0.0, present.to_numpy(np.float64))


def step_changes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each value differs from the one before it by; missing for the first, and where either is missing."""
    return np.diff(values, prepend=np.nan)


def switched(names: "pd.Series[str]") -> NDArray[np.bool_]:
    """Where a name differs from the one before it; never at the first."""
    earlier = names.shift()
    return ((names != earlier) & earlier.notna()).to_numpy(dtype=bool)


def _ratio(top: "pd.Series[float]", bottom: "pd.Series[float]") -> NDArray[np.float64]:
    return np.asarray(top / bottom.where(bottom != 0), np.float64)
