"""The facts of a table to what it may be: a score for each kind, with the signs that speak for it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.words import things_in
from cscli.fields import known_field
from cscli.header_keys import without_object

Kind = Literal["accounts", "subscriptions", "mrr", "orders", "rows", "events", "contacts", "churn", "bridge"]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: its `code` has a text in each language (`init.why.CODE`); `value` is what it speaks of, `what`
    the rows that are meant.
    """

    code: str
    value: str = ""
    what: str = ""


Sign = tuple[float, str]
"""A weight, and why: a code, with what it speaks of behind a bar."""

ENOUGH = 2.5
"""A kind with a lower score is not what the table is."""
_ACCOUNT_FIELDS = frozenset({
    "owner", "plan", "mrr", "arr", "seats", "started_on", "renews_on", "churned_on", "domain", "industry", "region", "status",
    "active_users", "logins", "last_login_on", "nps", "csat", "open_tickets", "overdue_invoices", "gross_margin", "cac",
})  # fmt: skip
_STRONG_FIELDS = _ACCOUNT_FIELDS - {"overdue_invoices", "status", "region", "industry", "domain", "owner"}
_STARTS = frozenset(
    {"start", "started", "begin", "begins", "activated", "effective", "開始日", "契約開始日", "利用開始日"}
)
_ENDS = frozenset(
    {
        "end",
        "ends",
        "ended",
        "expires",
        "expired",
        "cancelled",
        "canceled",
        "終了日",
        "契約終了日",
        "満了日",
        "契約満了日",
    }
)
_MONTHS = frozenset({"month", "年月", "対象月", "請求月", "計上月", "月", "yearmonth"})
_ACTORS = frozenset({"user", "visitor", "uid", "actor", "member", "distinct", "device", "ユーザー", "利用者"})
_DEEDS = frozenset({"event", "action", "feature", "page", "guide", "operation", "イベント", "操作", "機能"})
_REASONS = ("reason", "理由")
_SUBSCRIPTION_MARK = "sub_"
_FEWEST_MONTHS = 3
_MANY_COLUMNS = 8
_FEWEST_OF_LINES = 3
"""`Subscription: Term Start Date`, `Rate Plan Charge: MRR`: so many columns say that a row is a line of a contract."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a table. `why`: the signs that spoke for it, strongest first."""

    kind: Kind
    score: float
    why: tuple[Why, ...]


def readings(facts: TableFacts, refers: Callable[[TableFacts], int]) -> list[Reading]:
    """The kinds that `facts` may be, best first. `refers`: how many other tables speak of its rows by their id."""
    shape = Shape(facts)
    found = []
    for kind, signs in _SIGNS.items():
        given = [sign for sign in signs(shape, refers(facts)) if sign[0]]
        strongest = sorted((sign for sign in given if sign[0] > 0), reverse=True)
        why = tuple(Why(*sign[1].split("|", 1)) for sign in strongest[:3] if sign[1])
        found.append(Reading(kind, sum(weight for weight, _ in given), why))
    return sorted(found, key=lambda reading: -reading.score)


def _of_accounts(shape: Shape, refers: int) -> Iterator[Sign]:
    facts = shape.facts
    last = facts.things[-1] if facts.things else ""
    wide = last == "churn" and "account" in facts.things and len(shape.described) >= _MANY_COLUMNS
    is_head = things_in((facts.head,)) == ("account",) or wide
    yield (3, "file_name") if is_head else (0.5, "") if last == "account" else (0, "")
    keys = [c for c in (shape.own_id, *shape.account_ids) if c is not None]
    unique = any(c.share_distinct >= 0.9 for c in keys)
    by_name = not facts.ids and any(c.field == "name" and c.share_distinct == 1 for c in facts.columns)
    yield (
        (2, "row_an_account")
        if unique
        else (0.5, "row_an_account" if by_name else "")
        if by_name or (keys and facts.is_history)
        else (-2, "")
    )
    fields = {c.field for c in facts.columns if c.filled and c.field in _ACCOUNT_FIELDS}
    yield min(len(fields) * 0.6, 3.6), "account_columns"
    is_known = any(c.field == "account_id" and c.of and c.share_distinct >= 0.9 for c in shape.account_ids)
    yield (1, "known_id") if is_known else (0, "")
    is_named = any(c.field == "name" and c.filled for c in facts.columns)
    yield (1.5, "company_name") if is_named else (0, "")
    is_plain = is_known and is_named and len(fields & {"mrr", "arr", "seats", "plan", "renews_on"}) > 1
    yield (0, "") if is_head or last in ("", "account") else (-1, "") if is_plain else (-4, "")
    yield min(refers, 4) * 0.8, f"refers|{refers}"
    yield (
        (-4, "")
        if not (is_head or is_known or len(fields & _STRONG_FIELDS) > 1 or _has_id_and_name(shape))
        else (0, "")
    )
    yield (-3, "") if not is_head and shape.has_person and not fields & {"mrr", "seats", "plan"} else (0, "")
    yield (-1.5, "") if facts.is_history else (0, "")
    lines = _has_subscription_id(facts) and shape.date_of(_ENDS) and not (is_named or is_head)
    yield (-3, "") if lines else (0, "")  # each with its own end
    two = {c.of for c in facts.ids if c.of}
    yield (-4, "") if len(two) > 1 and not shape.described else (0, "")  # a bridge


