"""A file that appears at once and whole, or not at all: written beside its place, then renamed into it."""

import errno
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cscli.errors import Location, Problem, Scope, SourceError
from cscli.workspace.paths import within_limits
from cscli.workspace.signals import stop_if_signalled

_PRIVATE = 0o600
_PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_IS_WINDOWS = os.name == "nt"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def publish(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A temporary file in the folder of `path` (made if need be), which takes its place when the block ends
    well; when it does not, the file is removed and `path` stays as it was. `private`: nobody but its owner may read it.
    SourceError for any OSError.
    """
    target = within_limits(Path(os.path.realpath(path)))  # a link goes on pointing to what it points to
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        target.parent.mkdir(parents=True, exist_ok=True)
        with _temporary_beside(target) as temporary:
            yield temporary
            stop_if_signalled()
            temporary.chmod(_PRIVATE if private else _mode(target))
            flush_file(temporary)
            replace_file(temporary, target)
            flush_folder(target.parent)
    except OSError as error:
        raise SourceError(writing_fault(path, error)) from error


def refuse_inputs(path: Path, inputs: Sequence[Path]) -> None:
    """SourceError where `path` is one of the files that were read."""
    if any(each.exists() and path.exists() and path.samefile(each) for each in inputs):
        raise SourceError(Problem("writing.output_is_input", where=Location(file=str(path)), value=str(path)))


@contextmanager
def _temporary_beside(target: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """The mode that the file has, or that a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def flush_file(path: Path) -> None:
    """Waits until what was written to the file is safely on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def replace_file(temporary: Path, target: Path) -> None:
    """Renames; waits a little for a program that holds the target open, as Excel does on Windows."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            temporary.replace(target)
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def flush_folder(folder: Path) -> None:
    """Makes the rename last through a power cut, where a folder can be flushed at all."""
    if _IS_WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse; the file itself is safe
            os.fsync(handle)
    finally:
        os.close(handle)


def writing_fault(path: Path, error: OSError) -> Problem:
    match error:
        case IsADirectoryError():
            code = "writing.is_folder"
        case NotADirectoryError() | FileExistsError():
            code = "writing.parent_is_file"
        case PermissionError():
            code = "writing.no_permission"
        case OSError(errno=number) if number in _FULL:
            code = "writing.no_space"
        case _:
            code = "writing.failed"
    reason = error.strerror or str(error)
    place, details = Location(file=str(path)), {"reason": reason}
    return Problem(code, where=place, value=str(path), details=details, scope=Scope.WORKSPACE)
