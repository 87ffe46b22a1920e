"""The first half of the rollup as SQL: a log's rows with their days, counted by account, event and day.

Written in the part of DuckDB's dialect that sqlglot carries to Spark.
"""

from datetime import date, datetime, time

from cscli.sources.events.model import EventLog, LogColumns
from cscli.sources.events.moments import TIME_FORM, TimeKind, local_day, utc_of_text, utc_of_wall

NO_TIME, BAD_TIME, NAIVE_TIME = 1, 2, 3
"""Why a row has no day: no time is given, it is none, or its zone is not known."""

_SPACES = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029))
) + "\u202f\u205f\u3000\ufeff"  # fmt: skip
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
    texts = ", ".join(f"{trimmed(name)} AS {name}" for name in ("account_id", "user_id", "event"))
    cleaned = (
        f"SELECT {texts}, day, fault, CAST(is_user AS INTEGER) AS is_user, events FROM ({grouped}) AS grouped"
    )
    return (
        f"SELECT * FROM ({cleaned}) AS cleaned"
        " WHERE is_user = 0 OR (account_id IS NOT NULL AND user_id IS NOT NULL AND day IS NOT NULL)"
    )


def quality(staged: str, as_of: date) -> str:
    """One row on a stage: rows_read, without_account, without_time, bad_times, naive_times, after_as_of, and
    first_day and last_day up to `as_of`.
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
        f"SELECT CAST(COALESCE(SUM(events), 0) AS BIGINT) AS rows_read, {counts},"
        f" MIN(day) {until} AS first_day, MAX(day) {until} AS last_day FROM {staged} AS staged WHERE is_user = 0"
    )


def trimmed(text: str) -> str:
    """`text` without spaces of any kind around it, NULL if nothing is left.

    Only what begins or ends with something else than visible ASCII is trimmed: trimming costs more than reading.
    """
    plain = f"ASCII({text}) BETWEEN 33 AND 126 AND ASCII(RIGHT({text}, 1)) BETWEEN 33 AND 126"
    return f"CASE WHEN {plain} THEN {text} ELSE NULLIF(TRIM({text}, '{_SPACES}'), '') END"


def _dated_texts(rows: str, log: EventLog) -> str:
    near = _near(log)
    texts = f"SELECT {_NAMES}, {trimmed('moment')} AS moment FROM {rows}"
    formed = f"SELECT *, REGEXP_MATCHES(moment, '{TIME_FORM}') AS is_time FROM ({texts}) AS texts"
    utc = utc_of_text("moment", log.naive_times_are, near)
    timed = (
        f"SELECT *, CASE WHEN is_time AND LENGTH(moment) > 10 THEN {utc} END AS utc FROM ({formed}) AS formed"
    )
    day = f"CASE WHEN is_time AND LENGTH(moment) = 10 THEN TRY_CAST(moment AS DATE) ELSE {local_day('utc', log.zone, near)} END"
    dated = f"SELECT *, {day} AS day FROM ({timed}) AS timed"
    zoneless = "is_time AND utc IS NULL AND TRY_CAST(SUBSTRING(moment, 1, 16) AS TIMESTAMP) IS NOT NULL"
    why = f"CASE WHEN moment IS NULL THEN {NO_TIME} WHEN {zoneless} THEN {NAIVE_TIME} ELSE {BAD_TIME} END"
    return (
        f"SELECT {_NAMES}, moment, day, CASE WHEN day IS NULL THEN {why} END AS fault FROM ({dated}) AS dated"
    )


def _utc(kind: TimeKind, log: EventLog) -> str:
    if kind == "aware":
        return "moment"
    if log.naive_times_are is None:
        return "CAST(NULL AS TIMESTAMP)"
    return utc_of_wall("moment", log.naive_times_are, _near(log))


def _is_open(kind: TimeKind, log: EventLog) -> bool:
    return kind == "naive" and log.naive_times_are is None


def _near(log: EventLog) -> datetime:
    return datetime.combine(log.as_of, time())
