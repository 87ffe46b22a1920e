"""Scored accounts to the call list: who is at risk, what is at stake, what to do by when, and who has the hours."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.business_days import due_dates, is_japanese
from cscli.analysis.acting.plays import done_since, names_of_plays
from cscli.analysis.acting.status import (
    EarlierLists,
    Membership,
    find_due_from,
    find_resolved,
    find_statuses,
    judge_membership,
    why_listed,
)
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.schema import Band, Config
from cscli.expressions import Expression, parse_expression
from cscli.expressions.quoting import sql_text

Floats = NDArray[np.float64]
RENEWAL_DAYS = 90
"""Default rule: so long before its renewal, an account of the second lowest band is at risk too."""
WEEKS_PER_MONTH = 4
"""The list is a week's work: an owner has a quarter of the month's hours for it."""
_WORST, _BETWEEN, _BEST = 0.55, 0.25, 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class CallList:
    """The accounts at risk by rank: `rows` are their places in the frame, the other arrays go along with them.
    `playbook`: the index of the first that holds (-1: none); `playbooks_hold`: accounts x playbooks. `hours`:
    of the first playbook. `due_from`: the day from which `due_on` counts; `overdue_days`: calendar days since `due_on`, 0
    before it and where people wrote down that the playbook was done since `due_from`. `within_capacity`: 1, 0, or NaN where hours or owner are not known. `why`: what keeps it on the list.
    `status` is all None, `since` all NaT, where no history is kept.
    """

    rows: NDArray[np.intp]
    churn_probability: Floats
    arr_at_risk: Floats
    playbook: NDArray[np.intp]
    playbooks_hold: NDArray[np.bool_]
    hours: Floats
    due_from: NDArray[np.datetime64]
    due_on: NDArray[np.datetime64]
    overdue_days: Floats
    why: NDArray[np.object_]
    within_capacity: Floats
    status: NDArray[np.object_]
    since: NDArray[np.datetime64]
    resolved: pd.DataFrame
    membership: Membership
    last_as_of: dt.date | None


def list_calls(frame: pd.DataFrame, config: Config, as_of: dt.date, earlier: EarlierLists | None) -> CallList:
    """The call list of the accounts in `frame` (scored, with every column). `earlier` is None where no history
    is kept. Raises ConfigError where a rule does not fit its columns.
    """
    rule = at_risk_rule(config)
    before = earlier or EarlierLists()
    membership = judge_membership(frame, rule, config, as_of, before)
    chance, at_stake = _stakes(frame, config)
    rows = _ranked(frame, at_stake, membership.listed)
    holds = playbook_masks(frame, config, as_of)[rows]
    first = (
        np.where(holds.any(axis=1), holds.argmax(axis=1), -1) if config.playbooks else np.full(len(rows), -1)
    )
    hours = _of_playbook(first, [playbook.hours for playbook in config.playbooks])
    days = _of_playbook(first, [playbook.due_days for playbook in config.playbooks])
    ids = frame["account_id"].iloc[rows]
    plays = _names(first, config)
    due_from = find_due_from(ids, plays, as_of, before)
    due_on = due_dates(due_from, days, japanese=is_japanese(config))
    done = done_since(frame.iloc[rows], plays.tolist(), due_from, names_of_plays(config.playbooks))
    status, since = find_statuses(ids, as_of, before)
    if earlier is None:
        status, since = np.full(len(rows), None, dtype=object), np.full_like(since, np.datetime64("NaT"))
    return CallList(
        rows=rows,
        churn_probability=chance[rows],
        arr_at_risk=at_stake[rows],
        playbook=first,
        playbooks_hold=holds,
        hours=hours,
        due_from=due_from,
        due_on=due_on,
        overdue_days=np.where(done, 0.0, _days_over(due_on, as_of)),
        why=why_listed(frame, membership)[rows],
        within_capacity=_fits(frame["owner"].iloc[rows], hours, weekly_hours(config)),
        status=status,
        since=since,
        resolved=find_resolved(frame, membership, rule, config, as_of, before),
        membership=membership,
        last_as_of=before.as_of,
    )


def at_risk_rule(config: Config) -> Expression:
    """Who is on the list: `when` as configured, else the lowest band, and the next with a renewal soon."""
    if config.at_risk.when is not None:
        return config.at_risk.when
    worst, *others = [sql_text(band.name) for band in _ascending(config.bands)]
    rule = f"band = {worst}"
    if len(others) > 1:  # of two bands the upper one is the good one
        rule += f" OR (band = {others[0]} AND days_to_renewal BETWEEN 0 AND {RENEWAL_DAYS})"
    return parse_expression(rule)


def churn_probabilities(config: Config) -> dict[str, float]:
    """The chance to leave within 12 months by band, `unknown` included."""
    worst, *others = [band.name for band in _ascending(config.bands)]
    ranked = dict.fromkeys(others, _BETWEEN) | ({others[-1]: _BEST} if others else {}) | {worst: _WORST}
    return {**ranked, UNKNOWN: _BETWEEN, **config.at_risk.churn_probability}


def playbook_masks(frame: pd.DataFrame, config: Config, as_of: dt.date) -> NDArray[np.bool_]:
    """Accounts x playbooks: which hold. Raises ConfigError."""
    keys = [f"playbooks[{index}].when" for index, _ in enumerate(config.playbooks)]
    rules = {key: book.when for key, book in zip(keys, config.playbooks, strict=True) if book.when}
    masks = evaluate_rules(frame, rules, as_of) if rules else {}
    always = np.ones(len(frame), dtype=bool)
    return np.array([masks.get(key, always) for key in keys], dtype=bool).reshape(len(keys), len(frame)).T


def weekly_hours(config: Config) -> float:
    """The hours that an owner has for the list of a week; NaN where the config says nothing of effort."""
    return config.effort.owner_hours_per_month / WEEKS_PER_MONTH if config.effort else np.nan


def list_records(frame: pd.DataFrame, calls: CallList, config: Config) -> pd.DataFrame:
    """What the history keeps of a list: who is on it, with the action and since when, and who went off it (status
    `resolved`, with `why`).
    """
    on = frame[["account_id", "name", "owner", "band", "score", "arr", "renews_on"]].iloc[calls.rows]
    on = on.assign(arr_at_risk=calls.arr_at_risk, since=calls.since, status=calls.status, why=None)
    on = on.assign(playbook=_names(calls.playbook, config), due_from=calls.due_from)
    off = calls.resolved.drop(columns=["band_now", "score_now"]).assign(status="resolved")
    return pd.concat([part.astype(object) for part in (on, off)], ignore_index=True)


def _stakes(frame: pd.DataFrame, config: Config) -> tuple[Floats, Floats]:
    chances: Mapping[str, float] = churn_probabilities(config)
    chance = np.asarray(frame["band"].map(chances), dtype=np.float64)
    return chance, np.asarray(frame["arr"], dtype=np.float64) * chance


def _ranked(frame: pd.DataFrame, at_stake: Floats, listed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The listed rows: the largest ARR at risk first, then the lowest score, then the id; missing last."""
    keys = pd.DataFrame(
        {"stake": -at_stake, "score": frame["score"].to_numpy(), "id": frame["account_id"].to_numpy()}
    )
    order = keys[listed].sort_values(["stake", "score", "id"], kind="stable").index
    return order.to_numpy(dtype=np.intp)


def _names(first: NDArray[np.intp], config: Config) -> NDArray[np.object_]:
    return np.array([*(playbook.name for playbook in config.playbooks), None], dtype=object)[first]


def _days_over(due_on: NDArray[np.datetime64], as_of: dt.date) -> Floats:
    days = (np.datetime64(as_of, "D") - due_on.astype("datetime64[D]")).astype(np.float64)
    return np.where(np.isnat(due_on), np.nan, np.maximum(days, 0.0))


def _of_playbook(first: NDArray[np.intp], values: Sequence[float]) -> Floats:
    return np.array([*values, np.nan], dtype=np.float64)[first]


def _fits(owner: "pd.Series[str]", hours: Floats, available: float) -> Floats:
    """Whether the hours of an owner's accounts up to this one, in order of rank, are within `available`."""
    table = pd.DataFrame({"owner": owner.to_numpy(object), "hours": hours})
    used = table.groupby("owner")["hours"].cumsum().to_numpy(np.float64)  # no owner: missing
    return np.where(np.isnan(used) | np.isnan(available), np.nan, used <= available + 1e-9)


def _ascending(bands: Sequence[Band]) -> list[Band]:
    return sorted(bands, key=lambda band: band.from_)
