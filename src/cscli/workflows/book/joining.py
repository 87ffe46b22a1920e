"""Ids of the sources to ids of the accounts, before anything is joined: what is certain, and what people accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cscli.analysis.matching.merging import merge_ids
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.join import every_row
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.matching.decisions import Decided
    from cscli.analysis.matching.match import SourceMatch
    from cscli.sources.crosswalk import Crosswalk


@dataclass(frozen=True, eq=False, kw_only=True)
class Resolved:
    """`tables`: with ids of accounts wherever an id means one. `matches`, `decided`: by source, of those with ids
    that no account has. `whose`: by log, the account of each id that is not the account's own.
    `accounts`: as of `unique_accounts`; None where nothing had to be matched.
    """

    tables: Mapping[str, TypedTable]
    matches: "Mapping[str, SourceMatch]"
    decided: "Mapping[str, Decided]"
    accounts: "pd.DataFrame | None"
    crosswalk: "Crosswalk | None"
    problems: tuple[Problem, ...]
    whose: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def resolve_ids(typed: Mapping[str, TypedTable], sources: Mapping[str, Source], request: Request) -> Resolved:
    """Matches the ids that no account has, and puts the account's id in their place. Raises SourceError or
    DataError for a crosswalk that cannot be read.
    """
    everybody = _with_not_kept(typed["accounts"])
    known = set(everybody.frame["account_id"].dropna())
    strange = _with_strange_ids(typed, sources, known)
    if not strange:
        tables, said = _of_kept(typed)
        return Resolved(
            tables=tables, matches={}, decided={}, accounts=None, crosswalk=None, problems=tuple(said)
        )
    from cscli.analysis.matching.decisions import decide
    from cscli.analysis.matching.match import match_source, unique_accounts
    from cscli.sources.crosswalk import read_crosswalk

    accounts = unique_accounts(everybody)
    crosswalk = read_crosswalk(request.rules.workspace)
    problems = [*crosswalk.problems, *_say_unknown_sources(crosswalk, sources)]
    tables, matches, decided = dict(typed), {}, {}
    for name in strange:
        table = typed[name]
        ids = table.frame["account_id"].dropna().unique()
        decided[name] = decide(crosswalk.rows, name, ids, known)
        match = match_source(
            table,
            accounts,
            decided[name].decisions,
            many_rows=sources[name].kind not in ("accounts", "events"),
        )
        matches[name] = match
        problems += [*decided[name].problems, *_said(table, match, accounts)]
        tables[name] = _renamed(table, match)
    _rename_through_lists(tables, matches, sources)
    whose, added_up = _add_up_logs(typed, tables, sources)
    problems += added_up
    tables, said = _of_kept(tables)
    problems += said
    return Resolved(
        tables=tables,
        matches=matches,
        decided=decided,
        accounts=accounts,
        crosswalk=crosswalk,
        problems=tuple(problems),
        whose=whose,
    )


def _with_strange_ids(
    typed: Mapping[str, TypedTable], sources: Mapping[str, Source], known: set[str]
) -> list[str]:
    """The sources with ids that no account has."""
    return [
        name
        for name, table in typed.items()
        if name != "accounts"
        and sources[name].via is None
        and not known.issuperset(table.frame["account_id"].dropna().unique())
    ]


def _add_up_logs(
    typed: Mapping[str, TypedTable], tables: dict[str, TypedTable], sources: Mapping[str, Source]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """The logs among `tables` with one row an account; of each, whose every id is."""
    whose, problems = {}, list[Problem]()
    for name, table in tables.items():
        if name == "accounts" or sources[name].kind != "events":
            continue
        pairs = zip(typed[name].frame["account_id"], table.frame["account_id"], strict=True)
        whose[name] = {own: account for own, account in pairs if own != account}
        tables[name], said = merge_ids(table)
        problems += said
    return whose, problems


def _rename_through_lists(
    tables: dict[str, TypedTable], matches: "Mapping[str, SourceMatch]", sources: Mapping[str, Source]
) -> None:
    """What another system's list says of its ids holds in the tables whose `via` it is."""
    for name, table in tables.items():
        through = matches.get(sources[name].via or "") if name != "accounts" else None
        if through is not None:
            tables[name] = _renamed(table, through)


def _with_not_kept(accounts: TypedTable) -> TypedTable:
    """Also with those that are known and no customers, so that their ids are not taken for strange ones."""
    return replace(accounts, frame=every_row(accounts))


def _of_kept(tables: Mapping[str, TypedTable]) -> tuple[dict[str, TypedTable], list[Problem]]:
    """`tables` without the rows of accounts that `keep` leaves out."""
    left_out = tables["accounts"].not_kept
    if left_out is None:
        return dict(tables), []
    away = set(left_out["account_id"].dropna()) - set(tables["accounts"].frame["account_id"].dropna())
    found, said = dict(tables), []
    for name, table in tables.items():
        ids = table.frame.get("account_id")
        if name == "accounts" or ids is None or not (theirs := ids.isin(away)).any():
            continue
        stays = ~theirs.to_numpy()
        lines = table.lines[stays] if len(table.lines) == len(table.frame) else table.lines
        counts = None if table.row_counts is None else table.row_counts[stays]
        found[name] = replace(table, frame=table.frame[stays], lines=lines, row_counts=counts)
        place = Location(file=table.facts.file, sheet=table.facts.sheet)
        details = {"rows": int(theirs.sum()), "count": int(ids[theirs].nunique())}
        said.append(Problem("data.of_not_kept", severity=Severity.NOTE, where=place, details=details))
    return found, said


def _say_unknown_sources(crosswalk: "Crosswalk", sources: Mapping[str, Source]) -> Iterator[Problem]:
    """That somebody decided about ids of a source that the rules do not have."""
    said: set[str] = set()
    for row in crosswalk.rows:
        if row.accepted and row.source not in sources and row.source not in said:
            said.add(row.source)
            details = {"sources": ", ".join(name for name in sources if name != "accounts")}
            yield Problem(
                "match.unknown_source",
                severity=Severity.WARNING,
                where=row.place,
                value=row.source or "-",
                details=details,
            )


def _renamed(table: TypedTable, match: "SourceMatch") -> TypedTable:
    if match.joined.empty:
        return table
    ids = table.frame["account_id"]
    return replace(table, frame=table.frame.assign(account_id=ids.map(match.mapping).fillna(ids)))


def _said(table: TypedTable, match: "SourceMatch", accounts: "pd.DataFrame") -> list[Problem]:
    """A note for each method by which ids were joined."""
    mrr = accounts.set_index("account_id")["mrr"]
    place = Location(file=table.facts.file, sheet=table.facts.sheet, column=table.header("account_id"))
    problems = []
    for method, joined in match.joined.groupby("method", sort=False):
        found = joined["account_id"].unique()
        money = mrr[found].sum(min_count=1)
        details = {
            "source": match.source,
            "count": len(joined),
            "accounts": len(found),
            "mrr": "-" if money != money else f"{money:,.0f}",  # noqa: PLR0124 - NaN
            "example": f"{joined['source_id'].iloc[0]} = {joined['account_id'].iloc[0]}",
        }
        problems.append(
            Problem(f"match.joined_{method}", severity=Severity.NOTE, where=place, details=details)
        )
    return problems
