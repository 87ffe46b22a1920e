"""What is added up of one table while its proposal is made: names of its columns, its day, and what was found."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from cscli.analysis.proposing.concepts import Concept
from cscli.analysis.proposing.names import Names
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.recognising.taken import TakenFile
from cscli.analysis.recognising.words import raw_words_of_file

WINDOW, QUARTER, YEAR = 28, 90, 365


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRollup:
    """Column `name` of the accounts, its SQL, and the reason. `reads`: name, header and type of each column that it
    names. `concept`: what it says of an account's health, where it says anything.
    """

    name: str
    formula: str
    why: Why
    reads: tuple[tuple[str, ColumnFacts, str], ...] = ()
    concept: Concept | None = None
    what: str = ""
    """The rows that are added up, as the file's name calls them."""


@dataclass(eq=False, kw_only=True)
class RollupWork:
    """`free`: canonical columns that no table gives yet. `names`: of the columns of this table."""

    taken: TakenFile
    source: str
    free: AbstractSet[str]
    names: Names
    day: ColumnFacts | None = None
    found: list[ProposedRollup] = field(default_factory=list)

    @property
    def facts(self) -> TableFacts:
        return self.taken.facts

    @property
    def _what(self) -> str:
        return " ".join(raw_words_of_file(self.facts.file)) or self.source.replace("_", " ")

    def own(self, name: str) -> str:
        """`name` if no table gives it, else one of this source."""
        return name if name in self.free else f"{self.source}_{name}"

    def until(self, days: int | None = None) -> str:
        """The condition of a filter: rows of the last `days` up to the as-of date."""
        if self.day is None:
            return "TRUE"
        name = self.names.of(self.day)
        return f"{name} <= as_of" + (f" AND {name} > as_of - {days}" if days else "")

    def add(
        self,
        name: str,
        formula: str,
        why: Why,
        *reads: tuple[ColumnFacts | None, str],
        concept: Concept | None = None,
    ) -> None:
        given = [(column, kind) for column, kind in (*reads, (self.day, "date")) if column is not None]
        used = tuple((self.names.of(column), column, kind) for column, kind in dict(given).items())
        if all(each.name != name for each in self.found):
            self.found.append(
                ProposedRollup(
                    name=name, formula=formula, why=why, reads=used, concept=concept, what=self._what
                )
            )
