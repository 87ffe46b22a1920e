"""Tables of other systems to the column that says whose they are where the ids are different: names and domains of companies."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cscli.analysis.recognising.companies.domains import domain_key
from cscli.analysis.recognising.companies.names import name_key
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts

_HALF = 0.5
_FEWEST = 2
_NEEDED = 0.6
"""So many of the accounts must have a name of their own, so that a name says who is meant."""
Named = Literal["name", "domain"]


@dataclass(frozen=True, slots=True)
class CompanyLink:
    """The column, what it holds, and the share of its values that are an account's."""

    column: ColumnFacts
    holds: Named
    share: float


@dataclass(frozen=True, eq=False)
class Companies:
    """Names and domains of the accounts, as they are compared."""

    facts: TableFacts

    @cached_property
    def names(self) -> frozenset[str]:
        """Empty where too many accounts share one, as they do the address of a vendor."""
        return self._keys("name", name_key)

    @cached_property
    def domains(self) -> frozenset[str]:
        return self._keys("domain", domain_key)

    def _keys(self, field: str, key: Callable[[str], str | None]) -> frozenset[str]:
        column = self.facts.first(lambda c: c.field == field and c.filled > 0)
        if column is None:
            return frozenset()
        keys = frozenset(found for value in column.values if (found := key(value)))
        return keys if len(keys) >= _NEEDED * column.filled else frozenset()

    def link(self, facts: TableFacts) -> CompanyLink | None:
        """The column of `facts` that says which company is meant; names go before domains."""
        named = _best(facts, "name", self.names, name_key, lambda c: c.type == "text" and not c.is_mail)
        return named or _best(
            facts,
            "domain",
            self.domains,
            domain_key,
            lambda c: c.is_mail or c.is_address or c.field == "domain",
        )


def _best(
    facts: TableFacts,
    holds: Named,
    known: AbstractSet[str],
    key: Callable[[str], str | None],
    fits: Callable[[ColumnFacts], bool],
) -> CompanyLink | None:
    found = []
    for column in facts.columns if known else ():
        if not column.filled or not fits(column):
            continue
        keys = {each for value in column.probe if (each := key(value))}
        shared = len(keys & known)
        if shared >= min(_FEWEST, len(known)) and shared >= _HALF * len(keys):
            found.append(CompanyLink(column, holds, shared / len(keys)))
    return max(found, key=lambda link: link.share, default=None)
