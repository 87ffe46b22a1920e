"""What can go wrong, as values: a `Problem` with its place, and the errors that end a run."""

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})


class ExitCode(IntEnum):
    """Exit codes of the command line; they are public."""

    DONE = 0
    BUG = 1
    USAGE = 2
    CONFIG = 3
    DATA = 4
    FILES = 5
    LOCKED = 6
    OUTBOX = 7
    FINDINGS = 10


WORST_FIRST = (
    ExitCode.BUG, ExitCode.FILES, ExitCode.CONFIG, ExitCode.USAGE, ExitCode.DATA, ExitCode.OUTBOX,
    ExitCode.FINDINGS, ExitCode.DONE,
)  # fmt: skip
"""Of several exit codes, the first of these counts."""


def worst_code(codes: Iterable[ExitCode]) -> ExitCode:
    """The first of `codes` in the order of `WORST_FIRST`; DONE of none."""
    return min(codes, key=WORST_FIRST.index, default=ExitCode.DONE)


class Severity(StrEnum):
    """How much a problem matters: something is lost or wrong, looks wrong, or was assumed."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Scope(StrEnum):
    """What a problem is about, where the program goes by it: cells and figures, unless it says otherwise."""

    DATA = "data"
    READING = "reading"
    """How the cells of a column were taken."""
    ENCODING = "encoding"
    SHEET = "sheet"
    """Which sheet was taken."""
    MAPPING = "mapping"
    """Headers that only rules could use."""
    ROWS = "rows"
    """Rows that are in no figure; `count` tells how many."""
    TABLE = "table"
    """The whole table cannot be used."""
    ACCOUNT_ID = "account_id"
    """The table cannot be used, as it does not say whose its rows are."""
    RUN = "run"
    """What a run did, not what it found."""
    ABSENT = "absent"
    """A book of people's that there is not yet; `value` is its name."""
    WORKSPACE = "workspace"
    """Nothing can be written, or remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a problem is. `line` counts rows of the file from 1; `key` is a path in the config."""

    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    column: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know. `code` keys its message and hint in the text catalogue; `scope` is what the
    program goes by, `count` how many rows it is about, where that is counted.
    """

    code: str
    _: KW_ONLY
    severity: Severity = Severity.ERROR
    where: Location = field(default_factory=Location)
    value: str | None = None
    details: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    scope: Scope = Scope.DATA
    count: int = 0


def findings(problems: Iterable[Problem]) -> frozenset[str]:
    """What `--fail-on` finds in `problems`: their severities, a worse one counting as the milder too."""
    found = {problem.severity for problem in problems} - {Severity.NOTE}
    return frozenset(found | ({Severity.WARNING} if found else set()))


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Each once: what is wrong with an export is wrong in every report."""
    return list({repr(problem): problem for problem in problems}.values())


class CscliError(Exception):
    """Ends a run for reasons that a person can mend; carries every problem that was found."""

    exit_code = ExitCode.BUG

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = problems
        self.language: str | None = None
        """The language of the run that it ended, once that is known."""


class UsageError(CscliError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class ConfigError(CscliError):
    """The YAML file, or an expression in it, is wrong."""

    exit_code = ExitCode.CONFIG


class DataError(CscliError):
    """An input was read and cannot be used."""

    exit_code = ExitCode.DATA


class SourceError(CscliError):
    """A file or the history could not be read or written."""

    exit_code = ExitCode.FILES


class LockedError(CscliError):
    """Another run holds the workspace."""

    exit_code = ExitCode.LOCKED
