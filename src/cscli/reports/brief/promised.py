"""What was promised to an account, what of it is late, who took part, and where its goals stand: a line a fact, as far as it is known."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from cscli.analysis.inputs.books import HANDOVER
from cscli.reports.dashboard.model import Material
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.labels import chosen_label, column_label, default_label
from cscli.reports.kit.looks import show_date, show_share
from cscli.reports.practice.columns import milestone_labels, promise_texts, status_column
from cscli.texts import text

_LATE = "_days_late"


def promised_lines(material: Material) -> Iterator[tuple[str, str, str]]:
    """Section, what, value: the handover, goals, milestones that are late, and the last contact."""
    account: Any = material.frame.iloc[0]
    language, config = material.language, material.config
    section = text("brief.promised", language)
    for name in (column.name for column in HANDOVER.typed):
        value = account.get(name)
        if _is_known(value):
            shown = show_date(value.date(), language) if isinstance(value, pd.Timestamp) else str(value)
            yield section, column_label(name, config, language), shown
    open_goals = account.get("goals_open")
    if _is_known(open_goals) and open_goals > 0:
        behind = account.get("goals_behind")
        count = {"open": f"{open_goals:.0f}", "behind": f"{behind if _is_known(behind) else 0:.0f}"}
        yield section, text("brief.goals", language), text("brief.goals_value", language, **count)
        yield from ((section, goal, said) for goal, said in _goal_lines(material))
    for standard in config.journey.standards if config.journey else ():
        days = account.get(f"{standard.name}{_LATE}")
        if _is_known(days) and days > 0:
            late = text("brief.days_late", language, count=f"{days:.0f}")
            yield (
                section,
                chosen_label(standard.label, language, default_label(standard.name, language)),
                late,
            )
    silent = account.get("days_silent")
    if _is_known(silent):
        yield (
            section,
            column_label("days_silent", config, language),
            text("brief.days", language, count=f"{silent:.0f}"),
        )


def late_lines(material: Material) -> list[tuple[str, str]]:
    """Each promise to the account that is late, and how late it is; none where the rules promise nothing."""
    late, language = material.work.late, material.language
    if late is None:
        return []
    mine = late[(late["account_id"] == material.frame["account_id"].iloc[0]).to_numpy(bool)]
    statuses = status_column(language).labels
    journey, found = material.config.journey, []
    labels = milestone_labels(journey.standards if journey else (), language)
    for promise, row in zip(promise_texts(mine, labels), mine.to_dict("records"), strict=True):
        days, due = row["days_late"], row["due_on"]
        said = [
            statuses.get(str(row["status"]), str(row["status"])),
            text("page.late.days", language, count=f"{days:,.0f}") if _is_known(days) else "",
            text("page.by_day", language, day=long_day(due.date(), language)) if _is_known(due) else "",
        ]
        found.append((promise, " · ".join(filter(None, said))))
    return found


def _goal_lines(material: Material) -> Iterator[tuple[str, str]]:
    """Each open goal in the customer's words: how it stands, how far it is, by when."""
    goals, language = material.work.goals, material.language
    if goals is None:
        return
    statuses = status_column(language).labels
    mine = goals[(goals["account_id"] == material.frame["account_id"].iloc[0]).to_numpy(bool)]
    for row in mine.to_dict("records"):
        progress, due = row["progress"], row["due_on"]
        said = [
            statuses[str(row["status"])],
            show_share(progress) if _is_known(progress) else "",
            text("page.by_day", language, day=long_day(due.date(), language)) if _is_known(due) else "",
        ]
        yield str(row["goal"]), " · ".join(filter(None, said))


def _is_known(value: Any) -> bool:
    return value is not None and value == value and str(value) != "NaT"  # noqa: PLR0124 - NaN is not itself
