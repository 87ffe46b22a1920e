"""Rows whose ids are another table's, to the accounts that this table knows: one hop, by the config's `via`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import ConfigError, Location, Problem, Severity

if TYPE_CHECKING:
    import pandas as pd

OWN_KEYS = {
    "bridge": "other_id",
    "subscriptions": "subscription_id",
    "contacts": "contact_id",
    "orders": "order_id",
}
"""The column by which other tables refer to the rows of a source, by its kind."""


def check_hops(sources: Mapping[str, Source], file: str) -> None:
    """Raises ConfigError for a `via` that names no source with two ids, or one that needs a hop itself."""
    for name, source in sources.items():
        if source.via is None:
            continue
        where = Location(file, key=f"sources.{name}.via")
        other = sources.get(source.via)
        if other is None or other.kind not in OWN_KEYS:
            known = ", ".join(each for each, found in sources.items() if found.kind in OWN_KEYS)
            raise ConfigError(
                Problem("config.via_unknown", where=where, value=source.via, details={"known": known or "-"})
            )
        if other.via is not None:
            raise ConfigError(Problem("config.via_twice", where=where, value=source.via))


def follow_hops(
    typed: Mapping[str, TypedTable], sources: Mapping[str, Source]
) -> tuple[dict[str, TypedTable], list[Problem]]:
    """`typed`, where every table with a `via` has ids of accounts; the other id of each row whose account is not known
    is set aside and counted.
    """
    tables, problems = dict(typed), []
    for name, table in typed.items():
        via = sources[name].via if name in sources else None
        if via is None or via not in typed or "account_id" not in table.frame:
            continue
        accounts, said = _accounts_by_id(typed[via], sources[via], via)
        ids = table.frame["account_id"]
        found = ids.map(accounts).astype(object)
        found = found.where(found.notna(), None)
        lost = ids.notna() & found.isna()
        tables[name] = replace(table, frame=table.frame.assign(account_id=found))
        problems += [*said, *_say_lost(table, via, ids[lost])]
    return tables, problems


def _accounts_by_id(table: TypedTable, source: Source, name: str) -> "tuple[dict[str, str], list[Problem]]":
    key = OWN_KEYS[source.kind]
    if key not in table.frame:
        where = Location(file=table.facts.file, sheet=table.facts.sheet)
        raise ConfigError(Problem("config.via_without_id", where=where, value=name, details={"column": key}))
    pairs = table.frame[[key, "account_id"]].dropna().drop_duplicates()
    several = pairs[key].duplicated()
    said = []
    if several.any():
        details = {"count": int(pairs.loc[several, key].nunique()), "source": name, "column": key}
        place = Location(file=table.facts.file, sheet=table.facts.sheet)
        said.append(Problem("data.via_several", Severity.WARNING, place, details=details))
    first = pairs[~several]
    return dict(zip(first[key], first["account_id"], strict=True)), said


def _say_lost(table: TypedTable, via: str, lost: "pd.Series[str]") -> list[Problem]:
    if lost.empty:
        return []
    examples = ", ".join(lost.unique()[:5])
    details = {"count": int(lost.nunique()), "rows": len(lost), "via": via, "examples": examples}
    place = Location(file=table.facts.file, sheet=table.facts.sheet)
    return [Problem("data.via_unmatched", Severity.WARNING, place, details=details)]
