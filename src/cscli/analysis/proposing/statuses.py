"""Columns that say who has left, and who is no customer (yet)."""

from collections.abc import Iterator, Sequence

from cscli.analysis.judging.status_words import Status, read_status
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.proposed import ProposedColumn
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile
from cscli.analysis.tables.word_cells import TRUE_WORDS
from cscli.fields import is_plain_name

_KINDS_WORDS = (
    "type",
    "kind",
    "lifecycle",
    "stage",
    "status",
    "種別",
    "区分",
    "ステージ",
    "状態",
    "ステータス",
)
_MOST_WORDS = 30
_FLAGS = frozenset(
    {
        "churn",
        "churned",
        "attrition",
        "active",
        "inactive",
        "cancelled",
        "canceled",
        "left",
        "lost",
        "解約",
        "退会",
    }
)
_FLAG_KEYS = frozenset(
    {
        "解約フラグ",
        "退会フラグ",
        "解約済フラグ",
        "解約済みフラグ",
        "退会済フラグ",
        "解約済",
        "解約済み",
        "退会済",
        "退会済み",
        "解約有無",
    }
)
_DELETED = ("isdeleted", "deleted", "isarchived", "archived", "削除済", "削除済み", "削除フラグ")
_MADE = frozenset({"created", "作成日", "登録日"})
_LIST_ENDS = ("enddate", "end", "endson", "endedon", "endedat", "終了日")
_FEW_HAVE_LEFT = 0.5
_BOTH = 2
_TENURE = (
    "tenure",
    "tenuremonths",
    "tenureinmonths",
    "monthsascustomer",
    "accountlength",
    "利用月数",
    "継続月数",
    "契約継続月数",
)


def columns_of_stay(facts: TableFacts, status: str | None) -> Iterator[ProposedColumn]:
    """What says who has left (`status`: the header of a flag), and for how many months accounts have been here."""
    told = status or _header_of_words(facts)
    if told:
        yield ProposedColumn("churn_flag" if status else "status", told, Why("flag"))
    yield from _end_of(facts)
    tenure = tenure_of(facts)
    if tenure is not None and not is_plain_name(tenure.header):
        yield ProposedColumn("tenure", tenure.header, Why("tenure"))


def _end_of(facts: TableFacts) -> Iterator[ProposedColumn]:
    """A list's `End date`: of a few, the day on which they left; of most, the end of the contract that may be renewed."""
    known = {column.field for column in facts.columns if column.filled}
    end = facts.named(_LIST_ENDS)
    if end is None or end.type != "date" or "churned_on" in known:
        return
    if end.share_filled < _FEW_HAVE_LEFT:
        yield ProposedColumn("churned_on", end.header, Why("end_of_few"))
    elif "renews_on" not in known:
        yield ProposedColumn("renews_on", end.header, Why("end_of_most"))


def starts_of(each: TakenFile, columns: Sequence[ProposedColumn]) -> Iterator[ProposedColumn]:
    """Of subscriptions without a column of starts: the day on which the line was made."""
    made = Shape(each.facts).date_of(_MADE)
    if each.kind == "subscriptions" and made is not None and all(c.name != "started_on" for c in columns):
        yield ProposedColumn("started_on", made.header, Why("made_on"))


def _is_yes_or_no(column: ColumnFacts) -> bool:
    """Whether two values say yes and no, or one of them and blanks; 1 and 0 do where the header asks."""
    values = column.distinct == _BOTH or (column.distinct == 1 and column.share_filled < 1)
    return values and (column.type == "truth" or set(column.values) <= {"0", "1"})


def _header_of_words(facts: TableFacts) -> str | None:
    """The header of a column of types whose words tell customers from former ones, where none is known for it."""
    if any(column.field == "status" and column.filled for column in facts.columns):
        return None
    for column in filter(_is_of_kinds, facts.columns):
        meanings = [read_status(value, column.header) for value in column.values]
        tells = Status.LEFT in meanings and Status.PAYING in meanings
        if tells and meanings.count(None) * 2 < len(meanings):
            return column.header
    return None


def _is_of_kinds(column: ColumnFacts) -> bool:
    """Whether few words below a header of types, stages or states say what kind of account each is."""
    named = any(word in column.key for word in _KINDS_WORDS)
    return named and column.type == "text" and 1 < column.distinct <= _MOST_WORDS


def tenure_of(facts: TableFacts) -> ColumnFacts | None:
    """The months as a customer, of a table without start dates."""
    column = facts.named(_TENURE)
    is_dated = any(each.field == "started_on" and each.filled for each in facts.columns)
    return column if column is not None and column.type == "number" and not is_dated else None


def status_of(facts: TableFacts) -> str | None:
    """The header of a column that says who has left, where it is not a known one."""
    for column in facts.columns:
        if column.field == "status" and column.filled:
            return None
    for column in facts.columns:
        named = (set(column.words) & _FLAGS and len(column.words) <= 2) or column.key in _FLAG_KEYS
        if named and _is_yes_or_no(column) and not column.header.startswith("_"):
            return column.header
    return None


def filter_of(
    facts: TableFacts, columns: Sequence[ProposedColumn]
) -> tuple[str, str, ProposedColumn | None] | None:
    """A filter for prospects, tests and our own, where a column of types tells them from customers; else for rows that
    the vendor's system marks as deleted.
    """
    for column in filter(_is_of_kinds, facts.columns):
        meanings = {value: read_status(value, column.header) for value in column.values}
        out = sorted(v for v, m in meanings.items() if m in (Status.FUTURE, Status.INTERNAL) and "'" not in v)
        if out and Status.PAYING in meanings.values():
            known = next((each.name for each in columns if each.header == column.header), None)
            name = known or Names(facts).of(column)
            extra = (
                None
                if known or name == column.header
                else ProposedColumn(name, column.header, Why("for_filter"))
            )
            listed = ", ".join(f"'{value}'" for value in out)
            return f"{name} IS NULL OR {name} NOT IN ({listed})", ", ".join(out), extra
    return _without_deleted(facts)


def _without_deleted(facts: TableFacts) -> tuple[str, str, ProposedColumn | None] | None:
    column = facts.named(_DELETED)
    if column is None or column.type != "truth" or column.distinct != _BOTH:
        return None
    name = Names(facts).of(column)
    extra = None if name == column.header else ProposedColumn(name, column.header, Why("for_filter"))
    listed = ", ".join(f"'{word}'" for word in sorted(TRUE_WORDS - {"○"}))
    return f"{name} IS NULL OR lower(CAST({name} AS VARCHAR)) NOT IN ({listed})", column.header, extra
