"""The results of log files that were read before: a folder of stages by content, and an index of the files.

A stage is written beside its place and renamed into it, then the index is; so whatever a killed run leaves is
whole or not listed.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from cscli import __version__
from cscli.errors import Location, Problem, Severity, SourceError
from cscli.expressions.quoting import sql_file
from cscli.sources.engine.bad_lines import BadLine
from cscli.sources.engine.log_files import say_unreadable
from cscli.sources.engine.text_scan import hash_file
from cscli.sources.events.model import EventLog
from cscli.sources.events.staging import StageFacts
from cscli.texts.records import problem_of, problem_record
from cscli.workspace.damaged import set_aside
from cscli.workspace.publish import flush_file, replace_file
from cscli.workspace.scratch import try_lock

_VERSION = 3
"""Rises when a stage is made in another way, so that old ones are made anew."""

_INDEX = "index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file of the log as it was when it was read."""

    sha256: str
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStage:
    """What was found in a file of `size` bytes; `facts.names` seen from the folder."""

    size: int
    facts: StageFacts


@dataclass
class Kept:
    """What is kept of a log. `folder` None: nothing, and everything is read. Changed files are told in `problems`."""

    folder: Path | None
    files: dict[str, KnownFile] = field(default_factory=dict)
    stages: dict[str, KeptStage] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def recall(self, path: Path) -> StageFacts | None:
        """What was found in this file before, if it is the same: by size and time of change, else by its hash."""
        if self.folder is None:
            return None
        status, known = path.stat(), self.files.get(str(path))
        if known and (known.size, known.changed_ns) == (status.st_size, status.st_mtime_ns):
            return self._stage(known.sha256)
        sizes = {stage.size for stage in self.stages.values()}
        facts = self._stage(hash_file(path)) if status.st_size in sizes else None
        if facts:
            self._list(path, facts)
        elif known:
            self.problems.append(
                Problem("events.file_changed", severity=Severity.NOTE, where=Location(file=path.name))
            )
        return facts

    def keep(self, path: Path, facts: StageFacts) -> StageFacts:
        """Takes the parts of a stage over; the facts with their new names."""
        if self.folder is None:
            return facts
        names = []
        for number, part in enumerate(facts.names):
            target = self.folder / f"{facts.sha256}-{number}.parquet"
            flush_file(Path(part))
            replace_file(Path(part), target)
            names.append(str(target))
        kept = replace(facts, names=tuple(names))
        self.stages[facts.sha256] = KeptStage(
            size=path.stat().st_size, facts=replace(kept, problems=facts.problems)
        )
        self._list(path, kept)
        return kept

    def forget_others(self, paths: tuple[Path, ...]) -> None:
        """Drops what is kept of files that are no longer part of the log, and tells it."""
        if self.folder is None:
            return
        gone = self.files.keys() - set(map(str, paths))
        for name in sorted(gone):
            del self.files[name]
            self.problems.append(
                Problem("events.file_gone", severity=Severity.NOTE, where=Location(file=Path(name).name))
            )
        used = {entry.sha256 for entry in self.files.values()}
        stale = self.stages.keys() - used
        self.stages = {sha256: stage for sha256, stage in self.stages.items() if sha256 in used}
        if gone or stale:
            self._write()
        for path in self.folder.glob("*-*.parquet"):
            if path.name.rsplit("-", 1)[0] not in used:
                path.unlink(missing_ok=True)

    def _list(self, path: Path, facts: StageFacts) -> None:
        status = path.stat()
        self.files[str(path)] = KnownFile(
            sha256=facts.sha256, size=status.st_size, changed_ns=status.st_mtime_ns
        )
        self._write()

    def _stage(self, sha256: str) -> StageFacts | None:
        stage = self.stages.get(sha256)
        is_whole = stage is not None and all(Path(name).exists() for name in stage.facts.names)
        return stage.facts if stage is not None and is_whole else None

    def _write(self) -> None:
        assert self.folder is not None  # noqa: S101 - for the type checker
        temporary = self.folder / f"{_INDEX}.new"
        temporary.write_text(json.dumps(_record(self)), encoding="utf-8")
        flush_file(temporary)
        replace_file(temporary, self.folder / _INDEX)


