"""A raw table to a typed one: numbers, dates, text and ids, with a problem for every cell that does not fit."""

import re
import unicodedata
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.tables.date_forms import DateForm, Order
from cscli.analysis.tables.dates import ParsedDates, find_order, parse_dates
from cscli.analysis.tables.id_damage import are_codes, find_damaged_ids
from cscli.analysis.tables.mapping import MappedColumn, field_of, map_any_headers
from cscli.analysis.tables.month_cells import complete_months
from cscli.analysis.tables.numbers import ObjectArray, ParsedNumbers, parse_numbers
from cscli.analysis.tables.raw import RawTable, ReadFacts
from cscli.analysis.tables.word_cells import (
    FALSE_WORDS,
    TRUE_WORDS,
    free_as_nothing,
    without_entities,
)
from cscli.config.schema import Source
from cscli.errors import DataError, Problem, Scope, Severity
from cscli.fields import FieldType

ENOUGH = 0.95
"""Share of filled cells that must read as a number, or a date, for an own column to be one."""

_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ENDS = ("ended_on", "churned_on")
"""Columns with the day on which something ended."""
_INVISIBLE = {ord(mark): None for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_EXACT_INTEGERS = 2.0**53


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column that was mapped, and the type that it turned out to have."""

    mapped: MappedColumn
    type: FieldType


@dataclass(frozen=True, eq=False, kw_only=True)
class TypedTable:
    """`frame`: one row a row of the file; ids and text object (None missing), numbers float64, dates
    datetime64[us], booleans `boolean`. `lines`: the row in the file of each row of the frame. Of rows that an engine has
    rolled up, `of_no_rows`: what each rollup says where an account has none; `row_counts`: how many rows each stands for.
    `not_kept`: the rows that the source's `keep` leaves out.
    """

    source: str
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    columns: tuple[TypedColumn, ...]
    unused: tuple[str, ...]
    facts: ReadFacts
    problems: tuple[Problem, ...]
    of_no_rows: "pd.Series[float] | None" = None
    not_kept: pd.DataFrame | None = None
    row_counts: NDArray[np.int64] | None = None

    def header(self, name: str) -> str:
        """The header in the file of column `name`."""
        return next(column.mapped.header for column in self.columns if column.mapped.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class _Typed:
    type: FieldType
    array: "pd.api.extensions.ExtensionArray | NDArray[np.generic]"
    problems: tuple[Problem, ...] = ()


def conform(raw: RawTable, source: Source, zone: ZoneInfo | None) -> TypedTable:
    """The typed table of `raw`. Raises DataError for a missing id column and dates that fit both orders."""
    table = conform_any(raw, source, zone)
    fatal = why_unusable(table)
    if fatal:
        raise DataError(*fatal)
    return table


def why_unusable(table: TypedTable) -> tuple[Problem, ...]:
    """The problems of a table with which nothing can be joined; none if it can be used."""
    fatal = Scope.TABLE if "account_id" in table.frame else Scope.ACCOUNT_ID
    return tuple(problem for problem in table.problems if problem.scope is fatal)


def conform_any(raw: RawTable, source: Source, zone: ZoneInfo | None) -> TypedTable:
    """The typed table of `raw`, also where it cannot be used: its problems say so."""
    mapping = map_any_headers(raw, source)
    problems, columns, values = [*raw.problems, *mapping.problems], [], {}
    order = order_of_file(raw, mapping.columns, source)
    for mapped in mapping.columns:
        typed = _type_column(raw, mapped, source, zone, order)
        problems += typed.problems
        columns.append(TypedColumn(mapped, typed.type))
        values[mapped.name] = pd.Series(typed.array, dtype=typed.array.dtype, copy=False)
    frame = pd.DataFrame(values, index=range(len(raw.lines)))
    return TypedTable(
        source=raw.source,
        frame=frame,
        lines=raw.lines,
        columns=tuple(columns),
        unused=mapping.unused,
        facts=raw.facts,
        problems=tuple(problems),
    )


def infer_column(
    raw: RawTable, header: str, zone: ZoneInfo | None
) -> tuple[FieldType, "pd.api.extensions.ExtensionArray | NDArray[np.generic]"]:
    """The type that a column without a name would get, and its values."""
    typed = _inferred(raw, header, raw.column(header), zone)
    return typed.type, typed.array


def order_of_file(raw: RawTable, columns: tuple[MappedColumn, ...], source: Source) -> Order | None:
    """The order of day and month that some columns of dates tell, for those that do not; None where they disagree."""
    found = {
        find_order(raw.column(each.header))
        for each in columns
        if kind_of(each, source) is FieldType.DATE
        and each.name not in source.dates
        and not _is_year_first(raw, each.header)
    } & {Order.DAY_FIRST, Order.MONTH_FIRST}
    return next(iter(found)) if len(found) == 1 else None


def kind_of(mapped: MappedColumn, source: Source) -> FieldType | None:
    """The type that the config or the data dictionary gives the column; None where its values decide."""
    pinned = source.types.get(mapped.name) or ("date" if mapped.name in source.dates else None)
    known = field_of(mapped.name, source)
    return FieldType(pinned) if pinned else known.type if known else None


def _is_year_first(raw: RawTable, header: str) -> bool:
    """Whether 26/4/1 is the first of April: under Japanese headers."""
    return _JAPANESE.search(header) is not None or raw.is_japanese


def date_form(raw: RawTable, mapped: MappedColumn, source: Source, order: Order | None) -> DateForm:
    """How the days of a column are written, as far as it is known before they are read."""
    pattern = source.dates.get(mapped.name)
    year_first = _is_year_first(raw, mapped.header)
    return DateForm(pattern, order, year_first, is_end=mapped.name in ENDS)


def _type_column(
    raw: RawTable, mapped: MappedColumn, source: Source, zone: ZoneInfo | None, order: Order | None
) -> _Typed:
    cells = raw.column(mapped.header)
    form = date_form(raw, mapped, source, order)
    kind = kind_of(mapped, source)
    if kind is FieldType.ID:
        return _ids(raw, mapped.header, cells)
    if kind is FieldType.NUMBER:
        return _numbers(raw, mapped.header, parse_numbers(free_as_nothing(cells, mapped.name)))
    if kind is FieldType.DATE:
        months = source.of_revenue and mapped.name == "month" and not form.pattern
        return _dates(
            raw, mapped.header, parse_dates(complete_months(cells) if months else cells, None, zone, form)
        )
    if kind is FieldType.BOOLEAN:
        return _booleans(raw, mapped.header, cells)
    if kind is not FieldType.TEXT:
        return _inferred(raw, mapped.header, cells, zone)
    plain, escaped = without_entities(cells)
    said = Problem(
        "data.entities", severity=Severity.NOTE, where=raw.locate(header=mapped.header), value=str(escaped)
    )
    return replace(_texts(plain), problems=(said,) if escaped else ())


def _inferred(raw: RawTable, header: str, cells: ObjectArray, zone: ZoneInfo | None) -> _Typed:
    kinds = set(map(type, cells)) - {type(None)}
    if kinds == {bool}:
        return _booleans(raw, header, cells)
    numbers = parse_numbers(cells)
    if _share(~np.isnan(numbers.values), numbers.bad) >= ENOUGH and not are_codes(cells, numbers.bad):
        return _numbers(raw, header, numbers)
    if kinds & {float, int}:
        return _texts(cells)
    dates = parse_dates(cells, None, zone)
    if dates.months:  # 2024-10 may be a number of something
        return _texts(cells)
    if _share(~np.isnat(dates.values) | dates.undecided, dates.bad & ~dates.undecided) >= ENOUGH:
        return _dates(raw, header, dates)
    return _texts(cells)


def _share(read: NDArray[np.bool_], bad: NDArray[np.bool_]) -> float:
    good = int(np.count_nonzero(read))
    return good / (good + int(np.count_nonzero(bad))) if good else 0.0


def _numbers(raw: RawTable, header: str, parsed: ParsedNumbers) -> _Typed:
    problems = _bad_cells(raw, header, parsed.bad, "data.not_a_number")
    if parsed.decimal_comma:
        problems += (_taken("data.decimal_comma", raw, header),)
    return _Typed(FieldType.NUMBER, parsed.values, problems)


def _dates(raw: RawTable, header: str, parsed: ParsedDates) -> _Typed:
    place = raw.locate(header=header)
    if parsed.order in (Order.AMBIGUOUS, Order.MIXED, Order.SWAPPED):
        example = str(raw.column(header)[int(np.argmax(parsed.undecided))])
        return _Typed(
            FieldType.DATE,
            parsed.values,
            (Problem(f"data.date_order_{parsed.order}", where=place, value=example, scope=Scope.TABLE),),
        )
    problems = _bad_cells(raw, header, parsed.bad, "data.not_a_date")
    if parsed.order is not Order.NONE:
        problems += (_taken("data.date_order_assumed", raw, header, order=parsed.order.value),)
    if parsed.serials:
        problems += (_taken("data.date_serials", raw, header, count=str(parsed.serials)),)
    for code, count in (("epoch", parsed.epochs), ("months", parsed.months), ("sentinels", parsed.sentinels)):
        if count:
            problems += (
                Problem(f"data.date_{code}", severity=Severity.NOTE, where=place, details={"count": count}),
            )
    return _Typed(FieldType.DATE, parsed.values, problems)


def _booleans(raw: RawTable, header: str, cells: ObjectArray) -> _Typed:
    words = [None if cell is None else cell_text(cell).casefold() for cell in cells]
    values = pd.array(
        [
            None if w is None else True if w in TRUE_WORDS else False if w in FALSE_WORDS else None
            for w in words
        ],
        dtype="boolean",
    )
    bad = np.array([w is not None and w not in TRUE_WORDS | FALSE_WORDS for w in words], dtype=bool)
    return _Typed(FieldType.BOOLEAN, values, _bad_cells(raw, header, bad, "data.not_a_boolean"))


def _texts(cells: ObjectArray) -> _Typed:
    if set(map(type, cells)) <= {str, type(None)}:
        stripped = [cell.strip() or None if cell is not None else None for cell in cells]
    else:
        stripped = [None if cell is None else cell_text(cell) for cell in cells]
    return _Typed(FieldType.TEXT, _object_array(stripped))


def _ids(raw: RawTable, header: str, cells: ObjectArray) -> _Typed:
    ids = _object_array([None if cell is None else id_text(cell) for cell in cells])
    inexact = np.array([type(cell) is float and abs(cell) >= _EXACT_INTEGERS for cell in cells], dtype=bool)
    problems = _bad_cells(raw, header, inexact, "data.id_lost_digits")
    changed = sum(type(cell) is str and cell != text for cell, text in zip(cells, ids, strict=True))
    if changed:
        problems += (_taken("data.ids_trimmed", raw, header, count=changed),)
    problems += find_damaged_ids(raw, header, ids)
    return _Typed(FieldType.ID, ids, problems)


def _taken(code: str, raw: RawTable, header: str, **details: object) -> Problem:
    """A note on how the cells of a column were taken."""
    where = raw.locate(header=header)
    return Problem(code, severity=Severity.NOTE, where=where, details=details, scope=Scope.READING)


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO, text trimmed."""
    if type(cell) is float and cell.is_integer() and abs(cell) < _EXACT_INTEGERS:
        return str(int(cell))
    return str(cell).strip()


def id_text(cell: object) -> str | None:
    """A cell as an id: normalised (NFKC) and trimmed, without invisible characters; None for a blank one."""
    text = cell if type(cell) is str else cell_text(cell)
    if text.isascii():
        return text.strip() or None
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip() or None


def _object_array(values: list[str | None]) -> ObjectArray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _bad_cells(raw: RawTable, header: str, bad: NDArray[np.bool_], code: str) -> tuple[Problem, ...]:
    cells = raw.column(header)
    return tuple(
        replace(Problem(code, value=str(cells[row])), where=raw.locate(row, header))
        for row in np.flatnonzero(bad).tolist()
    )
