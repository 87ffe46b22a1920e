"""What two sets of rules make of the same accounts: bands, call lists, owners' hours, segments, alerts, keys."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.alerts import KEY
from cscli.analysis.acting.risk import CallList, weekly_hours
from cscli.config.schema import Config

ADDED, DROPPED, STAYS = "added", "dropped", "stays"
ON, OFF = "on", "off"
OWN = ("account_id", "name", "owner")


@dataclass(frozen=True, eq=False, kw_only=True)
class Listed:
    """A book under one set of rules: `frame` with every column, its call list, the alerts that are on (columns of `KEY`)."""

    frame: pd.DataFrame
    config: Config
    calls: CallList
    alerts: pd.DataFrame


def band_moves(
    bands_from: NDArray[np.object_], bands_to: NDArray[np.object_], money: pd.DataFrame
) -> pd.DataFrame:
    """One row a pair of bands, those that stay too: band_from, band_to, accounts, mrr, arr. `money`: mrr, arr of the same
    accounts; a sum is missing where none of them is known.
    """
    table = money.assign(band_from=bands_from, band_to=bands_to)
    groups = table.groupby(["band_from", "band_to"], sort=True)
    sums = groups[["mrr", "arr"]].sum(min_count=1)
    sums.insert(0, "accounts", groups.size().astype(np.float64))
    return sums.reset_index()


def list_changes(old: Listed, new: Listed) -> pd.DataFrame:
    """One row an account on either list, the new ones first, then those that leave it, each by ARR at risk: `OWN`, listed
    (added, dropped, stays), arr, arr_at_risk_from, arr_at_risk_to, hours_from, hours_to.
    """
    sides = [_on_list(each) for each in (old, new)]
    table = sides[0].add_suffix("_from").join(sides[1].add_suffix("_to"), how="outer")
    was, will = table["on_from"].notna(), table["on_to"].notna()
    table["listed"] = np.select([was & will, will], [STAYS, ADDED], DROPPED)
    known = old.frame.drop_duplicates("account_id").set_index("account_id")
    facts = known[["name", "owner", "arr"]].reindex(table.index)
    table = facts.join(table).rename_axis("account_id").reset_index()
    table["rank"] = table["listed"].map({ADDED: 0, DROPPED: 1, STAYS: 2})
    table["stake"] = -table[["arr_at_risk_from", "arr_at_risk_to"]].max(axis=1)
    table = table.sort_values(["rank", "stake", "account_id"], kind="stable", ignore_index=True)
    columns = [*OWN, "listed", "arr", "arr_at_risk_from", "arr_at_risk_to", "hours_from", "hours_to"]
    return table[columns]


def owner_changes(lists: pd.DataFrame, config_from: Config, config_to: Config) -> pd.DataFrame:
    """One row an owner of accounts on either list: owner, accounts_from, accounts_to, arr_at_risk_from, arr_at_risk_to,
    hours_from, hours_to, hours_change, hours_available (a week, new rules), over (hours above it; NaN: not known).
    """
    owners = lists.assign(
        accounts_from=(lists["listed"] != ADDED).astype(np.float64),
        accounts_to=(lists["listed"] != DROPPED).astype(np.float64),
    )
    figures = [f"{name}_{end}" for name in ("accounts", "arr_at_risk", "hours") for end in ("from", "to")]
    sums = owners.groupby("owner", sort=True)[figures].sum(min_count=1)
    for end in (
        "from",
        "to",
    ):  # nobody on the list needs no hours; accounts without known hours need what is not known
        sums[f"hours_{end}"] = sums[f"hours_{end}"].where(sums[f"accounts_{end}"] > 0, 0.0)
        sums[f"arr_at_risk_{end}"] = sums[f"arr_at_risk_{end}"].where(sums[f"accounts_{end}"] > 0, 0.0)
    known = config_from.effort is not None or config_to.effort is not None
    sums["hours_change"] = sums["hours_to"] - sums["hours_from"]
    sums["hours_available"] = weekly_hours(config_to) if known else np.nan
    sums["over"] = (sums["hours_to"] - sums["hours_available"]).clip(lower=0)
    return sums.reset_index()


def segment_changes(old: Listed, new: Listed) -> pd.DataFrame:
    """One row a segmentation (team too) and pair of names that differ: segmentation, name_from, name_to, accounts, arr."""
    empty = pd.DataFrame(columns=["segmentation", "name_from", "name_to", "accounts", "arr"])
    parts = [empty]
    names = dict.fromkeys([*old.config.segments, "team", *new.config.segments])
    for name in names:
        pair = [_names_of(each, name) for each in (old, new)]
        if pair[0] is None and pair[1] is None:
            continue
        both = pd.DataFrame(
            dict(zip(("name_from", "name_to"), pair, strict=True)), index=old.frame["account_id"]
        )
        both["arr"] = old.frame["arr"].to_numpy(np.float64)
        moved = both[
            (both["name_from"] != both["name_to"]) & ~both[["name_from", "name_to"]].isna().all(axis=1)
        ]
        groups = moved.groupby(["name_from", "name_to"], dropna=False, sort=True)["arr"]
        sums = groups.sum(min_count=1).reset_index().assign(accounts=groups.size().to_numpy(np.float64))
        parts.append(sums.assign(segmentation=name)[list(empty)])
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else empty


def alert_changes(old: Listed, new: Listed) -> pd.DataFrame:
    """One row an alert that only one set of rules gives: rule, kind, subject, name (of an account), turns (on, off), arr."""
    keys = [pd.MultiIndex.from_frame(each.alerts[list(KEY)].astype(str)) for each in (old, new)]
    on, off = keys[1].difference(keys[0], sort=None), keys[0].difference(keys[1], sort=None)
    tables = [each.to_frame(index=False).assign(turns=turns) for each, turns in ((on, ON), (off, OFF))]
    table = pd.concat(tables, ignore_index=True).astype(object)
    known = old.frame.drop_duplicates("account_id").set_index("account_id")
    table["name"] = known["name"].reindex(table["subject"]).to_numpy(object)
    table["arr"] = known["arr"].reindex(table["subject"]).to_numpy(np.float64)
    table["rank"] = table["turns"].map({ON: 0, OFF: 1})
    return table.sort_values(["rank", "rule", "subject"], kind="stable", ignore_index=True).drop(
        columns="rank"
    )


def key_changes(old: Mapping[str, object], new: Mapping[str, object]) -> pd.DataFrame:
    """One row a key of the rules that differs: key, value_from, value_to (as JSON; None: not there). Things in a list that
    have a name are told by it, others by their place.
    """
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    rows = [(key, before.get(key), after.get(key)) for key in keys]
    return pd.DataFrame(rows, columns=["key", "value_from", "value_to"], dtype=object)


def _on_list(listed: Listed) -> pd.DataFrame:
    calls = listed.calls
    ids = listed.frame["account_id"].iloc[calls.rows].to_numpy(object)
    table = pd.DataFrame(
        {"on": 1.0, "arr_at_risk": calls.arr_at_risk, "hours": calls.hours}, index=pd.Index(ids)
    )
    return table[~table.index.duplicated()]


def _names_of(listed: Listed, name: str) -> "pd.Series[str] | None":
    if name not in listed.frame:
        return None
    return pd.Series(listed.frame[name].to_numpy(object), index=listed.frame["account_id"])


def _leaves(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _leaves(each, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        for place, each in enumerate(value):
            yield from _leaves(each, f"{key}[{each.get('name', place)}]")
    else:
        yield key, json.dumps(value, ensure_ascii=False, default=str)