@contextmanager
def open_kept(log: EventLog) -> Iterator[Kept]:
    """What is kept of the log for rules like its own; nothing while another run works on it. Results for other
    rules are dropped. SourceError if the folder cannot be written.
    """
    if log.keep is None:
        yield Kept(None)
        return
    with ExitStack() as stack:
        try:
            log.keep.mkdir(parents=True, exist_ok=True)
            is_ours = stack.enter_context(try_lock(log.keep / ".lock"))
            kept = _open(log, log.keep) if is_ours else Kept(None)
        except OSError as error:
            raise SourceError(say_unreadable(log.keep, error)) from error
        yield kept


def put_damaged_aside(log: EventLog) -> bool:
    """Whether something that is kept of the log could not be read and is now under another name, so that everything
    is read again.
    """
    folder = log.keep / _rules_key(log) if log.keep is not None else None
    if folder is None or all(map(_can_be_read, folder.glob("*.parquet"))):
        return False
    return set_aside(folder) is not None


def _can_be_read(path: Path) -> bool:
    try:
        with duckdb.connect() as connection:
            relation = f"read_parquet({sql_file(str(path))}, hive_partitioning=false)"
            connection.execute(f"SELECT SUM(HASH(kept) % 2) FROM {relation} AS kept").fetchall()
    except duckdb.Error:
        return False
    return True


def _open(log: EventLog, keep: Path) -> Kept:
    folder = keep / _rules_key(log)
    for other in keep.iterdir():
        if other.is_dir() and other != folder and len(other.name) == len(folder.name):
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    # No index yet, a damaged one, or one of another form: everything is read again.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        return _read_index(folder)
    return Kept(folder)


def _rules_key(log: EventLog) -> str:
    """Stands for everything that a stage depends on beside its file."""
    rules = [
        _VERSION,
        __version__,
        asdict(log.columns),
        log.zone,
        log.naive_times_are,
        log.encoding,
        log.delimiter,
    ]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:16]


def _record(kept: Kept) -> dict[str, Any]:
    """The index as JSON has it."""
    stages = {sha256: {"size": stage.size, **_packed(stage.facts)} for sha256, stage in kept.stages.items()}
    files = {name: asdict(known) for name, known in kept.files.items()}
    return {"schema_version": _VERSION, "files": files, "stages": stages}


def _read_index(folder: Path) -> Kept:
    """The index in `folder`. Raises KeyError, ValueError, TypeError for one of another form."""
    index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    if index["schema_version"] != _VERSION:
        raise ValueError(index["schema_version"])
    files = {name: KnownFile(**known) for name, known in index["files"].items()}
    stages = {}
    for sha256, packed in index["stages"].items():
        with suppress(KeyError, TypeError, ValueError):  # of a cscli that kept other facts: read again
            stages[sha256] = KeptStage(size=packed.pop("size"), facts=_unpacked(packed, folder))
    return Kept(folder, files, stages)


def _packed(facts: StageFacts) -> dict[str, Any]:
    packed = asdict(replace(facts, problems=()))
    packed["names"] = [Path(name).name for name in facts.names]
    packed["problems"] = list(map(problem_record, facts.problems))
    return packed


def _unpacked(packed: Mapping[str, Any], folder: Path) -> StageFacts:
    values = dict(packed)
    values["names"] = tuple(str(folder / name) for name in packed["names"])
    values["first_bad"] = tuple(BadLine(**line) for line in packed["first_bad"])
    values["problems"] = tuple(map(problem_of, packed["problems"]))
    return StageFacts(**values)
