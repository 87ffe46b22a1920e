"""The second half of the rollup as SQL: from a stage (`stage_sql`) to one row an account, and one an account and week.

Written in the part of DuckDB's dialect that sqlglot carries to Spark. Nothing distinct is counted on raw rows: a
user counts in a window if the last of the user's days up to the window's end lies in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cscli.expressions.quoting import sql_name, sql_text
from cscli.sources.events.model import EventLog


@dataclass(frozen=True, slots=True)
class WindowDays:
    """A window of days, or the one before it: what its columns end with, its first and its last day."""

    suffix: str
    first: date
    last: date


def spans(windows: tuple[int, ...], as_of: date) -> tuple[WindowDays, ...]:
    """Each window, ascending, followed by the one before it."""
    found: list[WindowDays] = []
    for days in sorted(set(windows)):
        length, before = timedelta(days=days), as_of - timedelta(days=days)
        found.append(WindowDays(f"{days}d", as_of - length + timedelta(days=1), as_of))
        found.append(WindowDays(f"{days}d_prev", before - length + timedelta(days=1), before))
    return tuple(found)


def count_columns(log: EventLog) -> tuple[str, ...]:
    """The counted columns of `EventRollup.accounts` in their order."""
    measures = ["events", *(["users"] if log.columns.user_id else []), "active_days"]
    measures += ["breadth", *log.features] if log.columns.event else []
    return tuple(f"{name}_{span.suffix}" for span in spans(log.windows, log.as_of) for name in measures)


def week_columns(log: EventLog) -> tuple[str, ...]:
    """The counted columns of `EventRollup.weeks` in their order."""
    users = ("users",) if log.columns.user_id else ()
    return ("events", *users, "active_days", *(("breadth",) if log.columns.event else ()))


def accounts(staged: str, log: EventLog) -> str:
    """The columns of `EventRollup.accounts` from a relation in the form of a stage, unsorted; days as DATE."""
    windows = spans(log.windows, log.as_of)
    first = min((span.first for span in windows), default=log.as_of)
    known = _known(staged, log.as_of)
    recent = f"(SELECT * FROM {known} WHERE day >= DATE '{first}') AS recent"
    parts = {
        "seen": f"SELECT account_id, MIN(day) AS first_seen_on, MAX(day) AS last_seen_on FROM {known}"
        " WHERE is_user = 0 GROUP BY account_id",
        "counted": _counted(
            recent, windows, log.features if log.columns.event else {}, bool(log.columns.event)
        ),
        "active": _active(recent, windows),
        "used": _used(recent, windows),
    }
    counts = "".join(
        f"CAST(COALESCE({sql_name(name)}, 0) AS DOUBLE) AS {sql_name(name)}, " for name in count_columns(log)
    )
    return (
        f"{_with(parts)} SELECT seen.account_id AS account_id, {counts}first_seen_on, last_seen_on FROM seen"
        f"{_joined('seen', ('counted', 'active', 'used'), ('account_id',))}"
    )


def weeks(staged: str, log: EventLog) -> str:
    """The columns of `EventRollup.weeks` from a relation in the form of a stage, unsorted; the week as DATE."""
    week = "CAST(DATE_TRUNC('week', day) AS DATE) AS week"
    known = _known(staged, log.as_of)
    parts = {
        "named": f"SELECT account_id, {week}, event, SUM(events) AS events FROM {known} WHERE is_user = 0"
        " GROUP BY account_id, CAST(DATE_TRUNC('week', day) AS DATE), event",
        "counted": "SELECT account_id, week, SUM(events) AS events, COUNT(event) AS breadth FROM named"
        " GROUP BY account_id, week",
        "days": f"SELECT DISTINCT account_id, day FROM {known} WHERE is_user = 0",
        "active": f"SELECT account_id, week, COUNT(*) AS active_days FROM (SELECT account_id, {week} FROM days) AS d"
        " GROUP BY account_id, week",
        "people": f"SELECT DISTINCT account_id, {week}, user_id FROM {known} WHERE is_user = 1",
        "used": "SELECT account_id, week, COUNT(*) AS users FROM people GROUP BY account_id, week",
    }
    counts = ", ".join(f"CAST(COALESCE({name}, 0) AS DOUBLE) AS {name}" for name in week_columns(log))
    return (
        f"{_with(parts)} SELECT counted.account_id AS account_id, counted.week AS week, {counts} FROM counted"
        f"{_joined('counted', ('active', 'used'), ('account_id', 'week'))}"
    )


def _known(staged: str, as_of: date) -> str:
    """What counts, where it stands: a named part would be put aside whole, which costs more than reading again."""
    counts = f"account_id IS NOT NULL AND day IS NOT NULL AND day <= DATE '{as_of}'"
    return f"(SELECT * FROM {staged} AS staged WHERE {counts}) AS known"


def _counted(
    recent: str, windows: tuple[WindowDays, ...], features: Mapping[str, tuple[str, ...]], has_events: bool
) -> str:
    """Events, breadth and features: by event first, so that names are counted once."""
    named = "".join(f", SUM(events) FILTER (WHERE {_holds(span)}) AS n_{span.suffix}" for span in windows)
    by_event = f"SELECT account_id, event{named} FROM {recent} WHERE is_user = 0 GROUP BY account_id, event"
    counts = []
    for span in windows:
        counts.append(f"SUM(n_{span.suffix}) AS events_{span.suffix}")
        if has_events:
            names = f"event IS NOT NULL AND n_{span.suffix} > 0"
            counts.append(f"COUNT(*) FILTER (WHERE {names}) AS breadth_{span.suffix}")
        counts += [
            f"SUM(n_{span.suffix}) FILTER (WHERE event IN ({', '.join(map(sql_text, names))}))"
            f" AS {sql_name(f'{feature}_{span.suffix}')}"
            for feature, names in features.items()
        ]
    return _by_account(counts, by_event)


def _active(recent: str, windows: tuple[WindowDays, ...]) -> str:
    counts = [f"COUNT(*) FILTER (WHERE {_holds(span)}) AS active_days_{span.suffix}" for span in windows]
    return _by_account(counts, f"SELECT DISTINCT account_id, day FROM {recent} WHERE is_user = 0")


def _used(recent: str, windows: tuple[WindowDays, ...]) -> str:
    ends = {span.last: f"last_{number}" for number, span in enumerate(windows)}
    lasts = "".join(f", MAX(day) FILTER (WHERE day <= DATE '{end}') AS {name}" for end, name in ends.items())
    by_user = (
        f"SELECT account_id, user_id{lasts} FROM {recent} WHERE is_user = 1 GROUP BY account_id, user_id"
    )
    counts = [
        f"COUNT(*) FILTER (WHERE {ends[span.last]} >= DATE '{span.first}') AS users_{span.suffix}"
        for span in windows
    ]
    return _by_account(counts, by_user)


def _by_account(counts: list[str], rows: str) -> str:
    return f"SELECT {', '.join(['account_id', *counts])} FROM ({rows}) AS counted_rows GROUP BY account_id"


def _holds(span: WindowDays) -> str:
    return f"day BETWEEN DATE '{span.first}' AND DATE '{span.last}'"


def _with(parts: Mapping[str, str]) -> str:
    return "WITH " + ", ".join(f"{name} AS ({sql})" for name, sql in parts.items())


def _joined(first: str, others: tuple[str, ...], keys: tuple[str, ...]) -> str:
    def conditions(other: str) -> Iterator[str]:
        return (f"{other}.{key} = {first}.{key}" for key in keys)

    return "".join(f" LEFT JOIN {other} ON {' AND '.join(conditions(other))}" for other in others)
