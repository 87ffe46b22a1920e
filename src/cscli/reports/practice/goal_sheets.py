"""Sheets of customers' goals: each goal, and how many accounts have one that is looked after."""

import numpy as np
import pandas as pd

from cscli.analysis.promises.measures import as_people_read
from cscli.analysis.promises.overview import Overview, shares_of_goals
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, pairs_of, table_sheet, values_in
from cscli.reports.kit.labels import column_label
from cscli.reports.kit.model import Column, Meaning, Sheet
from cscli.reports.kit.sheets import named_column
from cscli.reports.practice.columns import status_column
from cscli.texts import Language, text

_FAMILY = "journey"


def share_of_goals(overview: Overview) -> float:
    """Of the live accounts that should have goals: the share with a current measured one; NaN where nobody should."""
    wanted = overview.live & overview.expected
    return float(overview.counts["current"].to_numpy(bool)[wanted].mean()) if wanted.any() else np.nan


def goals_sheet(overview: Overview, config: Config, language: Language) -> Sheet:
    """Every goal of a live account."""
    goals = overview.goals
    accounts = overview.frame.set_index("account_id")
    told = {
        name: accounts[name].reindex(goals["account_id"]).to_numpy(dtype=object) for name in ("name", "owner")
    }
    measures = [
        typed if pd.isna(column) else column_label(str(column), config, language)
        for typed, column in zip(goals["measure"], goals["column"], strict=True)
    ]
    table = as_people_read(goals).assign(
        **told, measure=pd.Series(measures, index=goals.index, dtype=object), stale=goals["is_stale"]
    )
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT),
        ("goal", Meaning.LONG_TEXT), ("measure", Meaning.TEXT),
        ("unit", Meaning.TEXT), ("baseline", Meaning.NUMBER), ("target", Meaning.NUMBER), ("value", Meaning.NUMBER),
    )  # fmt: skip
    pairs += pairs_of(
        table, _FAMILY, language, choice_column(_FAMILY, "measured_by", ("data", "typed"), language), ("progress", Meaning.SHARE),
        ("path", Meaning.SHARE), ("due_on", Meaning.DATE), ("reviewed_on", Meaning.DATE), ("next_review_on", Meaning.DATE),
        status_column(language),
    )  # fmt: skip
    stale = choice_column(_FAMILY, "stale", ("yes", "no"), language)
    said = np.where(table["stale"], "yes", "no").astype(object)
    return table_sheet("goals", language, [*pairs, (stale, said)])


def coverage_sheet(overview: Overview, config: Config, context: Context) -> Sheet:
    """By owner, and by the segmentation that decides on hours where there is one."""
    language = context.language
    by = ["owner", *([config.effort.by] if config.effort and config.effort.by in overview.frame else [])]
    groups = [overview.frame[name].astype(object).rename(name) for name in by]
    table = shares_of_goals(overview, groups, pd.Timestamp(context.as_of))
    first = [(named_column(name, config, language), values_in(table[name].astype(object))) for name in by]
    counts = ("accounts", "with_goal", "measured", "current")
    pairs = pairs_of(
        table, _FAMILY, language, *((name, Meaning.COUNT) for name in counts),
        Column(id="share", label=text("label.journey.share_current", language), meaning=Meaning.SHARE), ("arr_share", Meaning.SHARE),
        ("due_12m", Meaning.COUNT), ("reached_12m", Meaning.COUNT),
    )  # fmt: skip
    return table_sheet("goal_coverage", language, [*first, *pairs])
