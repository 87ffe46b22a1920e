"""A row in the workbook of people's inputs for every account; of what is there, nothing is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.tables.people import KEYS, lacking_columns
from cscli.analysis.tables.raw import RawTable
from cscli.config.blocks.stores import InputSettings
from cscli.errors import Problem, SourceError, UsageError
from cscli.sources.people import header_cells, read_people
from cscli.texts import Language
from cscli.workflows.book.people import People
from cscli.workflows.book.read import Book
from cscli.workflows.data.extending import about, extended, reads_back
from cscli.workspace.publish import publish

if TYPE_CHECKING:
    import pandas as pd

    from cscli.render.excel.books.people import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenInputs:
    """What became of the workbook at `path`: `added` rows, `total` in all; `columns`: those that it has now too.
    `backup`: the version before, where something was added to an earlier one. `by_account`: whether it has one row an account.
    """

    path: Path
    language: Language
    added: int
    total: int
    backup: Path | None
    problems: tuple[Problem, ...]
    columns: tuple[str, ...] = ()
    by_account: bool = True


def extend_people_book(book: Book) -> WrittenInputs:
    """Makes the workbook, or adds the accounts that it does not have yet. Raises CscliError; then the file is as it was."""
    people = book.people
    new = _accounts(book.frame[~book.frame["account_id"].isin(people.ids)])
    backup = None
    columns = lacking_columns(people.table.headers) if people.table else ()
    if people.table is None:
        _create(people.path, new, book)
    elif new or columns:
        backup = _extend(people, people.table, new, columns, book.language)
    total = len(new) + (len(people.table.lines) if people.table else 0)
    return WrittenInputs(
        path=people.path,
        language=book.language,
        added=len(new),
        total=total,
        backup=backup,
        problems=(),
        columns=columns,
    )


def _accounts(frame: "pd.DataFrame") -> "list[Account]":
    """The key columns, by owner and name."""
    keys = frame[list(KEYS)].astype(object)
    ordered = keys.where(keys.notna(), None).sort_values(["owner", "name", "account_id"], kind="stable")
    return [{str(name): value for name, value in row.items()} for row in ordered.to_dict("records")]


def _create(path: Path, accounts: "Sequence[Account]", book: Book) -> None:
    from cscli.render.excel.books.people import Setting, create_people

    if path.suffix.lower() != ".xlsx":
        raise UsageError(Problem("people.not_xlsx", value=str(path)))
    days = (book.config.inputs or InputSettings()).sentiment_days
    with publish(path) as temporary:
        create_people(temporary, accounts, Setting(book.language, book.as_of, days))
        if path.exists():
            raise SourceError(about("people.changed_meanwhile", path))


def _extend(
    people: People,
    table: RawTable,
    accounts: "Sequence[Account]",
    columns: tuple[str, ...],
    language: Language,
) -> Path:
    """Adds rows and columns to the very bytes that were read. The version before is kept beside it."""
    from cscli.render.excel.books.people import Addition, extend_people

    path = people.path
    sheet, row = table.facts.sheet or "", table.facts.header_row

    def add(before: bytes) -> bytes:
        header = header_cells(path, sheet, row)
        return extend_people(before, sheet, row, header, Addition(accounts, columns, language))

    def verify(written: Path) -> bool:
        return reads_back(table, read_people(written), len(accounts), len(columns))

    return extended(path, (table,), add, verify, language)
