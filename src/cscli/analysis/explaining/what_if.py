"""One account with other values of single metrics, scored by the same rules among the same accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.columns import add_columns, judge_columns
from cscli.analysis.scoring.health import HealthScores, metric_points, score_points
from cscli.analysis.scoring.rescore import columns_read, only_deciding
from cscli.config.schema import Config
from cscli.normalizers import AnyNormalizer
from cscli.points import Peers

Change = tuple[str, float | str]
"""A metric, and the value it would have."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What-ifs about the account in row `row` of `scored_run`."""

    scored_run: ScoredRun
    row: int

    @cached_property
    def config(self) -> Config:
        """The rules that decide on the score."""
        return only_deciding(self.scored_run.config)

    @cached_property
    def account(self) -> pd.DataFrame:
        """One row: the account with derived columns, metrics' values and the segments that decide on its score."""
        known = self.scored_run.columns.iloc[[self.row]].reset_index(drop=True)
        config = self.config
        lacking = columns_read(config) - set(known.columns)
        frame = known.assign(**dict.fromkeys(lacking, np.nan))
        judged = add_columns(frame, config, self.scored_run.as_of).frame
        numbers = [name for name in config.metrics if not self._is_text(name)]
        return judged.astype(dict.fromkeys(numbers, np.float64))

    @cached_property
    def now(self) -> HealthScores:
        """The account as it is, scored anew."""
        return self.scores([None])

    def scores(self, changes: Sequence[Change | None]) -> HealthScores:
        """The score with each of the changes alone; None: as it is. All that the metric's value decides follows:
        segments, scorecard, caps and floors. Other metrics and other accounts stay.
        """
        config = self.config
        frame = pd.concat([self.account] * len(changes), ignore_index=True)
        for name in {change[0] for change in changes if change}:
            frame[name] = self._changed(frame[name], name, changes)
        judged = judge_columns(frame, config, self.scored_run.as_of)
        points, covered = metric_points(judged.frame, config)
        for column, (name, metric) in enumerate(config.metrics.items()):
            if metric.points.is_relative:
                points[:, column] = self._relative(name, metric.points, judged.frame)
                covered[:, column] = ~np.isnan(points[:, column])
                if metric.missing != "skip":
                    points[~covered[:, column], column] = metric.missing
        return score_points(judged.frame, points, covered, judged.conditions, config)

    def others(self, name: str) -> Floats:
        """The values of the other accounts among which a percentile would rank this one."""
        rule = self.scored_run.config.metrics[name].points
        values: Floats = self.scored_run.measured[name].to_numpy(np.float64)
        mask = ~np.isnan(values)
        mask[self.row] = False
        if rule.segmentation:
            names = self.scored_run.segments[rule.segmentation].to_numpy(object)
            own = names[self.row]
            mask &= np.array([own is not None and name == own for name in names], dtype=bool)
        return values[mask]

    def _is_text(self, name: str) -> bool:
        return self.scored_run.config.metrics[name].points.is_textual

    def _changed(
        self, values: "pd.Series[Any]", name: str, changes: Sequence[Change | None]
    ) -> "pd.Series[Any]":
        changed = values.to_numpy(object if self._is_text(name) else np.float64, copy=True)
        for at, change in enumerate(changes):
            if change and change[0] == name:
                changed[at] = change[1]
        return pd.Series(changed, index=values.index)

    def _relative(self, name: str, rule: AnyNormalizer, frame: pd.DataFrame) -> list[float]:
        """The points of a relative metric, each row alone in the place of the account."""
        segments = frame[rule.segmentation].tolist() if rule.segmentation else [None] * len(frame)
        keys = list(zip(frame[name].tolist(), segments, strict=True))
        found = {str(key): self._rank(name, rule, *key) for key in {str(key): key for key in keys}.values()}
        return [found[str(key)] for key in keys]

    def _rank(self, name: str, rule: AnyNormalizer, value: float, segment: Any) -> float:
        values = self.scored_run.measured[name].to_numpy(np.float64, copy=True)
        values[self.row] = value
        segments = {}
        if within := rule.segmentation:
            segments[within] = self.scored_run.segments[within].to_numpy(object, copy=True)
            segments[within][self.row] = segment
        return float(rule.points(values, Peers(np.full(len(values), np.nan), segments))[self.row])
