"""One run at a time in a workspace: a lock that ends with the process that holds it, however that ends."""

import datetime as dt
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cscli.errors import Location, LockedError, Problem, SourceError

PLACE = Path(".cscli") / "lock"
_PAUSE_SECONDS = 0.1
_LOCKED_BYTE = 1 << 30
"""Windows locks ranges: one far behind the text, so that others can read who holds it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, or held it: process id, name of the computer, and since when (UTC, ISO)."""

    pid: int
    host: str
    since: str


@contextmanager
def hold_workspace(workspace: Path, now: dt.datetime, wait_seconds: float = 0) -> Iterator[Holder | None]:
    """Holds the lock of `workspace` during the block; gives who ended without letting go of it, where somebody did.

    Raises LockedError when another still holds it after `wait_seconds`, SourceError when the file cannot be
    made. The operating system frees the lock of a process that was killed; processes started meanwhile do not
    inherit it.
    """
    handle = _open(workspace)
    try:
        _wait_for(handle, wait_seconds)
        left_by = _read_holder(handle)
        since = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        _write(handle, json.dumps(asdict(Holder(os.getpid(), socket.gethostname(), since))))
        try:
            yield left_by
        finally:
            with suppress(OSError):  # a full disk: the lock is free all the same
                _write(handle, "")
    finally:
        os.close(handle)


def _open(workspace: Path) -> int:
    path = workspace / PLACE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _not_usable(error) from error


def _wait_for(handle: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not _try_lock(handle):
        if time.monotonic() >= deadline:
            raise LockedError(_say_who(_read_holder(handle)))
        time.sleep(_PAUSE_SECONDS)


def _say_who(holder: Holder | None) -> Problem:
    if holder is None:  # it has the lock, and has not yet said who it is
        return Problem("run.locked_by_unknown")
    details = {"host": holder.host, "since": holder.since}
    return Problem("run.locked", value=str(holder.pid), details=details)


def _try_lock(handle: int) -> bool:
    try:
        return take_lock(handle)
    except OSError as error:  # a network folder without locks
        raise _not_usable(error) from error


def take_lock(handle: int) -> bool:
    """Whether the open file is now locked for this process alone. OSError where files cannot be locked at all."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there only

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl  # noqa: PLC0415 - there only

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
    return True


def _read_holder(handle: int) -> Holder | None:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(handle, 4096))
        return Holder(int(found["pid"]), str(found["host"]), str(found["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(handle: int, text: str) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    os.ftruncate(handle, 0)
    os.write(handle, text.encode())


def _not_usable(error: OSError) -> SourceError:
    reason = error.strerror or str(error)
    return SourceError(
        Problem("run.no_lock", where=Location(file=PLACE.as_posix()), details={"reason": reason})
    )
