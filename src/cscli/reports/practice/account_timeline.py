"""What was done with one account, by whom and when, to the report `timeline` of that account."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report
from cscli.reports.practice.timeline import events_sheet
from cscli.texts import text

_SHORT = ("at", "department", "kind", "text", "count")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Story:
    """`lines`: as `one_history` gives them, the newest first; `name`: the account's, or its id; `said`: how it is, in a sentence; `events`:
    how many there are in all, those too that were not asked for.
    """

    lines: pd.DataFrame
    name: str
    said: str
    events: int


def account_timeline_report(story: Story, words: Mapping[str, str], context: Context) -> Report:
    """A sheet of its events, the newest first. `words`: what people read for words of the exports."""
    if len(story.lines) or not story.events:
        key = "headline.timeline_account" if len(story.lines) else "headline.timeline_account_none"
        told = text(key, context.language, name=story.name, count=len(story.lines))
    else:
        told = text("headline.timeline_account_other", context.language, count=story.events)
    return context.report(
        name="timeline",
        sheets=(events_sheet(story.lines, "events", words, context.language),),
        headline=text("timeline.join", context.language).join((story.said, told)),
        short=_SHORT,
    )
