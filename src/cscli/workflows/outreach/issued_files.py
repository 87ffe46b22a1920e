"""Files of messages that appear after they were booked: written out of sight, then, once the ledger has them, put in their place.

`.cscli/outreach/RUN` holds the files of a run until they are all in their folder; who is killed in between can go on.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cscli.errors import Location, Problem, SourceError
from cscli.workspace.damaged import set_aside
from cscli.workspace.manifest import file_digest
from cscli.workspace.publish import flush_file, flush_folder, replace_file, writing_fault

PLACE = Path(".cscli") / "outreach"
_MANIFEST = "run.json"
_SCHEMA_VERSION = 1
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRun:
    """`files`: names with their sha256, in their order; `folder`: where they go, absolute. `is_published`: whether they are there."""

    run: str
    folder: str
    files: tuple[tuple[str, str], ...]
    is_published: bool


def stage(
    workspace: Path, run: str, folder: Path, writers: Mapping[str, Callable[[Path], None]]
) -> StagedRun:
    """Writes every file out of sight. SourceError where that is not possible, or one of that name lies in `folder` already."""
    target = folder.resolve()
    taken = next((name for name in writers if (target / name).exists()), None)
    if taken is not None:
        raise SourceError(Problem("outreach.file_taken", where=Location(file=str(folder)), value=taken))
    place = workspace / PLACE / run
    try:
        place.mkdir(parents=True, exist_ok=False, mode=_PRIVATE_FOLDER)
        place.chmod(_PRIVATE_FOLDER)
        found = []
        for name, write in writers.items():
            path = place / name
            write(path)
            path.chmod(_PRIVATE_FILE)
            flush_file(path)
            found.append((name, file_digest(path)))
        staged = StagedRun(run=run, folder=str(target), files=tuple(found), is_published=False)
        _write_manifest(workspace, staged)
    except OSError as error:
        raise SourceError(writing_fault(place, error)) from error
    return staged


def publish_staged(workspace: Path, staged: StagedRun) -> tuple[Path, ...]:
    """Puts the files into their folder, those that are not there yet; then nothing of them is left out of sight. SourceError
    where one can neither be put there nor is there.
    """
    place, target = workspace / PLACE / staged.run, Path(staged.folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, digest in staged.files:
            path = target / name
            if path.exists() and file_digest(path) == digest:
                continue
            if not (place / name).exists():
                raise SourceError(Problem("outreach.file_gone", where=Location(file=str(target)), value=name))
            if path.exists():
                raise SourceError(
                    Problem("outreach.file_taken", where=Location(file=str(target)), value=name)
                )
            _put(place / name, path)
        flush_folder(target)
        done = StagedRun(run=staged.run, folder=staged.folder, files=staged.files, is_published=True)
        _write_manifest(workspace, done)
        for name, _ in staged.files:
            (place / name).unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(writing_fault(target, error)) from error
    return tuple(target / name for name, _ in staged.files)


def read_staged(workspace: Path, run: str) -> StagedRun | None:
    """What is known of the files of a run; None where nothing is."""
    path = workspace / PLACE / run / _MANIFEST
    if Path(run).name != run or not path.exists():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        files = tuple((str(name), str(digest)) for name, digest in told["files"])
        return StagedRun(
            run=run, folder=str(told["folder"]), files=files, is_published=bool(told["is_published"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        set_aside(path)
        raise SourceError(Problem("outreach.run_damaged", value=run)) from error


def unfinished_runs(workspace: Path) -> list[str]:
    """Runs whose files are not all in their folder."""
    folder = workspace / PLACE
    runs = sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.exists() else []
    found = []
    for run in runs:
        staged = read_staged(workspace, run)
        if staged is None or not staged.is_published:
            found.append(run)
    return found


def throw_away(workspace: Path, run: str) -> None:
    """Removes what was written of a run that was never booked."""
    shutil.rmtree(workspace / PLACE / run, ignore_errors=True)


def _put(source: Path, target: Path) -> None:
    """The file in its folder, whole or not at all, also on another disk."""
    beside = target.with_name(f".{target.name}.tmp")
    shutil.copyfile(source, beside)
    beside.chmod(_PRIVATE_FILE)
    flush_file(beside)
    replace_file(beside, target)


def _write_manifest(workspace: Path, staged: StagedRun) -> None:
    place = workspace / PLACE / staged.run
    beside = place / f".{_MANIFEST}.tmp"
    told = {"schema_version": _SCHEMA_VERSION, **asdict(staged)}
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    flush_file(beside)
    replace_file(beside, place / _MANIFEST)
    flush_folder(place)
