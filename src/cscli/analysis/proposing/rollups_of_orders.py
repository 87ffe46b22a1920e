"""Orders and invoices to what is overdue, and to how much an account orders."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from cscli.analysis.proposing.concepts import Concept
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.proposed import ProposedColumn
from cscli.analysis.proposing.rollup_work import YEAR, RollupWork
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.shape import Shape
from cscli.fields import known_field

_DUE = (
    "duedate",
    "dueon",
    "dueat",
    "due",
    "paymentdue",
    "paymentduedate",
    "支払期日",
    "お支払期日",
    "お支払期限",
    "お支払い期日",
    "お支払い期限",
    "支払い期日",
    "支払い期限",
    "支払期限",
    "入金期日",
    "入金期限",
    "入金予定日",
    "支払予定日",
    "期日",
)
_PAID = ("paid", "ispaid", "入金済", "支払済")
_PAID_ON = (
    "paidon",
    "paidat",
    "paiddate",
    "datepaid",
    "paymentdate",
    "paymentreceivedon",
    "closedat",
    "closedon",
    "入金日",
    "支払日",
    "決済日",
    "消込日",
)
_STATE = (
    "state",
    "status",
    "paymentstatus",
    "invoicestatus",
    "ステータス",
    "入金ステータス",
    "入金状況",
    "支払状況",
    "決済ステータス",
    "状態",
    "入金状態",
)
_BALANCE = (
    "balance",
    "amountdue",
    "amountremaining",
    "balancedue",
    "outstanding",
    "残高",
    "未入金額",
    "請求残高",
    "未回収額",
)
_LATE = frozenset(
    {
        "past_due",
        "past due",
        "pastdue",
        "overdue",
        "late",
        "delinquent",
        "uncollectible",
        "延滞",
        "期限超過",
        "滞納",
        "支払遅延",
    }
)
_UNPAID = _LATE | {
    "unpaid", "open", "outstanding", "failed", "awaiting payment", "authorised", "sent", "未入金", "未払い", "未払", "未収", "未回収", "入金待ち", "未決済",
    "一部入金", "partially paid", "not paid",
}  # fmt: skip
_SETTLED = frozenset(
    {
        "paid",
        "collected",
        "settled",
        "入金済み",
        "入金済",
        "支払済み",
        "支払済",
        "決済済み",
        "回収済み",
        "消込済み",
        "消込済",
    }
)
_ORDERS = Concept(name="orders", better=1, group="commercial")
_MOST_STATES = 20


def of_orders(work: RollupWork) -> None:
    """Invoices past their day and not paid, as far as the columns tell; rows of a year where customers order by themselves."""
    overdue = next(_overdue(work), None)
    if overdue is not None:
        condition, header, reads = overdue
        work.add(
            work.own("overdue_invoices"),
            f"count(*) FILTER (WHERE {condition})",
            Why("overdue", header),
            *reads,
        )
    if work.day is not None:
        concept = None if set(work.facts.things) & {"invoice"} else _ORDERS
        work.add(
            f"{work.source}_365d",
            f"count(*) FILTER (WHERE {work.until(YEAR)})",
            Why("count_days", str(YEAR)),
            concept=concept,
        )


def amount_of_months(facts: TableFacts) -> dict[str, ColumnFacts]:
    """Of amounts by month the column of them, where no header is known for it."""
    money = Shape(facts).money
    known = (known_field(column.header, of_revenue=True) for column in facts.columns)
    is_named = any(field.name == "mrr" for field in known if field)
    return {} if money is None or is_named else {"mrr": money}


def order_columns(facts: TableFacts, names: Names) -> Iterator[ProposedColumn]:
    """Day, amount and currency of each order."""
    shape = Shape(facts)
    currency = facts.named(("currency", "currencycode", "通貨"))
    day = next((c for c in shape.dates if not set(c.words) & {"updated", "due", "deleted"}), None)
    for name, column in (("at", day), ("amount", shape.money), ("currency", currency)):
        if column is not None and not (name == "at" and names.of(column) == "at"):
            yield ProposedColumn(name, column.header, Why("of_orders"))


_Condition = tuple[str, str, tuple[tuple[ColumnFacts, str], ...]]


def _overdue(work: RollupWork) -> Iterator[_Condition]:
    """Conditions, the surest first: what the status says, that it is paid or when, what is still owed."""
    due = work.facts.named(_DUE)
    past = f"{work.names.of(due)} < as_of AND " if due is not None and due.type == "date" else ""
    dated = ((due, "date"),) if due is not None and past else ()
    state, paid = work.facts.named(_STATE), work.facts.named(_PAID)
    if state is not None and 0 < state.distinct <= _MOST_STATES:
        listed = _listed(state, _UNPAID if past else _LATE)
        if listed:
            yield (
                f"{past}{work.names.of(state)} IN ({listed})",
                due.header if due is not None and past else state.header,
                (*dated, (state, "text")),
            )
        elif {value.casefold() for value in state.values} & _SETTLED:
            return
    if not past or due is None:
        return
    if paid is not None and paid.type == "truth":
        no = f"lower(CAST({work.names.of(paid)} AS VARCHAR)) IN ('false', 'no', 'n', '0')"
        yield past + no, due.header, (*dated, (paid, "text"))
    day, balance = work.facts.named(_PAID_ON), work.facts.named(_BALANCE)
    if day is not None and day.type == "date":
        name = work.names.of(day)
        yield f"{past}({name} IS NULL OR {name} > as_of)", due.header, (*dated, (day, "date"))
    if balance is not None and balance.type == "number":
        yield f"{past}{work.names.of(balance)} > 0", due.header, (*dated, (balance, "number"))


def _listed(column: ColumnFacts, words: AbstractSet[str]) -> str:
    found = (value for value in sorted(column.values) if value.casefold() in words and "'" not in value)
    return ", ".join(f"'{value}'" for value in found)
