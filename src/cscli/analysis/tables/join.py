"""Typed tables to one table of accounts: ids checked, further tables joined, rows rolled up, nothing dropped unsaid."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.built_ins import add_built_ins
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.blocks.events import DAYS, event_columns
from cscli.config.schema import Source
from cscli.errors import DataError, Location, Problem, Severity
from cscli.expressions import roll_up, roll_up_nothing
from cscli.fields import FIELDS, IDENTIFYING, FieldType

_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Settled:
    """Joined accounts that have been judged as a whole: `left`, by row, those that are customers no more."""

    frame: pd.DataFrame
    left: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()


Settle = Callable[[pd.DataFrame], Settled]


@dataclass(frozen=True, eq=False)
class AccountTable:
    """`frame`: one row an account in the order of the accounts file, every canonical column (missing where no
    source has it), own columns, rollups and the built-in columns; `given`: the columns that a source has.
    """

    frame: pd.DataFrame
    given: frozenset[str]
    left: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Joined:
    """Every account with all its columns, whether it has left or not. `said`: problems by source; `settled`: those of
    the whole.
    """

    accounts: pd.DataFrame
    frame: pd.DataFrame
    given: frozenset[str]
    left: NDArray[np.bool_]
    said: Mapping[str, tuple[Problem, ...]]
    settled: tuple[Problem, ...]


def join_tables(
    tables: Mapping[str, TypedTable],
    sources: Mapping[str, Source],
    as_of: dt.date,
    *,
    with_left: bool = False,
    settle: Settle | None = None,
) -> AccountTable:
    """The accounts as of `as_of`; accounts that had left by then are counted in `left`, and in the frame only
    `with_left`. Tables of revenue are only checked for ids.

    Raises DataError when no account remains, ConfigError for a rollup that does not fit its columns.
    """
    return pick_accounts(
        join_all(tables, sources, as_of, settle), tables, sources, as_of, with_left=with_left
    )


def join_all(
    tables: Mapping[str, TypedTable], sources: Mapping[str, Source], as_of: dt.date, settle: Settle | None
) -> Joined:
    """The accounts with the columns of every table that is not of revenue. Raises ConfigError as `join_tables`."""
    accounts, problems = _unique_accounts(tables["accounts"])
    said = {"accounts": tuple(problems)}
    frame = accounts
    for name, table in tables.items():
        if name != "accounts" and not sources[name].stands_apart:
            frame, said[name] = _join(frame, table, sources[name], as_of)
    given = frozenset(frame.columns)
    settled = settle(_add_absent(frame, sources)) if settle else _by_date(_add_absent(frame, sources), as_of)
    complete = add_built_ins(settled.frame, as_of)
    return Joined(
        accounts=accounts, frame=complete, given=given, left=settled.left, said=said, settled=settled.problems
    )


def every_row(table: TypedTable) -> pd.DataFrame:
    """The rows of `table`, also those that `keep` leaves out."""
    if table.not_kept is None:
        return table.frame
    return pd.concat([table.frame, table.not_kept], ignore_index=True)


def pick_accounts(
    joined: Joined,
    tables: Mapping[str, TypedTable],
    sources: Mapping[str, Source],
    as_of: dt.date,
    *,
    with_left: bool,
) -> AccountTable:
    """Those that are asked for, with what is to be said of the `tables`. Raises DataError when no account remains."""
    problems: list[Problem] = []
    for name, table in tables.items():
        if name != "accounts":
            problems += _check_ids(table, sources[name], joined.accounts, as_of)
        problems += joined.said.get(name, ())
    problems += joined.settled
    has_left = joined.left
    if with_left:
        return AccountTable(joined.frame, joined.given, int(has_left.sum()), tuple(problems))
    if has_left.all():
        details = {"count": len(has_left), "as_of": as_of.isoformat()}
        raise DataError(Problem("data.all_left", where=_place(tables["accounts"]), details=details))
    frame = joined.frame[~has_left].reset_index(drop=True)
    return AccountTable(frame, joined.given, int(has_left.sum()), tuple(problems))


def _join(
    frame: pd.DataFrame, table: TypedTable, source: Source, as_of: dt.date
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """`frame` with the columns of one more table, one row an account, and what is to be said of it."""
    doubled: list[Problem] = []
    if source.rolls_up and table.of_no_rows is None:
        extra = _rolled_up(table, source, as_of)
    else:
        extra, doubled = _one_row_each(table)
    taken = [column for column in extra.columns if column in frame.columns]
    said = (*doubled, *(_column_twice(table, column) for column in taken if column not in IDENTIFYING))
    return _add_columns(frame, extra.drop(columns=taken), source, table, as_of), said


def _by_date(frame: pd.DataFrame, as_of: dt.date) -> Settled:
    return Settled(frame, (frame["churned_on"] <= pd.Timestamp(as_of)).to_numpy())


def _unique_accounts(table: TypedTable) -> tuple[pd.DataFrame, list[Problem]]:
    ids = table.frame["account_id"]
    blank, doubled = ids.isna(), ids.notna() & ids.duplicated()
    problems = [Problem("data.blank_id", where=_place(table, row)) for row in np.flatnonzero(blank).tolist()]
    firsts = pd.Series(np.flatnonzero(~(blank | doubled)), index=ids[~(blank | doubled)])
    problems += [_duplicate(table, row, int(firsts[ids[row]])) for row in np.flatnonzero(doubled).tolist()]
    frame = table.frame[~(blank | doubled)].reset_index(drop=True)
    if frame.empty:
        raise DataError(Problem("data.no_accounts", where=_place(table)))
    return frame, problems


def _duplicate(table: TypedTable, row: int, first: int) -> Problem:
    same = table.frame.iloc[row].equals(table.frame.iloc[first])
    code, severity = (
        ("data.duplicate_row", Severity.WARNING) if same else ("data.duplicate_id", Severity.ERROR)
    )
    details = {"first": int(table.lines[first])}
    return Problem(
        code,
        severity=severity,
        where=_place(table, row),
        value=str(table.frame["account_id"].iloc[row]),
        details=details,
    )


def _one_row_each(table: TypedTable) -> tuple[pd.DataFrame, list[Problem]]:
    ids = table.frame["account_id"]
    doubled = ids.notna() & ids.duplicated()
    problems = [
        Problem("data.duplicate_id_joined", where=_place(table, row), value=str(ids[row]))
        for row in np.flatnonzero(doubled).tolist()
    ]
    return table.frame[ids.notna() & ~doubled].set_index("account_id"), problems


def _rolled_up(table: TypedTable, source: Source, as_of: dt.date) -> pd.DataFrame:
    rows = _with_absent(table.frame, source)
    with keyed({name: f"sources.{table.source}.rollup.{name}" for name in source.rollup}):
        return roll_up(rows, "account_id", source.aggregates, as_of).set_index("account_id")


def _with_absent(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """`frame` with a column of missing values for every column of the config that the file does not have."""
    return frame.assign(**{name: None for name in source.columns if name not in frame.columns})


def _add_columns(
    frame: pd.DataFrame, extra: pd.DataFrame, source: Source, table: TypedTable, as_of: dt.date
) -> pd.DataFrame:
    """`frame` with the columns of `extra`, aligned on account_id. For an account without rows a rollup says
    what SQL says of no rows: a count is 0, everything else is missing; a log likewise.
    """
    aligned = extra.reindex(pd.Index(frame["account_id"]))
    if source.rolls_up and not aligned.empty:
        of_no_rows = table.of_no_rows
        if of_no_rows is None:
            of_no_rows = roll_up_nothing(_with_absent(table.frame, source), source.aggregates, as_of)
        absent = ~frame["account_id"].isin(extra.index).to_numpy()
        for column in aligned.columns:
            if pd.notna(of_no_rows[column]):
                aligned.loc[absent, column] = of_no_rows[column]
    if source.kind == "events":
        absent = ~frame["account_id"].isin(extra.index).to_numpy()
        for column in [name for name in aligned.columns if name not in DAYS]:
            if extra[column].notna().any():  # else: a window that the log does not cover
                aligned.loc[absent, column] = 0.0
    return pd.concat([frame, aligned.set_index(frame.index)], axis=1)


def _check_ids(table: TypedTable, source: Source, accounts: pd.DataFrame, as_of: dt.date) -> list[Problem]:
    ids = table.frame["account_id"]
    problems: list[Problem] = []
    blank = int(ids.isna().sum())
    if blank:
        problems.append(Problem("data.rows_without_id", where=_place(table), details={"count": blank}))
    known = set(accounts["account_id"])
    strange = [account_id for account_id in ids.dropna().unique() if account_id not in known]
    if strange:
        rows = _count_rows(table, ids.isin(strange).to_numpy())
        details = {"count": len(strange), "rows": rows, "examples": ", ".join(strange[:_SHOWN])}
        problems.append(Problem("data.ids_without_account", where=_place(table), details=details))
    staying = accounts  # who has left needs no rows
    if "churned_on" in accounts:
        staying = accounts[~(accounts["churned_on"] <= pd.Timestamp(as_of))]
    return problems + _accounts_without_rows(table, source, staying, set(ids.dropna()))


def _count_rows(table: TypedTable, rows: "NDArray[np.bool_]") -> int:
    return int(rows.sum() if table.row_counts is None else table.row_counts[rows].sum())


def _accounts_without_rows(
    table: TypedTable, source: Source, accounts: pd.DataFrame, present: set[str]
) -> list[Problem]:
    """Of many-row tables only a note: an account without tickets is no fault."""
    absent = accounts[~accounts["account_id"].isin(present)]
    if absent.empty:
        return []
    mrr = f"{absent['mrr'].sum():,.0f}" if "mrr" in absent else "-"
    details = {"count": len(absent), "mrr": mrr, "examples": ", ".join(absent["account_id"].head(_SHOWN))}
    severity = Severity.WARNING if source.kind == "accounts" else Severity.NOTE
    return [Problem("data.accounts_without_rows", severity=severity, where=_place(table), details=details)]


def _column_twice(table: TypedTable, column: str) -> Problem:
    return Problem("data.column_twice", severity=Severity.WARNING, where=_place(table), value=column)


def _add_absent(frame: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """`frame` with a column of missing values for every canonical or promised column that no file has."""
    promised = {field.name: field.type for field in FIELDS}
    for source in sources.values():
        if source.stands_apart:
            continue
        for name in _promised_names(source):
            kind = "date" if source.kind == "events" and name in DAYS else "number"
            promised.setdefault(name, FieldType(source.types.get(name, kind)))
    absent = {
        name: _nothing(kind, len(frame)) for name, kind in promised.items() if name not in frame.columns
    }
    return pd.concat([frame, pd.DataFrame(absent, index=frame.index)], axis=1)


def _promised_names(source: Source) -> Iterable[str]:
    if source.kind == "events":
        return event_columns(source.windows, source.features)
    return source.rollup if source.rolls_up else source.columns


def _nothing(kind: FieldType, rows: int) -> "pd.Series[Any]":
    if kind is FieldType.NUMBER:
        return pd.Series(np.full(rows, np.nan))
    if kind is FieldType.DATE:
        return pd.Series(np.full(rows, np.datetime64("NaT", "us")))
    return pd.Series([None] * rows, dtype=object)


def _place(table: TypedTable, row: int | None = None) -> Location:
    line = None if row is None else int(table.lines[row])
    column = table.header("account_id") if row is not None else None
    return Location(file=table.facts.file, sheet=table.facts.sheet, line=line, column=column)
