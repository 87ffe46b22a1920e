"""What is known of promises to the report `journey`."""

import numpy as np
import pandas as pd

from cscli.analysis.promises.funnel import funnel
from cscli.analysis.promises.overview import Overview, late_promises
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.model import Report, Sheet
from cscli.reports.practice.goal_sheets import coverage_sheet, goals_sheet, share_of_goals
from cscli.reports.practice.journey_sheets import (
    accounts_sheet,
    cohorts_sheet,
    curve_sheet,
    late_sheet,
    milestones_sheet,
    owners_sheet,
    steps_sheet,
)
from cscli.texts import text

_SHORT = ("account_id", "name", "promise", "due_on", "days_late", "status", "arr")


def journey_report(overview: Overview, config: Config, context: Context) -> Report:
    """Sheets late, accounts, milestones, steps, cohorts, curve, owners, goals and coverage; those of what the rules have."""
    language = context.language
    late = late_promises(overview)
    sheets: list[Sheet] = [
        late_sheet(late, overview, language),
        accounts_sheet(overview, config, language),
    ]
    if overview.followed:
        sheets += [
            milestones_sheet(overview, language),
            steps_sheet(overview, context),
            cohorts_sheet(overview, config, context),
            curve_sheet(overview, config, context),
            owners_sheet(overview, context),
        ]
    sheets += [goals_sheet(overview, config, language), coverage_sheet(overview, config, context)]
    headline = _headline(late, overview, context)
    return context.report(name="journey", sheets=tuple(sheets), headline=headline, short=_SHORT)


def _headline(late: pd.DataFrame, overview: Overview, context: Context) -> str:
    """How many promises are late and what they are worth; how many newcomers arrive in time; who has a goal that is looked after."""
    ids = late["account_id"].unique()
    arr = overview.frame.set_index("account_id")["arr"].reindex(ids)
    said = [
        text(
            "headline.journey_late",
            context.language,
            count=len(late),
            accounts=len(ids),
            arr=context.money(float(arr.sum())),
        )
        if len(late)
        else text("headline.journey_none_late", context.language)
    ]
    said += _newcomers(overview, context)
    share = share_of_goals(overview)
    if not np.isnan(share):
        said.append(text("headline.journey_goals", context.language, share=f"{share:.0%}"))
    return text("journey.join", context.language).join(said)


def _newcomers(overview: Overview, context: Context) -> list[str]:
    """Of the first standard that counts its value: the share that was in time, with its interval."""
    counted = [each for each in overview.followed if each.standard.value is not None]
    if not counted:
        return []
    followed = counted[0]
    milestone = next(each for each in followed.standard.milestones if each.name == followed.standard.value)
    course = followed.course[followed.course["milestone"] == milestone.name]
    steps = funnel(
        course, pd.Timestamp(context.as_of), [milestone.name], course["milestone"].to_numpy(dtype=object)
    )
    row = steps.iloc[0]
    if not row["limit_passed"]:
        return []
    numbers = {name: f"{float(row[name]):.0%}" for name in ("share", "low", "high")}
    shown = own_label(milestone, context.language)
    return [text("headline.journey_steps", context.language, milestone=shown, days=milestone.days, **numbers)]
