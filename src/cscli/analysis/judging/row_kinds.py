"""A raw table to the same without the rows that are no accounts: totals, averages, notes, units, sub-rows."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.judging.groups import fill_groups
from cscli.analysis.judging.row_words import FRAGMENTS, UNIT, folded, is_note, is_plain_summary, is_summary
from cscli.analysis.judging.searching import rows_with
from cscli.analysis.judging.second_tables import without_second_tables
from cscli.analysis.judging.sums import agrees_with_rows_above, rows_that_sum_the_others
from cscli.analysis.tables.mapping import map_any_headers
from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import Cell, RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity

_LISTED = 20
_MOST_BLANK = 200
"""Where more rows have no name, names say nothing; only the last rows are looked at."""
_MOSTLY = 0.6
_MONEY = ("mrr", "arr", "amount")
_KINTONE = "レコードの開始行"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """`figures`: whether its numbers agree with the rows above: None where it has none to compare."""

    at: int
    label: str
    filled: int
    is_summary: bool
    is_note: bool
    has_id: bool
    is_odd: bool
    """Whether its id has no digit, although those of the others do."""
    figures: bool | None
    sums_others: bool
    """Whether its amount is that of all others, or of its group where all rows are in such groups."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Table:
    raw: RawTable
    source: Source
    id_column: NDArray[np.object_]
    name_column: NDArray[np.object_] | None
    money: str | None
    """The header of the amounts, where there are any."""
    has_parents: bool


def drop_other_rows(raw: RawTable, source: Source) -> RawTable:
    """`raw` with the rows alone that may be accounts (or lines of some), and what was left out as problems."""
    raw = _skip_matching(raw, source)
    raw = _take_units(raw)
    raw = without_second_tables(_without_sub_rows(raw), source)
    table = _look(raw, source)
    if table is None or not len(raw.lines):
        return raw
    candidates = _candidates(table)
    plain = np.ones(len(raw.lines), dtype=bool)
    plain[[at for at in candidates if _says_summary(table, at)]] = False
    sums = _sums_of_others(table, plain)
    plain[sums] = False
    candidates = sorted({*candidates, *sums})
    rows = [row for at in candidates if (row := _judge(table, at, plain, at in sums)) is not None]
    has_subtotals = sum(row.is_summary and not row.has_id for row in rows) > 1
    return fill_groups(_drop(table, rows), source, has_subtotals=has_subtotals)


def _says_summary(table: _Table, at: int) -> bool:
    return is_summary(table.id_column[at]) or (
        table.name_column is not None and is_summary(table.name_column[at])
    )


def _sums_of_others(table: _Table, plain: NDArray[np.bool_]) -> list[int]:
    if table.money is None or table.has_parents:  # a parent's money may be that of its children
        return []
    return rows_that_sum_the_others(table.raw.columns, table.raw.column(table.money), plain)


def _look(raw: RawTable, source: Source) -> _Table | None:
    headers = {column.name: column.header for column in map_any_headers(raw, source).columns}
    if len(raw.headers) < 2:
        return None
    key = headers.get("account_id", raw.headers[0])
    others = [header for header in raw.headers if header != key]
    name = headers.get("name") or next((header for header in others[:1]), None)
    money = next((headers[each] for each in _MONEY if each in headers), None)
    return _Table(
        raw=raw,
        source=source,
        id_column=raw.column(key),
        name_column=raw.column(name) if name else None,
        money=money,
        has_parents="parent_id" in headers,
    )


def _candidates(table: _Table) -> list[int]:
    """Rows that lack an id or a name, or whose id or name could be a word for a sum. All others are accounts."""
    found = table.id_column == None  # noqa: E711 - elementwise
    if table.name_column is not None:
        blank = table.name_column == None  # noqa: E711 - elementwise
        found = found | (blank if blank.sum() <= _MOST_BLANK else _tail(len(blank)) & blank)
        found = found | _matches(table.name_column, is_summary)
    found = found | _matches(table.id_column, lambda cell: is_summary(cell) or is_note(cell))
    return np.flatnonzero(found).tolist()


