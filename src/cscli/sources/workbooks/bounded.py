"""One sheet of a workbook, read by a process that is bounded in memory and time; what became of it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cscli
from cscli.errors import DataError, Location, Problem, SourceError
from cscli.sources.workbooks.sheet import SheetColumns, WorkbookFaultError
from cscli.sources.workbooks.transfer import unpack

MEMORY_VARIABLE = "CSCLI_READ_MEMORY_MB"
SECONDS_VARIABLE = "CSCLI_READ_SECONDS"
_BASE_MEGABYTES, _MEGABYTES_PER_MEGABYTE, _MOST_MEGABYTES = 512, 100, 8192
_BASE_SECONDS, _SECONDS_PER_MEGABYTE, _MOST_SECONDS = 15, 5, 600
_START = "import sys; sys.path[:] = sys.argv.pop(1).split(sys.argv.pop(1)); from cscli.sources.workbooks.child import main; sys.exit(main(sys.argv[1:]))"
_SIGXCPU = -24


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the reading of one file may take."""

    megabytes: int
    seconds: int


def read_bounded(path: Path, form: str, pinned: str | None) -> SheetColumns:
    """The sheet `pinned` of the workbook at `path`, or the one that holds the table. WorkbookFaultError if there is none, or the file is
    damaged or encrypted; DataError if its reading outgrew the bounds; SourceError for a bad bound.
    """
    bounds = find_bounds(path)
    arguments = [str(path), form, str(bounds.megabytes), str(bounds.seconds), *([pinned] if pinned else [])]
    here = Path(cscli.__file__).parent.parent
    search_path = os.pathsep.join([str(here), *filter(None, sys.path)])
    command = [
        sys.executable,
        "-I",
        "-S",
        "-W",
        "ignore",
        "-X",
        "utf8",
        "-c",
        _START,
        search_path,
        os.pathsep,
    ]
    place = Location(file=path.name)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # panics print there
            timeout=bounds.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(_out_of_time(place, bounds)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(Problem("reading.not_readable", where=place, details={"reason": reason})) from error
    answer = unpack(done.stdout) if done.returncode == 0 else None
    if isinstance(answer, tuple):
        raise WorkbookFaultError(*answer)
    if answer is not None:
        return answer
    raise DataError(_explain_end(place, done.returncode, bounds))


def find_bounds(path: Path) -> Bounds:
    """The bounds for the file at `path`: they grow with its size, or are as the environment says."""
    megabytes = path.stat().st_size / 1_000_000
    memory = int(min(_BASE_MEGABYTES + _MEGABYTES_PER_MEGABYTE * megabytes, _MOST_MEGABYTES))
    seconds = int(min(_BASE_SECONDS + _SECONDS_PER_MEGABYTE * megabytes, _MOST_SECONDS))
    return Bounds(
        _from_environment(MEMORY_VARIABLE) or memory, _from_environment(SECONDS_VARIABLE) or seconds
    )


def _from_environment(name: str) -> int | None:
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 10_000_000:
        raise SourceError(Problem("reading.bad_bound", value=value, details={"name": name}))
    return int(value)


def _explain_end(place: Location, code: int, bounds: Bounds) -> Problem:
    if code == _SIGXCPU:
        return _out_of_time(place, bounds)
    details = {"name": MEMORY_VARIABLE, "more": bounds.megabytes * 2}
    value = f"{bounds.megabytes:,} MB"
    return Problem("reading.out_of_memory", where=place, value=value, details=details)


def _out_of_time(place: Location, bounds: Bounds) -> Problem:
    details = {"name": SECONDS_VARIABLE, "more": bounds.seconds * 2}
    return Problem("reading.out_of_time", where=place, value=str(bounds.seconds), details=details)
