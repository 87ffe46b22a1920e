"""Rows rolled up where they are: what their columns are is asked first, then one query gives a row an account."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from cscli.analysis.tables.conform import ENOUGH
from cscli.analysis.tables.row_days import no_dates, no_such_day, say_not_counted
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.expressions import Expression
from cscli.expressions.bare.model import Kind
from cscli.expressions.plan import PlannedColumn, masked, plan_roll_up, read_aliases, results_frame
from cscli.sources.engine.moments import local_day
from cscli.sources.rows.model import BigTable, RolledRows, ValueType
from cscli.sources.rows.open_table import ROWS, OpenTable
from cscli.sources.rows.storage import Physical
from cscli.sources.rows.typing_sql import cleaned, has_leading_zero, is_blank, moment_of, read_as, utc_name
from cscli.texts import Phrase

_SQL_TYPES = {Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.DATE: "DATE", Kind.BOOLEAN: "BOOLEAN"}
_DAY_ALIAS = "row_day"
_STORED: Mapping[Physical, ValueType] = {"number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A text column: cells that are filled, and those that are a number or a date, or are none and say something."""

    filled: int
    numbers: int
    no_numbers: int
    dates: int
    no_dates: int
    coded: int


def roll_up_rows(table: BigTable, expressions: Mapping[str, Expression]) -> RolledRows:
    """One row an account, of values as `cscli.expressions.roll_up` gives them; on Spark sums of fractions may
    differ in their last digit from run to run.

    EvaluationError for expressions that do not fit their columns, or that Spark cannot do alike; SourceError and
    DataError for a table that cannot be read.
    """
    aliases = {name: alias for name, alias in read_aliases(expressions).items() if name in table.headers}
    if table.at is not None and table.at in table.headers and table.at not in aliases:
        aliases[table.at] = _DAY_ALIAS
    with _opened(table, aliases) as found:
        return _roll_up(table, expressions, aliases, found)


def _opened(table: BigTable, aliases: Mapping[str, str]) -> AbstractContextManager[OpenTable]:
    if table.engine.name == "spark":
        from cscli.sources.rows.spark import open_with_spark  # noqa: PLC0415 - Spark is an extra

        return open_with_spark(table, aliases)
    from cscli.sources.rows.duck import open_with_duckdb  # noqa: PLC0415 - it builds on this module

    return open_with_duckdb(table, aliases)


