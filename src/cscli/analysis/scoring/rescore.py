"""Rules over columns that an earlier run kept: the scores that those rules would have given then."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.scoring.columns import add_columns, segment_rules
from cscli.analysis.scoring.health import HealthScores, score_accounts, scorecard_names
from cscli.analysis.scoring.switching import without_idle_metrics
from cscli.config.linting.taken import AFTER_SCORE
from cscli.config.schema import Config, Scorecard
from cscli.expressions import Expression


@dataclass(frozen=True, eq=False)
class Rescored:
    """`frame`: the accounts with derived columns, metrics' values, early segments, scorecard, score, band and
    data_coverage. `config`: the rules without the metrics that wait for their column. `lacking`: the columns that the
    rules read and that were not kept; they count as missing.
    """

    frame: pd.DataFrame
    scores: HealthScores
    config: Config
    lacking: tuple[str, ...]


def rescore(columns: pd.DataFrame, config: Config, as_of: dt.date) -> Rescored:
    """`columns`, one row an account as it was before any rule (account_id, exports' and built-in columns, what
    people typed), under the rules of `config`. Raises ConfigError where types do not fit.
    """
    lacking = tuple(sorted(columns_read(config) - set(columns.columns)))
    nothing = dict.fromkeys(lacking, np.full(len(columns), np.nan))
    judged = add_columns(columns.reset_index(drop=True).assign(**nothing), config, as_of)
    switched, _ = without_idle_metrics(config, judged.frame)
    scores = score_accounts(judged.frame, judged.conditions, switched)
    frame = judged.frame.assign(
        scorecard=scorecard_names(scores, switched),
        score=scores.score,
        band=scores.band,
        data_coverage=scores.data_coverage,
    )
    return Rescored(frame, scores, switched, lacking)


def columns_read(config: Config) -> set[str]:
    """The columns that the rules read before and after the score and do not make themselves."""
    values = {name: metric.value for name, metric in config.metrics.items()}
    formulas = [*config.derived_values.values(), *values.values(), *rule_formulas(config)]
    read = {name for formula in formulas for name in formula.names}
    # a metric that is nothing but a column may carry its name
    metrics = {name for name, value in values.items() if value.plain_column != name}
    return read - metrics - {*config.derived, *config.segments, "team"} - AFTER_SCORE


def rule_formulas(config: Config) -> list[Expression]:
    """The conditions of segments, teams and scorecards with their limits."""
    named = [rule.when for rules in segment_rules(config).values() for rule in rules]
    return [when for when in named if when] + [
        when for card in config.scorecards for when in scorecard_formulas(card)
    ]


def scorecard_formulas(card: Scorecard) -> list[Expression]:
    """The conditions of a scorecard: its own, those of its caps and floors."""
    limits = [*(cap.when for cap in card.caps), *(floor.when for floor in card.floors)]
    return [*([card.when] if card.when else []), *limits]


def only_deciding(config: Config) -> Config:
    """The same rules without the segments that the score does not depend on."""
    segments = segment_rules(config)
    needed: set[str] = set()
    reading = {name for card in config.scorecards for rule in scorecard_formulas(card) for name in rule.names}
    ranked = (metric.points for metric in config.metrics.values())
    reading |= {rule.segmentation for rule in ranked if rule.segmentation}
    while found := (reading & set(segments)) - needed:
        needed |= found
        reading |= {
            name for each in found for rule in segments[each] if rule.when for name in rule.when.names
        }
    kept = {name: found for name, found in config.segments.items() if name in needed}
    teams = config.teams if "team" in needed else []
    return config.model_copy(update={"segments": kept, "teams": teams})


def same_rules(one: Config, other: Config) -> bool:
    """Whether both give the same score to the same columns, however they are written."""
    deciding = ("derived", "metrics", "segments", "teams", "scorecards", "bands", "min_data_coverage")
    return all(getattr(one, name) == getattr(other, name) for name in deciding)
