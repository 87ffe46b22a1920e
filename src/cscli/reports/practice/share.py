"""What a customer may see of its journey: goals, progress, milestones, the next review; nothing else of what we know."""

import pandas as pd

from cscli.analysis.promises import goals as g
from cscli.analysis.promises import milestones as m
from cscli.analysis.promises.measures import as_people_read
from cscli.analysis.promises.overview import Overview, milestones_of
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import pairs_of, table_sheet
from cscli.reports.kit.labels import column_label
from cscli.reports.kit.model import Meaning, Report
from cscli.reports.practice.columns import status_column
from cscli.reports.practice.journey_sheets import milestone_column
from cscli.texts import text

_FAMILY = "journey"


def share_report(overview: Overview, account_id: str, config: Config, context: Context) -> Report:
    """Sheets shared_goals and, where it has any, shared_milestones of one account: only the columns that stand here, each chosen."""
    language = context.language
    goals = overview.goals
    mine = goals[(goals["account_id"] == account_id) & (goals["status"] != g.DROPPED)].reset_index(drop=True)
    measures = [
        typed if pd.isna(column) else column_label(str(column), config, language)
        for typed, column in zip(mine["measure"], mine["column"], strict=True)
    ]
    table = as_people_read(mine).assign(measure=pd.Series(measures, dtype=object))
    pairs = pairs_of(
        table, _FAMILY, language, ("goal", Meaning.LONG_TEXT), ("measure", Meaning.TEXT), ("unit", Meaning.TEXT), ("baseline", Meaning.NUMBER),
        ("target", Meaning.NUMBER), ("value", Meaning.NUMBER), ("progress", Meaning.SHARE), ("due_on", Meaning.DATE),
        status_column(language), ("next_review_on", Meaning.DATE),
    )  # fmt: skip
    steps = milestones_of(overview)
    steps = (
        steps[(steps["account_id"] == account_id) & (steps["status"] != m.NOT_APPLICABLE)]
        if len(steps)
        else steps
    )
    milestone = milestone_column(overview, language)
    sheets = [table_sheet("shared_goals", language, pairs)]
    if len(steps):
        chosen = pairs_of(
            steps.reset_index(drop=True), _FAMILY, language, milestone, ("due_on", Meaning.DATE), ("reached_on", Meaning.DATE),
            status_column(language),
        )  # fmt: skip
        sheets.append(table_sheet("shared_milestones", language, chosen))
    frame = overview.frame.set_index("account_id")
    name = frame["name"].get(account_id) if "name" in frame else None
    shown = name if isinstance(name, str) else account_id
    return Report(
        name="journey_share", title=text("report.journey_share", language, name=shown), language=language, as_of=context.as_of, config_digest="",
        inputs=(), sheets=tuple(sheets), problems=(), headline=text("headline.journey_share", language, count=len(mine), name=shown),
        short=("goal", "target", "value", "progress", "due_on", "status"), currency=context.currency, for_customer=True,
    )  # fmt: skip
