"""Of which day the exports are, by what they tell: whether an earlier as-of date sees more than was known on it."""

import datetime as dt
from collections.abc import Iterator, Mapping

from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity
from cscli.expressions import ends_at_as_of

_CHANGING = ("mrr", "arr", "seats", "renews_on", "last_login_on")
"""Columns of a list of accounts that are as of the day of its export."""
_OF_LEAVING = ("churned_on", "churn_reason")
_HAPPENED = ("last_login_on",)


def newest_days(
    tables: Mapping[str, TypedTable], sources: Mapping[str, Source], of_logs: Mapping[str, dt.date | None]
) -> dict[str, dt.date]:
    """By source the latest day on which something had happened when its table was exported; without those that bear no such
    day. `of_logs`: of the sources that an engine has added up.
    """
    found = {
        name: of_logs[name] if name in of_logs else _newest_day(table, sources[name])
        for name, table in tables.items()
        if name in sources
    }
    return {name: day for name, day in found.items() if day is not None}


def say_later_exports(
    tables: Mapping[str, TypedTable],
    sources: Mapping[str, Source],
    newest: Mapping[str, dt.date],
    as_of: dt.date,
) -> Iterator[Problem]:
    """What in the `tables` is of after `as_of` and counts all the same. `newest`: as of `newest_days`."""
    if all(day <= as_of for day in newest.values()):
        return
    for name, table in tables.items():
        source = sources.get(name)
        if source is None:
            continue
        where = Location(file=table.facts.file, sheet=table.facts.sheet)
        later = newest.get(name)
        columns = ", ".join(column for column in _CHANGING if column in table.frame)
        if source.kind == "accounts" and later is not None and later > as_of and columns:
            details = {"latest": later.isoformat(), "as_of": as_of.isoformat()}
            yield Problem(
                "data.export_newer", severity=Severity.WARNING, where=where, value=columns, details=details
            )
        if unbounded := ", ".join(unbounded_rollups(source)):
            details = {"as_of": as_of.isoformat(), "source": name}
            yield Problem(
                "data.rollup_unbounded",
                severity=Severity.WARNING,
                where=where,
                value=unbounded,
                details=details,
            )


def unbounded_rollups(source: Source) -> Iterator[str]:
    """The roll-ups of a source that count rows of after the as-of date: it has no `at:`, and they no upper bound. Who left
    later is taken back in any case, and people have no day.
    """
    if source.rolls_up and source.day_column is None and source.kind != "contacts":
        for name, formula in source.aggregates.items():
            if name not in _OF_LEAVING and not ends_at_as_of(formula):
                yield name


def _newest_day(table: TypedTable, source: Source) -> dt.date | None:
    names = [source.day_column] if source.rolls_up else ["at"] if source.kind == "orders" else list(_HAPPENED)
    days = [
        table.frame[name].max()
        for name in names
        if name in table.frame and table.frame[name].dtype.kind == "M"
    ]
    return max((day.date() for day in days if day == day), default=None)  # noqa: PLR0124 - NaT
