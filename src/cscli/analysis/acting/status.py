"""Who is on the call list, against the lists before: new, ongoing, back, resolved; who stays a while, who rests."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.columns import Masks, evaluate_rules
from cscli.analysis.scoring.health import assign_bands
from cscli.config.schema import Config
from cscli.expressions import Expression

RULE_KEY = "at_risk.when"
NEW, ONGOING, BACK = "new", "ongoing", "back"
LEFT, MISSING, BAND_BETTER, RULE = "left", "missing", "band_better", "rule"
RENEWAL_PASSED, LATER_RENEWAL = "renewal_passed", "later_renewal"
SOLVED = (BAND_BETTER, LATER_RENEWAL, RULE)
"""Why an account went off the list, where that is good news, or at least no bad one."""
HELD_OVER, NOTICE = "held_over", "notice"
LAST_COLUMNS = (
    "account_id", "name", "owner", "band", "score", "arr", "arr_at_risk", "since", "renews_on",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class EarlierLists:
    """The call lists before the as-of date. `as_of`: of the last one (None: there was none). `last`: its
    accounts, with the columns `LAST_COLUMNS` as they were then. `ever`: ids that were on any list.
    `resolved_on`: when an id last went off a list, for one of `SOLVED`. `due_from`: by account of `last` and playbook,
    since when that playbook was its action while it stood on the list. `left`: ids of those who are known to have left by the as-of date.
    """

    as_of: dt.date | None = None
    last: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LAST_COLUMNS)))
    ever: frozenset[str] = frozenset()
    resolved_on: Mapping[str, dt.date] = field(default_factory=dict)
    due_from: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)
    left: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Membership:
    """By account: `holds`: the rule; `stays`: on the last list, and not clear of the rule by the hysteresis;
    `rests`: the rule holds, but the account has just gone off the list; `listed`: on the list.
    """

    holds: NDArray[np.bool_]
    stays: NDArray[np.bool_]
    rests: NDArray[np.bool_]

    @property
    def listed(self) -> NDArray[np.bool_]:
        return (self.holds & ~self.rests) | self.stays


def judge_membership(
    frame: pd.DataFrame, rule: Expression, config: Config, as_of: dt.date, earlier: EarlierLists
) -> Membership:
    """Who of `frame` (scored, with every column) is on the list of `as_of`. Raises ConfigError."""
    holds = evaluate_rules(frame, {RULE_KEY: rule}, as_of)[RULE_KEY]
    was_on = frame["account_id"].isin(earlier.last["account_id"]).to_numpy()
    stays = np.zeros(len(frame), dtype=bool)
    candidates = np.flatnonzero(was_on & ~holds)
    if len(candidates) and config.at_risk.hysteresis:
        stays[candidates] = _judge_lowered(frame.iloc[candidates], rule, config, as_of)[RULE_KEY]
    rests = holds & ~was_on & _just_resolved(frame, config, as_of, earlier)
    return Membership(holds, stays, rests)


def _judge_lowered(frame: pd.DataFrame, rule: Expression, config: Config, as_of: dt.date) -> Masks:
    """The rule over accounts as if each had so many points less, and the band of that score."""
    score = frame["score"].to_numpy(np.float64) - config.at_risk.hysteresis
    coverage = frame["data_coverage"].to_numpy(np.float64)
    band = assign_bands(score, coverage, config.bands, config.min_data_coverage)
    return evaluate_rules(frame.assign(score=score, band=band), {RULE_KEY: rule}, as_of)


def _just_resolved(
    frame: pd.DataFrame, config: Config, as_of: dt.date, earlier: EarlierLists
) -> NDArray[np.bool_]:
    limit = config.at_risk.cool_down_days
    recent = [name for name, day in earlier.resolved_on.items() if (as_of - day).days < limit]
    found: NDArray[np.bool_] = frame["account_id"].isin(recent).to_numpy()
    return found


def find_statuses(
    ids: "pd.Series[str]", as_of: dt.date, earlier: EarlierLists
) -> tuple[NDArray[np.object_], NDArray[np.datetime64]]:
    """Status and since when, of the accounts on the list of `as_of`."""
    before = ids.map(earlier.last.set_index("account_id")["since"].to_dict())
    ongoing = before.notna().to_numpy()
    status = np.where(ids.isin(earlier.ever), BACK, NEW).astype(object)
    status[ongoing] = ONGOING
    since = np.where(ongoing, before.to_numpy("datetime64[us]"), np.datetime64(as_of, "us"))
    return status, since


def why_listed(frame: pd.DataFrame, membership: Membership) -> NDArray[np.object_]:
    """Of each account of the list: `notice` where it has given notice, else `rule`, or `held_over` where the rule no
    longer holds and only the hysteresis keeps it.
    """
    why = np.where(membership.holds, RULE, HELD_OVER).astype(object)
    if "notice_given" in frame:
        why[frame["notice_given"].fillna(False).to_numpy(dtype=bool)] = NOTICE
    return why


def find_due_from(
    ids: "pd.Series[str]", actions: NDArray[np.object_], as_of: dt.date, earlier: EarlierLists
) -> NDArray[np.datetime64]:
    """The day from which the due date of each action counts: the first list of the account's present stay on which it was
    the action. An earlier list that does not know its actions does not count.
    """
    pairs = zip(ids, actions.tolist(), strict=True)
    days = [earlier.due_from.get(pair, as_of) for pair in pairs]
    return np.array(days, dtype="datetime64[D]")


def find_resolved(
    frame: pd.DataFrame,
    membership: Membership,
    rule: Expression,
    config: Config,
    as_of: dt.date,
    earlier: EarlierLists,
) -> pd.DataFrame:  # fmt: skip
    """The accounts of the last list that are not on this one, the largest ARR first: `LAST_COLUMNS` as they were,
    `band_now`, `score_now`, and `why`: `left`; `missing` (in no export any more); `band_better`; where the rule would hold if the renewal were today,
    `renewal_passed` (its date is over, and there is no new one) or `later_renewal`; else `rule`. Raises ConfigError.
    """
    listed = frame.loc[membership.listed, "account_id"]
    gone = earlier.last[~earlier.last["account_id"].isin(listed)]
    now = frame.set_index("account_id")[["band", "score", "renews_on"]].reindex(gone["account_id"])
    gone = gone.assign(band_now=now["band"].to_numpy(object), score_now=now["score"].to_numpy(np.float64))
    rank = {band.name: band.from_ for band in config.bands}
    better = gone["band_now"].map(rank) > gone["band"].map(rank)
    left = gone["account_id"].isin(earlier.left)
    missing = ~gone["account_id"].isin(frame["account_id"])
    by_date = gone["account_id"].isin(_only_by_date(frame, gone, rule, config, as_of))
    then, day = gone["renews_on"].to_numpy("datetime64[us]"), np.datetime64(as_of, "us")
    date = now["renews_on"].to_numpy("datetime64[us]")
    passed = by_date & ((date < day) | (np.isnat(date) & (then < day)))
    reasons = [LEFT, MISSING, BAND_BETTER, RENEWAL_PASSED, LATER_RENEWAL]
    why = np.select([left, missing, better, passed, by_date & (date > then)], reasons, RULE)
    gone = gone.assign(why=why.astype(object))
    return gone.sort_values(["arr", "account_id"], ascending=[False, True], ignore_index=True)


def _only_by_date(
    frame: pd.DataFrame, gone: pd.DataFrame, rule: Expression, config: Config, as_of: dt.date
) -> list[str]:
    """Of those that went off the list, the ids that would be on it if their renewal were today."""
    here = frame[frame["account_id"].isin(gone["account_id"])]
    if here.empty:
        return []
    today = here.assign(renews_on=pd.Timestamp(as_of), days_to_renewal=0.0)
    would = _judge_lowered(today, rule, config, as_of)[RULE_KEY]
    found: list[str] = here["account_id"][would].tolist()
    return found
