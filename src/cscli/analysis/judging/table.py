"""A raw table to a typed one, judged as a whole: what `conform` makes of its cells, then units, scales and status."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from cscli.analysis.judging.other_tables import drop_last_modified, say_other_table, say_unread_end
from cscli.analysis.judging.statuses import settle_status
from cscli.analysis.judging.values import settle_values
from cscli.analysis.tables.conform import TypedTable, conform_any, why_unusable
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import DataError


def type_table(raw: RawTable, source: Source, zone: ZoneInfo | None) -> TypedTable:
    """The typed table of `raw`. Raises DataError for a missing id column and dates that cannot be decided."""
    table = type_any_table(raw, source, zone)
    fatal = why_unusable(table)
    if fatal:
        raise DataError(*fatal)
    return table


def type_any_table(raw: RawTable, source: Source, zone: ZoneInfo | None) -> TypedTable:
    """The typed table of `raw`, also where it cannot be used: its problems say so."""
    table = settle_values(conform_any(raw, source, zone), raw, source)
    if source.kind != "accounts":
        unread = tuple(say_unread_end(table, raw, source))
        return replace(table, problems=(*table.problems, *unread)) if unread else table
    table = settle_status(drop_last_modified(table, raw), raw, source)
    said = tuple(say_other_table(table, raw, source))
    return replace(table, problems=(*table.problems, *said)) if said else table
