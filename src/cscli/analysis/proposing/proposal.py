"""A plan to proposed sources: the columns that each file is read for, its roll-ups, its status words, its filter."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from cscli.analysis.proposing.concepts import concept_of
from cscli.analysis.proposing.log_columns import choose_columns
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.presets import PresetUse, serve
from cscli.analysis.proposing.proposed import ProposedColumn, ProposedSource, UndecidedDates
from cscli.analysis.proposing.rollups import propose_rollups, row_day
from cscli.analysis.proposing.rollups_of_orders import amount_of_months, order_columns
from cscli.analysis.proposing.statuses import columns_of_stay, filter_of, starts_of, status_of
from cscli.analysis.proposing.twins import left_as_twin, may_be_our_activity, without_our_activity
from cscli.analysis.proposing.undecided import undecided_dates
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts, facts_of
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.plan import Plan, name_sources
from cscli.analysis.recognising.taken import LeftFile, TakenFile
from cscli.analysis.tables.mapping import map_any_headers
from cscli.config.schema import Source
from cscli.errors import CscliError, Location
from cscli.fields import field_named, known_field

_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\Z")
_OWN_KEYS = {
    "bridge": "other_id",
    "contacts": "contact_id",
    "orders": "order_id",
    "subscriptions": "subscription_id",
}


@dataclass(frozen=True, eq=False)
class Proposal:
    """`sources`: the accounts first. `left`: files without use. `rivals`: lists of accounts that are as good as the chosen one."""

    sources: tuple[ProposedSource, ...]
    left: tuple[LeftFile, ...]
    rivals: tuple[TakenFile, ...]
    accounts: TakenFile | None


def propose(plan: Plan, rules: Mapping[str, Source], taken: AbstractSet[str]) -> Proposal:
    """How the files of `plan` serve; `rules`: the sources of a preset, `taken`: names that its rules define themselves."""
    uses = serve(plan, rules)
    names = {id(each): name for each, name in name_sources(plan, lambda name: name in taken or name in rules)}
    names |= {key: use.name for key, use in uses.items()}
    free = _free_columns(plan)
    log = max(
        (each for each in plan.every if each.kind == "events"), key=lambda each: each.facts.rows, default=None
    )
    found: list[ProposedSource] = []
    left = list(plan.left)
    for each in plan.every:
        use = uses.get(id(each))
        source = _propose(each, names, free, use, is_log=each is log)
        if source is None:
            continue
        source = _without_clashes(source, taken, found)
        may_be_twin = (
            found and source.kind == "accounts" and all(other.via is not each for other in plan.every)
        )
        twin = left_as_twin(each.facts, source, found) if may_be_twin else None
        if twin is not None:
            left.append(twin)
            continue
        if plan.knows_nobody(each) and source.rollup and source.preset is None:
            source = replace(source, rollup=tuple(r for r in source.rollup if r.name.endswith("_rows")))
        free = free - {rollup.name for rollup in source.rollup}
        found.append(source)
    kept = {source.name for source in found}
    lost = [source for source in found if source.via is not None and source.via not in kept]
    left += [
        LeftFile(facts_of(source.table), "init.left_no_link", found[0].table.facts.file) for source in lost
    ]
    found = [source for source in found if source not in lost]
    return Proposal(without_our_activity(found), tuple(left), plan.rivals, plan.accounts)


def _free_columns(plan: Plan) -> frozenset[str]:
    """Canonical columns that no table of one row an account gives."""
    every = {"seats", "active_users", "logins", "usage_minutes", "last_login_on", "nps", "csat", "open_tickets", "overdue_invoices", "churned_on",
             "churn_reason", "open_p1"}  # fmt: skip
    given = {
        c.field
        for each in plan.every
        if each.kind == "accounts"
        for c in each.facts.columns
        if c.filled and not may_be_our_activity(c.header)
    }
    return frozenset(every - given)


def _propose(
    each: TakenFile, names: Mapping[int, str], free: AbstractSet[str], use: PresetUse | None, *, is_log: bool
) -> ProposedSource | None:
    name, via = names[id(each)], _name_of(each.via, names) if each.via else None
    if each.kind == "events" and is_log:
        return _propose_log(each, name)
    base = ProposedSource(
        name=name, table=each.facts.table, kind=each.kind, taken_for=each.kind, why=each.why, columns=(), via=via, second=each.second,
        share=each.share, by_company=each.company is not None,
    )  # fmt: skip
    if use is not None and use.source.kind == "rows":
        columns, unused = _mapped(each, use.source, use.columns)
        dates = tuple(undecided_dates(each.facts.table, columns, use.source))
        return replace(base, kind="rows", columns=columns, unused=unused, dates=dates, preset=use.name)
    if each.kind in ("accounts", "subscriptions", "mrr", "bridge"):
        return _of_one_row(each, base, use.columns if use else {})
    return _of_rows(each, base, free)


def _company_of(each: TakenFile) -> dict[str, ColumnFacts]:
    """The column by which ids of another system find their account, where it is not the id itself."""
    if each.company is None or each.company.column is each.key:
        return {}
    return {each.company.holds: each.company.column}


def _name_of(via: TakenFile, names: Mapping[int, str]) -> str:
    return names[id(via)]


def _of_one_row(
    each: TakenFile, base: ProposedSource, wanted: Mapping[str, ColumnFacts | None]
) -> ProposedSource:
    source = Source(kind=each.kind)
    own = (
        {_OWN_KEYS[each.kind]: each.own}
        if each.kind in _OWN_KEYS and each.own and each.own is not each.key
        else {}
    )
    paid = amount_of_months(each.facts) if each.kind == "mrr" else {}
    columns, unused = _mapped(each, source, {**wanted, **own, **_company_of(each), **paid})
    if each.kind == "bridge":
        columns = tuple(column for column in columns if column.name in ("account_id", "other_id"))
    dates = tuple(undecided_dates(each.facts.table, columns, source))
    columns, dates = _set_aside(columns, dates) if each.kind == "accounts" else (columns, dates)
    status = status_of(each.facts) if each.kind == "accounts" else None
    types = {"churn_flag": "text"} if status else {}
    stay = tuple(columns_of_stay(each.facts, status) if each.kind == "accounts" else starts_of(each, columns))
    columns = (*columns, *stay)
    keep = filter_of(each.facts, columns) if each.kind == "accounts" and base.name == "accounts" else None
    if keep is not None:
        columns = (*columns, *([keep[2]] if keep[2] else []))
    read = {*(column.header for column in stay), keep[2].header if keep and keep[2] else None}
    unused = tuple(header for header in unused if header not in read)
    return replace(
        base, columns=columns, unused=unused, dates=dates, types=types, status=status,
        keep=keep[:2] if keep else None,
    )  # fmt: skip


def _of_rows(each: TakenFile, base: ProposedSource, free: AbstractSet[str]) -> ProposedSource | None:
    """A table of many rows: only the columns that its roll-ups name are read by name."""
    rollups = propose_rollups(each, base.name, free)
    names, columns, types = (
        Names(each.facts),
        [ProposedColumn("account_id", each.key.header, each.key_why)],
        {},
    )
    columns += [
        ProposedColumn(name, column.header, Why("company")) for name, column in _company_of(each).items()
    ]
    if each.kind in _OWN_KEYS and each.own is not None and each.own is not each.key:
        columns.append(ProposedColumn(_OWN_KEYS[each.kind], each.own.header, Why("own_id")))
    for rollup in rollups:
        for name, column, kind in rollup.reads:
            if all(known.name != name for known in columns):
                columns.append(ProposedColumn(name, column.header, Why("added_up")))
                types[name] = kind
    if each.kind == "orders":
        columns += order_columns(each.facts, names)
    used = {column.header for column in columns}
    kind = {"churn": "rows", "events": "rows"}.get(each.kind, each.kind)
    rollup_kind = kind if rollups or kind != "rows" else None
    if rollup_kind is None:
        return None
    unused = tuple(
        header for header in each.facts.table.headers if header not in used and not header.startswith("_")
    )
    source = Source(kind="accounts", types=types)
    dates = tuple(undecided_dates(each.facts.table, columns, source))
    broken = {each.name for each in dates}
    rollups = tuple(r for r in rollups if not {name for name, _, _ in r.reads} & broken)
    if kind == "rows" and not rollups:
        return None
    pinned = {
        name: kind for name, kind in types.items() if name not in broken and not _is_known_type(name, kind)
    }
    day = row_day(each) if rollups and kind == "rows" else None
    return replace(
        base, kind=kind, columns=tuple(columns), unused=unused, dates=dates, types=pinned, rollup=rollups,
        at=None if day in broken or all(column.name != day for column in columns) else day,
    )  # fmt: skip


def _is_known_type(name: str, kind: str) -> bool:
    known = field_named(name)
    return known is not None and known.type.value == kind


def _propose_log(each: TakenFile, name: str) -> ProposedSource | None:
    pinned = {"account_id": each.key.header}
    try:
        columns, _ = choose_columns(
            each.facts.table.headers, Source(kind="events", file="x", columns=dict(pinned)), Location()
        )
    except CscliError:
        return None
    found = [
        ProposedColumn(column, header, each.key_why if column == "account_id" else Why("of_log"))
        for column, header in columns.named().items()
    ]
    at = next((column for column in each.facts.columns if column.header == columns.at), None)
    bears_zones = at is not None and all(_ZONE.search(text) for text in at.examples)
    return ProposedSource(
        name=name, table=each.facts.table, kind="events", taken_for="events", why=each.why, columns=tuple(found), types={}, second=each.second,
        share=each.share, bears_zones=bears_zones, by_company=each.company is not None,
    )  # fmt: skip


def _mapped(
    each: TakenFile, source: Source, pinned: Mapping[str, ColumnFacts | None]
) -> tuple[tuple[ProposedColumn, ...], tuple[str, ...]]:
    """Columns that are known or pinned; plain names map to themselves without a line."""
    given = {
        "account_id": each.key.header,
        **{name: column.header for name, column in pinned.items() if column is not None},
    }
    mapping = map_any_headers(each.facts.table, source.model_copy(update={"columns": given}))
    found, unused = [], list(mapping.unused)
    for column in mapping.columns:
        if column.name in given:
            why = (
                each.key_why
                if column.name == "account_id"
                else Why("company")
                if column.name in _company_of(each)
                else Why("named_in_preset" if column.name not in _OWN_KEYS.values() else "own_id")
            )
            found.append(ProposedColumn(column.name, column.header, why))
        elif column.how == "known header":
            found.append(ProposedColumn(column.name, column.header, Why("known_header")))
    absent = [ProposedColumn(name, None, Why("absent")) for name, column in pinned.items() if column is None]
    return (*found, *absent), tuple(header for header in unused if not header.startswith("_"))


def _set_aside(
    columns: Sequence[ProposedColumn], dates: Sequence[UndecidedDates]
) -> tuple[tuple[ProposedColumn, ...], tuple[UndecidedDates, ...]]:
    """Dates that nobody can decide are missing until somebody does; the rest is read."""
    names = {each.name for each in dates}
    return tuple(
        replace(c, header=None, why=Why("undecided", c.header or "")) if c.name in names else c
        for c in columns
    ), tuple(dates)


def _says_nothing_new(facts: TableFacts, source: ProposedSource, before: Sequence[ProposedSource]) -> bool:
    """Whether a further list of the same accounts has no column that the first has not, and none that tells."""
    there = {column.name for other in before for column in other.columns}
    return all(c.name == "account_id" for c in source.columns) and not any(
        concept_of(c) is not None and c.type in ("number", "truth") and c.field not in there and Names(facts).of(c) not in _plain_headers(before)
        for c in facts.columns
    )  # fmt: skip


def _plain_headers(before: Sequence[ProposedSource]) -> set[str]:
    """The names that the columns of earlier tables have, known or not."""
    return {
        Names(facts).of(c) for other in before for facts in (facts_of(other.table),) for c in facts.columns
    }


def _without_clashes(
    source: ProposedSource, taken: AbstractSet[str], before: Sequence[ProposedSource]
) -> ProposedSource:
    """`source` with plain headers that the rules use as names under another name, and without roll-ups that are there already."""
    if source.kind == "accounts":
        given = {column.name for other in before if other.kind == "accounts" for column in other.columns}
        kept = {"account_id", *(c.name for c in source.columns if c.why.code == "company")}
        columns = tuple(c for c in source.columns if c.name in kept or c.name not in given)
        source = replace(source, columns=columns)
        clashing = [
            h
            for h in source.table.headers
            if h in taken and known_field(h) is None and all(c.header != h for c in source.columns)
        ]
        extra = [ProposedColumn(f"{header}_exported", header, Why("renamed", header)) for header in clashing]
        return replace(
            source,
            columns=(*source.columns, *extra),
            unused=tuple(h for h in source.unused if h not in clashing),
        )
    there = {rollup.name for other in before for rollup in other.rollup} | set(taken)
    return replace(source, rollup=tuple(rollup for rollup in source.rollup if rollup.name not in there))
