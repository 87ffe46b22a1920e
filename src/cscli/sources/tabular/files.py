"""A path or pattern from the configuration into one file's bytes, and what is known of them."""

import codecs
import glob
import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from cscli.errors import Location, Problem, Severity, SourceError
from cscli.nearest import nearest_names
from cscli.workspace.paths import find_matches, is_folder, is_ordinary, is_there, open_home, within_limits

_LISTED = 5
_HEAD_BYTES = 4096
_LEFTOVERS = (
    ".crdownload",
    ".part",
    ".partial",
    ".download",
    ".tmp",
    ".temp",
    "~",
    ".swp",
    ".swo",
    ".bak",
    ".lock",
    ".opdownload",
)
_REPORT_COLUMNS = (
    frozenset({"account_id", "score", "band", "data_coverage", "capped_by", "reasons"}),
    frozenset({"rank", "account_id", "arr_at_risk", "playbook"}),
    frozenset({"rank", "account_id", "play", "potential_mrr"}),
    frozenset({"account_id", "hours_per_month", "mismatch"}),
    frozenset({"measure", "value", "low", "high", "events"}),
)
"""What the first sheet of a report has, by which a CSV of it is known."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """The file that a pattern stands for, and what should be said about the choice. `further`: those that are read with it,
    where all of them are one table.
    """

    path: Path
    problems: tuple[Problem, ...] = ()
    further: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that is read."""
        return (self.path, *self.further)


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file's content, read once."""

    path: Path
    raw: bytes
    sha256: str
    modified: float

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def place(self) -> Location:
        return Location(file=self.path.name)


def find_file(pattern: str, folder: Path, *, whole: bool = False) -> FoundFile:
    """The file at `pattern` (a path, or a glob of which the newest match is taken; if `whole`, all of them by name), seen
    from `folder`.

    Excel's owner files (`~$...`) are passed over. SourceError if nothing matches.
    """
    literal = folder / open_home(pattern)
    if is_there(literal) or not glob.has_magic(pattern):
        return FoundFile(literal)
    files = sorted(
        (path for path in find_matches(pattern, folder) if path.is_file()),
        key=lambda path: (path.stat().st_mtime, str(path)),
        reverse=True,
    )
    matches = [path for path in files if not is_leftover(path.name)]
    reports = [path for path in matches if is_own_report(path)]
    exports = [path for path in matches if path not in reports]
    if not exports:
        raise SourceError(missing_file("reading.no_match", literal, pattern))
    said = _say_passed(pattern, [path for path in files if path not in exports])
    if whole:
        first, *further = sorted(exports)
        return FoundFile(first, (*_say_all(pattern, len(exports), first), *said), tuple(further))
    return FoundFile(exports[0], (*_say_choice(pattern, exports), *said))


def is_leftover(name: str) -> bool:
    """Whether a file's name is that of a download that is not finished, a lock, or what an editor leaves behind."""
    return name.startswith(("~$", ".", "#")) or name.lower().endswith(_LEFTOVERS)


def is_own_report(path: Path) -> bool:
    """Whether a workbook or CSV says of itself that it is a report of cscli."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD_BYTES)
        if start.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive:
                return b"<dc:creator>cscli</dc:creator>" in archive.read("docProps/core.xml")
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False  # damaged, or with a password
    header = (
        start.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("ascii", "replace").strip().split(",")
    )
    return any(columns <= set(header) for columns in _REPORT_COLUMNS)


def load_file(path: Path) -> FileBytes:
    """The bytes of `path`. SourceError if it is missing, a folder, or may not be read."""
    if is_folder(path):
        raise SourceError(Problem("reading.is_folder", where=Location(file=path.name), value=str(path)))
    try:
        opened = within_limits(path)
        refuse_endless(opened)
        raw = opened.read_bytes()
        modified = opened.stat().st_mtime
    except FileNotFoundError as error:
        raise SourceError(missing_file("reading.no_file", path, str(path))) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        place = Location(file=path.name)
        raise SourceError(Problem("reading.not_readable", where=place, details={"reason": reason})) from error
    return FileBytes(path, raw, hashlib.sha256(raw).hexdigest(), modified)


def refuse_endless(path: Path) -> None:
    """SourceError for a device or a pipe: what is read from it need not end. OSError if there is no such file."""
    if not is_ordinary(path):
        raise SourceError(
            Problem("reading.no_ordinary_file", where=Location(file=path.name), value=str(path))
        )


def _say_choice(pattern: str, newest_first: list[Path]) -> tuple[Problem, ...]:
    if len(newest_first) == 1:
        return ()
    taken = newest_first[0].name
    details = {"pattern": pattern, "count": len(newest_first)}
    return (
        Problem(
            "reading.newest_taken",
            severity=Severity.NOTE,
            where=Location(file=taken),
            value=taken,
            details=details,
        ),
    )


def _say_all(pattern: str, count: int, first: Path) -> tuple[Problem, ...]:
    where, details = Location(file=first.name), {"pattern": pattern, "count": count}
    return (Problem("reading.all_taken", severity=Severity.NOTE, where=where, details=details),)


def _say_passed(pattern: str, passed: list[Path]) -> tuple[Problem, ...]:
    """That files of the pattern are no exports."""
    names = [path.name for path in passed if not path.name.startswith("~$")]
    if not names:
        return ()
    details = {"pattern": pattern, "count": len(names), "names": ", ".join(sorted(names)[:_LISTED])}
    return (
        Problem("reading.no_exports", severity=Severity.NOTE, where=Location(file=names[0]), details=details),
    )


def missing_file(code: str, wanted: Path, pattern: str) -> Problem:
    """The problem of a file that is not there, with the names that come nearest."""
    folder = wanted.parent
    names = [name for name in _files_in(folder) if not name.startswith((".", "~$"))]
    nearest = nearest_names(wanted.name, names, _LISTED, 0.5) or names[:_LISTED]
    details = {"nearest": ", ".join(nearest) or "-", "folder": str(folder)}
    return Problem(code, where=Location(file=wanted.name), value=pattern, details=details)


def _files_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.is_file())
    except OSError:
        return []
