"""A typed table to the same with its numbers in plain units, on the field's own scale and inside its range."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.judging.amounts import (
    MONEY,
    TITLE,
    add_currency,
    holds_whole_numbers,
    minor_factors,
    read_points,
)
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Scale, Source
from cscli.errors import Problem, Severity
from cscli.fields import Field, FieldType, field_named
from cscli.header_keys import unit_words

_COUNTED = frozenset(
    {
        "IDs",
        "people",
        "times",
        "tickets",
        "invoices",
        "minutes",
        "money a month",
        "money a year",
        "money",
        "days",
    }
)
_LISTED = 3
# fmt: off
_UNITS = (
    (re.compile(r"百万"), 1e6), (re.compile(r"億"), 1e8), (re.compile(r"千\s*円|千$|^千|in thousands|thousands?\b"), 1e3),
    (re.compile(r"万\s*円|万$"), 1e4), (re.compile(r"\bcents?\b|minor units?"), 0.01), (re.compile(r"\bmillions?\b|\bmm?$"), 1e6),
    (re.compile(r"(?<![a-z])k$|[$€£]\s?k\b|[kt]\s?[€$£]|[$€£¥'’]000|000s"), 1e3),
)
# fmt: on
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_TAXED = re.compile(r"税込|incl\.? ?(?:tax|vat)|tax included")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    name: str
    header: str
    numbers: Numbers
    field: Field | None
    decimal_comma: bool
    """Whether the file has a column that can only have decimal commas, and this one does not."""


def settle_values(table: TypedTable, raw: RawTable, source: Source) -> TypedTable:
    """`table` with units and scales applied (pinned, or found from header, title and the whole column) and values
    that the field cannot have missing, each said. A `currency` column is added where headers or cells name one.
    """
    frame, problems = table.frame, list(table.problems)
    minor = minor_factors(table, raw)
    for column in _columns(table, source):
        values, said = column.numbers, list[Problem]()
        if minor is not None and _is_minor(column, raw, source):
            values, said = values * minor, [_say("data.minor_units", Severity.WARNING, raw, column)]
        for step in (_read_points, _drop_shares, _apply_unit, _apply_scale, _keep_in_range):
            values, more = step(replace(column, numbers=values), raw, source)
            said += more
        if values is not column.numbers:
            frame = frame.assign(**{column.name: values})
        problems += said
    frame, more = add_currency(frame, table, raw)
    return replace(table, frame=frame, problems=(*problems, *more))


def _columns(table: TypedTable, source: Source) -> Iterator[_Column]:
    commas = {problem.where.column for problem in table.problems if problem.code == "data.decimal_comma"}
    for each in table.columns:
        if each.type is FieldType.NUMBER:
            field = field_named(each.mapped.name, of_revenue=source.of_revenue)
            values = table.frame[each.mapped.name].to_numpy(np.float64)
            header = each.mapped.header
            yield _Column(
                name=each.mapped.name,
                header=header,
                numbers=values,
                field=field,
                decimal_comma=bool(commas) and header not in commas,
            )


def _read_points(column: _Column, raw: RawTable, source: Source) -> tuple[Numbers, list[Problem]]:
    if column.name not in MONEY or column.name in source.unit:
        return column.numbers, []
    return read_points(column.numbers, column.name, raw, column.header, decimal_comma=column.decimal_comma)


def _drop_shares(column: _Column, raw: RawTable, _source: Source) -> tuple[Numbers, list[Problem]]:
    """Percent in a column of people, times or money is missing: nobody says of what it is a share."""
    if column.field is None or column.field.unit not in _COUNTED or not _has_percent_signs(column, raw):
        return column.numbers, []
    shares = np.array(
        [isinstance(cell, str) and "%" in cell for cell in raw.column(column.header)], dtype=bool
    )
    details = {"count": int(shares.sum()), "name": column.name}
    said = Problem(
        "data.share_of_what", severity=Severity.ERROR, where=raw.locate(header=column.header), details=details
    )
    return np.where(shares, np.nan, column.numbers), [said]


def _is_minor(column: _Column, raw: RawTable, source: Source) -> bool:
    return (
        column.name in MONEY
        and column.name not in source.unit
        and _unit_of(column, raw) is None
        and holds_whole_numbers(raw, column.header)
    )


def _apply_unit(column: _Column, raw: RawTable, source: Source) -> tuple[Numbers, list[Problem]]:
    pinned = source.unit.get(column.name)
    if pinned is not None:
        return column.numbers * pinned, []
    is_money = column.name in MONEY
    if not is_money and (column.field is None or column.field.unit not in _COUNTED):
        return column.numbers, []
    said = (
        [_say("data.tax_included", Severity.WARNING, raw, column)]
        if is_money and _TAXED.search(_folded(column.header))
        else []
    )
    found = _unit_of(column, raw)
    if found is None:
        return column.numbers, said
    factor, words = found
    details = {"factor": f"{factor:g}", "name": column.name}
    said.append(
        Problem(
            "data.unit_applied",
            severity=Severity.WARNING,
            where=raw.locate(header=column.header),
            value=words,
            details=details,
        )
    )
    return column.numbers * factor, said


def _unit_of(column: _Column, raw: RawTable) -> tuple[float, str] | None:
    """The factor that the header, a row of units or a title names, and where it stands."""
    inside = _BRACKETS.findall(unicodedata.normalize("NFKC", column.header))
    titles = [title for title in raw.titles if TITLE.search(_folded(title))] if column.name in MONEY else []
    for text in (*inside, unit_words(column.header), raw.unit_row.get(column.header, ""), *titles):
        folded = _folded(text)
        for pattern, factor in _UNITS:
            if text and pattern.search(folded.strip("() ")):
                return factor, text.strip().removeprefix("in ")
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _apply_scale(column: _Column, raw: RawTable, source: Source) -> tuple[Numbers, list[Problem]]:
    pinned = source.scale.get(column.name)
    scale = pinned or _find_scale(column, raw)
    if scale is None:
        return column.numbers, []
    values = _on_scale(column.name, scale, column.numbers)
    if pinned or values is column.numbers:
        return values, []
    filled = column.numbers[~np.isnan(column.numbers)]
    details = {"scale": scale, "name": column.name, "count": len(filled), "example": f"{filled[0]:g}"}
    code = "data.scale_found"
    return values, [
        Problem(code, severity=Severity.WARNING, where=raw.locate(header=column.header), details=details)
    ]


def _find_scale(column: _Column, raw: RawTable) -> Scale | None:
    filled = column.numbers[~np.isnan(column.numbers)]
    if not len(filled):
        return None
    low, high = float(filled.min()), float(filled.max())
    if column.name == "gross_margin" and high <= 100 and np.mean(filled > 1) > 0.5:
        return "percent"
    if (
        column.name == "nps"
        and low >= 0
        and high <= 10
        and bool(np.all(filled == np.rint(filled)))
        and high > 0
    ):
        return "answers" if len(filled) >= 3 or "10" in column.header else None
    percent = column.name == "csat" and low >= 0 and high <= 100
    if percent and (np.mean(filled > 10) > 0.5 or _has_percent_signs(column, raw)):
        return "percent"
    return None


def _has_percent_signs(column: _Column, raw: RawTable) -> bool:
    return any(isinstance(cell, str) and "%" in cell for cell in raw.column(column.header)[:50])


def _on_scale(name: str, scale: Scale, values: Numbers) -> Numbers:
    if scale == "answers":
        inside = (values >= 0) & (values <= 10)
        return np.where(inside, np.where(values >= 9, 100.0, np.where(values >= 7, 0.0, -100.0)), np.nan)
    if scale == "percent" and name == "csat":
        of_hundred = values * 100 if np.nanmax(values, initial=0) <= 1 else values
        return 1 + 4 * of_hundred / 100
    return values / 100 if scale == "percent" else values


def _keep_in_range(column: _Column, raw: RawTable, _source: Source) -> tuple[Numbers, list[Problem]]:
    if column.field is None or (column.field.low is None and column.field.high is None):
        return column.numbers, []
    low = -np.inf if column.field.low is None else column.field.low
    high = np.inf if column.field.high is None else column.field.high
    outside = (column.numbers < low) | (column.numbers > high)
    if not outside.any():
        return column.numbers, []
    details = {"range": _range(low, high), "name": column.name}
    cells = raw.column(column.header)
    problems = [
        Problem(
            "data.out_of_range",
            severity=Severity.ERROR,
            where=raw.locate(row, column.header),
            value=str(cells[row]),
            details=details,
        )
        for row in np.flatnonzero(outside).tolist()
    ]
    return np.where(outside, np.nan, column.numbers), problems


def _range(low: float, high: float) -> str:
    if np.isinf(high):
        return f">= {low:g}"
    return f"<= {high:g}" if np.isinf(low) else f"{low:g} … {high:g}"


def _say(code: str, severity: Severity, raw: RawTable, column: _Column) -> Problem:
    return Problem(code, severity=severity, where=raw.locate(header=column.header), value=column.header)


def listed(values: Iterable[object]) -> str:
    """The first three of `values`, for a message."""
    return ", ".join(map(str, list(dict.fromkeys(values))[:_LISTED]))
