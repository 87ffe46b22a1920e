"""Reference tables, and subscriptions as the analysis takes them, for the tests of revenue and lifetime value."""

import datetime as dt
from typing import Any

import pandas as pd

from cscli.analysis.revenue.mrr import MrrHistory, read_mrr
from cscli.analysis.revenue.mrr_lines import Rates
from cscli.errors import Problem
from places import REFERENCE, SAMPLE, SHARED_DATA

SUBSCRIPTIONS = SAMPLE / "subscriptions.csv"
TELCO = SHARED_DATA / "telco" / "Telco-Customer-Churn.csv"


def table(name: str) -> pd.DataFrame:
    """A reference table by its file name."""
    return pd.read_csv(REFERENCE / name)


def values(name: str) -> dict[str, float]:
    """A reference table of names and numbers."""
    frame = pd.read_csv(REFERENCE / name, names=["name", "value"], usecols=[0, 1], skiprows=1)
    numbers = pd.to_numeric(frame["value"], errors="coerce")
    return dict(zip(frame["name"], numbers, strict=True))


def subscriptions(*rows: tuple[object, ...], **more: list[Any] | str | float) -> pd.DataFrame:
    """Rows of account_id, started_on, ended_on, mrr."""
    frame = pd.DataFrame(rows, columns=["account_id", "started_on", "ended_on", "mrr"]).assign(**more)
    for name in ("started_on", "ended_on"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def history_of(frame: pd.DataFrame, as_of: str, rates: Rates | None = None) -> MrrHistory:
    """The history of `subscriptions`, which must have nothing wrong."""
    history, problems = read(frame, as_of, rates)
    assert problems == {}
    return history


def read(
    frame: pd.DataFrame, as_of: str, rates: Rates | None = None
) -> tuple[MrrHistory, dict[str, Problem]]:
    """The history of `subscriptions`, and its problems by code."""
    history, problems = read_mrr("subscriptions", frame, dt.date.fromisoformat(as_of), rates or Rates())
    return history, {problem.code: problem for problem in problems}


def sample_history() -> MrrHistory:
    """The subscriptions of the sample book of business, in yen."""
    frame = pd.read_csv(SUBSCRIPTIONS, dtype={"account_id": str}, parse_dates=["started_on", "ended_on"])
    return history_of(frame, "2026-10-31", Rates("JPY", {"USD": 150.0}))
