"""What must be written down of each account, by whom and by when: what is missing, and how much of it there is."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.columns import evaluate_rules
from cscli.analysis.scoring.nodes import Node
from cscli.config.work.timeline import RecordRule
from cscli.errors import ConfigError, Location, Problem

COLUMNS = ("account_id", "record", "by", "due_on", "days_late", "arr")
_YEAR = 365


def all_records(frame: pd.DataFrame, rules: Sequence[RecordRule], as_of: dt.date) -> pd.DataFrame:
    """One row an account and record that is due: row (of `frame`), account_id, record, by, due_on, days_late, present. Raises ConfigError where a rule does
    not fit its columns.
    """
    parts = [_one(frame, rule, f"records[{number}]", as_of) for number, rule in enumerate(rules)]
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["row", *COLUMNS, "present"])
    )


def missing_records(records: pd.DataFrame, arr: NDArray[np.float64]) -> pd.DataFrame:
    """`COLUMNS` of those that are missing, most ARR first, then by account, the latest first. `arr`: by row of the accounts."""
    missing = records[~records["present"].to_numpy(bool)]
    missing = missing.assign(arr=arr[missing["row"].to_numpy(np.intp)])
    ordered = missing.sort_values(
        ["arr", "account_id", "days_late", "record"],
        ascending=[False, True, False, True],
        na_position="last",
        kind="stable",
        ignore_index=True,
    )
    return ordered[list(COLUMNS)]


def coverage_of_records(records: pd.DataFrame, rules: Sequence[RecordRule]) -> pd.DataFrame:
    """By record: by, record, accounts (of which it is due), present, share, before (the share of those due more than a year ago; NaN without any)."""
    rows = []
    for rule in rules:
        mine = records[records["record"] == rule.name]
        old = mine[mine["days_late"] > _YEAR]
        rows.append({
            "by": rule.by, "record": rule.name, "accounts": float(len(mine)), "present": float(mine["present"].sum()),
            "share": _mean(mine["present"]), "before": _mean(old["present"]),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["by", "record", "accounts", "present", "share", "before"])


def _mean(values: "pd.Series[bool]") -> float:
    return float(values.mean()) if len(values) else np.nan


def _one(frame: pd.DataFrame, rule: RecordRule, key: str, as_of: dt.date) -> pd.DataFrame:
    start = frame[rule.from_] if rule.from_ in frame else pd.Series(pd.NaT, index=frame.index)
    if start.dtype.kind != "M" and start.notna().any():
        raise ConfigError(Problem("journey.not_a_date", where=Location(key=f"{key}.from"), value=rule.from_))
    age = np.asarray((pd.Timestamp(as_of) - pd.to_datetime(start)).dt.days, dtype=np.float64)
    rules = {
        f"{key}.{name}": each
        for name, each in (("present", rule.present), ("when", rule.when))
        if each is not None
    }
    holds = evaluate_rules(frame, rules, as_of) if rules else {}
    due = (age >= rule.days) & holds.get(f"{key}.when", np.ones(len(frame), dtype=bool))
    present = holds.get(f"{key}.present", _is_written(frame, rule.name))
    rows = np.flatnonzero(due)
    return pd.DataFrame({
        "row": rows,
        "account_id": frame["account_id"].to_numpy(dtype=object)[rows],
        "record": rule.name,
        "by": rule.by,
        "due_on": (pd.to_datetime(start) + pd.Timedelta(days=rule.days)).to_numpy("datetime64[us]")[rows],
        "days_late": age[rows] - rule.days,
        "present": present[rows],
    })  # fmt: skip


def _is_written(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Whether something stands there; a blank, a full-width one too, is nothing."""
    if name not in frame:
        return np.zeros(len(frame), dtype=bool)
    cells = frame[name]
    return np.array([pd.notna(cell) and bool(str(cell).strip()) for cell in cells], dtype=bool)


def records_node(rules: Sequence[RecordRule]) -> Node:
    """The column records_missing: how many are due and missing."""
    reads = {
        name
        for rule in rules
        for each in (rule.present, rule.when)
        if each is not None
        for name in each.names
    }
    reads |= {rule.from_ for rule in rules} | {rule.name for rule in rules if rule.present is None}

    def make(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        records = all_records(frame, rules, as_of)
        missing = records["row"][~records["present"].to_numpy(bool)].to_numpy(np.intp)
        counts = np.bincount(missing, minlength=len(frame)).astype(np.float64)
        return pd.DataFrame({"records_missing": counts}, index=frame.index)

    return Node(name="records", gives=("records_missing",), reads=frozenset(reads), make=make)
