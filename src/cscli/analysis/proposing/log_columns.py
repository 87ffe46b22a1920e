"""Headers of an event log to the columns that are read of it: what the config pins, then headers that are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from cscli.config.blocks.events import COLUMNS
from cscli.config.schema import Source
from cscli.errors import DataError, Location, Problem, Severity
from cscli.fields import event_field
from cscli.header_keys import header_key
from cscli.nearest import nearest_name

_NEEDED = ("account_id", "at")
_LISTED = 12


@dataclass(frozen=True, slots=True)
class LogColumns:
    """The header in the files of each column that is read; None: the log does not have it."""

    account_id: str
    at: str
    user_id: str | None = None
    event: str | None = None

    def named(self) -> dict[str, str]:
        """The header of each column that the log has."""
        found = {"account_id": self.account_id, "at": self.at, "user_id": self.user_id, "event": self.event}
        return {name: header for name, header in found.items() if header is not None}


def choose_columns(
    headers: Sequence[str], source: Source, place: Location
) -> tuple[LogColumns, list[Problem]]:
    """The columns, and what is assumed. Raises DataError where the account or the time is not found, or a pinned
    header is not there.
    """
    found = {name: _choose(name, headers, source) for name in COLUMNS}
    missing = [
        name for name in COLUMNS if found[name] is None and (name in _NEEDED or source.columns.get(name))
    ]
    if missing:
        raise DataError(*(_say_missing(name, headers, source, place) for name in missing))
    problems = [
        Problem(
            "events.column_found", severity=Severity.NOTE, where=place, value=header, details={"name": name}
        )
        for name, header in found.items()
        if header is not None and name not in source.columns and header != name
    ]
    problems += [
        Problem(f"events.no_{name}", severity=Severity.NOTE, where=place)
        for name in ("user_id", "event")
        if found[name] is None and name not in source.columns
    ]
    return LogColumns(**{name: header for name, header in found.items() if header is not None}), problems


def _choose(name: str, headers: Sequence[str], source: Source) -> str | None:
    accepted = source.columns.get(name)
    if accepted is not None:
        choices = [accepted] if isinstance(accepted, str) else accepted
        keys = [header_key(choice) for choice in choices]
        return next((header for key in keys for header in headers if header_key(header) == key), None)
    known = (header for header in headers if (field := event_field(header)) and field.name == name)
    return next(known, None)


def _say_missing(name: str, headers: Sequence[str], source: Source, place: Location) -> Problem:
    accepted = source.columns.get(name)
    shown = ", ".join(headers[:_LISTED])
    if accepted:
        pinned = accepted if isinstance(accepted, str) else " | ".join(accepted)
        details = {"name": name, "nearest": nearest_name(pinned, headers) or "-", "headers": shown}
        return Problem("data.pinned_header_missing", where=place, value=pinned, details=details)
    return Problem(
        "events.no_column", where=place, value=name, details={"headers": shown, "source": source.kind}
    )
