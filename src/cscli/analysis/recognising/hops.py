"""Files whose ids are another table's to that table, which knows the accounts: one hop."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import ENOUGH, Kind, Reading, Why
from cscli.analysis.recognising.links import Link, is_named_for, link_to_rows, share_in
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile

_HOPS: dict[Kind, int] = {"bridge": 2, "subscriptions": 1, "contacts": 0}


def take_through(
    facts: TableFacts, ranked: Sequence[Reading], taken: Sequence[TakenFile]
) -> tuple[TakenFile, TakenFile, ColumnFacts] | None:
    """One hop: its ids are those of another table that knows the accounts. With that table, and its column of these ids."""
    found: list[tuple[float, TakenFile, ColumnFacts, Link]] = []
    shape = Shape(facts)
    for other in taken:
        if other.kind not in _HOPS or other.via is not None:
            continue
        for own in facts.ids:
            link = (
                link_to_rows(facts, other.facts, own, other.key)
                if other.kind == "bridge"
                else _link_to_own(own, other)
            )
            if other.kind == "contacts" and not set(facts.things) & {"usage", "event", "survey"}:
                continue
            if link is not None and (
                own is shape.own_id
                or own.of == link.column.of
                or link.share >= 0.5
                or is_named_for(own, other.facts)
            ):
                found.append(
                    (
                        link.score + 0.1 * _HOPS[other.kind] + (0.3 if own is shape.own_id else 0),
                        other,
                        own,
                        link,
                    )
                )
    if not found:
        return None
    _, other, own, link = max(found, key=lambda each: each[0])
    kind = next(
        (
            each
            for each in ranked
            if each.kind not in ("accounts", "bridge", "churn", "events", "subscriptions", "mrr")
            and each.score >= ENOUGH
        ),
        None,
    )
    if not (shape.dates or shape.money):
        return None
    if ranked[0].kind == "bridge" and ranked[0].score >= ENOUGH:
        return None
    chosen: Kind = kind.kind if kind else "rows"
    taken_file = TakenFile(
        facts=facts, kind=chosen, why=kind.why if kind else (), key=own, key_why=link.why, own=None, via=other
    )
    return taken_file, other, link.column


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
