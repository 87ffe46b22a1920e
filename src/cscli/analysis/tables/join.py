"""Typed tables to one table of accounts: ids checked, further tables joined, rows rolled up, nothing dropped unsaid."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.built_ins import add_absent, add_built_ins
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.row_days import roll_up_rows, rows_until, with_absent
from cscli.config.blocks.events import DAYS
from cscli.config.schema import Source
from cscli.errors import DataError, Location, Problem, Severity
from cscli.expressions import roll_up_nothing
from cscli.fields import IDENTIFYING
from cscli.texts import Phrase

_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Settled:
    """Joined accounts that have been judged as a whole, without those that are no customers yet: `left`, by row, those
    that are none any more. `of_lines`: the columns that the lines of revenue gave.
    """

    frame: pd.DataFrame
    left: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()
    of_lines: frozenset[str] = frozenset()


Settle = Callable[[pd.DataFrame], Settled]


@dataclass(frozen=True, eq=False, kw_only=True)
class AccountTable:
    """`frame`: one row an account in the order of the accounts file, every canonical column (missing where no
    source has it), own columns, rollups and the built-in columns; `given`: the columns that a source has; `of_lines`:
    those that lines of revenue gave. `left`, `not_yet`: the ids of those who were customers no more, and not yet.
    """

    frame: pd.DataFrame
    given: frozenset[str]
    left: frozenset[str]
    problems: tuple[Problem, ...]
    not_yet: frozenset[str] = frozenset()
    of_lines: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False, kw_only=True)
class Joined:
    """Every account that had started by the as-of date with all its columns, whether it has left or not. `accounts`: as
    their file has them, those of later too. `said`: problems by source; `settled`: those of the whole.
    """

    accounts: pd.DataFrame
    frame: pd.DataFrame
    given: frozenset[str]
    left: NDArray[np.bool_]
    said: Mapping[str, tuple[Problem, ...]]
    settled: tuple[Problem, ...]
    of_lines: frozenset[str]

    @property
    def not_yet(self) -> frozenset[str]:
        """The accounts that start after the as-of date."""
        return frozenset(self.accounts["account_id"]) - frozenset(self.frame["account_id"])


def join_tables(
    tables: Mapping[str, TypedTable],
    sources: Mapping[str, Source],
    as_of: dt.date,
    *,
    with_left: bool = False,
    settle: Settle | None = None,
) -> AccountTable:
    """The accounts as of `as_of`; accounts that had left by then are counted in `left`, and in the frame only
    `with_left`; those that start later are in nothing. Tables of revenue are only checked for ids.

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
    settled = settle(add_absent(frame, sources)) if settle else _by_date(add_absent(frame, sources), as_of)
    complete = add_built_ins(settled.frame, as_of)
    return Joined(
        accounts=accounts,
        frame=complete,
        given=given,
        left=settled.left,
        said=said,
        settled=settled.problems,
        of_lines=settled.of_lines,
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
            problems += _check_ids(table, sources[name], joined, as_of)
        problems += joined.said.get(name, ())
    problems += [*joined.settled, *_say_not_yet(joined, tables["accounts"], as_of)]
    has_left = joined.left
    here = np.ones(len(has_left), dtype=bool) if with_left else ~has_left
    if not here.any():
        details = {"count": len(joined.accounts), "as_of": as_of.isoformat(), "later": len(joined.not_yet)}
        code = "data.nobody_here" if joined.not_yet else "data.all_left"
        raise DataError(Problem(code, where=_place(tables["accounts"]), details=details))
    return AccountTable(
        frame=joined.frame if with_left else joined.frame[here].reset_index(drop=True),
        given=joined.given,
        left=frozenset(joined.frame["account_id"][has_left]),
        problems=tuple(problems),
        not_yet=joined.not_yet,
        of_lines=joined.of_lines,
    )


def _say_not_yet(joined: Joined, table: TypedTable, as_of: dt.date) -> list[Problem]:
    if not joined.not_yet:
        return []
    details = {"count": len(joined.not_yet), "as_of": as_of.isoformat()}
    examples = ", ".join(sorted(joined.not_yet)[:_SHOWN])
    return [
        Problem(
            "data.not_yet", severity=Severity.WARNING, where=_place(table), value=examples, details=details
        )
    ]


def _join(
    frame: pd.DataFrame, table: TypedTable, source: Source, as_of: dt.date
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """`frame` with the columns of one more table, one row an account, and what is to be said of it."""
    first: list[Problem] = []
    if source.rolls_up and table.of_no_rows is None:
        table, first = rows_until(table, source, as_of)
        extra = roll_up_rows(table, source, as_of)
    else:
        extra, first = _one_row_each(table)
    taken = [column for column in extra.columns if column in frame.columns]
    others = [name for name in taken if name not in IDENTIFYING and extra[name].notna().any()]
    said = (*first, *(_column_twice(table, name) for name in others))
    return _add_columns(frame, extra.drop(columns=taken), source, table, as_of), said


def _by_date(frame: pd.DataFrame, as_of: dt.date) -> Settled:
    here = started_by(frame, as_of)
    return Settled(here, (here["churned_on"] <= pd.Timestamp(as_of)).to_numpy())


def started_by(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The accounts that had started by then; one without a date had."""
    later = (frame["started_on"] >= pd.Timestamp(as_of) + pd.Timedelta(days=1)).to_numpy(dtype=bool)
    return frame[~later].reset_index(drop=True) if later.any() else frame


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
    details = {"first": table.facts.locate(int(table.lines[first])).line}
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
            of_no_rows = roll_up_nothing(with_absent(table.frame, source), source.aggregates, as_of)
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


def _check_ids(table: TypedTable, source: Source, joined: Joined, as_of: dt.date) -> list[Problem]:
    ids, accounts = table.frame["account_id"], joined.accounts
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
    staying = accounts[accounts["account_id"].isin(joined.frame["account_id"])]
    if "churned_on" in accounts:  # who has left needs no rows
        staying = staying[~(staying["churned_on"] <= pd.Timestamp(as_of))]
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
    known = "mrr" in absent and bool(absent["mrr"].notna().any())
    mrr = Phrase("of_mrr", f"{absent['mrr'].sum():,.0f}") if known else ""
    details = {"count": len(absent), "mrr": mrr, "examples": ", ".join(absent["account_id"].head(_SHOWN))}
    severity = Severity.WARNING if source.kind == "accounts" else Severity.NOTE
    return [Problem("data.accounts_without_rows", severity=severity, where=_place(table), details=details)]


def _column_twice(table: TypedTable, column: str) -> Problem:
    return Problem("data.column_twice", severity=Severity.WARNING, where=_place(table), value=column)


def _place(table: TypedTable, row: int | None = None) -> Location:
    line = None if row is None else int(table.lines[row])
    column = table.header("account_id") if row is not None else None
    return table.facts.locate(line, column)
