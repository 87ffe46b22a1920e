"""A row in the workbook of people's inputs for every account; of what is there, nothing is touched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.tables.people import KEYS
from cscli.analysis.tables.raw import RawTable
from cscli.config.blocks.stores import InputSettings
from cscli.errors import CscliError, DataError, Location, Problem, SourceError, UsageError
from cscli.sources.people import header_cells, read_people
from cscli.texts import Language, problem_message
from cscli.workflows.book.people import People
from cscli.workflows.book.read import Book, read_book, speaking
from cscli.workflows.book.request import Request
from cscli.workspace.publish import publish

if TYPE_CHECKING:
    import pandas as pd

    from cscli.render.excel.people import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenInputs:
    """What became of the workbook at `path`: `added` rows, `total` in all. `backup`: the version before, where
    rows were added to an earlier one.
    """

    path: Path
    language: Language
    added: int
    total: int
    backup: Path | None
    problems: tuple[Problem, ...]


def extend_inputs(request: Request) -> WrittenInputs:
    """Makes the workbook, or adds the accounts that it does not have yet.

    Raises CscliError with every problem that stops the run; then the file is as it was.
    """
    book = read_book(request)
    with speaking(book.language):
        people = book.people
        new = _accounts(book.frame[~book.frame["account_id"].isin(people.ids)])
        backup = None
        if people.table is None:
            _create(people.path, new, book)
        elif new:
            backup = _extend(people, people.table, new, book.language)
        total = len(new) + (len(people.table.lines) if people.table else 0)
        return WrittenInputs(
            path=people.path,
            language=book.language,
            added=len(new),
            total=total,
            backup=backup,
            problems=book.problems,
        )


def _accounts(frame: "pd.DataFrame") -> "list[Account]":
    """The key columns, by owner and name."""
    keys = frame[list(KEYS)].astype(object)
    ordered = keys.where(keys.notna(), None).sort_values(["owner", "name", "account_id"], kind="stable")
    return [{str(name): value for name, value in row.items()} for row in ordered.to_dict("records")]


def _create(path: Path, accounts: "Sequence[Account]", book: Book) -> None:
    from cscli.render.excel.people import Setting, create_people

    if path.suffix.lower() != ".xlsx":
        raise UsageError(Problem("people.not_xlsx", value=str(path)))
    days = (book.config.inputs or InputSettings()).sentiment_days
    with publish(path) as temporary:
        create_people(temporary, accounts, Setting(book.language, book.as_of, days))
        if path.exists():
            raise SourceError(_about("people.changed_meanwhile", path))


def _extend(people: People, table: RawTable, accounts: "Sequence[Account]", language: Language) -> Path:
    """Adds rows to the very bytes that were read. The version before is kept beside it."""
    from cscli.render.excel.append_rows import NotExtendableError
    from cscli.render.excel.people import extend_people

    path = people.path
    _refuse_open(path)
    before = _bytes_read(path, table)
    try:
        sheet, row = table.facts.sheet or "", table.facts.header_row
        after = extend_people(before, sheet, row, header_cells(path, sheet, row), accounts)
    except DataError as error:
        reason = problem_message(error.problems[0], language)
        raise SourceError(_about("people.not_extendable", path, reason=reason)) from error
    except NotExtendableError as error:
        raise SourceError(_about("people.not_extendable", path, reason=str(error))) from error
    backup = path.with_name(f"{path.name}.bak")
    with publish(path) as temporary:
        temporary.write_bytes(after)
        _verify(path, temporary, table, accounts)
        with publish(backup) as copy:
            copy.write_bytes(before)
        _bytes_read(path, table)
    return backup


def _refuse_open(path: Path) -> None:
    """Excel and LibreOffice put a file beside one that they hold open; what they save later would win."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise SourceError(_about("people.open_elsewhere", path, lock=lock.name))


def _bytes_read(path: Path, table: RawTable) -> bytes:
    """The file, if it still is the one that `table` was read from."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(_about("people.changed_meanwhile", path)) from error
    if hashlib.sha256(content).hexdigest() != table.facts.sha256:
        raise SourceError(_about("people.changed_meanwhile", path))
    return content


def _verify(path: Path, written: Path, before: RawTable, accounts: "Sequence[Account]") -> None:
    """Reads what was written: every cell that was there is there, and every new account has its row."""
    try:
        after = read_people(written)
    except CscliError as error:
        raise SourceError(_about("people.not_verified", path)) from error
    same = after.headers == before.headers and _rows(after).items() >= _rows(before).items()
    if not same or len(after.lines) < len(before.lines) + len(accounts):
        raise SourceError(_about("people.not_verified", path))


def _rows(table: RawTable) -> dict[int, tuple[object, ...]]:
    """The cells of each row by its line."""
    return dict(zip(table.lines.tolist(), zip(*table.columns, strict=True), strict=True))


def _about(code: str, path: Path, **details: object) -> Problem:
    return Problem(code, where=Location(file=path.name), value=str(path), details=details)
