"""Exports to a proposal: which file serves which source of the rules, which column is the id, and why."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import PurePath

import pandas as pd

from cscli.analysis.proposing.keys import Key, key_of_accounts, key_of_rows
from cscli.analysis.proposing.revenue_tables import RevenueKind, revenue_kind
from cscli.analysis.proposing.rollups import ProposedRollup, propose_rollup
from cscli.analysis.proposing.subjects import is_about_accounts, is_about_many, subject_words
from cscli.analysis.tables.date_forms import Order
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.mapping import map_headers
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import DataError, Problem
from cscli.fields import FIELD_BY_NAME, FieldType, is_plain_name, known_field
from cscli.header_keys import header_key

_ENOUGH_COLUMNS = 0.6
"""Share of the columns that a source's rollup reads which a file must have to serve it."""


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """Column `name` read from `header` (None: the file does not have it), and the reason."""

    name: str
    header: str | None
    why: str


@dataclass(frozen=True, slots=True)
class UndecidedDates:
    """A column whose dates fit both orders of day and month, or bear both."""

    name: str
    example: str
    mixed: bool


@dataclass(frozen=True, eq=False)
class ProposedSource:
    """How one file is to be read."""

    name: str
    table: RawTable
    kind: str
    columns: tuple[ProposedColumn, ...]
    unused: tuple[str, ...]
    dates: tuple[UndecidedDates, ...]
    rollup: tuple[ProposedRollup, ...] = ()


@dataclass(frozen=True, eq=False)
class Proposal:
    """`sources`: the accounts first, then those of the rules that have a file. `added`: files with many rows an
    account for which the rules have no source. `others`: files left over.
    """

    sources: tuple[ProposedSource, ...]
    added: tuple[ProposedSource, ...]
    others: tuple[ProposedSource, ...]


def propose(tables: Sequence[RawTable], rules: Mapping[str, Source], taken: AbstractSet[str]) -> Proposal:
    """How `tables` can serve the sources of `rules`; `taken` are names that the rules define themselves.

    Raises DataError if no table has a column that could be the account's id.
    """
    accounts = _choose_accounts(tables, rules.get("accounts", Source()))
    left = [table for table in tables if table is not accounts]
    key = _known_key(accounts)
    ids = frozenset(_texts(accounts, key.header))
    sources = [_propose_source("accounts", accounts, key, rules.get("accounts", Source()), taken)]
    for name, source in rules.items():
        if source.of_revenue:
            sources += _chosen_revenue(left, name, source, ids)
        elif name != "accounts" and (table := _choose_rows(left, source)) is not None:
            left.remove(table)
            rows_key = key_of_rows(table, ids, source.columns.get("account_id"))
            if rows_key is not None:
                sources.append(_propose_source(name, table, rows_key, source, frozenset()))
    names = _Names({*rules, *taken})
    others = [_propose_other(table, names, ids) for table in left]
    used = {*taken, *(column.name for source in sources for column in source.columns if column.header)}
    added = list(_added(others, used, ids))
    filed = {id(source.table) for source in added}
    return Proposal(tuple(sources), tuple(added), tuple(o for o in others if id(o.table) not in filed))


def _added(
    others: Sequence[ProposedSource], used: set[str], ids: AbstractSet[str]
) -> Iterator[ProposedSource]:
    """Those of `others` that can be rolled up as they are, under names that nothing else has. Of a file that knows
    none of the accounts a count of 0 would say what nobody knows: then only its rows and their last day.
    """
    for other in others:
        if other.columns and (kind := revenue_kind(other.table)) is not None:
            yield _of_revenue(other, kind)
            continue
        if other.kind == "accounts" or not other.columns:
            continue
        shared = not ids.isdisjoint(_texts(other.table, other.columns[0].header or ""))
        words = subject_words(other.table.facts.file) if shared else frozenset[str]()
        rollup = propose_rollup(other.table, other.name, words, used)
        found = {
            "account_id": other.columns[0].header or "",
            **{n: h for each in rollup for n, h in each.reads},
        }
        mapping = map_headers(other.table, Source(columns=dict(found)))
        columns = (
            *other.columns,
            *(
                ProposedColumn(name, header, "added up below")
                for name, header in found.items()
                if name != "account_id"
            ),
        )
        every = [ProposedColumn(column.name, column.header, column.how) for column in mapping.columns]
        if any(_undecided(other.table, every, Source())):
            continue
        used |= {each.name for each in rollup}
        yield ProposedSource(other.name, other.table, "rows", columns, mapping.unused, (), rollup)


