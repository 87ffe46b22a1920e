"""For which occasion a message would be, and whether the account, or the person elsewhere, had it for that one already."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cscli.analysis.outreach.reasons import Stop
from cscli.analysis.outreach.sent import SentMessage
from cscli.config.work.outreach import AgainAfter, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """`had`: the messages that there were for it. `stop`: why there is none."""

    occasion: str = ""
    had: tuple[SentMessage, ...] = ()
    stop: Stop | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The day of the figures, and that of the clock."""

    as_of: dt.date
    today: dt.date


def occasion_of(message: Message, rows: Sequence[SentMessage], term: object, days: Days) -> Occasion:
    """The occasion after `rows`, which are of `message`. Of `again: never` there is one for ever; of `renewal` one a term, known by its renewal date, and none while a term goes on
    in which it was sent, whatever became of its date; of so many days, one a day, if none lies so near. `term`: the renewal date (a
    Timestamp), or missing.
    """
    as_of = days.as_of
    if message.again == "never":
        return Occasion(had=tuple(rows))
    if isinstance(message.again, AgainAfter):
        near = [each for each in rows if each.is_within(as_of, days.today, message.again.days)]
        today_alone = tuple(each for each in near if each.occasion == as_of.isoformat())
        if near and len(today_alone) < len(near):
            until = max(each.free_on(as_of, message.again.days) for each in near)
            return Occasion(stop=Stop.HAD, until=until)
        return Occasion(occasion=as_of.isoformat(), had=today_alone)
    if not isinstance(term, pd.Timestamp):
        return Occasion(stop=Stop.NO_TERM)
    day = term.date().isoformat()
    running = [each for each in rows if each.occasion > as_of.isoformat() and each.occasion != day]
    if running:
        return Occasion(stop=Stop.HAD, until=dt.date.fromisoformat(max(each.occasion for each in running)))
    return Occasion(occasion=day, had=tuple(each for each in rows if each.occasion == day))
