"""What a file was taken for, or why it was left."""

from dataclasses import dataclass

from cscli.analysis.recognising.companies.linking import CompanyLink
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Kind, Reading, Why


@dataclass(frozen=True, kw_only=True, eq=False)
class TakenFile:
    """`key`: the column of account ids, or of another table's ids where `via` names that table. `own`: the ids of its
    own rows, by which others may refer to it. `second`: another reading that was nearly as good. `company`: the column
    that says whose rows they are where the ids are those of another system.
    """

    facts: TableFacts
    kind: Kind
    why: tuple[Why, ...]
    key: ColumnFacts
    key_why: Why
    own: ColumnFacts | None = None
    via: "TakenFile | None" = None
    second: Reading | None = None
    share: float = 1.0
    company: CompanyLink | None = None

    @property
    def leads_surely(self) -> bool:
        """Whether its own ids are known to be accounts', by their companies: a list of another system."""
        return self.kind == "accounts" and self.company is not None


@dataclass(frozen=True, eq=False)
class LeftFile:
    """A file without use, and the key of the text that says why; `count` is of what that speaks of."""

    facts: TableFacts
    why: str
    detail: str = ""
    count: int = 0