def _chosen_revenue(
    left: list[RawTable], name: str, source: Source, ids: AbstractSet[str]
) -> list[ProposedSource]:
    """The first of `left` that its headers tell to be of the source's kind; it is taken out of `left`."""
    for table in left:
        found = _propose_other(table, _Names(set()), ids)
        kind = revenue_kind(table)
        if kind is not None and kind == source.kind and found.columns:
            left.remove(table)
            return [replace(_of_revenue(found, kind), name=name)]
    return []


def _of_revenue(other: ProposedSource, kind: RevenueKind) -> ProposedSource:
    """Subscriptions and MRR by month as what they are: they join no columns to the accounts."""
    key = other.columns[0]
    mapping = map_headers(other.table, Source(kind=kind, columns={"account_id": key.header or ""}))
    columns = [
        ProposedColumn(column.name, column.header, key.why if column.name == "account_id" else column.how)
        for column in mapping.columns
    ]
    dates = tuple(_undecided(other.table, columns, Source(kind=kind)))
    return ProposedSource(other.name, other.table, kind, tuple(columns), mapping.unused, dates)


def _choose_accounts(tables: Sequence[RawTable], source: Source) -> RawTable:
    """One row an account, named for accounts, with a name; then the most known headers, then the order in which they were given."""

    def rank(table: RawTable) -> tuple[bool, bool, bool, bool, bool, int]:
        key = key_of_accounts(table)
        about, many = is_about_accounts(table.facts.file), is_about_many(table.facts.file)
        known = {field.name for header in table.headers if (field := known_field(header))}
        named = source.file is not None and _fits_pattern(table, source)
        fits = key is not None and (key.is_unique or about)
        return (fits, about, not many, "name" in known, named, len(known))

    return max(tables, key=rank)


def _known_key(table: RawTable) -> Key:
    key = key_of_accounts(table)
    if key is None:
        details = {"headers": ", ".join(table.headers[:12]), "nearest": "-"}
        raise DataError(Problem("data.no_account_id", where=table.locate(), details=details))
    return key


def _choose_rows(tables: Sequence[RawTable], source: Source) -> RawTable | None:
    """The table that has the columns which the rollup reads; of several the one whose file has the name."""
    fitting = [table for table in tables if _share_of_columns(table, source) >= _ENOUGH_COLUMNS]
    ranked = sorted(
        fitting, key=lambda table: (not _fits_pattern(table, source), -_share_of_columns(table, source))
    )
    if not ranked or not (_fits_pattern(ranked[0], source) or _share_of_columns(ranked[0], source) == 1):
        return None
    return ranked[0]


def _fits_pattern(table: RawTable, source: Source) -> bool:
    return source.file is not None and fnmatch(table.facts.file, PurePath(source.file).name)


def _share_of_columns(table: RawTable, source: Source) -> float:
    needed = _needed(source)
    found = [name for name in needed if _find_header(table, name, source)]
    return len(found) / len(needed) if needed else 0.0


def _needed(source: Source) -> list[str]:
    """The columns that the rollup reads, in the order in which they are met."""
    names = (name for rollup in source.rollup.values() for name in sorted(rollup.names))
    return [name for name in dict.fromkeys(names) if name not in ("as_of", "account_id")]


