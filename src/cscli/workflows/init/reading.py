"""Files and folders that a person names to raw tables: what is no table is said, and the rest goes on."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import CscliError, DataError, Location, Problem, Severity, SourceError
from cscli.fields import known_field
from cscli.sources import ReadOptions, read_table
from cscli.sources.tabular.files import is_leftover, is_own_report
from cscli.workflows.book.reading import only_own_rows
from cscli.workflows.init.alike import as_one
from cscli.workspace.paths import open_home

SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
FOLDERS = ("exports",)
_MOST_NAMES, _MOST_FILES = 60, 2_000
"""Of names that differ in more than a number, so that a log of a file a day is one; and of all, as each is read whole."""
_NUMBER = re.compile(r"\d+")
_OUR_OWN = frozenset({"out", "inputs", ".cscli"})


@dataclass(frozen=True, eq=False)
class ReadExports:
    """`tables`: each with its file, or with the pattern of the files that are one table. `refused`: what was said of files
    that hold no table; `joined`: of those that were taken together.
    """

    tables: tuple[tuple[RawTable, Path], ...]
    refused: tuple[Problem, ...]
    joined: tuple[Problem, ...] = ()


def find_exports(named: Sequence[Path], folder: Path) -> list[Path]:
    """The files to read: those named, the files of folders that are named, else of `folder` and its `exports`. Raises
    SourceError for a folder without any, and for more than can be looked at.
    """
    places = list(named) or [folder, *(folder / each for each in FOLDERS)]
    found: list[Path] = []
    for place in places:
        path = open_home(str(place))
        found += _files_of(path, whole=bool(named)) if path.is_dir() else [path] if named else []
    if len(named) == 1 and len(found) == 1:
        found += _beside(found[0])
    unique = list(dict.fromkeys(found))
    if not unique:
        raise SourceError(Problem("init.empty_folder", value=", ".join(str(place) for place in places)))
    names = {(path.parent, _NUMBER.sub("", path.name)) for path in unique}
    if len(names) > _MOST_NAMES or len(unique) > _MOST_FILES:
        details = {"count": len(unique), "names": len(names), "most": _MOST_FILES, "most_names": _MOST_NAMES}
        raise SourceError(Problem("init.too_many", value=str(places[0]), details=details))
    return sorted(unique, key=lambda path: (path.name, str(path)))  # so that their order says nothing


def _beside(file: Path) -> list[Path]:
    """The subscriptions that lie with a single file, as in an export of both."""
    places = (file.parent, *(file.parent / each for each in FOLDERS))
    found = [
        path
        for place in places
        if place.is_dir()
        for path in sorted(place.glob("subscriptions*"))
        if path != file
    ]
    return [path for path in found if path.is_file() and path.name.lower().endswith(SUFFIXES)][:1]


def _files_of(folder: Path, *, whole: bool) -> list[Path]:
    """The exports in `folder`; of one that was named, in its folders too."""
    every = sorted(folder.rglob("*") if whole else folder.glob("*"))
    return [
        path
        for path in every
        if path.is_file()
        and path.name.lower().endswith(SUFFIXES)
        and not is_leftover(path.name)
        and not set(path.relative_to(folder).parts[:-1]) & _OUR_OWN
        and path.parent.name not in _OUR_OWN
        and not path.name.lower().startswith("readme")
        and not is_own_report(path)
    ]


def read_exports(paths: Sequence[Path], apart: Collection[Path] = ()) -> ReadExports:
    """The tables in `paths`, without rows such as totals, by which no id would be in every row; files of one form are one
    table, but those that stand `apart`. Raises DataError or SourceError where none of them is one.
    """
    tables: list[tuple[RawTable, Path]] = []
    refused: list[tuple[Path, CscliError]] = []
    for path in paths:
        try:
            raw = read_table(path, path.stem, ReadOptions(), lambda header: known_field(header) is not None)
            tables.append((only_own_rows(raw, Source()), path))
        except (DataError, SourceError) as error:
            if len(paths) == 1 or not path.exists():
                raise
            refused.append((path, error))
    if not tables:
        raise DataError(*(problem for _, error in refused for problem in error.problems))
    together, joined = as_one(tables, apart)
    return ReadExports(tuple(together), tuple(_said(refused)), tuple(joined))


def _said(refused: Sequence[tuple[Path, CscliError]]) -> Iterator[Problem]:
    """That a file is in no figure, and why."""
    for path, error in refused:
        yield Problem("init.file_unread", severity=Severity.WARNING, where=Location(file=path.name))
        for problem in error.problems:
            yield replace(problem, severity=Severity.WARNING)
