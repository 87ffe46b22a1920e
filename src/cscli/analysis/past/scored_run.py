"""The accounts of one run as arrays beside the rules that judged them, from a stored run or from new scores."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.snapshots import StoredSnapshot, limits_that_changed
from cscli.analysis.scoring.adjustments import Floats, find_limits
from cscli.analysis.scoring.health import HealthScores, metric_points
from cscli.config.schema import Config


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredRun:
    """One row an account, in one order. `columns`: what was known of it before any rule (account_id, name ...;
    override_score while in force). `measured`: the metrics' values under their names. `segments`: its names in
    every segmentation. `points`, `covered`: accounts x metrics. `scorecard`: index (-1: none). `before`: the score
    before caps. `limited`: after caps, floors and overrides, not rounded. `capped_by`: keys of what changed it.
    """

    as_of: dt.date
    config: Config
    columns: pd.DataFrame
    measured: pd.DataFrame
    segments: pd.DataFrame
    points: Floats
    covered: NDArray[np.bool_]
    scorecard: NDArray[np.intp]
    before: Floats
    limited: Floats
    score: Floats
    band: NDArray[np.object_]
    coverage: Floats
    capped_by: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.score)

    @property
    def ids(self) -> "pd.Series[str]":
        """account_id of each row."""
        return self.columns["account_id"]

    def numbers(self, name: str) -> Floats:
        """A column of numbers; missing where there is none of that name."""
        if name not in self.columns:
            return np.full(len(self), np.nan)
        return self.columns[name].to_numpy(np.float64, na_value=np.nan)


def recall(stored: StoredSnapshot, config: Config) -> ScoredRun:
    """The scored run of a stored run; `config`: its rules."""
    rows = len(stored.columns)
    accounts, columns = stored.accounts, stored.columns.reset_index(drop=True)
    values = _typed(stored.values.set_axis(range(rows)), config)  # noqa: PD011 - a snapshot, no frame
    segments = pd.DataFrame(accounts["segments"].tolist(), index=range(rows), dtype=object)
    capped_by = tuple(tuple(keys or ()) for keys in accounts["capped_by"])
    before = accounts["score_before_caps"].to_numpy(np.float64)
    score = accounts["score"].to_numpy(np.float64)
    cards = pd.Index([card.name for card in config.scorecards], dtype=object)
    return ScoredRun(
        as_of=stored.as_of,
        config=config,
        columns=columns,
        measured=values,
        segments=segments,
        points=stored.points,
        covered=_covered(values, segments, columns, config),
        scorecard=cards.get_indexer(pd.Index(accounts["scorecard"], dtype=object)),
        before=before,
        limited=_limited(before, capped_by, _overrides(columns, capped_by, score), config),
        score=score,
        band=accounts["band"].to_numpy(object),
        coverage=accounts["data_coverage"].to_numpy(np.float64),
        capped_by=capped_by,
    )


def scored_run_of(
    frame: pd.DataFrame, columns: pd.DataFrame, scores: HealthScores, config: Config, as_of: dt.date
) -> ScoredRun:
    """The scored run of accounts just scored: `frame` with the metrics' values and the segments there are,
    `columns`, in the same order, as they were before any rule.
    """
    names = [name for name in (*config.segments, "team") if name in frame]
    columns = columns.reset_index(drop=True)
    values = _typed(frame[list(config.metrics)].set_axis(range(len(frame))), config)
    capped_by = tuple(map(tuple, limits_that_changed(scores)))
    return ScoredRun(
        as_of=as_of,
        config=config,
        columns=columns,
        measured=values,
        segments=frame[names].set_axis(range(len(frame))),
        points=scores.points,
        covered=scores.covered,
        scorecard=scores.scorecard,
        before=scores.score_before_caps,
        limited=_limited(
            scores.score_before_caps, capped_by, _overrides(columns, capped_by, scores.score), config
        ),
        score=scores.score,
        band=scores.band,
        coverage=scores.data_coverage,
        capped_by=capped_by,
    )


def _typed(values: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Numbers as float64, also where all are missing; categories as they are."""
    numbers = [name for name, metric in config.metrics.items() if not metric.points.is_textual]
    return values.astype(dict.fromkeys(numbers, np.float64))


def _covered(
    values: pd.DataFrame, segments: pd.DataFrame, columns: pd.DataFrame, config: Config
) -> NDArray[np.bool_]:
    """Which points come from data, not from `missing`: the values' points are computed anew."""
    tenure = columns.get("tenure_months", np.nan)
    early = {name: segments[name] for name in config.segments if name in segments and name not in values}
    _, covered = metric_points(values.assign(tenure_months=tenure, **early), config)
    return covered


def _overrides(columns: pd.DataFrame, capped_by: Sequence[Sequence[str]], score: Floats) -> Floats:
    """What people set, NaN where nothing; of a run that did not keep it, the score that came of it."""
    if "override_score" in columns:
        return columns["override_score"].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.array(["override" in keys for keys in capped_by], dtype=bool), score, np.nan)


def _limited(before: Floats, capped_by: Sequence[Sequence[str]], overrides: Floats, config: Config) -> Floats:
    """The score after the limits that changed it, in their order, and after a person's word."""
    score = before.copy()
    if not any(capped_by):
        return score
    for limit in find_limits(config.scorecards):
        held = np.array([limit.key in keys for keys in capped_by], dtype=bool)
        score = np.where(held, limit.apply(score), score)
    return np.where(np.isnan(overrides), score, overrides)