def _find_header(table: RawTable, name: str, source: Source) -> str | None:
    """The header of column `name`: as the source names it, else as it is known or plain."""
    accepted = source.columns.get(name, [])
    keys = {header_key(choice) for choice in ([accepted] if isinstance(accepted, str) else accepted)}
    own = (header for header in table.headers if header == name or _field_name(header) == name)
    return next((header for header in table.headers if header_key(header) in keys), None) or next(own, None)


def _field_name(header: str) -> str | None:
    field = known_field(header)
    return field.name if field else None


def _propose_source(
    name: str, table: RawTable, key: Key, source: Source, taken: AbstractSet[str]
) -> ProposedSource:
    expected = [*source.columns, *(column for column in _needed(source) if column not in source.columns)]
    pinned = {column: _find_header(table, column, source) for column in expected if column != "account_id"}
    found = {"account_id": key.header, **{column: header for column, header in pinned.items() if header}}
    mapping = map_headers(table, Source(columns=dict(found)))
    columns = []
    for column in mapping.columns:
        why = key.why if column.name == "account_id" else column.how
        if column.how == "config" and column.name != "account_id":
            why = "named in the preset" if column.name in source.columns else _how(column.header)
        renamed = column.name in taken and column.how == "plain name"
        own = f"{column.name}_exported" if renamed else column.name
        columns.append(
            ProposedColumn(own, column.header, f"renamed: the rules define {column.name}" if renamed else why)
        )
    absent = [column for column, header in pinned.items() if header is None]
    columns += [ProposedColumn(column, None, "not in this file: put its header here") for column in absent]
    return ProposedSource(
        name, table, source.kind, tuple(columns), mapping.unused, tuple(_undecided(table, columns, source))
    )


def _how(header: str) -> str:
    return "known header" if known_field(header) else "plain name"


def _undecided(
    table: RawTable, columns: Sequence[ProposedColumn], source: Source
) -> Iterator[UndecidedDates]:
    for column in columns:
        field = FIELD_BY_NAME.get(column.name)
        dated = source.types.get(column.name) == "date" or (
            field is not None and field.type is FieldType.DATE
        )
        if column.header is None or not (dated or field is None):
            continue
        cells = table.column(column.header)
        parsed = parse_dates(cells)
        unread = int(parsed.bad.sum()) == int(pd.notna(cells).sum())
        if parsed.order in (Order.AMBIGUOUS, Order.MIXED) and (dated or unread):
            example = str(cells[int(parsed.bad.argmax())])
            yield UndecidedDates(column.name, example, mixed=parsed.order is Order.MIXED)


def _propose_other(table: RawTable, names: "_Names", ids: AbstractSet[str]) -> ProposedSource:
    name = names.free(PurePath(table.facts.file).name.split(".")[0])
    key = key_of_rows(table, ids, None)
    columns = () if key is None else (ProposedColumn("account_id", key.header, key.why),)
    many = is_about_many(table.facts.file) or any(header_key(header) == "id" for header in table.headers)
    kind = "accounts" if key is not None and key.is_unique and not many else "rows"
    unused = tuple(header for header in table.headers if key is None or header != key.header)
    return ProposedSource(name, table, kind, columns, unused, ())


class _Names:
    """Gives names of sources that nothing else has."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def free(self, stem: str) -> str:
        plain = "".join(mark if mark.isascii() and mark.isalnum() else "_" for mark in stem.casefold()).strip(
            "_"
        )
        base = plain if is_plain_name(plain) else "export"
        numbered = (f"{base}_{number}" for number in range(2, len(self._taken) + 3))
        name = next(choice for choice in (base, *numbered) if choice not in self._taken)
        self._taken.add(name)
        return name


def _texts(table: RawTable, header: str) -> Iterator[str]:
    return (str(cell).strip() for cell in table.column(header) if cell is not None)
