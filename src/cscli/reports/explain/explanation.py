"""What is known of one account, gathered for the report `explain`, and its values in words."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cscli.analysis.explaining.lift import LiftPlan
from cscli.analysis.explaining.peers import PeerGroup
from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.past.snapshots import relative_metrics
from cscli.analysis.past.trend import Trend
from cscli.analysis.scoring.health import WeighedPoints, weigh_points
from cscli.reports.kit.labels import metric_labels
from cscli.reports.kit.looks import look_of, show_value
from cscli.texts import Language, text


@dataclass(frozen=True, eq=False, kw_only=True)
class Explanation:
    """The account in row `row` of `scored_run`. `holds`: keys of the caps and floors that hold. `course`: as_of and
    score of every run that had it; None without a history. `trend`: where its score has been going.
    """

    scored_run: ScoredRun
    row: int
    plan: LiftPlan
    peers: PeerGroup
    holds: tuple[str, ...]
    course: pd.DataFrame | None
    trend: Trend

    def weighed(self) -> WeighedPoints:
        """Its points, weighed; one row."""
        rows = slice(self.row, self.row + 1)
        scored_run = self.scored_run
        return weigh_points(
            scored_run.points[rows], scored_run.covered[rows], scored_run.scorecard[rows], scored_run.config
        )

    def text_of(self, column: str) -> str | None:
        """A text of the account."""
        columns = self.scored_run.columns
        value = columns[column].iloc[self.row] if column in columns else None
        return None if pd.isna(value) else str(value)

    def value(self, metric: str) -> Any:
        """The metric's value: a float (NaN: missing), or a text or None."""
        return self.scored_run.measured[metric].iloc[self.row]


def labels_of(explanation: Explanation, language: Language) -> dict[str, str]:
    """What people read for each metric; ranks are marked."""
    config = explanation.scored_run.config
    relative = relative_metrics(config)
    labels = dict(zip(config.metrics, metric_labels(config, language), strict=True))
    return {
        name: text("diff.relative_metric", language, label=label) if name in relative else label
        for name, label in labels.items()
    }


def shown_number(value: Any, language: Language) -> str:
    """A number or a day for people."""
    return text("reason.no_data", language) if pd.isna(value) else show_value(value, None, None, language)


def shown_value(explanation: Explanation, column: str, value: Any, language: Language) -> str:
    """A value of a metric or another column for people."""
    config = explanation.scored_run.config
    if pd.isna(value):
        return text("reason.no_data", language)
    return show_value(value, look_of(column, config), config.currency, language)
