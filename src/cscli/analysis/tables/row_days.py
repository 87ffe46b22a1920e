"""Many rows an account to one: those of after the as-of date, and those without a day, do not count."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.schema import Source
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.expressions import roll_up


def rows_until(table: TypedTable, source: Source, as_of: dt.date) -> tuple[TypedTable, list[Problem]]:
    """`table` with the rows that are not of after `as_of`, and how many others there are. A source without `at:` keeps all
    of them. Raises ConfigError where its column holds no dates.
    """
    name = source.day_column
    if name is None:
        return table, []
    where = Location(file=table.facts.file, sheet=table.facts.sheet)
    if name not in table.frame:
        return table, [] if source.at is None else [no_such_day(name, where)]
    days = table.frame[name]
    if days.isna().all():
        days = days.astype("datetime64[us]")
    if days.dtype.kind != "M":
        raise ConfigError(no_dates(name, table.source))
    later = (days >= pd.Timestamp(as_of) + pd.Timedelta(days=1)).to_numpy(dtype=bool)
    undated = days.isna().to_numpy(dtype=bool)
    counts = ~later & ~undated
    said = say_not_counted(
        where, name, as_of, rows=len(days), later=int(np.sum(later)), undated=int(np.sum(undated))
    )
    if counts.all():
        return table, said
    frame = table.frame[counts].reset_index(drop=True)
    return replace(table, frame=frame, lines=table.lines[counts]), said


def roll_up_rows(table: TypedTable, source: Source, as_of: dt.date) -> pd.DataFrame:
    """The roll-ups of the source, one row an account. Raises ConfigError for one that does not fit its columns."""
    rows = with_absent(table.frame, source)
    with keyed({name: f"sources.{table.source}.rollup.{name}" for name in source.rollup}):
        return roll_up(rows, "account_id", source.aggregates, as_of).set_index("account_id")


def with_absent(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """`frame` with a column of missing values for every column of the config that the file does not have."""
    return frame.assign(**{name: None for name in source.columns if name not in frame.columns})


def say_not_counted(
    where: Location, column: str, as_of: dt.date, *, rows: int, later: int, undated: int
) -> list[Problem]:
    """How many of the rows do not count, because they are later, and because nobody knows when they were."""
    told = (("data.rows_later", Severity.NOTE, later), ("data.rows_without_day", Severity.WARNING, undated))
    details = {"rows": f"{rows:,}", "as_of": as_of.isoformat(), "column": column}
    return [
        Problem(code, severity=severity, where=where, details={"count": count, **details})
        for code, severity, count in told
        if count
    ]


def no_such_day(column: str, where: Location) -> Problem:
    """That the file lacks the column of `at:`, so that every row counts whatever its day."""
    return Problem("data.no_row_day", where=where, value=column)


def no_dates(column: str, source: str) -> Problem:
    """That the column of `at:` holds no dates."""
    return Problem("config.at_not_a_date", where=Location(key=f"sources.{source}.at"), value=column)
