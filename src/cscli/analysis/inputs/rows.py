"""A sheet of a book as it stands to typed rows: what cannot be relied on is missing, with a problem that says where and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.inputs.books import IDENTITIES, BookColumn, BookSheet, choice_key, choice_label
from cscli.analysis.tables.conform import cell_text, conform_any
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import DataError, Location, Problem, Scope, Severity
from cscli.fields import FieldType
from cscli.header_keys import header_key
from cscli.texts import LANGUAGES, Choices, Phrase

Mask = NDArray[np.bool_]
_NOTHING: Mapping[FieldType, Any] = {
    FieldType.NUMBER: np.nan, FieldType.DATE: pd.NaT, FieldType.TEXT: None, FieldType.ID: None,
}  # fmt: skip
_SHOWN = 3


@dataclass(eq=False, kw_only=True)
class SheetRows:
    """The rows of a sheet in which something is typed. `frame`: every column of `sheet`, typed (float64, datetime64[us], object with None);
    `lines`: the row in the file of each. `problems` grows while the rows are judged.
    """

    sheet: BookSheet
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    file: str = ""
    title: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def say(self, rows: Mask, column: str, problem: Problem) -> None:
        """Says `problem` of the cell in `column` of each of `rows`."""
        for row in np.flatnonzero(rows).tolist():
            cells = self.frame.iloc[row]
            about = next((shown(cells[name]) for name in IDENTITIES if name in cells), None)
            details = {**problem.details, "account": about}
            where = self.place(row, column)
            self.problems.append(replace(problem, where=where, value=shown(cells[column]), details=details))

    def drop(self, rows: Mask, column: str, problem: Problem) -> None:
        """Says `problem` of these cells, and clears them."""
        self.say(rows, column, problem)
        kind = self.sheet.types[column]
        self.frame = self.frame.assign(
            **{column: _as_type(self.frame[column].mask(rows, _NOTHING[kind]), kind)}
        )

    def leave_out(self, rows: Mask, column: str, problem: Problem) -> None:
        """Says `problem` of these cells, and leaves their rows out."""
        self.say(rows, column, problem)
        self.frame = self.frame[~rows].reset_index(drop=True)
        self.lines = self.lines[~rows]

    def place(self, row: int, column: str | None = None) -> Location:
        """Where a row stands in its file."""
        header = None if column is None else self.headers.get(column, column)
        return Location(file=self.file, sheet=self.title, line=int(self.lines[row]), column=header)


def no_rows(sheet: BookSheet) -> SheetRows:
    """Where nobody has typed anything."""
    empty = pd.DataFrame(
        {name: _as_type(pd.Series([], dtype=object), kind) for name, kind in sheet.types.items()}
    )
    return SheetRows(sheet=sheet, frame=empty, lines=np.array([], dtype=np.int64))


def type_rows(raw: RawTable, sheet: BookSheet, zone: ZoneInfo | None) -> SheetRows:
    """The typed rows of `raw`, a sheet read as a table. Raises DataError if a key column is not there."""
    headers: dict[str, str] = {}
    for header in raw.headers:
        name = sheet.column_of(header)
        if name:
            headers.setdefault(name, header)
    lacking = [name for name in sheet.keys if name in IDENTITIES and name not in headers]
    if lacking:
        details = {"headers": ", ".join(raw.headers[:12]), "column": Phrase(f"input.{lacking[0]}")}
        raise DataError(Problem("inputs.no_key", where=raw.locate(), details=details))
    types = {
        name: kind.value for name, kind in sheet.types.items() if name in headers and kind is not FieldType.ID
    }
    source = Source.model_validate({"columns": headers, "types": types})
    kept = replace(raw, headers=tuple(headers.values()), columns=tuple(map(raw.column, headers.values())))
    typed = conform_any(kept, source, zone)
    frame = pd.DataFrame(
        {
            name: _as_type(typed.frame[name] if name in typed.frame else _absent(len(typed.frame)), kind)
            for name, kind in sheet.types.items()
        }
    )
    rows = SheetRows(
        sheet=sheet, frame=frame, lines=typed.lines, file=raw.facts.file, title=raw.facts.sheet, headers=headers,
        problems=[*raw.problems, *_of_sheet(typed.problems, sheet)],
    )  # fmt: skip
    rows.problems += [
        Problem(
            "inputs.no_column",
            severity=Severity.WARNING,
            where=raw.locate(),
            details={"column": Phrase(f"input.{name}")},
        )
        for name in sheet.names
        if name not in headers and name not in ("name", "owner")
    ]
    _keep_typed(rows)
    _check_choices(rows)
    return rows


def _of_sheet(problems: Sequence[Problem], sheet: BookSheet) -> list[Problem]:
    """What concerns this sheet: some are not about accounts."""
    return [each for each in problems if "account_id" in sheet.keys or each.scope is not Scope.ACCOUNT_ID]


def keep_known(rows: SheetRows, ids: Sequence[str]) -> None:
    """Leaves out rows without an account, and of accounts that are not among `ids`; both said."""
    account = rows.frame["account_id"]
    rows.leave_out(account.isna().to_numpy(bool), "account_id", Problem("people.no_id"))
    unknown = ~rows.frame["account_id"].isin(list(ids)).to_numpy(bool)
    rows.leave_out(unknown, "account_id", Problem("people.unknown_account", severity=Severity.WARNING))


def _keep_typed(rows: SheetRows) -> None:
    """Rows in which nothing is typed are a to-do that costs nothing."""
    typed = rows.frame[[column.name for column in rows.sheet.typed]].notna().any(axis=1).to_numpy(bool)
    rows.frame = rows.frame[typed].reset_index(drop=True)
    rows.lines = rows.lines[typed]


def _check_choices(rows: SheetRows) -> None:
    for column in rows.sheet.typed:
        if column.choices:
            _read_choice(rows, column)


def _read_choice(rows: SheetRows, column: BookColumn) -> None:
    """Ids or labels in whatever language to ids."""
    known = {
        header_key(shown_as): choice
        for choice in column.choices
        for shown_as in (
            choice,
            *(choice_label(rows.sheet.id, column.name, choice, language) for language in LANGUAGES),
        )
    }
    values = rows.frame[column.name]
    ids = pd.Series([known.get(header_key(cell)) if cell else None for cell in values], dtype=object)
    wrong = (values.notna() & ids.isna()).to_numpy(bool)
    keys = tuple(choice_key(rows.sheet.id, column.name, choice) for choice in column.choices)
    details: dict[str, object] = {"known": Choices(keys)}
    rows.say(wrong, column.name, Problem("inputs.not_a_choice", details=details))
    rows.frame = rows.frame.assign(**{column.name: ids})


def _absent(rows: int) -> "pd.Series[Any]":
    return pd.Series(np.full(rows, None, dtype=object))


def _as_type(values: "pd.Series[Any]", kind: FieldType) -> "pd.Series[Any]":
    if kind is FieldType.NUMBER:
        return pd.to_numeric(values).astype("float64")
    if kind is FieldType.DATE:
        return pd.to_datetime(values).astype("datetime64[us]")
    texts = [None if pd.isna(cell) or not str(cell).strip() else str(cell) for cell in values]
    return pd.Series(texts, index=values.index, dtype=object)


def shown(value: Any) -> str | None:
    """A cell as people typed it."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or pd.isna(value):
        return None
    return cell_text(float(value) if isinstance(value, float) else value)
