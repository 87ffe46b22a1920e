"""Files that hold one row an account each, of the same accounts, to the list that they are together."""

from collections.abc import Sequence

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.links import Link
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile

_NEARLY_ALL = 0.9
_FEWEST = 5
_JOINED = "row_an_account"


def choose_part(every: Sequence[TableFacts]) -> TakenFile | None:
    """The part that says most of the accounts, where no file is their list by itself."""
    keys = [(facts, key) for facts in every if (key := key_of_part(facts)) is not None]
    found = [
        (_says(facts), facts, key)
        for facts, key in keys
        if any(other is not facts and _same(key, its) for other, its in keys)
    ]
    if not found:
        return None
    _, facts, key = max(found, key=lambda each: each[0])
    shared = sum(other is not facts and _same(key, its) for other, its in keys)
    return TakenFile(
        facts=facts,
        kind="accounts",
        why=(Why(_JOINED),),
        key=key,
        key_why=Why("shared_ids", str(shared)),
        own=Shape(facts).own_id,
    )


def key_of_part(facts: TableFacts) -> ColumnFacts | None:
    """The ids of accounts, each once, in a table that tells no days; else None."""
    shape = Shape(facts)
    if shape.dates or facts.is_history:
        return None
    return next((c for c in shape.account_ids if c.share_distinct == 1 and c.share_filled == 1), None)


def is_further_part(facts: TableFacts, link: Link, accounts: TakenFile | None) -> bool:
    """Whether `facts` hold the rest of what a part begins."""
    is_part = accounts is not None and accounts.why == (Why(_JOINED),)
    return is_part and key_of_part(facts) is link.column and link.share >= _NEARLY_ALL


def is_snapshot(facts: TableFacts, link: Link) -> bool:
    """Whether each account has one row of how things stand: its only day is that of the last login, not that of the row."""
    shape = Shape(facts)
    days = {column.field for column in shape.dates}
    return (
        days == {"last_login_on"}
        and not facts.is_history
        and not shape.has_person
        and len(facts.table.lines) >= _FEWEST
        and link.column.share_distinct == 1
        and any(column.type == "number" for column in shape.described)
    )


def _same(key: ColumnFacts, other: ColumnFacts) -> bool:
    least = _NEARLY_ALL * max(len(key.probe), 1)
    return key.shared(other.values) >= least and key.of == other.of


def _says(facts: TableFacts) -> tuple[bool, int]:
    """Money first, then whatever else is known of accounts."""
    fields = {column.field for column in facts.columns if column.filled and column.field}
    return bool(fields & {"mrr", "arr"}), len(fields)
