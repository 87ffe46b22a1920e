"""What a run remembers of itself: the rules, the inputs, and for each account its columns, values, points and score."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.alerts import AlertRecords
from cscli.analysis.acting.messages import Message
from cscli.analysis.quality.profile import Record
from cscli.analysis.scoring.health import HealthScores, scorecard_names
from cscli.config.schema import Config


@dataclass(frozen=True, eq=False, kw_only=True)
class StoredSnapshot:
    """A run as the history gives it back. All tables have one row an account, in the same order.

    `accounts`: account_id, scorecard, score, score_before_caps, band, data_coverage, capped_by (list of reasons),
    segments (mapping), mrr, arr. `values`: the raw value of each metric, one column a metric; `points`: accounts x
    metrics, NaN missing; both in the order of `metrics`. `columns`: the joined accounts before anything was computed
    from them, built-in columns included; only account_id where a run kept none. Numbers are float64, dates
    datetime64[us], booleans `boolean`, texts objects with None. `known_on`: the day on which the exports told what they
    tell, which is that of `taken_at` unless somebody says otherwise.
    """

    as_of: dt.date
    taken_at: dt.datetime
    known_on: dt.date
    version: str
    config_text: str
    config_digest: str
    overrides: tuple[str, ...] = ()
    """`KEY=VALUE` of the command line, in their order."""
    metrics: tuple[str, ...]
    relative: tuple[str, ...] = ()
    """The metrics whose points depend on the other accounts of the run: not comparable over time."""
    inputs: tuple[tuple[str, str, str], ...]
    """(source, file, sha256) of every file read."""
    accounts: pd.DataFrame
    values: pd.DataFrame
    points: NDArray[np.float64]
    columns: pd.DataFrame


@dataclass(frozen=True, eq=False, kw_only=True)
class Snapshot(StoredSnapshot):
    """A run as it goes into the history, with what is not kept by account."""

    known_on_told: bool = False
    """Whether a person says when the exports were made; else the clock does."""
    profiles: Mapping[str, Record] = field(default_factory=dict)
    """What `profile_records` keeps of each source."""
    call_list: pd.DataFrame | None = None
    """Who was at risk, as `risk.list_records` has it; None: the run made no list, and one stored before stays."""
    alerts: AlertRecords | None = None
    """What was on, and is to be told; None: the run looked at no alerts, and those stored before stay."""
    messages: tuple[Message, ...] = ()
    """What else is to be told; one that was queued before stays as it is."""
    forecasts: pd.DataFrame | None = None
    """What is expected of renewals, as `history.forecasts` takes it; None: the run made no forecast."""
    promises: pd.DataFrame | None = None
    """What was promised and what became of it, as `history.promises` takes it; None: the rules promise nothing."""
    event_weeks: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By source, what its event log came to by account and week: account_id, week (its Monday), events, users,
    active_days, breadth. It replaces what is stored from its first week on.
    """

    def parts(self) -> dict[str, pd.DataFrame]:
        """The tables that are kept by column, each under its name."""
        return {
            "columns": self.columns,
            "segments": pd.DataFrame(self.accounts["segments"].tolist(), dtype=object),
            "values": self.values,
            "points": pd.DataFrame(self.points, columns=list(self.metrics)),
        }


def snapshot_accounts(frame: pd.DataFrame, scores: HealthScores, config: Config) -> pd.DataFrame:
    """The accounts of a `Snapshot`, from the scored frame."""
    segments = [*config.segments, *(["team"] if config.teams else [])]
    return pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "scorecard": scorecard_names(scores, config),
            "score": scores.score,
            "score_before_caps": scores.score_before_caps,
            "band": scores.band,
            "data_coverage": scores.data_coverage,
            "capped_by": limits_that_changed(scores),
            "segments": frame[segments].to_dict("records") if segments else [{}] * len(frame),
            "mrr": frame["mrr"],
            "arr": frame["arr"],
        }
    )


def relative_metrics(config: Config) -> tuple[str, ...]:
    """The metrics whose points depend on the other accounts."""
    return tuple(name for name, metric in config.metrics.items() if metric.points.is_relative)


def limits_that_changed(scores: HealthScores) -> list[list[str]]:
    """The keys of the limits that changed each score, and `override` where a person set it."""
    keys = [limit.key for limit in scores.limits]
    named = [list(compress(keys, row)) for row in scores.limits_changed.tolist()]
    overridden = scores.overridden.tolist()
    return [
        [*names, *(["override"] if is_set else [])] for names, is_set in zip(named, overridden, strict=True)
    ]
