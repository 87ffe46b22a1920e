"""The first half of the rollup as SQL: a log's rows with their days, counted by account, event and day.

Written in the part of DuckDB's dialect that sqlglot carries to Spark.
"""

from datetime import date, datetime, time

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.sources.engine.moments import (
    TIME_FORM,
    TimeKind,
    is_epoch,
    local_day,
    plain_moment,
    utc_of_epoch,
    utc_of_text,
    utc_of_wall,
)
from cscli.sources.engine.trimming import trimmed
from cscli.sources.events.model import EventLog

NO_TIME, BAD_TIME, NAIVE_TIME = 1, 2, 3
"""Why a row has no day: no time is given, it is none, or its zone is not known."""

_NAMES = "account_id, user_id, event"


def dated_rows(rows: str, kind: TimeKind, log: EventLog) -> str:
    """The rows of a relation (account_id, user_id, event TEXT; `moment` as `kind` says) with their day:
    account_id, user_id, event, day (DATE), fault (`NO_TIME`, ... where there is no day), and with texts `moment`.

    Aware times are UTC timestamps without a zone here.
    """
    if kind == "text":
        return _dated_texts(rows, log)
    day = "moment" if kind == "day" else local_day("utc", log.zone, _near(log))
    moments = (
        rows
        if kind == "day"
        else f"(SELECT {_NAMES}, moment, {_utc(kind, log)} AS utc FROM {rows}) AS moments"
    )
    untimed = (
        f"CASE WHEN moment IS NULL THEN {NO_TIME} ELSE {NAIVE_TIME if _is_open(kind, log) else BAD_TIME} END"
    )
    dated = f"SELECT {_NAMES}, moment, {day} AS day FROM {moments}"
    return f"SELECT {_NAMES}, day, CASE WHEN day IS NULL THEN {untimed} END AS fault FROM ({dated}) AS dated"


def stage(rows: str, columns: LogColumns) -> str:
    """What `dated_rows` gives, counted by account, event and day, with the rows that miss something (is_user 0),
    and the users of each account and day (is_user 1): account_id, user_id, event, day, fault, is_user, events.

    The relation is read once. Groups may come more than once where texts differ in spaces around them.
    """
    sets = "(account_id, event, day, fault)" + (", (account_id, user_id, day)" if columns.user_id else "")
    user, is_user = (
        ("user_id", "GROUPING(event)") if columns.user_id else ("CAST(NULL AS TEXT) AS user_id", "0")
    )
    grouped = (
        f"SELECT account_id, {user}, event, day, fault, {is_user} AS is_user, COUNT(*) AS events"
        f" FROM {rows} GROUP BY GROUPING SETS ({sets})"
    )
    person = f"CASE WHEN user_id LIKE '%@%' THEN LOWER({trimmed('user_id')}) ELSE {trimmed('user_id')} END"
    texts = f"{trimmed('account_id')} AS account_id, {person} AS user_id, {trimmed('event')} AS event"
    cleaned = (
        f"SELECT {texts}, day, fault, CAST(is_user AS INTEGER) AS is_user, events FROM ({grouped}) AS grouped"
    )
    return (
        f"SELECT * FROM ({cleaned}) AS cleaned"
        " WHERE is_user = 0 OR (account_id IS NOT NULL AND user_id IS NOT NULL AND day IS NOT NULL)"
    )


def quality(staged: str, as_of: date) -> str:
    """One row on a stage: rows, without_account, without_time, bad_times, naive_times, after_as_of, and
    first_day and last_day up to `as_of`, and newest_day.
    """
    conditions = {
        "without_account": "account_id IS NULL",
        "without_time": f"fault = {NO_TIME}",
        "bad_times": f"fault = {BAD_TIME}",
        "naive_times": f"fault = {NAIVE_TIME}",
        "after_as_of": f"day > DATE '{as_of}'",
    }
    counts = ", ".join(
        f"CAST(COALESCE(SUM(events) FILTER (WHERE {condition}), 0) AS BIGINT) AS {name}"
        for name, condition in conditions.items()
    )
    until = f"FILTER (WHERE day <= DATE '{as_of}')"
    return (
        f"SELECT CAST(COALESCE(SUM(events), 0) AS BIGINT) AS rows, {counts},"
        f" MIN(day) {until} AS first_day, MAX(day) {until} AS last_day, MAX(day) AS newest_day FROM {staged} AS staged WHERE is_user = 0"
    )


def _dated_texts(rows: str, log: EventLog) -> str:
    """Times of the plain forms are read at once; only the `rest` is trimmed and looked at closely.

    Seconds of the rest are left out: no offset since 1973 has any, so that the day does not depend on them.
    """
    near, naive = _near(log), log.naive_times_are
    zoneless = plain_moment("moment", "") if naive else utc_of_wall("", None, near)
    is_dated = "is_time AND LENGTH(rest) > 10"
    day = f"CASE WHEN is_time AND LENGTH(rest) = 10 THEN TRY_CAST(rest AS DATE) ELSE {local_day('utc', log.zone, near)} END"
    other = utc_of_text("rest", "wall", "naive_utc")
    why = f"WHEN rest IS NULL THEN {NO_TIME} WHEN wall IS NOT NULL AND utc IS NULL THEN {NAIVE_TIME} ELSE {BAD_TIME}"
    layers = (
        f"{_NAMES}, moment, {plain_moment('moment', 'Z')} AS zulu, {zoneless} AS zoneless",
        f"{_NAMES}, moment, CASE WHEN zulu IS NULL THEN {utc_of_wall('zoneless', naive, near)} ELSE zulu END AS plain",
        f"*, CASE WHEN plain IS NULL THEN {trimmed('moment')} END AS rest",
        f"*, REGEXP_MATCHES(rest, '{TIME_FORM}') AS is_time",
        f"*, CASE WHEN {is_dated} THEN TRY_CAST(SUBSTRING(rest, 1, 16) AS TIMESTAMP) END AS wall",
        f"*, CASE WHEN wall IS NOT NULL THEN {utc_of_wall('wall', naive, near)} END AS naive_utc",
        f"*, CASE WHEN plain IS NOT NULL THEN plain WHEN {is_epoch('rest')} THEN {utc_of_epoch('rest')} ELSE {other} END AS utc",
        f"*, {day} AS day",
        f"{_NAMES}, moment, day, CASE WHEN day IS NOT NULL THEN NULL {why} END AS fault",
    )
    found = rows
    for number, columns in enumerate(layers):
        found = f"(SELECT {columns} FROM {found}) AS layer_{number}"
    return f"SELECT * FROM {found}"


def _utc(kind: TimeKind, log: EventLog) -> str:
    return "moment" if kind == "aware" else utc_of_wall("moment", log.naive_times_are, _near(log))


def _is_open(kind: TimeKind, log: EventLog) -> bool:
    return kind == "naive" and log.naive_times_are is None


def _near(log: EventLog) -> datetime:
    return datetime.combine(log.as_of, time())