def _has_id_and_name(shape: Shape) -> bool:
    """A vendor's list of hardly anything but `ID` and `NAME`, in a file whose name says nothing."""
    named = any(c.field == "name" for c in shape.facts.columns) or shape.facts.named(("name",)) is not None
    return shape.facts.words in ((), ("record",)) and named and shape.own_id is not None


def _of_subscriptions(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    named = "subscription" in facts.things[-1:]
    yield (2.5, "file_name") if named else (0, "")
    yield (1.5, "subscription_id") if _has_subscription_id(facts) else (0, "")
    of_lines = sum(bool(without_object(c.header, of_line=True)) for c in facts.columns)
    yield (2, "subscription_columns") if of_lines >= _FEWEST_OF_LINES else (0, "")
    is_line = named or _has_subscription_id(facts)
    begins = shape.date_of(_STARTS) or (shape.date_of(frozenset({"created"})) if is_line else None)
    ends = shape.date_of(_ENDS)
    yield (1, "start") if begins else (-3, "")
    yield (1, "end") if ends else (-0.5, "")
    yield (1, "amount") if shape.money else (-0.5, "") if named else (-2, "")
    yield (0, "") if shape.account_ids else (-4, "")
    yield (
        (-2, "") if not named and any(c.field == "name" for c in facts.columns) and shape.own_id else (0, "")
    )
    yield (-2, "") if facts.is_history and shape.facts.named(("fivetranactive",)) else (0, "")


def _has_subscription_id(facts: TableFacts) -> bool:
    """By a header, or as payment systems write them: sub_1Ab2."""
    known = (known_field(column.header, of_revenue=True) for column in facts.ids)
    marked = (
        c.examples and all(text.startswith(_SUBSCRIPTION_MARK) for text in c.examples) for c in facts.ids
    )
    return any(each.name == "subscription_id" for each in known if each) or any(marked)


def _of_mrr(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    month = facts.first(lambda c: bool(set(c.words) & _MONTHS) and c.filled > 0)
    fields = {known.name for c in facts.columns if (known := known_field(c.header, of_revenue=True))}
    is_course = month is not None and "mrr" not in fields and _is_course(shape, month)
    yield (4.5, "month_and_mrr") if month and fields & {"mrr"} else (0, "")
    yield (8.5, "month_and_amount") if is_course else (0, "")
    yield (6, f"months|{len(shape.months)}") if len(shape.months) >= _FEWEST_MONTHS else (0, "")
    yield (-4, "") if not (shape.account_ids or shape.own_id) else (0, "")


def _is_course(shape: Shape, month: ColumnFacts) -> bool:
    """Whether there is one amount an account and month, over several months, and nothing that is ordered or counted."""
    money = shape.money
    known = known_field(money.header, of_revenue=True) if money else None
    numbers = [c for c in shape.described if c.type == "number"]
    if known is None or known.name != "amount" or len(numbers) > 1:
        return False
    if not shape.account_ids or len(shape.dates) > 1 or month.distinct < _FEWEST_MONTHS:
        return False
    table, account = shape.facts.table, shape.account_ids[0]
    if shape.own_id is not None and shape.own_id is not account:
        return False
    pairs = set(zip(table.column(account.header), map(str, table.column(month.header)), strict=True))
    return account.share_distinct < 1 and len(pairs) == len(table.lines)


def _of_orders(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    things = set(facts.things)
    headers = {thing for c in facts.columns for thing in things_in(c.words[:1])}
    yield (2.5, "file_name") if things & {"order", "invoice"} else (0, "")
    hits = sum(bool(set(things_in(c.words)) & {"order", "invoice"}) for c in facts.columns)
    yield (
        (3 if hits > 2 else 1.5, "order_columns")
        if headers & {"order", "invoice"} and facts.things[-1:] != ("account",)
        else (0, "")
    )
    yield (
        (-3, "")
        if facts.things[-1:] in (("person",), ("touch",), ("ticket",), ("subscription",))
        else (0, "")
    )
    yield (1.5, "amount") if shape.money else (-4, "")
    yield (1, "day") if shape.dates else (-3, "")
    yield (0, "") if shape.account_ids else (-4, "")
    yield (
        (-1, "")
        if facts.things[-1:] not in (("order",), ("invoice",))
        and shape.date_of(_STARTS)
        and shape.date_of(_ENDS)
        else (0, "")
    )
    yield (-3, "") if any(c.field in ("mrr", "seats", "plan") for c in facts.columns) else (0, "")


def _of_events(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    yield (2, "file_name") if facts.things[-1:] in (("event",), ("usage",)) else (0, "")
    clock = any(c.has_clock for c in shape.dates)
    yield (1.5, "clock") if clock else (-3, "")
    actor = facts.first(lambda c: bool(set(c.words[:2]) & _ACTORS) and c.distinct > 0)
    deed = facts.first(lambda c: bool(set(c.words) & _DEEDS) and c.distinct > 0)
    yield (1, f"who|{actor.header}") if actor else (-1, "")
    yield (1, f"what|{deed.header}") if deed else (-1, "")
    yield (0, "") if _account_of_log(shape) else (-4, "")
    ours = set(facts.things) & {"touch", "ticket", "churn"} or any("owner" in c.words for c in facts.columns)
    yield (-4, "") if ours or shape.money else (0, "")
    yield (
        (-2, "") if shape.mail and shape.own_id and shape.own_id.share_distinct == 1 and not deed else (0, "")
    )


def _account_of_log(shape: Shape) -> ColumnFacts | None:
    if shape.account_ids:
        return shape.account_ids[0]
    return shape.facts.first(
        lambda c: bool(c.words) and things_in(c.words[:1]) == ("account",) and c.filled > 0
    )


def _of_contacts(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    last = facts.things[-1:] == ("person",)
    yield (2.5, "file_name") if last else (-1, "") if facts.things else (0, "")
    yield (1.5, "mail") if shape.mail else (-1.5, "")
    yield (1.5, "people") if shape.has_person else (-1, "")
    yield (0.5, "account_beside") if shape.account_ids else (-0.5, "")
    yield (-4, "") if facts.things[-1:] and facts.things[-1] not in ("person", "account") else (0, "")
    of_accounts = ("mrr", "seats") if last else ("mrr", "seats", "plan")  # people have a plan beside them too
    yield (-3, "") if any(c.field in of_accounts for c in facts.columns) or shape.money else (0, "")
    yield (-2, "") if facts.things[-1:] == ("account",) else (0, "")


def _of_churn(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    named = "churn" in facts.things
    reason = facts.first(lambda c: any(part in c.key for part in _REASONS) or "churn" in c.words)
    yield (4, "file_name") if named else (-3, "")
    yield (1, "day") if shape.dates else (-4, "")
    yield (0.5, f"reason|{reason.header}") if reason else (0, "")
    yield (0, "") if shape.account_ids else (-4, "")
    yield (
        (-2, "")
        if any(c.field in ("mrr", "seats", "name") for c in facts.columns) and len(facts.columns) > 12
        else (0, "")
    )


def _of_bridge(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    two = {c.of for c in facts.ids if c.of and c.key != "typeid"}
    others = [c for c in shape.described if c.key not in ("category", "type", "engagementtype", "isprimary")]
    times = [c for c in shape.dates if not c.key.endswith(("updatedat", "syncedat"))]
    yield (3.5, f"ids|{', '.join(sorted(two)[:3])}") if len(two) >= 2 and not others else (-4, "")
    yield (1, "account_ids") if shape.account_ids else (0, "")
    yield (-1, "") if len(times) > 0 and not facts.is_history else (0, "")
    yield (-2, "") if facts.things[-1:] in (("touch",), ("survey",), ("churn",)) else (0, "")
    yield (-2, "") if "value" in {c.key for c in facts.columns} else (0, "")


def _of_rows(shape: Shape, _: int) -> Iterator[Sign]:
    facts = shape.facts
    yield (2, "account_ids") if shape.account_ids else (0, "")
    yield (1, "day") if shape.dates else (-1, "")
    what = set(facts.things) & {"ticket", "touch", "survey", "usage", "deal", "event"}
    yield (1.2, "file_name") if what else (0, "")
    yield (0.5, "own_columns") if len(shape.described) > 1 else (0, "")


_SIGNS: Mapping[Kind, Callable[[Shape, int], Iterator[Sign]]] = {
    "accounts": _of_accounts, "subscriptions": _of_subscriptions, "mrr": _of_mrr, "orders": _of_orders, "events": _of_events,
    "contacts": _of_contacts, "churn": _of_churn, "bridge": _of_bridge, "rows": _of_rows,
}  # fmt: skip