def _tail(rows: int) -> NDArray[np.bool_]:
    return np.arange(rows) >= rows - _MOST_BLANK


def _matches(column: NDArray[np.object_], test: Callable[[Cell], bool]) -> NDArray[np.bool_]:
    """The cells of which `test` holds; only those with a fragment of such words are looked at closely."""
    found = np.zeros(len(column), dtype=bool)
    at = rows_with(column, FRAGMENTS)
    found[at] = [test(column[row]) for row in at]
    return found


def _judge(table: _Table, at: int, plain: NDArray[np.bool_], sums_others: bool) -> _Row | None:
    cells = [
        (number, column[at]) for number, column in enumerate(table.raw.columns) if column[at] is not None
    ]
    if not cells:
        return None
    texts = [cell for _, cell in cells if isinstance(cell, str)]
    own = [table.id_column[at], None if table.name_column is None else table.name_column[at]]
    words = [cell for cell in own if isinstance(cell, str)]
    label = next(filter(is_summary, words), next(iter(words), texts[0] if texts else ""))
    return _Row(
        at=at,
        label=str(label),
        filled=len(cells),
        is_summary=any(map(is_summary, [*own, texts[0] if texts else None])),
        is_note=is_note(cells[0][1]),
        has_id=own[0] is not None and not is_summary(own[0]) and not is_note(own[0]),
        is_odd=_is_odd(table, own[0]),
        figures=sums_others
        or agrees_with_rows_above(table.raw.columns, at, plain, alone=_says_summary(table, at)),
        sums_others=sums_others,
    )


def _is_odd(table: _Table, cell: Cell) -> bool:
    if not isinstance(cell, str) or any(map(str.isdigit, cell)):
        return False
    sample = [str(each) for each in table.id_column[:200] if each is not None]
    return sum(any(map(str.isdigit, each)) for each in sample) >= _MOSTLY * len(sample)


def _drop(table: _Table, rows: list[_Row]) -> RawTable:
    raw, last = table.raw, len(table.raw.lines) - 1
    typical = _typical_width(table)
    gone: dict[int, _Row] = {}
    doubted: list[_Row] = []
    for row in reversed(rows):
        in_tail = all(at in gone for at in range(row.at + 1, last + 1))
        if _is_other(row, typical, in_tail=in_tail, follows_gap=_follows_gap(raw, row.at)):
            gone[row.at] = row
        elif row.is_summary and row.has_id and (row.figures or is_plain_summary(row.label)):
            doubted.append(row)
    if not gone and not doubted:
        return raw
    stays = np.ones(len(raw.lines), dtype=bool)
    stays[list(gone)] = False
    found = (*_say(table, sorted(gone.values(), key=lambda row: row.at)), *_doubt(table, doubted))
    said = (
        *raw.problems,
        *(each for each in found if each not in raw.problems),
    )  # a table may be looked at twice
    return replace(raw.only(stays), problems=said)


def _is_other(row: _Row, typical: int, *, in_tail: bool, follows_gap: bool) -> bool:
    """Whether the signs together say that a row is no account."""
    if row.sums_others or (row.is_summary and not row.has_id):
        return True
    if row.is_summary:
        return row.figures is True and row.filled < typical - 1
    if row.filled == 1 and typical >= 3:
        return row.is_note or (in_tail and (follows_gap or not row.has_id or " " in row.label))
    return row.figures is True and (not row.has_id or (row.is_odd and row.filled < typical))


