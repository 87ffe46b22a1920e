"""Files whose ids are another table's to that table, which knows the accounts: one hop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import ENOUGH, Kind, Reading, Why
from cscli.analysis.recognising.links import Link, is_named_for, link_to_rows, share_in
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile

_HOPS: dict[Kind, int] = {"accounts": 3, "bridge": 2, "subscriptions": 1, "contacts": 0}


_KINDS = frozenset({"orders", "rows", "contacts"})
_BY_PEOPLE = frozenset({"usage", "event", "survey"})


def take_through(
    facts: TableFacts, ranked: Sequence[Reading], taken: Sequence[TakenFile]
) -> tuple[TakenFile, TakenFile, ColumnFacts] | None:
    """One hop: its ids are those of another table that knows the accounts. With that table, and its column of these ids."""
    shape = Shape(facts)
    found = [way for other in taken if _may_lead(other, facts) for way in _ways(facts, shape, other)]
    is_bridge = ranked[0].kind == "bridge" and ranked[0].score >= ENOUGH
    if not found or is_bridge or not (shape.dates or shape.money):
        return None
    _, other, own, link = max(found, key=lambda each: each[0])
    best = next((each for each in ranked if each.kind in _KINDS and each.score >= ENOUGH), None)
    kind: Kind = best.kind if best else "rows"
    why = best.why if best else ()
    through = TakenFile(facts=facts, kind=kind, why=why, key=own, key_why=link.why, own=None, via=other)
    return through, other, link.column


def _may_lead(other: TakenFile, facts: TableFacts) -> bool:
    """People lead to what they did alone: a comment may be one of our own."""
    by_people = other.kind != "contacts" or bool(set(facts.things) & _BY_PEOPLE)
    return (
        other.kind in _HOPS
        and other.via is None
        and by_people
        and (other.kind != "accounts" or other.leads_surely)
    )


def _ways(
    facts: TableFacts, shape: Shape, other: TakenFile
) -> Iterator[tuple[float, TakenFile, ColumnFacts, Link]]:
    for own in facts.ids:
        is_bridge = other.kind == "bridge"
        link = link_to_rows(facts, other.facts, own, other.key) if is_bridge else _link_to_own(own, other)
        if link is None:
            continue
        named = own is shape.own_id or own.of == link.column.of or is_named_for(own, other.facts)
        if named or link.share >= 0.5:
            yield link.score + 0.1 * _HOPS[other.kind] + (0.3 if own is shape.own_id else 0), other, own, link


def _link_to_own(own: ColumnFacts, other: TakenFile) -> Link | None:
    if other.own is None:
        return None
    share = share_in(own, other.own.values)
    if share >= 0.5 and own.shared(other.own.values) >= 2 and own.of and own.of == other.own.of:
        return Link(other.own, share, 3 + share, Why("share_there", f"{share:.0%}"))
    if own.of and is_named_for(own, other.facts):
        return Link(other.own, share, 1 + share, Why("both_ids", own.of))
    return None


def with_keys(taken: Sequence[TakenFile], through: Mapping[int, ColumnFacts]) -> list[TakenFile]:
    """`taken`, where each table through which others find their account has the id by which they do."""
    changed = {id(each): replace(each, own=through[id(each)]) for each in taken if id(each) in through}
    found = []
    for each in taken:
        if each.via is not None:
            found.append(replace(each, via=changed[id(each.via)]))
        else:
            found.append(changed.get(id(each), each))
    return found
