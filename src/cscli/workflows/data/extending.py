"""A workbook of people's changed only while nobody else has it, and only where every cell that was there is there afterwards."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cscli.analysis.tables.raw import RawTable
from cscli.errors import CscliError, DataError, Location, Problem, SourceError
from cscli.texts import Language, problem_message
from cscli.workspace.publish import publish


def extended(
    path: Path,
    tables: tuple[RawTable, ...],
    add: Callable[[bytes], bytes],
    verify: Callable[[Path], bool],
    language: Language,
) -> Path:
    """What `add` makes of the very bytes that `tables` were read from, at `path`; the version before is kept beside it: its path.

    Raises SourceError, and the file stays as it was, where another program has it open or changed it meanwhile, where rows cannot be added,
    or where what was written does not read back.
    """
    from cscli.render.excel.books.append_rows import NotExtendableError

    _refuse_open(path)
    before = _bytes_read(path, tables)
    try:
        after = add(before)
    except DataError as error:
        reason = problem_message(error.problems[0], language)
        raise SourceError(about("people.not_extendable", path, reason=reason)) from error
    except NotExtendableError as error:
        raise SourceError(about("people.not_extendable", path, reason=str(error))) from error
    backup = path.with_name(f"{path.name}.bak")
    with publish(path) as temporary:
        temporary.write_bytes(after)
        with _readable(path):
            if not verify(temporary):
                raise SourceError(about("people.not_verified", path))
        with publish(backup) as copy:
            copy.write_bytes(before)
        _bytes_read(path, tables)
    return backup


def reads_back(before: RawTable, after: RawTable | None, added: int, columns: int = 0) -> bool:
    """Whether every cell that was there is there, and so many rows, and `columns` at the right end, more."""
    width = len(before.headers)
    if after is None or after.headers[:width] != before.headers or len(after.headers) != width + columns:
        return False
    kept = _rows(after, width).items() >= _rows(before, width).items()
    return kept and len(after.lines) >= len(before.lines) + added


def about(code: str, path: Path, **details: object) -> Problem:
    """A problem of the whole workbook."""
    return Problem(code, where=Location(file=path.name), value=str(path), details=details)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except CscliError as error:
        raise SourceError(about("people.not_verified", path)) from error


def _refuse_open(path: Path) -> None:
    """Excel and LibreOffice put a file beside one that they hold open; what they save later would win."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise SourceError(about("people.open_elsewhere", path, lock=lock.name))


def _bytes_read(path: Path, tables: tuple[RawTable, ...]) -> bytes:
    """The file, if it still is the one that `tables` were read from."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(about("people.changed_meanwhile", path)) from error
    if any(hashlib.sha256(content).hexdigest() != table.facts.sha256 for table in tables):
        raise SourceError(about("people.changed_meanwhile", path))
    return content


def _rows(table: RawTable, width: int) -> dict[int, tuple[object, ...]]:
    """The cells of the first columns of each row by its line."""
    return dict(zip(table.lines.tolist(), zip(*table.columns[:width], strict=True), strict=True))
