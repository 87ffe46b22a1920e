"""SQL that turns a log's times into days of a zone, in the part of DuckDB's dialect that sqlglot carries to Spark.

Offsets come from Python's zone database and stand in the SQL as ranges, so that every engine has the same days.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

TimeKind = Literal["text", "aware", "naive", "day"]

TIME_FORM = r"^\d{4}-\d\d-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?[0-5]\d)?))?)?$"
"""ISO 8601 with T or a space, with or without seconds, fraction and offset; or a date alone."""

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2081, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = "0001-01-03 00:00:00", "9999-12-29 00:00:00"
_STEP = timedelta(days=1)

Range = tuple[str, str, int]
"""From (inclusive), to (exclusive), and the offset from UTC in between, in seconds."""


def local_day(utc: str, zone: str, near: datetime) -> str:
    """The date in `zone` at the UTC timestamp `utc`; NULL for no time, infinity and years beyond 1 to 9999.

    Ranges near `near` are tried first, which only costs or saves time.
    """
    return f"CAST({_shifted(utc, _ranges(zone, wall=False), near, 1)} AS DATE)"


def utc_of_wall(wall: str, zone: str | None, near: datetime) -> str:
    """The UTC timestamp of a clock's reading in `zone`. An hour that comes twice is the first; one that is
    skipped goes by the offset before it, as in Python (PEP 495, fold=0). NULL if there is no zone.
    """
    if zone is None:
        return "CAST(NULL AS TIMESTAMP)"
    return _shifted(wall, _ranges(zone, wall=True), near, -1)


def plain_moment(text: str, ending: str) -> str:
    """The clock's reading in a text of the form `2026-01-31T09:00:00Z` (ending Z) or `2026-01-31 09:00:00` (none),
    as logs are mostly written, at a third of the cost of looking for every form; NULL for others.
    """
    form = "____-__-__T__:__:__Z" if ending else "____-__-__ __:__:__"
    is_plain = f"{text} LIKE '{form}' AND SUBSTRING({text}, 12, 2) < '24'"
    return f"CASE WHEN {is_plain} THEN TRY_CAST({text} AS TIMESTAMP) END"


def is_epoch(text: str) -> str:
    """Whether a text is a number of seconds or milliseconds since 1970, of the years 2001 to 2096."""
    return f"REGEXP_MATCHES({text}, '^[1-3]\\d{{9}}(\\d{{3}})?(\\.\\d+)?$')"


def utc_of_epoch(text: str) -> str:
    """The UTC timestamp of such a number, in whole seconds."""
    return (
        f"TIMESTAMP '1970-01-01 00:00:00' + CAST(SUBSTRING({text}, 1, 10) AS INTEGER) * INTERVAL '1' SECOND"
    )


def utc_of_text(text: str, wall: str, naive_utc: str) -> str:
    """The UTC timestamp of a time of `TIME_FORM` with a time of day: `wall` is its clock's reading, and `naive_utc`
    what it is if it bears no offset.
    """
    return (
        f"CASE WHEN RIGHT({text}, 1) = 'Z' THEN {wall}"
        f" WHEN {_sign(text, 6)} IN ('+', '-') THEN {wall} - {_minutes(text, 6)} * INTERVAL '1' MINUTE"
        f" WHEN {_sign(text, 5)} IN ('+', '-') THEN {wall} - {_minutes(text, 5)} * INTERVAL '1' MINUTE"
        f" WHEN {_sign(text, 3)} IN ('+', '-') THEN {wall} - {_minutes(text, 3)} * INTERVAL '1' MINUTE"
        f" ELSE {naive_utc} END"
    )


def _sign(at: str, from_end: int) -> str:
    return f"LEFT(RIGHT({at}, {from_end}), 1)"


def _minutes(at: str, from_end: int) -> str:
    """The offset in minutes that the last characters of `at` say: `+HH:MM`, `+HHMM` or `+HH`."""
    hours = f"CAST(SUBSTRING(RIGHT({at}, {from_end}), 2, 2) AS INTEGER) * 60"
    minutes = f" + CAST(RIGHT({at}, 2) AS INTEGER)" if from_end > 3 else ""
    return f"(CASE WHEN {_sign(at, from_end)} = '-' THEN -1 ELSE 1 END * ({hours}{minutes}))"


def _shifted(moment: str, ranges: tuple[Range, ...], near: datetime, direction: int) -> str:
    """`moment` plus the offset of its range, looked for from `near` backwards; then the ranges to come."""
    day = f"{near:%Y-%m-%d %H:%M:%S}"
    home = max((at for at, (start, _, _) in enumerate(ranges) if start <= day), default=0)
    past = (
        f"WHEN {moment} >= TIMESTAMP '{start}' THEN INTERVAL '{direction * seconds}' SECOND"
        for start, _, seconds in reversed(ranges[: home + 1])
    )
    to_come = (
        f"WHEN {moment} < TIMESTAMP '{end}' THEN INTERVAL '{direction * seconds}' SECOND"
        for _, end, seconds in ranges[home + 1 :]
    )
    later = f"CASE {' '.join(to_come)} END" if ranges[home + 1 :] else "NULL"
    return f"{moment} + CASE WHEN {moment} >= TIMESTAMP '{ranges[home][1]}' THEN {later} {' '.join(past)} END"


@lru_cache
def _ranges(zone: str, *, wall: bool) -> tuple[Range, ...]:
    """The offsets of `zone` by UTC, or by its own clocks (`wall`)."""
    info = ZoneInfo(zone)
    starts, offsets = [_EARLIEST], [_offset(info, _FIRST)]
    moment = _FIRST
    while moment < _LAST:
        following = moment + _STEP
        if _offset(info, following) != offsets[-1]:
            change = _change(info, moment, following)
            after = _offset(info, change)
            shift = max(offsets[-1], after) if wall else 0
            starts.append(f"{change + timedelta(seconds=shift):%Y-%m-%d %H:%M:%S}")
            offsets.append(after)
        moment = following
    return tuple(zip(starts, [*starts[1:], _LATEST], offsets, strict=True))


def _change(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two moments."""
    old = _offset(info, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        before, after = (middle, after) if _offset(info, middle) == old else (before, middle)
    return after


def _offset(info: ZoneInfo, moment: datetime) -> int:
    found = moment.astimezone(info).utcoffset()
    return 0 if found is None else int(found.total_seconds())
