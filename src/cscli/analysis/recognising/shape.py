"""The columns of a table together: which are ids of accounts, its own id, its money, days, people and months."""

from dataclasses import dataclass
from functools import cached_property

from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.words import singular, things_in
from cscli.analysis.tables.month_cells import read_month
from cscli.fields import known_field

_AMOUNTS = (
    "amount",
    "total",
    "subtotal",
    "price",
    "revenue",
    "sales",
    "mrr",
    "arr",
    "fee",
    "金額",
    "小計",
    "料金",
    "売上",
    "月額",
    "年額",
    "請求額",
)
_COUNTS = frozenset(
    {"event", "session", "user", "ticket", "login", "visit", "count", "seat", "contact", "page", "view"}
)
"""`Total sessions` is no money."""
_PERSON = frozenset(
    {"firstname", "lastname", "氏名", "fullname", "jobtitle", "役職", "role", "title", "salutation"}
)
_PERSON_ENDS = ("firstname", "lastname", "fullname", "jobtitle", "role")
_NAMED = frozenset(
    {
        "account",
        "customer",
        "client",
        "company",
        "organisation",
        "organization",
        "顧客",
        "得意先",
        "取引先",
        "会社",
    }
)
"""Headers over names, where no column has ids."""
_NAMES_OF_ANYTHING = ("name", "propertyname")
_OFTEN = 0.9
_OTHER_ACCOUNTS = frozenset(
    {
        "bank",
        "connected",
        "parent",
        "master",
        "converted",
        "merged",
        "ledger",
        "destination",
        "source",
        "billing",
    }
)


@dataclass(frozen=True, eq=False)
class Shape:
    """What the columns of a table together look like."""

    facts: TableFacts

    @cached_property
    def account_ids(self) -> tuple[ColumnFacts, ...]:
        """Columns that hold ids of accounts by their name, other than the row's own `id`; where there is none, names of
        accounts that stand in many rows.
        """
        return tuple(column for column in self.facts.ids if self._is_of_account(column)) or self._names_as_ids

    @cached_property
    def _names_as_ids(self) -> tuple[ColumnFacts, ...]:
        own = self.own_id
        if own is not None and (not own.of or things_in((own.of.split("_")[-1],)) == ("account",)):
            return ()
        named = (
            c
            for c in self.facts.columns
            if c.key in _NAMED or (c.field == "name" and c.key not in _NAMES_OF_ANYTHING)
        )
        found = next((c for c in named if c.type == "text" and c.share_filled == 1), None)
        return () if found is None or found.share_distinct > _OFTEN else (found,)

    def _is_of_account(self, column: ColumnFacts) -> bool:
        if not column.of:
            return False
        if set(column.words) & _OTHER_ACCOUNTS:
            return False
        known = known_field(column.header)
        return (known is not None and known.name == "account_id") or things_in(
            (column.of.split("_")[-1],)
        ) == ("account",)

    @cached_property
    def own_id(self) -> ColumnFacts | None:
        """The row's own id: `id`, or one that is named as the file."""
        bare = self.facts.first(lambda column: column.is_id and not column.of)
        return bare or self.facts.first(
            lambda column: column.is_id and bool(column.of) and column.of == self.facts.head
        )

    @cached_property
    def money(self) -> ColumnFacts | None:
        return self.facts.first(
            lambda c: (
                c.type == "number"
                and any(part in c.key for part in _AMOUNTS)
                and not c.is_named_like_id
                and not _COUNTS & set(map(singular, c.words))
            )
        )

    @cached_property
    def dates(self) -> tuple[ColumnFacts, ...]:
        return tuple(c for c in self.facts.columns if not c.header.startswith("_") and c.type == "date")

    def date_of(self, words: frozenset[str]) -> ColumnFacts | None:
        """The first date, also an empty one, whose header says one of `words`."""
        said = (c for c in self.facts.columns if set(c.words) & words and c.type in ("date", "blank"))
        return next(said, None)

    @cached_property
    def has_person(self) -> bool:
        keys = {column.key.removeprefix("property") for column in self.facts.columns}
        return (
            bool(keys & _PERSON)
            or {"name", "email"} <= keys
            or any(key.endswith(_PERSON_ENDS) for key in keys)
        )

    @cached_property
    def mail(self) -> ColumnFacts | None:
        return self.facts.first(
            lambda c: c.is_mail or c.words[-1:] in (("email",), ("mail",)) or "メール" in c.header
        )

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Headers that are months."""
        return tuple(
            h for h in self.facts.table.headers if len(h) >= 6 and (read_month(h[:10]) or read_month(h))
        )

    @cached_property
    def described(self) -> tuple[ColumnFacts, ...]:
        """Columns that say something: filled, no ids, no dates, nothing technical, more than one value."""
        return tuple(
            c
            for c in self.facts.columns
            if not c.header.startswith("_")
            and c.distinct > 1
            and not c.is_named_like_id
            and c.type not in ("date", "blank")
        )
