"""Scores week by week to warnings: how long before it left an account was below an edge, and whom weekly calls reach."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.proving.intervals import Numbers

CALL_AGAIN_DAYS = 28
_YEAR_DAYS = 364


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class LeadTimes:
    """`accounts`: a row an account that left: account_id, churned_on, below_since (NaT: not below at its last run),
    lead_days. `false_alarms`: spells below the edge of accounts that stayed; `account_years`: of their runs, a year
    of 52 weeks.
    """

    accounts: pd.DataFrame
    false_alarms: int
    account_years: float

    def warned(self, days: int) -> int:
        """How many were below the edge at least so many days before they left, and from then on."""
        return int((self.accounts["lead_days"] >= days).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReach:
    """What `size` calls a run come to: calls made, accounts that left and were called in time, and their ARR."""

    size: int
    calls: int
    caught: int
    arr_caught: float


def lead_times(runs: pd.DataFrame, accounts: pd.DataFrame, edge: float) -> LeadTimes:
    """`runs`: account_id, as_of, score (NaN: none), no row after the account left; `accounts`: account_id, churned_on
    (NaT: still here). A spell ends where a run has a score at or above `edge`.
    """
    ordered = runs.sort_values(["account_id", "as_of"], kind="stable").reset_index(drop=True)
    below = (ordered["score"] < edge).to_numpy()
    ids = ordered["account_id"].to_numpy(object)
    starts = below & np.append(True, (ids[1:] != ids[:-1]) | ~below[:-1])
    table = ordered.assign(below=below, began=ordered["as_of"].where(starts))
    table["began"] = table.groupby("account_id")["began"].ffill()
    last = table.groupby("account_id").tail(1).set_index("account_id")
    left = accounts[accounts["churned_on"].notna()].reset_index(drop=True)
    since = last["began"].where(last["below"]).reindex(left["account_id"]).to_numpy()
    found = left[["account_id", "churned_on"]].assign(below_since=since)
    found["lead_days"] = (found["churned_on"] - found["below_since"]).dt.days.astype("float64")
    stayed = ordered["account_id"].isin(accounts["account_id"][accounts["churned_on"].isna()])
    return LeadTimes(
        accounts=found,
        false_alarms=int((starts & stayed).sum()),
        account_years=_days_seen(ordered[stayed]) / _YEAR_DAYS,
    )


def weekly_reach(
    runs: pd.DataFrame, accounts: pd.DataFrame, size: int, *, lead_days: int, horizon_days: int
) -> WeeklyReach:
    """Each run the `size` lowest scores (then higher ARR, then id) that were not called in the last 28 days.

    Caught: called between `horizon_days` and `lead_days` before it left. `accounts`: also arr.
    """
    facts = accounts.set_index("account_id")
    table = runs[runs["score"].notna()].assign(arr=lambda each: each["account_id"].map(facts["arr"]))
    table = table.assign(minus_arr=-table["arr"].fillna(0.0))
    table = table.sort_values(["as_of", "score", "minus_arr", "account_id"], kind="stable")
    called: dict[str, list[pd.Timestamp]] = {}
    calls = 0
    for day, week in table.groupby("as_of", sort=True):
        now = pd.Timestamp(str(day))
        free = [
            each
            for each in week["account_id"]
            if each not in called or (now - called[each][-1]).days >= CALL_AGAIN_DAYS
        ]
        for account in free[:size]:
            called.setdefault(account, []).append(now)
        calls += min(size, len(free))
    left = facts[facts["churned_on"].notna()]
    hit = np.array(
        [
            any(
                lead_days <= (pd.Timestamp(str(end)) - day).days <= horizon_days
                for day in called.get(account, ())
            )
            for account, end in zip(left.index, left["churned_on"], strict=True)
        ],
        dtype=bool,
    )
    return WeeklyReach(
        size=size, calls=calls, caught=int(hit.sum()), arr_caught=float(left["arr"][hit].sum())
    )


def _days_seen(runs: pd.DataFrame) -> float:
    """From the first run of each account to its last, with as many days after it as lie between two runs."""
    days: Numbers = np.unique(runs["as_of"].to_numpy()).astype("datetime64[D]").astype(np.float64)
    step = float(np.median(np.diff(days))) if len(days) > 1 else 0.0
    return len(runs) * step
