"""The columns that every account has: those of the data dictionary, and of itself tenure, days to renewal, ARR, notice."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cscli.config.blocks.events import DAYS, event_columns
from cscli.config.schema import Source
from cscli.fields import FIELDS, FieldType


def add_absent(frame: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """`frame` with a column of missing values for every canonical or promised column that no file has."""
    promised = {field.name: field.type for field in FIELDS}
    for source in sources.values():
        if source.stands_apart:
            continue
        for name in _promised_names(source):
            kind = "date" if source.kind == "events" and name in DAYS else "number"
            promised.setdefault(name, FieldType(source.types.get(name, kind)))
    absent = {
        name: _nothing(kind, len(frame)) for name, kind in promised.items() if name not in frame.columns
    }
    return pd.concat([frame, pd.DataFrame(absent, index=frame.index)], axis=1)


def add_built_ins(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """`frame` with tenure_days, tenure_months (whole), days_to_renewal, notice_by, and arr as 12 x mrr where not given."""
    day = pd.Timestamp(as_of)
    end = frame["churned_on"].where(frame["churned_on"] < day, day)
    started = frame["started_on"]
    tenure_days = (end - started).dt.days.astype("float64")
    added = {
        "tenure_days": tenure_days.where(tenure_days >= 0),
        "tenure_months": whole_months(started, end),
        "days_to_renewal": (frame["renews_on"] - day).dt.days.astype("float64"),
        "arr": frame["arr"].fillna(12 * frame["mrr"]),
    }
    if "notice_days" in frame.columns:
        added["notice_by"] = frame["renews_on"] - pd.to_timedelta(frame["notice_days"], unit="D")
    if "notice_given" not in frame.columns:
        added["notice_given"] = frame["churned_on"] > day
    return frame.assign(**added)


def with_tenure_since_start(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """`frame` with tenure_days and tenure_months until `as_of` also where an account has left: the time since it began."""
    started, day = frame["started_on"], pd.Timestamp(as_of)
    days = (day - started).dt.days.astype("float64")
    months = whole_months(started, pd.Series(day, index=frame.index))
    return frame.assign(tenure_days=days.where(days >= 0), tenure_months=months)


def whole_months(start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Whole months from `start` to `end`; a month is over on the same day of a later month, or on that
    month's last day where it is shorter. Missing where `end` is before `start`.
    """
    months = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month
    last_day = end.dt.day == end.dt.days_in_month
    incomplete = (end.dt.day < start.dt.day) & ~last_day
    whole = (months - incomplete).astype("float64")
    return whole.where(end >= start)


def _promised_names(source: Source) -> Iterable[str]:
    if source.kind == "events":
        return event_columns(source.windows, source.features)
    return source.rollup if source.rolls_up else source.columns


def _nothing(kind: FieldType, rows: int) -> "pd.Series[Any]":
    if kind is FieldType.NUMBER:
        return pd.Series(np.full(rows, np.nan))
    if kind is FieldType.DATE:
        return pd.Series(np.full(rows, np.datetime64("NaT", "us")))
    return pd.Series([None] * rows, dtype=object)
