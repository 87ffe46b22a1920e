"""What people typed, as it stands in their workbook, to columns of accounts: only what can be relied on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.conform import TypedTable, cell_text, conform_any
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import DataError, Location, Problem, Severity
from cscli.fields import PEOPLE_FIELDS, FieldType, known_field
from cscli.header_keys import header_key
from cscli.renewal_calls import DEFAULT_CALLS, call_chances
from cscli.texts import LANGUAGES, catalogue

TYPED = tuple(entry.name for entry in PEOPLE_FIELDS)
KEYS = ("account_id", "name", "owner")
ADDED = ("override_on", "hours_on", "renewal_call", "renewal_call_on", "play_done", "play_done_on")
"""A workbook that was made before there were such columns has none of them: nothing is lacking."""
DAYS_SINCE = {"override_on": "override_score", "hours_on": "hours_spent"}
"""Of those, the days of what an earlier workbook has."""
CALL_DAYS = 365
OVERRIDE = ("override_score", "override_reason", "override_on", "override_until")
_SHOWN = 3
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AccountIds:
    """The accounts of a run: `ids` are scored, `left` had left by `as_of`."""

    ids: "pd.Series[str]"
    left: frozenset[str]
    as_of: dt.date
    sentiment_days: int


@dataclass(frozen=True, eq=False)
class PeopleInputs:
    """`columns`: the columns of `PEOPLE_FIELDS`, one row an account in the order of `AccountIds.ids`; overrides that
    are in force, sentiment that has not expired.
    """

    columns: pd.DataFrame
    problems: tuple[Problem, ...]


def people_column(header: str) -> str | None:
    """The name of the column that `header` heads in the workbook, in whatever language; None for others."""
    known = known_field(header)
    key = known.name if known and known.name in KEYS else None
    return key or _by_header().get(header_key(header))


@cache  # when first asked: to load all texts in both languages takes as long as to read a hundred accounts
def _by_header() -> dict[str, str]:
    """Column by folded header: those of our own workbooks in every language, and those of `PEOPLE_FIELDS`."""
    ours = {
        header_key(texts[f"label.{name}" if name in KEYS else f"people.header.{name}"]): name
        for texts in map(catalogue, LANGUAGES)
        for name in (*KEYS, *TYPED)
    }
    return ours | {header_key(header): entry.name for entry in PEOPLE_FIELDS for header in entry.headers}


def find_columns(headers: Sequence[str]) -> dict[str, str]:
    """Header by column name, for the columns that are there; of two headers for one column the first."""
    found: dict[str, str] = {}
    for header in headers:
        name = people_column(header)
        if name:
            found.setdefault(name, header)
    return found


def lacking_columns(headers: Sequence[str]) -> tuple[str, ...]:
    """The columns of `ADDED` that a workbook lacks; days only of what it has."""
    found = find_columns(headers)
    return tuple(name for name in ADDED if name not in found and DAYS_SINCE.get(name, "account_id") in found)


def type_inputs(raw: RawTable, zone: ZoneInfo | None) -> TypedTable:
    """The typed table of the workbook: account_id and what people type; other columns are left out.

    Raises DataError if no column is the account's id.
    """
    found = {name: header for name, header in find_columns(raw.headers).items() if name not in KEYS[1:]}
    if "account_id" not in found:
        details = {"headers": ", ".join(raw.headers[:12])}
        raise DataError(Problem("people.no_account_id", where=raw.locate(), details=details))
    types = {entry.name: entry.type.value for entry in PEOPLE_FIELDS if entry.name in found}
    source = Source.model_validate({"columns": found, "types": types})
    kept = replace(raw, headers=tuple(found.values()), columns=tuple(map(raw.column, found.values())))
    return conform_any(kept, source, zone)


def judge_inputs(table: TypedTable, book: AccountIds) -> PeopleInputs:
    """The columns that can be used. A cell or an override that cannot is missing, with a problem that says why."""
    rows = _Rows(table)
    rows.say_absent()
    rows.choose(book)
    _judge_sentiment(rows, book)
    _judge_override(rows, book.as_of)
    _judge_call(rows, book.as_of)
    _judge_play(rows, book.as_of)
    hours = rows.frame["hours_spent"]
    rows.drop((hours < 0).to_numpy(), "hours_spent", Problem("people.hours_range"))
    _drop_later(rows, book.as_of, "hours_on", "people.hours_later", also=("hours_spent",))
    columns = rows.frame.set_index("account_id").reindex(pd.Index(book.ids)).reset_index(drop=True)
    return PeopleInputs(_with_types(columns), tuple(rows.problems))


def no_inputs(rows: int) -> pd.DataFrame:
    """The columns where nobody has typed anything, of the same types."""
    return pd.DataFrame({name: _nothing(rows, _TYPES[name]) for name in TYPED}, index=pd.RangeIndex(rows))


@dataclass(eq=False)
class _Rows:
    """The rows of the workbook that are used, and the problems found on the way."""

    table: TypedTable
    frame: pd.DataFrame = field(init=False)
    lines: NDArray[np.int64] = field(init=False)
    problems: list[Problem] = field(init=False)

    def __post_init__(self) -> None:
        there = self.table.frame
        self.frame = there.assign(**{name: None for name in TYPED if name not in there})[
            ["account_id", *TYPED]
        ]
        self.frame = _with_types(self.frame)
        self.lines = self.table.lines
        self.problems = list(self.table.problems)

    def say_absent(self) -> None:
        for name in TYPED:
            if name not in self.table.frame and name not in ADDED:
                where = Location(file=self.table.facts.file, sheet=self.table.facts.sheet)
                self.problems.append(
                    Problem("people.no_column", severity=Severity.WARNING, where=where, value=name)
                )

    def choose(self, book: AccountIds) -> None:
        """Keeps one row of each account that is scored."""
        ids, typed = self.frame["account_id"], self.frame[list(TYPED)].notna().any(axis=1).to_numpy()
        nameless = ids.isna().to_numpy()
        self._say(nameless & typed, "account_id", Problem("people.no_id"))
        known, has_left = ids.isin(book.ids).to_numpy(), ids.isin(book.left).to_numpy()
        self._say(
            ~nameless & ~known & ~has_left,
            "account_id",
            Problem("people.unknown_account", severity=Severity.WARNING),
        )
        if has_left.any():
            details = {"count": int(has_left.sum()), "examples": ", ".join(ids[has_left].head(_SHOWN))}
            where = Location(file=self.table.facts.file, sheet=self.table.facts.sheet)
            self.problems.append(
                Problem("people.left_accounts", severity=Severity.NOTE, where=where, details=details)
            )
        known = known & ~nameless
        # Of two rows of one account the first in which something is typed; where nothing is, the first.
        order = np.lexsort((np.arange(len(ids)), ~typed))
        doubled = np.zeros(len(ids), dtype=bool)
        doubled[order] = ids.iloc[order].duplicated().to_numpy()
        self._say(known & doubled, "account_id", Problem("people.account_twice"))
        used = known & ~doubled
        self.frame, self.lines = self.frame[used].reset_index(drop=True), self.lines[used]

    def drop(self, rows: Mask, column: str, problem: Problem, also: Sequence[str] = ()) -> None:
        """Says `problem` of the cell in `column` of each of `rows`, and clears it and `also`."""
        self._say(rows, column, problem)
        names = [column, *also]
        self.frame = self.frame.assign(
            **{name: self.frame[name].mask(rows, _NOTHING[_TYPES[name]]) for name in names}
        )

    def _say(self, rows: Mask, column: str, problem: Problem) -> None:
        facts = self.table.facts
        header = self.table.header(column) if column in self.table.frame else column
        for row in np.flatnonzero(rows).tolist():
            where = facts.locate(int(self.lines[row]), header)
            details = {**problem.details, "account": _shown(self.frame["account_id"].iloc[row])}
            value = _shown(self.frame[column].iloc[row])
            self.problems.append(replace(problem, where=where, value=value, details=details))


def _judge_sentiment(rows: _Rows, book: AccountIds) -> None:
    """One to five, on a day that is known, not after the run's and not too long before it."""
    day = pd.Timestamp(book.as_of)
    sentiment = rows.frame["sentiment"]
    off_scale = sentiment.notna() & ~sentiment.isin([1, 2, 3, 4, 5])
    rows.drop(off_scale.to_numpy(), "sentiment", Problem("people.sentiment_range"))
    dated = rows.frame["sentiment_on"]
    undated = rows.frame["sentiment"].notna() & dated.isna()
    rows.drop(undated.to_numpy(), "sentiment", Problem("people.sentiment_undated"))
    later = rows.frame["sentiment"].notna() & (dated > day)
    details: dict[str, object] = {"as_of": book.as_of.isoformat()}
    early = Problem("people.sentiment_later", severity=Severity.WARNING, details=details)
    rows.drop(later.to_numpy(), "sentiment_on", early, also=("sentiment",))
    expired = rows.frame["sentiment"].notna() & ((day - dated).dt.days > book.sentiment_days)
    details = {"days": book.sentiment_days}
    old = Problem("people.sentiment_expired", severity=Severity.NOTE, details=details)
    rows.drop(expired.to_numpy(), "sentiment_on", old, also=("sentiment",))