def _roll_up(
    table: BigTable, expressions: Mapping[str, Expression], aliases: Mapping[str, str], opened: OpenTable
) -> RolledRows:
    rows, without_account, stats = _look(table, aliases, opened)
    problems = list(opened.finish(rows))
    kinds: dict[str, ValueType | None] = {}
    for name in aliases:
        kinds[name], said = _decide(table, name, opened.physical[name], stats.get(name))
        problems += said
    near = datetime.combine(table.as_of, time())
    typed = ", ".join(
        f"{_value(kind or 'text', opened.physical[name], aliases[name], table.zone, near)} AS {aliases[name]}"
        for name, kind in kinds.items()
    )
    known = {name: Kind(kind) if kind else Kind.MISSING for name, kind in kinds.items()}
    known |= dict.fromkeys(table.absent - known.keys(), Kind.MISSING)
    planned = plan_roll_up(known, expressions, table.as_of)
    for column in planned:
        opened.check(column)
    wanted = ", ".join(f"{column.sql} AS e{number}" for number, column in enumerate(planned))
    cells = f"SELECT {', '.join(filter(None, ['account_id', typed]))} FROM {_cells(table, aliases, opened)}"  # noqa: S608 - internal names
    counting = _counting(table, kinds, aliases, (opened, cells))
    problems += counting.problems
    found = opened.run(
        f"SELECT account_id, {wanted} FROM ({cells}) AS cells WHERE account_id IS NOT NULL AND {counting.condition} GROUP BY account_id"  # noqa: S608 - checked trees, internal names
    )
    types = {name: kind for name, kind in kinds.items() if kind}
    return RolledRows(
        accounts=_as_frame(planned, found),
        of_no_rows=_of_no_rows(planned, known, aliases),
        types=types,
        rows=rows,
        rows_without_account=without_account,
        newest_day=counting.newest_day,
        problems=tuple(problems),
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    """`condition`: of the rows that count at the as-of date; `problems`: how many do not; `newest_day` of all rows."""

    condition: str = "TRUE"
    problems: tuple[Problem, ...] = ()
    newest_day: date | None = None


def _counting(
    table: BigTable,
    kinds: Mapping[str, ValueType | None],
    aliases: Mapping[str, str],
    rows: tuple[OpenTable, str],
) -> _Counting:
    """Which rows count by their day. `rows`: the table, and the SQL of its typed cells."""
    name = table.at
    if name is None:
        return _Counting()
    where = Location(file=table.table or table.files[0].name)
    if name not in aliases:
        return _Counting(problems=(no_such_day(name, where),))
    if kinds[name] not in ("date", None):
        raise ConfigError(no_dates(name, table.source))
    opened, cells = rows
    day, limit = aliases[name], f"DATE '{table.as_of.isoformat()}'"
    if kinds[name] is None:
        day = "CAST(NULL AS DATE)"
    wanted = f"COUNT(*), COUNT(*) FILTER (WHERE {day} > {limit}), COUNT(*) FILTER (WHERE {day} IS NULL), MAX({day})"
    ((every, later, undated, newest),) = opened.run(f"SELECT {wanted} FROM ({cells}) AS cells")  # noqa: S608 - internal names
    said = say_not_counted(where, name, table.as_of, rows=int(every), later=int(later), undated=int(undated))
    return _Counting(f"{day} <= {limit}", tuple(said), newest)


def _look(
    table: BigTable, aliases: Mapping[str, str], opened: OpenTable
) -> tuple[int, int, dict[str, _Found]]:
    """Counts the rows, those without account, and what the texts of each column look like."""
    near = datetime.combine(table.as_of, time())
    texts = {name: alias for name, alias in aliases.items() if opened.physical[name] == "text"}
    looks = {name: _looks_of(alias, table.zone, near) for name, alias in texts.items()}
    wanted = [
        "COUNT(*)",
        "COUNT(*) - COUNT(account_id)",
        *(sql for each in looks.values() for sql in each.values()),
    ]
    named = ", ".join(f"{sql} AS n{number}" for number, sql in enumerate(wanted))
    ((rows, blank, *counts),) = opened.run(f"SELECT {named} FROM {_cells(table, aliases, opened)}")  # noqa: S608 - internal names
    counted = iter(counts)
    found = {name: _Found(**{field: int(next(counted)) for field in each}) for name, each in looks.items()}
    return int(rows), int(blank), found


def _looks_of(alias: str, zone: str | None, near: datetime) -> dict[str, str]:
    """The aggregate for each field of `_Found`."""
    looks = {"filled": f"COUNT({alias})", "coded": f"COUNT(*) FILTER (WHERE {has_leading_zero(alias)})"}
    for kind in ("number", "date"):
        value = read_as(kind, alias, zone, near)
        looks[f"{kind}s"] = f"COUNT({value})"
        looks[f"no_{kind}s"] = f"COUNT(*) FILTER (WHERE NOT {is_blank(kind, alias)} AND {value} IS NULL)"
    return looks


def _cells(table: BigTable, aliases: Mapping[str, str], opened: OpenTable) -> str:
    """The rows with their texts cleaned, and beside each the moment that it means, if days depend on the zone."""
    texts = [alias for name, alias in aliases.items() if opened.physical[name] == "text"]
    clean = [f"{cleaned(name)} AS {name}" for name in ("account_id", *texts)]
    stored = [alias for alias in aliases.values() if alias not in texts]
    moments = "".join(f", {moment_of(text)} AS {utc_name(text)}" for text in texts if table.zone)
    return f"(SELECT *{moments} FROM (SELECT {', '.join([*clean, *stored])} FROM {ROWS}) AS clean) AS cells"  # noqa: S608 - internal names


def _decide(
    table: BigTable, name: str, physical: Physical, found: _Found | None
) -> tuple[ValueType | None, list[Problem]]:
    """The type of a column (None: it has no value), and that some of its cells are not of it."""
    pinned = table.types.get(name)
    if found is None:
        return pinned or _STORED.get(physical, "date"), []
    kind = pinned or _inferred(found)
    if kind not in ("number", "date"):
        return (kind if found.filled else None), []
    read, unread = (found.numbers, found.no_numbers) if kind == "number" else (found.dates, found.no_dates)
    if not read and kind == "number":
        return None, []
    if not unread:
        return kind, []
    where = Location(file=table.table or table.files[0].name, column=table.headers[name])
    details = {"kind": Phrase(kind), "filled": read + unread}
    return kind, [
        Problem(
            "rows.cells_unread", severity=Severity.WARNING, where=where, value=str(unread), details=details
        )
    ]


def _inferred(found: _Found) -> ValueType:
    """As for tables in memory, of the plain forms."""
    if found.numbers and found.numbers >= ENOUGH * (found.numbers + found.no_numbers) and not found.coded:
        return "number"
    if found.dates and found.dates >= ENOUGH * (found.dates + found.no_dates):
        return "date"
    return "text"


def _value(kind: ValueType, physical: Physical, alias: str, zone: str | None, near: datetime) -> str:
    """The SQL of a column's typed value."""
    if physical == "text":
        return read_as(kind, alias, zone, near)
    if kind == "text":
        return f"CAST({alias} AS VARCHAR)"
    if physical == "aware" and zone:
        return local_day(alias, zone, near)
    if physical in ("aware", "naive", "date"):
        return f"CAST({alias} AS DATE)"
    return f"CAST({alias} AS {_SQL_TYPES[Kind(kind)]})"


def _as_frame(planned: tuple[PlannedColumn, ...], found: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = list(zip(*found, strict=True)) if found else [()] * (1 + len(planned))
    values = {each.name: masked(columns[at], each.kind) for at, each in enumerate(planned, start=1)}
    ids = pd.Series(columns[0], dtype=object, name="account_id")
    frame = pd.concat([ids, results_frame(planned, values)], axis=1)
    return frame.sort_values("account_id", ignore_index=True)


def _of_no_rows(
    planned: tuple[PlannedColumn, ...], kinds: Mapping[str, Kind], aliases: Mapping[str, str]
) -> "pd.Series[float]":
    nothing = ", ".join(
        [
            "1 AS one",
            *(
                f"CAST(NULL AS {_SQL_TYPES.get(kind, 'DOUBLE')}) AS {aliases[name]}"
                for name, kind in kinds.items()
                if name in aliases
            ),
        ]
    )
    wanted = ", ".join(["COUNT(*)", *(each.sql for each in planned)])
    with duckdb.connect() as connection:
        query = f"SELECT {wanted} FROM (SELECT {nothing}) AS cells WHERE one = 0"  # noqa: S608 - checked trees, internal names
        found = connection.execute(query).fetchone()
    values = dict(zip((each.name for each in planned), (found or ())[1:], strict=True))
    return pd.Series({name: np.nan if value is None else value for name, value in values.items()})
