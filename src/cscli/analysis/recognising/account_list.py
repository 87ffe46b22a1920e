"""Tables to the one that lists the accounts, and the column that is their id."""

import re
from collections.abc import Sequence

from cscli.analysis.recognising.companies.linking import Companies
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import ENOUGH, Reading, Why
from cscli.analysis.recognising.links import share_in
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile
from cscli.analysis.recognising.words import things_in
from cscli.fields import known_field
from cscli.header_keys import specificity

_NEARLY = 0.4
"""Two readings whose scores are closer are told both."""
_EQUAL = 0.25
_ID_SHAPE_LENGTH = 24
_NUMBER = re.compile(r"\d{1,14}")
_MOSTLY_DISTINCT = 0.6
_ROW_NUMBERS = frozenset({"no", "num", "number", "番号", "連番", "通番", "項番", "行番号"})
_NOT_KEYS = frozenset(
    {
        "row",
        "line",
        "parent",
        "master",
        "type",
        "plan",
        "product",
        "region",
        "created",
        "modified",
        "updated",
        "campaign",
    }
)


def choose_accounts(
    every: Sequence[TableFacts], ranked: dict[int, list[Reading]]
) -> tuple[TakenFile | None, tuple[TakenFile, ...]]:
    """The best list of accounts, and those that are as good and hold other customers."""
    found: list[tuple[float, TakenFile]] = []
    for facts in every:
        reading = next(each for each in ranked[id(facts)] if each.kind == "accounts")
        better = max((each.score for each in ranked[id(facts)] if each.kind != "accounts"), default=0)
        key = _key_of_accounts(facts, every)
        if key is not None and reading.score >= ENOUGH and reading.score >= better:
            column, why = key
            own = Shape(facts).own_id
            second = second_reading(ranked[id(facts)], reading)
            taken = TakenFile(
                facts=facts, kind="accounts", why=reading.why, key=column, key_why=why, own=own, second=second
            )
            found.append((reading.score, taken))
    found.sort(key=lambda each: _numbers_in(each[1].facts.file), reverse=True)
    found.sort(key=lambda each: -each[0])
    if not found:
        return None, ()
    best_score, best = found[0]
    rivals = [
        taken
        for score, taken in found[1:]
        if best_score - score <= _EQUAL
        and not best.key.values & taken.key.values
        and Companies(best.facts).link(taken.facts) is None
    ]
    return best, tuple(rivals)


def _numbers_in(file: str) -> tuple[int, ...]:
    """Of two lists that are equally good, the later day or copy in its name is the newer one."""
    return tuple(int(number) for number in _NUMBER.findall(file))


def _key_of_accounts(facts: TableFacts, every: Sequence[TableFacts]) -> tuple[ColumnFacts, Why] | None:
    """The column whose values the other files share, not the one that is merely unique."""
    near = 0.5 if facts.is_history else 0.9
    shape = Shape(facts)
    able = [c for c in facts.ids if c.share_filled >= near and _may_be_key(c, shape)]
    choices = [c for c in able if c.share_distinct >= near] or [c for c in able if _stands_twice(c, facts)]
    shared = {c.header: sum(_is_shared(c, other) for other in every if other is not facts) for c in choices}
    named = facts.first(lambda c: c.field == "name" and c.share_filled == 1 and c.share_distinct == 1)
    if named is not None:
        choices = [c for c in choices if shared[c.header] or not _counts_rows(c)]
    if choices:
        best = max(choices, key=lambda c: (shared[c.header], _rank(c, shape), -facts.columns.index(c)))
        why = Why("shared_ids", str(shared[best.header])) if shared[best.header] else Why("unique_id")
        return best, why
    fields = {c.field for c in facts.columns if c.filled and c.field} - {"name", "owner", "domain"}
    if named and (_looks_like_ids(named) or len(fields) >= 2) and not (shape.mail and shape.has_person):
        return named, Why("name_as_id")
    return None


def _counts_rows(column: ColumnFacts) -> bool:
    """Whether it only numbers the rows, 1, 2, 3: in the next export another customer stands there."""
    if column.key not in _ROW_NUMBERS:
        return False
    texts = [
        str(cell).strip().removesuffix(".0")
        for cell in column.table.column(column.header)
        if cell is not None
    ]
    return texts == [str(number) for number in range(1, len(texts) + 1)]


def _may_be_key(column: ColumnFacts, shape: Shape) -> bool:
    if column is shape.own_id or column in shape.account_ids or column.field == "account_id":
        return True
    words = column.of.split("_")
    return not set(things_in(words)) - {"account"} and not set(words) & _NOT_KEYS


def _stands_twice(column: ColumnFacts, facts: TableFacts) -> bool:
    """Whether it is a key of which a few stand twice by mistake: each id has a name of its own."""
    name = facts.first(lambda c: c.field == "name")
    return (
        column.field == "account_id"
        and name is not None
        and column.share_distinct >= _MOSTLY_DISTINCT
        and name.distinct == column.distinct
    )


def _is_shared(column: ColumnFacts, other: TableFacts) -> bool:
    return any(
        share_in(c, column.values) >= 0.5 and c.shared(column.values) >= 1
        for c in other.columns
        if c.filled and c.type in ("text", "number")
    )


def _rank(column: ColumnFacts, shape: Shape) -> float:
    known = known_field(column.header)
    is_known = known is not None and known.name == "account_id" and bool(column.of)
    score = 1.0 if column is shape.own_id and column.key not in _ROW_NUMBERS else 0.0
    vague = 0.01 * specificity(column.header, "account_id") if is_known else 0.0
    return score + (0.9 if is_known else 0.0) + 0.1 * column.share_filled - vague


def _looks_like_ids(column: ColumnFacts) -> bool:
    return all(
        len(text) <= _ID_SHAPE_LENGTH and any(m.isdigit() for m in text) and " " not in text
        for text in column.examples
    )


def second_reading(ranked: Sequence[Reading], best: Reading) -> Reading | None:
    near = (
        each for each in ranked if each.kind != best.kind and each.score >= max(ENOUGH, best.score - _NEARLY)
    )
    return next(near, None)
