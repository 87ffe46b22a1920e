"""How one file is to be read, as it is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cscli.analysis.proposing.rollup_work import ProposedRollup
from cscli.analysis.recognising.kinds import Reading, Why
from cscli.analysis.tables.raw import RawTable


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """Column `name` read from `header` (None: the file does not have it, or it cannot be read yet), and the reason."""

    name: str
    header: str | None
    why: Why


@dataclass(frozen=True, slots=True)
class UndecidedDates:
    """A column whose dates fit both orders of day and month, or bear both."""

    name: str
    example: str
    mixed: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class ProposedSource:
    """How one file is to be read. `kind`: of the config; `taken_for`: what the file is. `preset`: the source of the preset
    that it serves. `at`: the column with the day of a row. `status`: the header of a status column that its name does not tell. `keep`: a filter.
    """

    name: str
    table: RawTable
    kind: str
    taken_for: str
    why: tuple[Why, ...]
    columns: tuple[ProposedColumn, ...]
    unused: tuple[str, ...] = ()
    dates: tuple[UndecidedDates, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    rollup: tuple[ProposedRollup, ...] = ()
    via: str | None = None
    at: str | None = None
    status: str | None = None
    keep: tuple[str, str] | None = None
    second: Reading | None = None
    preset: str | None = None
    share: float = 1.0
    by_company: bool = False
    """Whether its accounts are found by their companies' names or domains."""
    bears_zones: bool = False
    """Of a log: whether its times bear a zone."""