def _judge_override(rows: _Rows, as_of: dt.date) -> None:
    """A score from 0 to 100 with a reason and a last day, until that day is over."""
    score, rest = rows.frame["override_score"], OVERRIDE[1:]
    nothing_set = rows.frame[list(rest)].notna().any(axis=1) & score.isna()
    useless = Problem("people.override_no_score", severity=Severity.WARNING)
    rows.drop(nothing_set.to_numpy(), "override_score", useless, also=rest)
    rows.drop(
        ((score < 0) | (score > 100)).to_numpy(), "override_score", Problem("people.override_range"), rest
    )
    _drop_later(rows, as_of, "override_on", "people.override_later", also=OVERRIDE)
    codes = {"override_reason": "people.override_no_reason", "override_until": "people.override_no_end"}
    is_set = rows.frame["override_score"].notna()
    lacking = {name: (is_set & rows.frame[name].isna()).to_numpy() for name in codes}
    for name, code in codes.items():
        rows.drop(lacking[name], name, Problem(code), also=OVERRIDE)
    over = rows.frame["override_until"] < pd.Timestamp(as_of)
    rows.drop(
        over.to_numpy(),
        "override_until",
        Problem("people.override_lapsed", severity=Severity.NOTE),
        also=OVERRIDE,
    )


