"""The books in which people type, read where the workspace has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from cscli.analysis.inputs.books import BOOKS, InputBook
from cscli.analysis.inputs.rows import SheetRows, no_rows, type_rows
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Config
from cscli.errors import Location, Problem, Scope, Severity
from cscli.sources.people import read_sheet
from cscli.texts import Phrase


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadBook:
    """A book at `path`. `raw`: each sheet as it stands, by id; none without a file, or where the sheet is gone."""

    book: InputBook
    path: Path
    raw: Mapping[str, RawTable] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def books_in_use(config: Config) -> list[InputBook]:
    """Those that the rules use."""
    uses = {
        "journey": config.journey is not None or config.goals is not None,
        "handover": config.timeline is not None or bool(config.records),
        "voice": config.voice is not None,
        "content": config.content is not None,
    }
    return [book for name, book in BOOKS.items() if uses[name]]


def read_book_file(people: Path, workspace: Path, book: InputBook) -> ReadBook:
    """A book as it stands, beside the workbook `people`. Raises SourceError, DataError where the file cannot be read at all."""
    path = people.with_name(f"{book.name}.xlsx")
    if not path.exists():
        shown = path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else path.name
        details: dict[str, object] = {"book": book.name}
        absent = Problem(
            "inputs.no_book", severity=Severity.NOTE, value=shown, details=details, scope=Scope.ABSENT
        )
        return ReadBook(book=book, path=path, problems=(absent,))
    found = {sheet.id: read_sheet(path, sheet) for sheet in book.sheets}
    lacking = [
        Problem(
            "inputs.no_sheet",
            where=Location(file=path.name),
            details={"sheet": Phrase(f"input.sheet.{sheet.id}")},
        )
        for sheet in book.sheets
        if found[sheet.id] is None
    ]
    raw = {name: table for name, table in found.items() if table is not None}
    return ReadBook(book=book, path=path, raw=raw, problems=tuple(lacking))


def typed_rows(books: Mapping[str, ReadBook], zone: ZoneInfo | None) -> dict[str, SheetRows]:
    """The rows of each sheet by its id; of a book that is not in use, none."""
    return dict(_typed(books, zone))


def _typed(books: Mapping[str, ReadBook], zone: ZoneInfo | None) -> Iterator[tuple[str, SheetRows]]:
    for book in BOOKS.values():
        read = books.get(book.name)
        for sheet in book.sheets:
            raw = read.raw.get(sheet.id) if read else None
            yield sheet.id, no_rows(sheet) if raw is None else type_rows(raw, sheet, zone)
