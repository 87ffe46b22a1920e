"""Without a list of accounts, the distinct ids of the best other table are the accounts."""

from collections.abc import Mapping
from dataclasses import replace

from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import Location, Problem, Severity
from cscli.fields import FieldType

_BEST = ("accounts", "subscriptions", "mrr", "orders", "contacts", "rows", "events", "bridge")
_KEPT = ("name", "owner", "plan", "domain", "industry", "region", "currency")


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
        "data.accounts_of_other", Severity.NOTE, place, details={"source": name, "count": len(rows)}
    )
    found = last.loc[rows.tolist()].reset_index().astype(object)
    return replace(
        table, source="accounts", frame=found.where(found.notna(), None), lines=lines, columns=columns, unused=(), problems=(said,),
        of_no_rows=None,
    )  # fmt: skip
