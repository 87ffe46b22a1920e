"""The outputs of a run that appear together: written out of sight beside their places, then moved into them.

`out/.staging` holds the tree that `out` will get. Once it is marked complete, whoever comes next moves what is
left of it; a tree without the mark is thrown away.
"""

import datetime as dt
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cscli.errors import Location, Problem, SourceError
from cscli.workspace.manifest import MANIFEST, file_digest, read_manifest
from cscli.workspace.publish import flush_file, flush_folder, replace_file, writing_fault
from cscli.workspace.signals import signals_wait, stop_if_signalled

STAGING = ".staging"
_COMPLETE = "complete"
_TREE = "tree"
_SCRATCH = "tmp"
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp")
_ABANDONED_AFTER = dt.timedelta(hours=1)
"""A command that runs beside may be writing a temporary file of this kind just now; no file takes so long."""


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder that only its owner can look into, for the tree of `out`; temporary files of the libraries go
    beside it. At the end it is removed, unless it is complete: then it stays until all has been moved.
    """
    staging, before = out / STAGING, tempfile.tempdir
    try:
        _make_folders(out, staging)
        tempfile.tempdir = str(staging / _SCRATCH)
        yield staging / _TREE
    finally:
        with signals_wait():
            tempfile.tempdir = before
            if not (staging / _COMPLETE).exists():
                shutil.rmtree(staging, ignore_errors=True)


def _make_folders(out: Path, staging: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging.mkdir(mode=0o700)
        (staging / _TREE).mkdir()
        (staging / _SCRATCH).mkdir()
    except OSError as error:
        raise SourceError(writing_fault(staging, error)) from error


def clear_leftovers(out: Path, now: dt.datetime) -> bool:
    """Removes what killed runs have left in `out`; of a complete tree, moves what was not moved yet: then True.
    Nobody else may be running. Raises SourceError.
    """
    staging = out / STAGING
    is_complete = (staging / _COMPLETE).exists()
    if is_complete:
        move_into_place(out)
    else:
        shutil.rmtree(staging, ignore_errors=True)
    for path in [*out.glob(".*.tmp"), *out.glob("*/.*.tmp")]:
        with suppress(OSError):
            changed = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
            if _TEMPORARY.fullmatch(path.name) and now - changed > _ABANDONED_AFTER:
                path.unlink()
    return is_complete


def refuse_unwritable(out: Path, tree: Path) -> None:
    """Makes the folders of `tree` in `out`. SourceError where one of them, or a file in it, cannot be written."""
    for folder in _folders(tree):
        target = out / folder.relative_to(tree)
        try:
            target.mkdir(parents=True, exist_ok=True)
            if not os.access(target, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
            for file in _files(folder):
                if (target / file.name).is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target / file.name))
        except OSError as error:
            raise SourceError(writing_fault(target, error)) from error


def mark_complete(tree: Path) -> None:
    """From now on the tree is moved into place, whatever happens. Raises SourceError."""
    mark = tree.parent / _COMPLETE
    stop_if_signalled()
    try:
        mark.touch()
        flush_file(mark)
        flush_folder(tree.parent)
    except OSError as error:
        raise SourceError(writing_fault(mark, error)) from error


def move_into_place(out: Path) -> None:
    """Moves every file of the complete tree to its place, the manifest of each folder last, and removes outputs of
    the run before that nothing stands for any more. Signals wait until it is done. Raises SourceError; then the
    rest is moved next time.
    """
    staging = out / STAGING
    tree = staging / _TREE
    try:
        with signals_wait():
            for folder in _folders(tree):
                target = out / folder.relative_to(tree)
                target.mkdir(parents=True, exist_ok=True)
                _drop_abandoned(folder, target)
                for file in _files(folder):
                    replace_file(file, target / file.name)
                flush_folder(target)
            shutil.rmtree(staging)
    except OSError as error:
        path = Path(str(error.filename2 or error.filename or out))
        raise SourceError(writing_fault(path, error)) from error


def copy_folder(tree: Path, name: str, other: str) -> None:
    """Puts copies of the files in the folder `name` of the tree under `other`. Raises SourceError."""
    target = tree / other
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file in _files(tree / name):
            shutil.copy(file, target / file.name)  # with its mode
            flush_file(target / file.name)
    except OSError as error:
        raise SourceError(writing_fault(target, error)) from error


def refuse_input(inputs: tuple[Path, ...], out: Path, tree: Path) -> None:
    """SourceError where a file of the tree would take the place of one of `inputs`."""
    for folder in _folders(tree):
        for file in _files(folder):
            target = out / file.relative_to(tree)
            if target.exists() and any(path.exists() and path.samefile(target) for path in inputs):
                place = Location(file=str(target))
                raise SourceError(Problem("writing.output_is_input", where=place, value=str(target)))


def _folders(tree: Path) -> list[Path]:
    return sorted(path for path in tree.rglob("*") if path.is_dir())


def _files(folder: Path) -> list[Path]:
    """Its files, the manifest last."""
    files = [path for path in folder.iterdir() if path.is_file()]
    return sorted(files, key=lambda path: (path.name == MANIFEST, path.name))


def _drop_abandoned(folder: Path, target: Path) -> None:
    """Removes the outputs in `target` that the run in `folder` no longer makes; not those of a step that failed,
    and none that somebody has changed.
    """
    old, new = read_manifest(target), read_manifest(folder)
    if old is None or new is None:
        return
    kept = {output.file for output in new.outputs}
    failed = {step.step for step in new.steps if step.status == "failed"}
    for output in old.outputs:
        path = target / Path(output.file).name
        if output.file in kept or output.step in failed or not path.is_file():
            continue
        if file_digest(path) == output.sha256:
            path.unlink()
