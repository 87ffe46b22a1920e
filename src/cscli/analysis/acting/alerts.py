"""Scored accounts and problems with the data to alerts: each new once, then ongoing, until its rule no longer holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cscli.analysis.acting.message_facts import MessageHead
from cscli.analysis.acting.messages import ChannelAlert
from cscli.analysis.scoring.columns import evaluate_rules
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.blocks.alerts import AlertRule
from cscli.config.linting.alerts import covers
from cscli.config.schema import Config
from cscli.errors import Problem, Severity

ACCOUNT, SOURCE = "account", "source"
NEW, ONGOING, CLEARED = "new", "ongoing", "cleared"
KEY = ("rule", "kind", "subject")
"""What an alert is: its rule, and the account or the source that it is about."""

_RANK = {NEW: 0, ONGOING: 1, CLEARED: 2}


@dataclass(frozen=True, slots=True)
class SourceFaults:
    """The problems with the data by source, and which sources were read."""

    by_source: Mapping[str, Sequence[Problem]]
    read: frozenset[str]


@dataclass(frozen=True, eq=False)
class EarlierAlerts:
    """The alerts that were on at the last run before the as-of date, of `as_of` (None: there was none). `active`:
    the columns of `KEY`, and `since` (datetime64).
    """

    as_of: dt.date | None = None
    active: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*KEY, "since"]))


@dataclass(frozen=True, eq=False)
class AlertList:
    """`table`, one row an alert, the new ones first: the columns of `KEY`; `status`: new, ongoing or cleared, None
    where no history is kept; `since` (datetime64, NaT without history); `row`: the account's place in the frame,
    else -1. `faults`: the problems of each alert about a source, by rule and source. `kept`: rules whose alerts
    stay, as they read columns without any value, or a source that was not read, each with those names.
    """

    table: pd.DataFrame
    faults: Mapping[tuple[str, str], tuple[Problem, ...]]
    kept: Mapping[str, tuple[str, ...]]
    last_as_of: dt.date | None

    @property
    def active(self) -> pd.DataFrame:
        """The alerts that are on."""
        return self.table[self.table["status"] != CLEARED]


@dataclass(frozen=True, eq=False)
class AlertRecords:
    """What the history keeps of a run's alerts: `states` (the columns of `KEY`, status, since), and by channel
    those that are to be sent, where they have not been before. `head`: what every message says of the run.
    """

    states: pd.DataFrame
    head: MessageHead
    outgoing: Mapping[str, tuple[ChannelAlert, ...]] = field(default_factory=dict)


def find_alerts(
    frame: pd.DataFrame, faults: SourceFaults, config: Config, as_of: dt.date, earlier: EarlierAlerts | None
) -> AlertList:
    """The alerts of the accounts in `frame` (scored, with every column) and of the sources. `earlier` is None where no
    history is kept.

    A comparison with a missing value is not true, and so an alert clears when its value is gone. Where a column
    has no value at all, or a source was not read, nobody knows: then its alerts stay on. Raises ConfigError where
    a rule does not fit its columns.
    """
    found = _about_sources(faults.by_source, config.alerts)
    firing = pd.concat(
        [_about_accounts(frame, config.alerts, as_of), _keys(found, SOURCE)], ignore_index=True
    )
    before = earlier or EarlierAlerts()
    firing = firing.merge(before.active, on=list(KEY), how="left")
    is_new = firing["since"].isna()
    firing = firing.assign(
        status=np.where(is_new, NEW, ONGOING), since=_days(firing["since"]).fillna(pd.Timestamp(as_of))
    )
    gone = before.active.merge(firing[list(KEY)], on=list(KEY), how="left", indicator=True)
    gone = gone[gone["_merge"] == "left_only"].drop(columns="_merge")
    absent = _absent_names(frame, faults.read, config)
    stays = _stays(gone, absent, frame["account_id"])
    gone = gone.assign(status=np.where(stays, ONGOING, CLEARED), since=_days(gone["since"]))
    table = _ordered(pd.concat([firing, gone], ignore_index=True), frame, config)
    if earlier is None:
        table = table.assign(status=None, since=_days(pd.Series(pd.NaT, index=table.index)))
    told = set(gone.loc[stays, "rule"])
    kept = {rule: names for rule, names in absent.items() if rule in told}
    return AlertList(table, found, kept, before.as_of)


def _about_accounts(frame: pd.DataFrame, rules: Sequence[AlertRule], as_of: dt.date) -> pd.DataFrame:
    keys = {f"alerts[{index}].when": rule for index, rule in enumerate(rules) if rule.when is not None}
    formulas = {key: rule.when for key, rule in keys.items() if rule.when is not None}
    masks = evaluate_rules(frame, formulas, as_of) if formulas else {}
    parts = [_of_kind(keys[key].name, ACCOUNT, frame["account_id"][mask]) for key, mask in masks.items()]
    return pd.concat([_of_kind("", ACCOUNT, pd.Series(dtype=object)), *parts], ignore_index=True)


def _of_kind(rule: str, kind: str, subjects: "pd.Series[str]") -> pd.DataFrame:
    return pd.DataFrame({"rule": rule, "kind": kind, "subject": subjects.to_numpy(object)}, dtype=object)


def _about_sources(
    faults: Mapping[str, Sequence[Problem]], rules: Sequence[AlertRule]
) -> dict[tuple[str, str], tuple[Problem, ...]]:
    found = {}
    for rule in rules:
        for source, problems in faults.items():
            meant = tuple(problem for problem in problems if _concerns(rule, problem))
            if meant:
                found[rule.name, source] = meant
    return found


def _concerns(rule: AlertRule, problem: Problem) -> bool:
    if rule.when is not None:
        return False
    severe = {
        None: tuple(Severity),
        "warning": (Severity.ERROR, Severity.WARNING),
        "error": (Severity.ERROR,),
    }
    by_code = not rule.problems or any(covers(pattern, problem.code) for pattern in rule.problems)
    return by_code and problem.severity in severe[rule.severity]


def _keys(found: Mapping[tuple[str, str], object], kind: str) -> pd.DataFrame:
    rows = [(rule, kind, source) for rule, source in found]
    return pd.DataFrame(rows, columns=list(KEY), dtype=object)


def _absent_names(frame: pd.DataFrame, read: frozenset[str], config: Config) -> dict[str, tuple[str, ...]]:
    """By rule: the columns it reads that have no value at all; the sources that were not read."""
    unread = tuple(name for name in config.sources if name not in read)
    absent = {}
    for rule in config.alerts:
        names = rule.when.names if rule.when else unread
        absent[rule.name] = tuple(name for name in names if rule.when is None or _is_absent(frame, name))
    return {rule: names for rule, names in absent.items() if names}


def _is_absent(frame: pd.DataFrame, name: str) -> bool:
    if name == "band":
        return bool((frame["band"] == UNKNOWN).all())
    return name not in frame or bool(frame[name].isna().all())


def _stays(
    gone: pd.DataFrame, absent: Mapping[str, Sequence[str]], ids: "pd.Series[str]"
) -> "pd.Series[bool]":
    of_account = (gone["kind"] == ACCOUNT) & gone["rule"].isin(absent) & gone["subject"].isin(ids)
    unread = {(rule, name) for rule, names in absent.items() for name in names}
    pairs = pd.Series(list(zip(gone["rule"], gone["subject"], strict=True)), index=gone.index, dtype=object)
    return of_account | ((gone["kind"] == SOURCE) & pairs.isin(unread))


def _ordered(table: pd.DataFrame, frame: pd.DataFrame, config: Config) -> pd.DataFrame:
    """New, ongoing, cleared; sources before accounts; then the largest ARR, and the order of the rules."""
    place = pd.Series(np.arange(len(frame)), index=frame["account_id"].to_numpy(object))
    is_account = table["kind"] == ACCOUNT
    row = table["subject"].where(is_account).map(place).fillna(-1).astype(np.intp)
    arr = np.append(frame["arr"].to_numpy(np.float64), np.nan)
    order = {rule.name: index for index, rule in enumerate(config.alerts)}
    ranked = table.assign(
        row=row,
        _status=table["status"].map(_RANK),
        _account=is_account,
        _arr=-arr[row.to_numpy()],
        _rule=table["rule"].map(order).fillna(len(order)),
    )
    by = ["_status", "_account", "_arr", "_rule", "rule", "subject"]
    return ranked.sort_values(by, kind="stable", ignore_index=True, na_position="last").drop(columns=by[:4])


def _days(values: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(values).astype("datetime64[us]")
