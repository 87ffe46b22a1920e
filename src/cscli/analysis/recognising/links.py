"""Tables to how they refer to each other: by the values of their ids, else by what their headers say the ids are of."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.words import singular, things_in
from cscli.fields import known_field

_HALF = 0.5
_ENOUGH_VALUES = 2
_SOME = 0.05
_MANY_VALUES = 5
"""So many ids must be shared where the header says something else: small numbers are alike by chance."""


@dataclass(frozen=True, slots=True)
class Link:
    """A column that holds ids of another table. `share`: of its values that are there; `score`: how sure it is."""

    column: ColumnFacts
    share: float
    score: float
    why: Why


def share_in(column: ColumnFacts, ids: AbstractSet[str]) -> float:
    """The share of the column's values that are among `ids`."""
    return column.shared(ids) / len(column.probe) if column.filled and ids else 0.0


def is_named_for(column: ColumnFacts, table: TableFacts) -> bool:
    """Whether the header says that the ids are of the rows of `table`: `ticket_id` of tickets."""
    last = singular(column.of.split("_")[-1]) if column.of else ""
    if not last:
        return False
    if last == table.head or column.of == "_".join(table.words[-2:]):
        return True
    return things_in((last,)) == ("account",) and table.things[-1:] == ("account",)


def refers(table: TableFacts, every: Sequence[TableFacts]) -> int:
    """How many other tables refer to the rows of `table`."""
    own = Shape(table).own_id or next((c for c in table.ids if c.share_distinct >= 0.9), None)
    if own is None:
        return 0
    return sum(
        any(_refers(c, table, own) for c in other.ids if c.of) for other in every if other is not table
    )


def _refers(column: ColumnFacts, table: TableFacts, own: ColumnFacts) -> bool:
    same = column.shared(own.values) >= _ENOUGH_VALUES and share_in(column, own.values) >= _HALF
    return is_named_for(column, table) or (same and column.of == own.of)


def link_to_accounts(facts: TableFacts, accounts: TableFacts | None, key: ColumnFacts | None) -> Link | None:
    """The column of `facts` that holds ids of the accounts."""
    found = list(_links(facts, accounts, key))
    return max(found, key=lambda link: link.score, default=None)


def _links(facts: TableFacts, accounts: TableFacts | None, key: ColumnFacts | None) -> Iterator[Link]:
    ids = key.values if key else frozenset[str]()
    shape = Shape(facts)
    for column in facts.columns:
        if not column.filled or column.type == "date" or (column.type == "truth" and not column.is_id):
            continue
        share = share_in(column, ids)
        same_header = key is not None and column.key == key.key and bool(column.of)
        by_name = column in shape.account_ids or same_header
        exact = by_name and (
            accounts is None or is_named_for(column, accounts) or (key is not None and column.key == key.key)
        )
        least = _ENOUGH_VALUES if by_name or not column.of else _MANY_VALUES
        is_shared = share >= _HALF and (column.shared(ids) >= least or by_name)
        if is_shared and (column.is_id or by_name or (column.type == "text" and column.distinct > 1)):
            score = 3 + share + (1 if by_name else 0) + (0.5 if exact else 0) - (0 if column.is_id else 1)
            yield Link(column, share, score, Why("share_of_ids", f"{share:.0%}"))
        elif by_name:
            known = known_field(column.header)
            is_known = known is not None and known.name == "account_id"
            score = 1.5 + share + (0.7 if exact else 0) + (0.3 if is_known else 0)
            yield Link(column, share, score, Why("named_ids"))
        elif (
            column.words
            and things_in(column.words) == ("account",)
            and len(column.words) == 1
            and share > _SOME
        ):
            yield Link(column, share, 1 + share, Why("share_of_ids", f"{share:.0%}"))


def link_to_rows(
    facts: TableFacts, bridge: TableFacts, own: ColumnFacts, account: ColumnFacts
) -> Link | None:
    """The column of `bridge` that holds the ids `own` of the rows of `facts`; never the one of its accounts."""
    for column in bridge.ids:
        if column is account:
            continue
        share = share_in(own, column.values)
        same_name = bool(own.of) and column.of == own.of
        named = same_name or (not own.of and bool(column.of) and is_named_for(column, facts))
        shared = own.shared(column.values)
        if share >= _HALF and (named or (not own.of and shared >= _MANY_VALUES)):
            return Link(column, share, 3 + share, Why("share_there", f"{share:.0%}"))
        if named:
            return Link(column, share, 1 + share, Why("both_ids", column.of or facts.head))
    return None
