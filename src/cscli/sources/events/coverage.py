"""Which windows a log reaches back for, and what is to be said of its rows."""

from datetime import date, timedelta

from cscli.analysis.quality.age import has_ended
from cscli.errors import Location, Problem, Severity
from cscli.sources.events.model import EventLog, EventRollup, FileFacts
from cscli.sources.events.staging import Quality


def uncovered_columns(rollup: EventRollup, windows: tuple[int, ...], as_of: date) -> tuple[str, ...]:
    """The columns of `rollup.accounts` whose days up to `as_of` the log does not reach back to, and those whose days all lie after
    its end: their counts are too low for everybody.
    """
    suffixes = (
        *_uncovered(rollup.first_day, windows, as_of),
        *_after_end(rollup.last_day, windows, as_of),
    )
    return tuple(name for name in map(str, rollup.accounts.columns) if name.endswith(suffixes))


def say_coverage(log: EventLog, first_day: date | None, last_day: date | None) -> tuple[Problem, ...]:
    """A problem for each window that the log does not cover, and a warning for each before it; one for a log that ends too early."""
    if first_day is None or last_day is None:
        return (Problem("events.no_events", where=Location(file=log.source), value=str(log.as_of)),)
    return (*_say_end(log, last_day), *_say_begin(log, first_day))


def _say_end(log: EventLog, last_day: date) -> tuple[Problem, ...]:
    if not has_ended(last_day, log.as_of):
        return ()
    is_missing = bool(_after_end(last_day, log.windows, log.as_of))
    details = {"days": (log.as_of - last_day).days, "as_of": str(log.as_of)}
    severity = Severity.ERROR if is_missing else Severity.WARNING
    return (Problem("events.ends_early", severity=severity, where=Location(file=log.source), value=str(last_day), details=details),)  # fmt: skip


def _say_begin(log: EventLog, first_day: date) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "events.window_prev_uncovered" if suffix.endswith("_prev") else "events.window_uncovered",
            severity=Severity.WARNING if suffix.endswith("_prev") else Severity.ERROR,
            where=Location(file=log.source),
            value=suffix.removeprefix("_"),
            details={"first": str(first_day), "needed": str(needed)},
        )
        for suffix, needed in _first_days(log.windows, log.as_of).items()
        if first_day > needed
    )


def say_rows(log: EventLog, rows: int, quality: Quality) -> tuple[Problem, ...]:
    """What is to be said of rows that do not count."""
    said = (
        ("events.rows_without_account", Severity.WARNING, quality.without_account),
        ("events.rows_without_time", Severity.WARNING, quality.without_time),
        ("events.after_as_of", Severity.NOTE, quality.after_as_of),
    )
    details = {"rows": rows, "as_of": str(log.as_of)}
    where = Location(file=log.source)
    return tuple(
        Problem(code, severity=severity, where=where, value=str(count), details=details)
        for code, severity, count in said
        if count
    )


def say_same_content(files: tuple[FileFacts, ...]) -> tuple[Problem, ...]:
    """A warning for each file that is the copy of an earlier one: its events count again."""
    first: dict[str, str] = {}
    said = []
    for file in files:
        if file.sha256 in first and file.rows:
            details = {"other": first[file.sha256]}
            said.append(
                Problem(
                    "events.same_content",
                    severity=Severity.WARNING,
                    where=Location(file=file.name),
                    value=str(file.rows),
                    details=details,
                )
            )
        first.setdefault(file.sha256, file.name)
    return tuple(said)


def _uncovered(first_day: date | None, windows: tuple[int, ...], as_of: date) -> tuple[str, ...]:
    needed = _first_days(windows, as_of)
    return tuple(suffix for suffix, day in needed.items() if first_day is None or first_day > day)


def _after_end(last_day: date | None, windows: tuple[int, ...], as_of: date) -> tuple[str, ...]:
    if last_day is None or not has_ended(last_day, as_of):
        return ()
    return tuple(suffix for suffix, day in _first_days(windows, as_of).items() if last_day < day)


def _first_days(windows: tuple[int, ...], as_of: date) -> dict[str, date]:
    """The first day of each window, by what its columns end with."""
    found = {}
    for days in sorted(set(windows)):
        found[f"_{days}d"] = as_of - timedelta(days=days - 1)
        found[f"_{days}d_prev"] = as_of - timedelta(days=2 * days - 1)
    return found
