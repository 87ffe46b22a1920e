"""The books in which people type: made where the rules use them, later given rows for what is new."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.conversations.voices import tell_table
from cscli.analysis.inputs.books import BookSheet, InputBook
from cscli.analysis.inputs.spelled import named, spellings
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, SourceError, UsageError
from cscli.reports.kit.labels import own_labels
from cscli.reports.practice.voice import theme_labels
from cscli.sources.people import header_cells, read_sheet
from cscli.workflows.book.read import Book, read_book, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.data.extending import about, extended, reads_back
from cscli.workflows.data.inputs import WrittenInputs, extend_people_book
from cscli.workflows.work.input_books import ReadBook
from cscli.workspace.publish import publish

if TYPE_CHECKING:
    from cscli.render.excel.books.input_book import Row


def extend_inputs(request: Request, only: str | None = None) -> tuple[WrittenInputs, ...]:
    """Makes the books that the rules use, or adds to each what it does not have yet; `only`: the name of one of them. People's workbook comes first.
    What is to be said of the reading stands with the first.

    Raises CscliError with every problem that stops the run; a book that cannot be extended, since somebody has it open, is as it was, and the others
    are done.
    """
    book = read_book(request)
    with speaking(book.language):
        names = ("csm", *book.practice.books)
        if only is not None and only not in names:
            raise UsageError(Problem("inputs.unknown_book", value=only, details={"known": ", ".join(names)}))
        written: list[WrittenInputs] = []
        refused: list[Problem] = []
        for extend in _extensions(book, only):
            try:
                written.append(extend())
            except SourceError as error:
                refused += error.problems
        if refused:
            raise SourceError(*refused)
        return (replace(written[0], problems=book.problems), *written[1:])


def _extensions(book: Book, only: str | None) -> "Iterator[Callable[[], WrittenInputs]]":
    """What is to be done to each book, people's workbook first."""
    if only in (None, "csm"):
        yield partial(extend_people_book, book)
    for name, read in book.practice.books.items():
        if only in (None, name):
            yield partial(extend_book, book, read)


def extend_book(book: Book, read: ReadBook) -> WrittenInputs:
    """Makes the book, or adds what its sheets do not have yet: accounts, themes. Raises SourceError; then it is as it was."""
    wanted = {sheet.id: _wanted(book, read, sheet) for sheet in read.book.sheets}
    added = sum(map(len, wanted.values()))
    total = added + sum(len(table.lines) for table in read.raw.values())
    backup = None
    if not read.raw and not read.path.exists():
        _create(book, read.book, read.path, wanted)
    elif added:
        backup = _extend(book, read, wanted)
    return WrittenInputs(
        path=read.path,
        language=book.language,
        added=added,
        total=total,
        backup=backup,
        problems=(),
        by_account=False,
    )


def _wanted(book: Book, read: ReadBook, sheet: BookSheet) -> "list[Row]":
    """The rows that a sheet has not yet: an account, a theme, a theme and an account that asked for it."""
    names = spellings(book.config.voice.themes if book.config.voice else ())
    known = _keys(read.raw.get(sheet.id), sheet, names)
    if read.raw and sheet.id not in read.raw:
        return []  # the sheet is gone, which has been said
    return [
        _labelled(row, book)
        for row in _rows_of(book, sheet)
        if tuple(row.get(name) for name in _identity(sheet)) not in known
    ]


def _identity(sheet: BookSheet) -> tuple[str, ...]:
    return tuple(name for name in ("theme", "account_id") if name in sheet.keys)


def _labelled(row: "Row", book: Book) -> "Row":
    """A row with the label of its theme, as people read it."""
    theme = row.get("theme")
    return row if theme is None else {**row, "theme": theme_labels(book.config, book.language)[theme]}


def _keys(
    raw: RawTable | None, sheet: BookSheet, themes: Mapping[str, str]
) -> frozenset[tuple[str | None, ...]]:
    """What identifies the rows that are there, also those in which nothing is typed; `themes`: their names by every way to write them."""
    if raw is None:
        return frozenset()
    places = {sheet.column_of(header): header for header in reversed(raw.headers)}
    known = [name for name in _identity(sheet) if name in places]
    return frozenset(
        tuple(_identified(name, cell, themes) for name, cell in zip(known, row, strict=True))
        for row in zip(*(raw.column(places[name]) for name in known), strict=True)
    )


def _identified(name: str, cell: object, themes: Mapping[str, str]) -> str | None:
    text = None if cell is None else str(cell).strip()
    return text if text is None or name != "theme" else named(text, themes) or text


def _rows_of(book: Book, sheet: BookSheet) -> "list[Row]":
    if sheet.by_account:
        names = [name for name in ("account_id", "name", "owner") if name in book.frame]
        keys = book.frame[names].astype(object)
        ordered = keys.where(keys.notna(), None).sort_values([*reversed(names)], kind="stable")
        return [{str(name): value for name, value in row.items()} for row in ordered.to_dict("records")]
    if sheet.id == "themes" and book.config.voice is not None:
        return [{"theme": theme.name} for theme in book.config.voice.themes]
    return _to_tell(book) if sheet.id == "tell" else []


def _to_tell(book: Book) -> "list[Row]":
    """Who spoke of a theme that is released or declined."""
    practice = book.practice
    if practice.voices is None:
        return []
    table = tell_table(practice.voices, practice.rows["themes"].frame, practice.rows["tell"].frame)
    names = book.frame.set_index("account_id")["name"]
    rows = zip(table["theme"], table["account_id"], names.reindex(table["account_id"]), strict=True)
    return [
        {"theme": theme, "account_id": account, "name": name if isinstance(name, str) else None}
        for theme, account, name in rows
    ]


def _create(book: Book, made: InputBook, path: Path, rows: "Mapping[str, Sequence[Row]]") -> None:
    from cscli.render.excel.books.input_book import FirstContent, create_book

    content = FirstContent(rows=rows, offered=_offered(book))
    with publish(path) as temporary:
        create_book(temporary, made, content, book.language, book.as_of)
        if path.exists():
            raise SourceError(about("people.changed_meanwhile", path))


def _offered(book: Book) -> dict[tuple[str, str], list[str]]:
    """What the rules call standards and milestones; those too that data show, for they can be waived."""
    if book.config.journey is None:
        return {}
    standards = book.config.journey.standards
    milestones = [each for _, each in book.config.journey.milestones]
    return {
        ("milestones", "standard"): list(own_labels(standards, book.language).values()),
        ("milestones", "milestone"): list(own_labels(milestones, book.language).values()),
    }


def _extend(book: Book, read: ReadBook, wanted: "Mapping[str, Sequence[Row]]") -> Path:
    from cscli.render.excel.books.input_book import extend_sheet_rows

    path, sheets = read.path, {sheet.id: sheet for sheet in read.book.sheets}
    new = {name: rows for name, rows in wanted.items() if rows}

    def add(content: bytes) -> bytes:
        for name, rows in new.items():
            facts = read.raw[name].facts
            title = facts.sheet or ""
            header = header_cells(path, title, facts.header_row)
            content = extend_sheet_rows(content, title, facts.header_row, header, sheets[name], rows)
        return content

    def verify(written: Path) -> bool:
        return all(
            reads_back(table, read_sheet(written, sheets[name]), len(new.get(name, ())))
            for name, table in read.raw.items()
        )

    return extended(path, tuple(read.raw.values()), add, verify, book.language)
