"""Ids of the sources to ids of the accounts, before anything is joined: what is certain, and what people accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cscli.analysis.matching.merging import merge_ids
from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity
from cscli.sources.crosswalk import Crosswalk, read_crosswalk
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.matching.decisions import Decided
    from cscli.analysis.matching.match import SourceMatch


@dataclass(frozen=True, eq=False, kw_only=True)
class Resolved:
    """`tables`: with ids of accounts wherever an id means one. `matches`, `decided`: by source, of those with ids
    that no account has. `accounts`: as of `unique_accounts`; None where nothing had to be matched.
    """

    tables: Mapping[str, TypedTable]
    matches: "Mapping[str, SourceMatch]"
    decided: "Mapping[str, Decided]"
    accounts: "pd.DataFrame | None"
    crosswalk: Crosswalk | None
    problems: tuple[Problem, ...]


def resolve_ids(typed: Mapping[str, TypedTable], sources: Mapping[str, Source], request: Request) -> Resolved:
    """Matches the ids that no account has, and puts the account's id in their place. Raises SourceError or
    DataError for a crosswalk that cannot be read.
    """
    known = set(typed["accounts"].frame["account_id"].dropna())
    strange = [
        name
        for name, table in typed.items()
        if name != "accounts"
        and sources[name].via is None
        and not known.issuperset(table.frame["account_id"].dropna().unique())
    ]
    if not strange:
        return Resolved(tables=typed, matches={}, decided={}, accounts=None, crosswalk=None, problems=())
    from cscli.analysis.matching.decisions import decide
    from cscli.analysis.matching.match import match_source, unique_accounts

    accounts = unique_accounts(typed["accounts"])
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
        if sources[name].kind == "events":
            tables[name], said = merge_ids(tables[name])
            problems += said
    return Resolved(
        tables=tables,
        matches=matches,
        decided=decided,
        accounts=accounts,
        crosswalk=crosswalk,
        problems=tuple(problems),
    )


def _say_unknown_sources(crosswalk: Crosswalk, sources: Mapping[str, Source]) -> Iterator[Problem]:
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
            "source": match.source, "count": len(joined), "accounts": len(found),
            "mrr": "-" if money != money else f"{money:,.0f}",  # noqa: PLR0124 - NaN
            "example": f"{joined['source_id'].iloc[0]} = {joined['account_id'].iloc[0]}",
        }  # fmt: skip
        problems.append(
            Problem(f"match.joined_{method}", severity=Severity.NOTE, where=place, details=details)
        )
    return problems
