"""A table with ids of the accounts, or with the names or domains of their companies, to what it is taken for."""

from collections.abc import Sequence

from cscli.analysis.recognising.account_list import second_reading
from cscli.analysis.recognising.companies.linking import Companies, CompanyLink
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import ENOUGH, Kind, Reading, Why
from cscli.analysis.recognising.links import Link, link_to_accounts
from cscli.analysis.recognising.parts import is_further_part, is_snapshot
from cscli.analysis.recognising.shape import Shape
from cscli.analysis.recognising.taken import TakenFile
from cscli.fields import known_field

_HALF = 0.5
_UNIQUE = 0.9


def take_directly(
    facts: TableFacts, ranked: Sequence[Reading], accounts: TakenFile | None, companies: Companies | None
) -> TakenFile | None:
    """What `facts` is taken for; None where no column says whose rows they are."""
    link = link_to_accounts(facts, accounts.facts if accounts else None, accounts.key if accounts else None)
    company = companies.link(facts) if companies and (link is None or link.share < _HALF) else None
    if company is None and (link is None or _is_other_list(link, accounts)):
        return None
    if link is not None and (is_further_part(facts, link, accounts) or is_snapshot(facts, link)):
        return TakenFile(
            facts=facts,
            kind="accounts",
            why=(Why("row_an_account"),),
            key=link.column,
            key_why=link.why,
            share=link.share,
        )
    for reading in ranked:
        if reading.score < ENOUGH and reading.kind != "rows":
            continue
        key, why, share = _key_for(facts, reading.kind, link, company)
        if not _fits(facts, reading.kind, key, share, accounts):
            continue
        if reading.kind == "rows" and not _tells(facts):
            return None
        own = key if reading.kind == "accounts" else _own_of_kind(facts, reading.kind, key)
        return TakenFile(
            facts=facts,
            kind=reading.kind,
            why=reading.why,
            key=key,
            key_why=why,
            own=own,
            second=second_reading(ranked, reading),
            share=share,
            company=company,
        )
    return None


def _key_for(
    facts: TableFacts, kind: Kind, link: Link | None, company: CompanyLink | None
) -> tuple[ColumnFacts, Why, float]:
    """The id of the account as this table has it, where it stands in each row with one company; else the company itself."""
    if company is None:
        if link is None:
            raise TypeError("neither an id nor a company")
        return link.column, link.why, link.share
    own = Shape(facts).own_id if kind == "accounts" else None
    column = link.column if link is not None and link.column.is_id else own
    many = company.column.is_mail and kind not in ("accounts", "subscriptions")
    if column is None or column is company.column or many or kind == "events":
        return company.column, Why(f"by_company_{company.holds}", f"{company.share:.0%}"), company.share
    return column, Why("own_ids_of_company", company.column.header), company.share


def _is_other_list(link: Link, accounts: TakenFile | None) -> bool:
    """Whether the ids are the table's own, and none of the accounts'."""
    return not link.column.of and link.share < _HALF and accounts is not None


def _tells(facts: TableFacts) -> bool:
    shape = Shape(facts)
    return bool(shape.dates) or len(shape.described) > 0


def _fits(facts: TableFacts, kind: Kind, key: ColumnFacts, share: float, accounts: TakenFile | None) -> bool:
    """A further table of accounts has a row an account that the list knows; others may be of any shape."""
    if kind == "accounts":
        return accounts is not None and share >= _HALF and key.share_distinct >= _UNIQUE
    return not (kind == "bridge" and _other_id(facts, key) is None)


def _other_id(facts: TableFacts, key: ColumnFacts) -> ColumnFacts | None:
    return facts.first(lambda c: c.is_id and c is not key and bool(c.of) and c.key != "typeid")


def _own_of_kind(facts: TableFacts, kind: Kind, key: ColumnFacts) -> ColumnFacts | None:
    if kind == "bridge":
        return _other_id(facts, key)
    own = Shape(facts).own_id
    if own is not None and own is not key:
        return own
    if kind == "subscriptions":
        return facts.first(
            lambda c: (
                c.is_id
                and (f := known_field(c.header, of_revenue=True)) is not None
                and f.name == "subscription_id"
            )
        )
    return facts.first(lambda c: c.is_id and c is not key and c.share_distinct == 1)
