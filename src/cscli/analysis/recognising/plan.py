"""Tables to a plan: what each is taken for and why, which column is the account's id, which ids need another table."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cscli.analysis.recognising.account_list import choose_accounts
from cscli.analysis.recognising.companies.linking import Companies
from cscli.analysis.recognising.direct import take_directly
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts, facts_of
from cscli.analysis.recognising.hops import take_through, with_keys
from cscli.analysis.recognising.kinds import Reading, readings
from cscli.analysis.recognising.links import refers
from cscli.analysis.recognising.parts import choose_part
from cscli.analysis.recognising.taken import LeftFile, TakenFile
from cscli.analysis.recognising.words import raw_words_of_file
from cscli.analysis.tables.raw import RawTable

_MOST_LIKE = ("subscriptions", "mrr", "orders", "contacts", "rows", "churn", "events")


@dataclass(frozen=True, eq=False)
class Plan:
    """`accounts`: None where the ids of another table are the accounts. `rivals`: files that are lists of accounts just
    as well, of other customers.
    """

    accounts: TakenFile | None
    taken: tuple[TakenFile, ...]
    left: tuple[LeftFile, ...]
    rivals: tuple[TakenFile, ...] = ()

    def knows_nobody(self, each: TakenFile) -> bool:
        """Whether no id of the file is one of the accounts': a count of 0 would say what nobody knows."""
        known = each.via or each
        return self.accounts is not None and each is not self.accounts and known.share == 0

    @property
    def every(self) -> tuple[TakenFile, ...]:
        return ((self.accounts,) if self.accounts else ()) + self.taken


_COPY = re.compile(r"copy|コピー|\(\d+\)")
"""Names that computers give to copies: of two files of the same content the other one is read."""


def make_plan(tables: Sequence[RawTable]) -> Plan:
    """What `tables` are. Files of the same content count once."""
    every, doubled = _once([facts_of(table) for table in tables])
    empty = [LeftFile(facts, "init.left_empty") for facts in every if not facts.rows]
    every = [facts for facts in every if facts.rows]
    counts = {id(facts): refers(facts, every) for facts in every}
    ranked = {id(facts): readings(facts, lambda table: counts[id(table)]) for facts in every}
    accounts, rivals = choose_accounts(every, ranked)
    accounts = accounts or choose_part(every)
    rest = [facts for facts in every if accounts is None or facts is not accounts.facts]
    taken, left = _take(rest, ranked, accounts)
    if accounts is None and not any(each.kind in _MOST_LIKE for each in taken):
        left, taken = [*left, *(LeftFile(each.facts, "init.left_no_customer") for each in taken)], []
    return Plan(accounts, tuple(taken), (*left, *empty, *doubled), rivals)


def _once(every: Sequence[TableFacts]) -> tuple[list[TableFacts], list[LeftFile]]:
    first: dict[str, TableFacts] = {}
    doubled = []
    for facts in sorted(every, key=lambda facts: _COPY.search(facts.file.casefold()) is not None):
        same = first.setdefault(facts.table.facts.sha256, facts)
        if same is not facts:
            doubled.append(LeftFile(facts, "init.left_same", same.file))
    return list(first.values()), doubled


def _take(
    rest: Sequence[TableFacts], ranked: dict[int, list[Reading]], accounts: TakenFile | None
) -> tuple[list[TakenFile], list[LeftFile]]:
    companies = Companies(accounts.facts) if accounts else None
    direct = [(facts, take_directly(facts, ranked[id(facts)], accounts, companies)) for facts in rest]
    taken = [found for _, found in direct if found is not None]
    left = []
    through: dict[int, ColumnFacts] = {}
    for facts, found in direct:
        if found is not None and (found.share > 0 or found.kind == "accounts"):
            continue
        hop = take_through(facts, ranked[id(facts)], [each for each in taken if each.facts is not facts])
        if hop is not None and found is not None and not hop[1].leads_surely:
            continue
        if hop is not None and through.setdefault(id(hop[1]), hop[2]) is hop[2]:
            taken = [*(each for each in taken if each is not found), hop[0]]
        elif found is None:
            left.append(_leave(facts, accounts))
    return with_keys(taken, through), left


def _leave(facts: TableFacts, accounts: TakenFile | None) -> LeftFile:
    if accounts is None:
        return LeftFile(facts, "init.left_no_customer")
    return LeftFile(facts, "init.left_no_link", accounts.facts.file)


def name_sources(plan: Plan, taken: Callable[[str], bool]) -> Iterator[tuple[TakenFile, str]]:
    """A name for each file of the plan that has use: `accounts`, else its file's words."""
    used: set[str] = set()
    for each in plan.every:
        base = (
            "accounts"
            if each is plan.accounts
            else _plain("_".join(raw_words_of_file(each.facts.file))) or _subject_name(each)
        )
        name, number = base, 2
        while (
            name in used
            or (name != "accounts" and taken(name))
            or (name == "accounts" and each is not plan.accounts)
        ):
            name, number = f"{base}_{number}", number + 1
        used.add(name)
        yield each, name


_SUBJECTS = {
    "ticket": "tickets", "usage": "usage", "event": "events", "survey": "survey", "touch": "touches", "churn": "churn", "person": "contacts",
    "order": "orders", "invoice": "invoices", "deal": "deals",
}  # fmt: skip


def _subject_name(each: TakenFile) -> str:
    """A name for a file whose own has no letters that a name can have."""
    things = each.facts.things
    return (
        _SUBJECTS.get(things[-1], each.kind)
        if things and each.kind in ("rows", "events", "orders")
        else each.kind
    )


def _plain(text: str) -> str:
    kept = "".join(mark if mark.isascii() and (mark.isalnum() or mark == "_") else "" for mark in text).strip(
        "_"
    )
    return kept if kept[:1].isalpha() else ""
