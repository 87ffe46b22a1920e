"""Exports named on the command line to the sources that they stand for, or to none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from cscli.analysis.tables.conform import conform_any
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import CscliError, SourceError
from cscli.fields import is_plain_name
from cscli.workflows.book.reading import find_source, read_source
from cscli.workflows.book.request import Request

_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Assignment:
    """`files`: the given file of each source that has one; `own`: files that no source reads, by a name; `skipped`:
    sources that cannot be there, as nobody has named their files.
    """

    files: Mapping[str, Path]
    own: Mapping[str, Path]
    skipped: frozenset[str] = frozenset()


def assign_exports(exports: Sequence[Path], sources: Mapping[str, Source], request: Request) -> Assignment:
    """The first export that is a table of accounts replaces theirs; others go to the source whose pattern fits
    their name.
    """
    files: dict[str, Path] = {}
    accounts = _find_accounts(exports, sources["accounts"]) if "accounts" in sources else None
    left = [path for path in dict.fromkeys(exports) if path != accounts]
    if accounts is not None:
        files["accounts"] = accounts
    for name, source in sources.items():
        fitting = next((path for path in left if _fits(path, source)), None)
        if name != "accounts" and fitting is not None:
            files[name] = fitting
            left.remove(fitting)
    own: dict[str, Path] = {}
    for path in left:
        own[_free_name(path.stem, {*sources, *own})] = path
    needed = not exports or accounts is not None or request.rules.remembers
    is_absent = not needed and not ("accounts" in sources and _is_there(sources["accounts"], request))
    return Assignment(files, own, frozenset(sources) - set(files) if is_absent else frozenset())


def _find_accounts(exports: Sequence[Path], source: Source) -> Path | None:
    """The first with an account's id in nearly every row of its own; a single one without any id is meant so too,
    and one that cannot be read if its name is the accounts'.
    """
    for path in exports:
        if _fits(path, source) or len(exports) == 1:
            table = _try_to_read(path, source)
            if table is None or _has_accounts(table, source) is not False:
                return path
    for path in exports:
        table = _try_to_read(path, source)
        if table is not None and _has_accounts(table, source):
            return path
    return None


def _try_to_read(path: Path, source: Source) -> RawTable | None:
    try:
        return read_source(path, "accounts", source)
    except CscliError:
        return None


def _has_accounts(table: RawTable, source: Source) -> bool | None:
    """Whether there is one row an account; None: there is no id."""
    ids = conform_any(table, source, None).frame.get("account_id")
    if ids is None:
        return None
    filled = ids.dropna()
    return bool(len(filled)) and filled.nunique() >= _NEARLY_ALL * len(filled)


def _fits(path: Path, source: Source) -> bool:
    return source.file is not None and fnmatch(path.name, PurePath(source.file).name)


def _is_there(source: Source, request: Request) -> bool:
    try:
        found = find_source("accounts", source, request)
    except SourceError:
        return False
    return found is not None and found.path.exists()


def _free_name(stem: str, taken: set[str]) -> str:
    """The file's name in the form of a source's; numbered where there is one already."""
    plain = "".join(letter if letter.isalnum() else "_" for letter in stem.lower()).strip("_")
    name = plain if is_plain_name(plain) else stem
    number = 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    return name
