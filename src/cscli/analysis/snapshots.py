"""What a run remembers of itself: the rules, the inputs, and for each account its values, points and score."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from cscli.analysis.health import HealthScores, scorecard_names
from cscli.analysis.profile import Record
from cscli.config.schema import Config


@dataclass(frozen=True, eq=False)
class Snapshot:
    """`accounts`: one row an account: account_id, scorecard, score, score_before_caps, band, data_coverage,
    capped_by (list of reasons), segments (mapping), mrr, arr, values and points (lists in order of `metrics`).
    """

    as_of: dt.date
    taken_at: dt.datetime
    version: str
    config_text: str
    config_digest: str
    metrics: tuple[str, ...]
    inputs: tuple[tuple[str, str, str], ...]
    """(source, file, sha256) of every file read."""
    accounts: pd.DataFrame
    profiles: Mapping[str, Record] = field(default_factory=dict)
    """What `profile_records` keeps of each source."""
    call_list: pd.DataFrame | None = None
    """Who was at risk, as `risk.list_records` has it; None: the run made no list, and one stored before stays."""


def digest(config_text: str) -> str:
    """What identifies the rules of a run: the first 12 hex digits of the text's SHA-256."""
    return hashlib.sha256(config_text.encode()).hexdigest()[:12]


def snapshot_accounts(frame: pd.DataFrame, scores: HealthScores, config: Config) -> pd.DataFrame:
    """The accounts of a `Snapshot`, from the scored frame."""
    segments = [*config.segments, *(["team"] if config.teams else [])]
    values = [frame[name].astype(object).where(frame[name].notna(), None) for name in scores.metrics]
    points = pd.DataFrame(scores.points, dtype=object).where(pd.notna(scores.points), None)
    return pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "scorecard": scorecard_names(scores, config),
            "score": scores.score,
            "score_before_caps": scores.score_before_caps,
            "band": scores.band,
            "data_coverage": scores.data_coverage,
            "capped_by": _capped_by(scores),
            "segments": frame[segments].to_dict("records") if segments else [{}] * len(frame),
            "mrr": frame["mrr"],
            "arr": frame["arr"],
            "values": list(zip(*values, strict=True)),
            "points": points.to_numpy().tolist(),
        }
    )


def _capped_by(scores: HealthScores) -> list[list[str]]:
    """The keys of the limits that changed each score, and `override` where a person set it."""
    named = [_names(scores, row) for row in scores.limits_changed]
    overridden = scores.overridden.tolist()
    return [
        [*names, *(["override"] if is_set else [])] for names, is_set in zip(named, overridden, strict=True)
    ]


def _names(scores: HealthScores, changed: "pd.Series[bool]") -> list[str]:
    return [limit.key for limit, was in zip(scores.limits, changed, strict=True) if was]