def _typical_width(table: _Table) -> int:
    """The filled cells of the fullest row of a sample."""
    sample = range(0, len(table.raw.lines), max(1, len(table.raw.lines) // 50))
    return max(sum(column[at] is not None for column in table.raw.columns) for at in sample)


def _follows_gap(raw: RawTable, at: int) -> bool:
    return at > 0 and int(raw.lines[at]) > int(raw.lines[at - 1]) + 1


def _say(table: _Table, rows: list[_Row]) -> Iterator[Problem]:
    """One problem for all: a warning where money is left out that is not proven to stand in other rows too."""
    if not rows:
        return
    lines = [int(table.raw.lines[row.at]) for row in rows]
    amounts = np.full(len(rows), np.nan)
    if table.money is not None:
        amounts = parse_numbers(table.raw.column(table.money)).values[[row.at for row in rows]]
    money = float(np.nansum(amounts))
    given = ~np.isnan(amounts)
    unproven = money != 0 and any(
        row.figures is not True or (row.has_id and row.sums_others)
        for row, is_given in zip(rows, given, strict=True)
        if is_given
    )
    details = {
        "count": len(rows),
        "rows": _listed(lines),
        "money": f"{money:,.0f}",
        "examples": ", ".join(dict.fromkeys(row.label[:40] for row in rows[:3])),
    }
    code = "data.rows_left_out_money" if money else "data.rows_left_out"
    severity = Severity.WARNING if unproven else Severity.NOTE
    yield Problem(code, severity=severity, where=table.raw.locate(rows[0].at), details=details)


def _doubt(table: _Table, rows: list[_Row]) -> Iterator[Problem]:
    for row in rows:
        yield Problem(
            "data.may_be_total", severity=Severity.WARNING, where=table.raw.locate(row.at), value=row.label
        )


def _listed(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:_LISTED])) + (" …" if len(lines) > _LISTED else "")


def _skip_matching(raw: RawTable, source: Source) -> RawTable:
    if not source.skip_rows_matching:
        return raw
    headers = {column.name: column.header for column in map_any_headers(raw, source).columns}
    stays = np.ones(len(raw.lines), dtype=bool)
    for name, pattern in source.skip_rows_matching.items():
        if name in headers:
            found = re.compile(pattern)
            stays &= [type(cell) is not str or not found.search(cell) for cell in raw.column(headers[name])]
    if stays.all():
        return raw
    return _without("data.rows_skipped", raw, stays)


def _take_units(raw: RawTable) -> RawTable:
    """Takes a row of units directly below the header out of the rows."""
    if len(raw.lines) < 2:
        return raw
    cells = {
        header: column[0]
        for header, column in zip(raw.headers, raw.columns, strict=True)
        if column[0] is not None
    }
    texts = [folded(cell) if isinstance(cell, str) else "" for cell in cells.values()]
    if (
        not cells
        or len(cells) == len(raw.headers)
        or raw.columns[0][0] is not None
        or not all(map(UNIT.fullmatch, texts))
    ):
        return raw
    stays = np.ones(len(raw.lines), dtype=bool)
    stays[0] = False
    found = ", ".join(map(str, cells.values()))
    said = Problem("data.unit_row", severity=Severity.NOTE, where=raw.locate(0), value=found)
    units = {header: str(cell) for header, cell in cells.items()}
    return replace(raw.only(stays), problems=(*raw.problems, said), unit_row=units)


def _without_sub_rows(raw: RawTable) -> RawTable:
    """Of kintone's records in several rows, the first of each, which it marks with a star."""
    if _KINTONE not in raw.headers:
        return raw
    stays = np.array([cell is not None for cell in raw.column(_KINTONE)], dtype=bool)
    if stays.all() or not stays.any():
        return raw
    return _without("data.sub_rows", raw, stays, records=int(stays.sum()))


def _without(code: str, raw: RawTable, stays: NDArray[np.bool_], **further: object) -> RawTable:
    """The rows that stay, with a note on the others."""
    lines = raw.lines[~stays].tolist()
    details = {"count": len(lines), "rows": _listed(lines)} | further
    place = raw.locate(int(np.argmin(stays)))
    said = Problem(code, severity=Severity.NOTE, where=place, details=details)
    return replace(raw.only(stays), problems=(*raw.problems, said))
