"""A private folder for what does not fit into memory, gone when its process is: if not by it, then by the next one.

Each folder has a lock file beside it, which its process holds; a folder whose lock is free is a leftover.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cscli.workspace.lock import take_lock

_PREFIX = "cscli-scratch-"
_IS_WINDOWS = os.name == "nt"


@contextmanager
def scratch_folder(parent: Path | None) -> Iterator[Path]:
    """A folder in `parent` (default: the system's for temporary files) that only its owner may open. It is removed
    at the end; so are those that killed runs left there.
    """
    home = parent or Path(tempfile.gettempdir())
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    with _claim(home) as folder:
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Whether this process has the lock file at `path` to itself; the lock ends with the block or the process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


@contextmanager
def _claim(home: Path) -> Iterator[Path]:
    """A name that no other process uses, held by its lock."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".lock", dir=home)
        lock = Path(name)
        # A sweep may have taken the lock for a leftover between the two calls, and removed it.
        if _lock(handle) and lock.exists():
            break
        os.close(handle)
    try:
        yield lock.with_suffix("")
    finally:
        _let_go(lock, handle)


def _let_go(lock: Path, handle: int) -> None:
    """Removes the file while it is locked, so that nobody takes it for free; Windows lets only a closed one go."""
    if _IS_WINDOWS:
        os.close(handle)
        with suppress(OSError):  # another has it open: its sweep will see to it
            lock.unlink(missing_ok=True)
        return
    lock.unlink(missing_ok=True)
    os.close(handle)


def _sweep(home: Path) -> None:
    for lock in home.glob(f"{_PREFIX}*.lock"):
        with suppress(OSError):  # another user's, or gone meanwhile
            handle = os.open(lock, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            if not _lock(handle):
                os.close(handle)
                continue
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            _let_go(lock, handle)


def _lock(handle: int) -> bool:
    try:
        return take_lock(handle)
    except OSError:
        return False
