"""Which books there are: one for each department, since departments have different rights and Excel locks whole files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cscli.fields import FieldType
from cscli.header_keys import header_key
from cscli.texts import LANGUAGES, Language, catalogue, text

_OF_SENTENCES = 24
IDENTITIES = ("account_id", "theme", "content_id", "question_id")
"""What a row is about; a sheet without its column cannot be read."""
_TEXT, _NUMBER, _DATE = FieldType.TEXT, FieldType.NUMBER, FieldType.DATE


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column in which people type. `choices`: the only values it may have, ids; people read and type their labels or the ids."""

    name: str
    type: FieldType = _TEXT
    width: int = 18
    choices: tuple[str, ...] = ()

    @property
    def is_wrapped(self) -> bool:
        """Whether sentences stand there."""
        return self.type is _TEXT and self.width >= _OF_SENTENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSheet:
    """One sheet. `keys`: columns that cscli fills in for each row (account_id, name, owner); `typed`: those of people. A row in which nothing
    is typed is silent. `by_account`: whether each account gets a row.
    """

    id: str
    keys: tuple[str, ...]
    typed: tuple[BookColumn, ...]
    by_account: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Every column in order."""
        return (*self.keys, *(column.name for column in self.typed))

    @property
    def types(self) -> dict[str, FieldType]:
        """The type of each column."""
        keys = {name: FieldType.ID if name == "account_id" else _TEXT for name in self.keys}
        return keys | {column.name: column.type for column in self.typed}

    def column_of(self, header: str) -> str | None:
        """The column that `header` heads, in whatever language; None for others."""
        return _headers(self).get(header_key(header))


@dataclass(frozen=True, slots=True)
class InputBook:
    """A workbook beside `inputs/csm.xlsx`: `NAME.xlsx` with its sheets."""

    name: str
    sheets: tuple[BookSheet, ...]


_ACCOUNT = ("account_id", "name", "owner")
GOALS = BookSheet(
    id="goals",
    keys=_ACCOUNT,
    typed=(
        BookColumn("goal", width=36), BookColumn("measure", width=22), BookColumn("unit", width=10),
        BookColumn("baseline", _NUMBER, 11), BookColumn("target", _NUMBER, 11), BookColumn("due_on", _DATE, 13),
        BookColumn("owner_customer", width=20), BookColumn("agreed_on", _DATE, 13), BookColumn("agreed_with", width=20),
        BookColumn("reviewed_on", _DATE, 13), BookColumn("next_review_on", _DATE, 14), BookColumn("actual", _NUMBER, 11),
        BookColumn("actual_on", _DATE, 13), BookColumn("status", choices=("reached", "dropped"), width=12),
        BookColumn("reason", width=30),
    ),
)  # fmt: skip
MILESTONES = BookSheet(
    id="milestones",
    keys=_ACCOUNT,
    typed=(
        BookColumn("standard", width=16), BookColumn("milestone", width=20), BookColumn("reached_on", _DATE, 13),
        BookColumn("waived", width=30), BookColumn("note", width=40),
    ),
)  # fmt: skip
HANDOVER = BookSheet(
    id="handover",
    keys=("account_id", "name"),
    typed=(
        BookColumn("sold_by"), BookColumn("purpose", width=32),
        BookColumn("promised_outcome", width=32), BookColumn("how_measured", width=24),
        BookColumn("promised_by", _DATE, 13), BookColumn("sponsor", width=20), BookColumn("champion", width=20),
        BookColumn("decision_history", width=32), BookColumn("concerns", width=32),
        BookColumn("non_standard_promises", width=32), BookColumn("handed_on", _DATE, 13),
    ),
)  # fmt: skip
THEME_STATUSES = ("open", "considering", "planned", "released", "declined")
THEMES = BookSheet(
    id="themes",
    keys=("theme",),
    typed=(
        BookColumn("status", choices=THEME_STATUSES, width=14), BookColumn("status_on", _DATE, 13),
        BookColumn("owner", width=18), BookColumn("ticket", width=18), BookColumn("answer_text", width=48),
    ),
    by_account=False,
)  # fmt: skip
TELL = BookSheet(
    id="tell",
    keys=("theme", "account_id", "name"),
    typed=(
        BookColumn("told_on", _DATE, 13),
        BookColumn("by", width=18),
        BookColumn("note", width=40),
    ),
    by_account=False,
)
DELIVERIES = ("tech", "low", "high")
AUDIENCES = ("customer", "team")
CONTENT = BookSheet(
    id="content",
    keys=("content_id",),
    typed=(
        BookColumn("title", width=36), BookColumn("format", width=12), BookColumn("audience", choices=AUDIENCES, width=12),
        BookColumn("delivery", choices=DELIVERIES, width=12), BookColumn("maturity_from", _NUMBER, 12), BookColumn("maturity_to", _NUMBER, 12),
        BookColumn("abstraction", _NUMBER, 12), BookColumn("influence", _NUMBER, 11), BookColumn("hours", _NUMBER, 11),
        BookColumn("after", width=14), BookColumn("repeat_after_days", _NUMBER, 14), BookColumn("owner", width=18),
        BookColumn("reviewed_on", _DATE, 13), BookColumn("url", width=36),
    ),
    by_account=False,
)  # fmt: skip
SELFCHECK = BookSheet(
    id="selfcheck",
    keys=("question_id", "axis", "question", "level_0", "level_2", "level_4"),
    typed=(BookColumn("level", _NUMBER, 9), BookColumn("evidence_note", width=30)),
    by_account=False,
)
"""What one person answers, a workbook a person and round. To the right of it stand `ABOUT`."""
ABOUT = ("respondent", "role", "version")
BOOKS: Mapping[str, InputBook] = {
    book.name: book
    for book in (
        InputBook("journey", (GOALS, MILESTONES)),
        InputBook("handover", (HANDOVER,)),
        InputBook("voice", (THEMES, TELL)),
        InputBook("content", (CONTENT,)),
    )
}
"""Every book but `csm`, whose one sheet is that of `cscli.analysis.tables.people`."""


def column_header(name: str, language: Language) -> str:
    """What stands above a column of a book."""
    return text(f"phrase.input.{name}", language)


def choice_label(sheet: str, column: str, choice: str, language: Language) -> str:
    """What people read for a choice of a column."""
    return text(choice_key(sheet, column, choice), language)


def choice_key(sheet: str, column: str, choice: str) -> str:
    """The key of the text of a choice."""
    return f"{sheet}.{column}.{choice}"


@lru_cache
def _headers(sheet: BookSheet) -> dict[str, str]:
    found = {
        header_key(texts[f"phrase.input.{name}"]): name
        for texts in map(catalogue, LANGUAGES)
        for name in sheet.names
    }
    return {header_key(name): name for name in sheet.names} | found
