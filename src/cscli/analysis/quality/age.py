"""How old the files of a run are, and which are older than their source allows."""

import datetime as dt
from zoneinfo import ZoneInfo

from cscli.analysis.tables.raw import ReadFacts
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity


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