def _drop_later(rows: _Rows, as_of: dt.date, dated: str, code: str, also: Sequence[str]) -> None:
    """What was typed after the as-of date was not known then."""
    later = rows.frame[DAYS_SINCE[dated]].notna() & (rows.frame[dated] > pd.Timestamp(as_of))
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    rows.drop(later.to_numpy(), dated, Problem(code, severity=Severity.NOTE, details=details), also=also)


def _judge_call(rows: _Rows, as_of: dt.date) -> None:
    """A word or a percentage, on a day that is known, not after the run's and within a year."""
    called, dated = rows.frame["renewal_call"], rows.frame["renewal_call_on"]
    unread = called.notna() & np.isnan(call_chances(called, DEFAULT_CALLS))
    rows.drop(unread.to_numpy(), "renewal_call", Problem("people.call_unread"))
    undated = rows.frame["renewal_call"].notna() & dated.isna()
    rows.drop(undated.to_numpy(), "renewal_call", Problem("people.call_undated"))
    later = rows.frame["renewal_call"].notna() & (dated > pd.Timestamp(as_of))
    early = Problem("people.call_later", severity=Severity.WARNING, details={"as_of": as_of.isoformat()})
    rows.drop(later.to_numpy(), "renewal_call_on", early, also=("renewal_call",))
    old = rows.frame["renewal_call"].notna() & ((pd.Timestamp(as_of) - dated).dt.days > CALL_DAYS)
    expired = Problem("people.call_expired", severity=Severity.NOTE, details={"days": CALL_DAYS})
    rows.drop(old.to_numpy(), "renewal_call_on", expired, also=("renewal_call",))


def _judge_play(rows: _Rows, as_of: dt.date) -> None:
    """What was done, on a day that is known and not after the run's."""
    undated = rows.frame["play_done"].notna() & rows.frame["play_done_on"].isna()
    rows.drop(undated.to_numpy(), "play_done", Problem("people.play_undated"))
    later = rows.frame["play_done"].notna() & (rows.frame["play_done_on"] > pd.Timestamp(as_of))
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    early = Problem("people.play_later", severity=Severity.NOTE, details=details)
    rows.drop(later.to_numpy(), "play_done_on", early, also=("play_done",))


_TYPES: Mapping[str, FieldType] = {entry.name: entry.type for entry in PEOPLE_FIELDS}
_NOTHING: Mapping[FieldType, Any] = {FieldType.NUMBER: np.nan, FieldType.DATE: pd.NaT, FieldType.TEXT: None}


def _with_types(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with numbers as float64, dates as datetime64[us], text as object with None."""
    return frame.assign(**{name: _as_type(frame[name], kind) for name, kind in _TYPES.items()})


def _as_type(values: "pd.Series[Any]", kind: FieldType) -> "pd.Series[Any]":
    if kind is FieldType.NUMBER:
        return values.astype("float64")
    if kind is FieldType.DATE:
        return pd.to_datetime(values).astype("datetime64[us]")
    return values.astype(object).where(values.notna(), None)


def _nothing(rows: int, kind: FieldType) -> NDArray[Any]:
    if kind is FieldType.NUMBER:
        return np.full(rows, np.nan)
    if kind is FieldType.DATE:
        return np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]")
    return np.full(rows, None, dtype=object)


def _shown(value: Any) -> str | None:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or pd.isna(value):
        return None
    return cell_text(float(value) if isinstance(value, float) else value)
