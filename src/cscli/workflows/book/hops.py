"""Whose rows they are: by the config's `via` through another table; and who the accounts are where no table lists them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.fields import FieldType

if TYPE_CHECKING:
    import pandas as pd

OWN_KEYS = {
    "accounts": "account_id",
    "bridge": "other_id",
    "subscriptions": "subscription_id",
    "contacts": "contact_id",
    "orders": "order_id",
}
"""The column by which other tables refer to the rows of a source, by its kind."""


_BEST = ("accounts", "subscriptions", "mrr", "orders", "contacts", "rows", "events", "bridge")
_KEPT = ("name", "owner", "plan", "domain", "industry", "region", "currency")


def check_hops(sources: Mapping[str, Source], file: str) -> None:
    """Raises ConfigError for a `via` that names no source with two ids, or one that needs a hop itself."""
    for name, source in sources.items():
        if source.via is None:
            continue
        where = Location(file=file, key=f"sources.{name}.via")
        other = sources.get(source.via)
        if other is None or other.kind not in OWN_KEYS or source.via == "accounts":
            known = ", ".join(
                each for each, found in sources.items() if found.kind in OWN_KEYS and each != "accounts"
            )
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
        if (
            via is None
            or via not in typed
            or "account_id" not in table.frame
            or sources[via].kind == "accounts"
        ):
            continue
        accounts, said = _accounts_by_id(typed[via], sources[via], via)
        ids = table.frame["account_id"]
        found = ids.map(accounts).astype(object)
        found = found.where(found.notna(), None)
        lost = ids.notna() & found.isna()
        tables[name] = _without(replace(table, frame=table.frame.assign(account_id=found)), lost)
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
        said.append(Problem("data.via_several", severity=Severity.WARNING, where=place, details=details))
    first = pairs[~several]
    return dict(zip(first[key], first["account_id"], strict=True)), said


def _without(table: TypedTable, lost: "pd.Series[bool]") -> TypedTable:
    """`table` without the rows whose account is not known: they are told by their ids, not as rows without any."""
    stays = ~lost.to_numpy(dtype=bool)
    if stays.all():
        return table
    counts = table.row_counts
    lines = table.lines[stays] if len(table.lines) == len(stays) else table.lines
    frame = table.frame[stays].reset_index(drop=True)
    return replace(table, frame=frame, lines=lines, row_counts=None if counts is None else counts[stays])


def _say_lost(table: TypedTable, via: str, lost: "pd.Series[str]") -> list[Problem]:
    if lost.empty:
        return []
    examples = ", ".join(lost.unique()[:5])
    details = {"count": int(lost.nunique()), "rows": len(lost), "via": via, "examples": examples}
    place = Location(file=table.facts.file, sheet=table.facts.sheet)
    return [Problem("data.via_unmatched", where=place, details=details)]


def accounts_of_others(typed: Mapping[str, TypedTable], sources: Mapping[str, Source]) -> TypedTable | None:
    """A table of accounts with the ids of the best of `typed`, and what it says of each in text; None: there are no ids."""
    usable = [name for name in typed if "account_id" in typed[name].frame and sources[name].via is None]
    if not usable:
        return None
    name = min(
        usable, key=lambda each: (_BEST.index(sources[each].kind), -typed[each].frame["account_id"].nunique())
    )
    table = typed[name]
    wanted = {"account_id", *_KEPT}
    columns = tuple(
        c for c in table.columns if c.mapped.name in wanted and c.type in (FieldType.ID, FieldType.TEXT)
    )
    frame = table.frame[[c.mapped.name for c in columns]]
    last = frame[frame["account_id"].notna()].groupby("account_id", sort=False).last()
    rows = frame["account_id"].dropna().drop_duplicates()
    lines = table.lines[rows.index.to_numpy()] if len(table.lines) == len(frame) else table.lines[: len(rows)]
    place = Location(file=table.facts.file, sheet=table.facts.sheet)
    said = Problem(
        "data.accounts_of_other",
        severity=Severity.NOTE,
        where=place,
        details={"source": name, "count": len(rows)},
    )
    found = last.loc[rows.tolist()].reset_index().astype(object)
    return replace(
        table,
        source="accounts",
        frame=found.where(found.notna(), None),
        lines=lines,
        columns=columns,
        unused=(),
        problems=(said,),
        of_no_rows=None,
    )
