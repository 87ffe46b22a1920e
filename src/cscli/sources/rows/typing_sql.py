"""SQL that reads texts as numbers, dates and truth values, in the part of DuckDB's dialect that sqlglot carries to
Spark. Only plain forms are read: 1,234.5 and -3; 2026-01-31 and 2026/1/31 with or without a time; yes and no.
"""

from datetime import datetime

from cscli.analysis.tables.numbers import MISSING_MARKS
from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.expressions.quoting import sql_text
from cscli.sources.engine.moments import TIME_FORM, local_day, utc_of_text
from cscli.sources.engine.trimming import trimmed
from cscli.sources.rows.model import ValueType

_NUMBER_FORM = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?([eE][+-]?\d+)?$"
_DATE_FORM = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?)?$"
_LEADING_ZERO = r"^[+-]?0\d"
_TRUE = ", ".join(map(sql_text, sorted(TRUE_WORDS)))
_FALSE = ", ".join(map(sql_text, sorted(FALSE_WORDS)))
_MISSING = ", ".join(f"'{mark}'" for mark in sorted(MISSING_MARKS))


def cleaned(text: str) -> str:
    """A text without spaces around it, NULL if nothing is left."""
    return f"({trimmed(text)})"


def utc_name(column: str) -> str:
    """The column beside that of a cleaned text with the moment that it means."""
    return f"{column}_utc"


def moment_of(column: str) -> str:
    """The UTC timestamp of a cleaned text that is a time with an offset."""
    is_time = f"REGEXP_MATCHES({column}, '{TIME_FORM}') AND LENGTH({column}) > 10"
    wall = f"TRY_CAST(SUBSTRING({column}, 1, 16) AS TIMESTAMP)"
    return f"CASE WHEN {is_time} THEN {utc_of_text(column, wall, 'CAST(NULL AS TIMESTAMP)')} END"


def read_as(kind: ValueType, text: str, zone: str | None, near: datetime) -> str:
    """The value of a cleaned text; NULL where it has none, or none of this kind. With a zone, `moment_of` the text
    stands beside it under `utc_name`.
    """
    if kind == "number":
        return _number(text)
    if kind == "date":
        return _date(text, zone, near)
    if kind == "boolean":
        word = f"LOWER({text})"
        return f"CASE WHEN {word} IN ({_TRUE}) THEN TRUE WHEN {word} IN ({_FALSE}) THEN FALSE END"
    return text


def is_blank(kind: ValueType, text: str) -> str:
    """Whether a cleaned text says that there is no value."""
    marks = f" OR LOWER({text}) IN ({_MISSING})" if kind in ("number", "date") else ""
    return f"({text} IS NULL{marks})"


def has_leading_zero(text: str) -> str:
    """Whether a cleaned text is a code rather than a number."""
    return f"REGEXP_MATCHES({text}, '{_LEADING_ZERO}')"


def _number(text: str) -> str:
    plain = f"TRY_CAST(REPLACE({text}, ',', '') AS DOUBLE)"
    return f"CASE WHEN REGEXP_MATCHES({text}, '{_NUMBER_FORM}') THEN {plain} END"


def _date(text: str, zone: str | None, near: datetime) -> str:
    day = f"TRY_CAST(REPLACE(SPLIT_PART(REPLACE({text}, 'T', ' '), ' ', 1), '/', '-') AS DATE)"
    as_written = f"WHEN REGEXP_MATCHES({text}, '{_DATE_FORM}') THEN {day}"
    offset = f"REGEXP_MATCHES({text}, '{TIME_FORM}')"
    there = local_day(utc_name(text), zone, near) if zone else day
    return f"CASE {as_written} WHEN {offset} THEN {there} END"
