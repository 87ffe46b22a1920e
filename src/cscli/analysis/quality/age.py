"""How old the files of a run are, and which are older than their source allows."""

import datetime as dt
from zoneinfo import ZoneInfo

from cscli.analysis.tables.raw import ReadFacts
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity

QUIET_DAYS = 7
"""So long a whole log may say nothing, such as over holidays; after more days its end is that of the export."""


def find_stale(facts: ReadFacts, source: Source, as_of: dt.date, zone: ZoneInfo | None) -> list[Problem]:
    """That the file is older than the source allows."""
    age_days = file_age_days(facts, as_of, zone)
    if source.fresh_within_days is None or age_days <= source.fresh_within_days:
        return []
    details = {"days": age_days, "limit": source.fresh_within_days}
    place = Location(file=facts.file, sheet=facts.sheet)
    return [Problem("data.stale_file", severity=Severity.WARNING, where=place, details=details)]


def file_age_days(facts: ReadFacts, as_of: dt.date, zone: ZoneInfo | None) -> int:
    """Days from the file's last change to `as_of`; negative where it was changed later."""
    modified = dt.datetime.fromtimestamp(facts.modified, tz=zone or dt.UTC).date()
    return (as_of - modified).days


def has_ended(last_day: dt.date | None, as_of: dt.date) -> bool:
    """Whether a log whose last event up to `as_of` is of `last_day` was exported too early for that day: nobody knows what was done
    since. A log without any event has not ended; that is said of it elsewhere.
    """
    return last_day is not None and (as_of - last_day).days > QUIET_DAYS
