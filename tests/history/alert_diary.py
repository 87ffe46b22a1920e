"""Weeks of alerts for tests: a small book, found against the history and stored in it, week after week."""

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from books.made import made
from cscli.analysis.acting.alerts import AlertList, AlertRecords, SourceFaults, find_alerts
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.history import append, earlier_alerts
from cscli.reports.alerts.facts import message_head, outgoing

RULES = """version: 1
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
sources: {accounts: {file: accounts.csv}, usage: {file: usage.csv, optional: true}}
"""
FELL = """alerts: [{name: fell, when: score <= 40}]
channels: [{name: team, kind: webhook, url_env: HOOK}]
"""
HERE = Path("/nonexistent")  # absolute URLs do not look at it
START = dt.date(2026, 10, 5)
SUNDAY = dt.datetime(2026, 10, 5, 7, tzinfo=dt.UTC)


def weeks(number: int) -> list[dt.date]:
    """So many days, a week apart."""
    return [START + dt.timedelta(weeks=week) for week in range(number)]


def make_rules(more: str = FELL) -> Config:
    """The config of the tests with these sections."""
    columns = frozenset({"account_id", "name", "owner", "nps", "mrr"})
    config, _ = settle(read_draft(RULES + more, "cscli.yaml"), Headers({"accounts": columns}, complete=True))
    return config


def make_frame(scores: dict[str, float | None], **columns: list[Any]) -> pd.DataFrame:
    """Scored accounts, ARR falling with their order."""
    number = len(scores)
    frame = pd.DataFrame(
        {
            "account_id": pd.Series(list(scores), dtype=object), "name": [f"Company {key}" for key in scores],
            "owner": ["Ito"] * number, "score": pd.Series(list(scores.values()), dtype="float64"),
            "band": pd.Series(["watch"] * number, dtype=object), "score_change": pd.Series([0.0] * number),
            "mrr": pd.Series([100.0 * (number - row) for row in range(number)]),
            "arr": pd.Series([1200.0 * (number - row) for row in range(number)]),
            "days_to_renewal": pd.Series([30.0] * number), "sentiment": pd.Series([3.0] * number),
        }
    )  # fmt: skip
    return frame.assign(**{name: pd.Series(values) for name, values in columns.items()})


@dataclass
class Diary:
    """Runs one after another on the history at `url`; `sending`: whether messages are queued."""

    url: str
    config: Config = field(default_factory=make_rules)
    sending: bool = True

    def run(
        self, day: dt.date, scores: dict[str, float | None], *, faults: dict[str, list[Problem]] | None = None,
        read: tuple[str, ...] = ("accounts", "usage"), **columns: list[Any],
    ) -> AlertList:  # fmt: skip
        """The alerts of `day`, stored with a snapshot."""
        frame = make_frame(scores, **columns)
        of_sources = SourceFaults(faults or {}, frozenset(read))
        found = find_alerts(frame, of_sources, self.config, day, earlier_alerts(self.url, HERE, day))
        channels = self.config.channels if self.sending else []
        told = outgoing(frame, found, self.config, channels, "en")
        states = found.table[["rule", "kind", "subject", "status", "since"]]
        records = AlertRecords(states, message_head(day, self.config, "en"), told)
        append(self.url, HERE, replace(made(day, A=1.0), taken_at=SUNDAY, alerts=records))
        return found


def shown(found: AlertList) -> dict[str, tuple[str, str]]:
    """Status and since by subject, in the order of the list; since as days after `START`."""
    days = (found.table["since"].dt.date - START).map(lambda passed: f"week {passed.days // 7}")
    return dict(zip(found.table["subject"], zip(found.table["status"], days, strict=True), strict=True))
