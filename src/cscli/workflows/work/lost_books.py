"""Books in which people typed: which there are, so that one that earlier runs read and that is gone is told, whatever stood in it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from cscli.errors import Problem, Severity
from cscli.texts import Phrase
from cscli.workspace.paths import CROSSWALK, OPT_OUTS, is_there
from cscli.workspace.told import read_books, write_books

PEOPLE = "csm"
_OPT_OUTS, _CROSSWALK, _SELFCHECK = "optout", "crosswalk", "selfcheck"
_SHORTEST = 16
"""Bytes that could be blanks and a mark of the encoding alone."""
_BLANK = b"\xef\xbb\xbf \t\r\n"


def say_lost(workspace: Path, books: Mapping[Path, str], read_on: dt.date | None) -> list[Problem]:
    """Which of `books` (by path what it is) a run read before, and are gone, or hold nothing, not even a header. `read_on`: the day of a run
    that reads them, by which those that are there are known from now on; None leaves what is known as it is.
    """
    known = read_books(workspace)
    named = {_name(path, workspace): (path, kind) for path, kind in books.items()}
    there = {name for name, (path, _) in named.items() if _has_content(path)}
    if read_on is not None:
        day = read_on.isoformat()
        newer = {name: day for name in there if known.get(name, "") < day}
        if newer:
            write_books(workspace, {**known, **newer})
    lost = [name for name in named if name in known and name not in there]
    return [_lost(name, named[name][1], known[name]) for name in lost]


def say_lost_answers(
    workspace: Path, folder: Path, files: Iterable[Path], read_on: dt.date | None
) -> list[Problem]:
    """The same of the workbooks of self-checks below `folder`. `files`: those that there are."""
    known = [path for path in map(workspace.joinpath, read_books(workspace)) if path.is_relative_to(folder)]
    return say_lost(workspace, dict.fromkeys([*known, *files], _SELFCHECK), read_on)


def say_lost_opt_outs(workspace: Path) -> list[Problem]:
    """The same of the list of those who want no mail."""
    return say_lost(workspace, opt_outs_at(workspace), None)


def opt_outs_at(workspace: Path) -> dict[Path, str]:
    """Where the list of those who want no mail is, or would be."""
    return {workspace / OPT_OUTS: _OPT_OUTS}


def crosswalk_at(workspace: Path) -> dict[Path, str]:
    """Where decisions about ids are, or would be."""
    return {workspace / CROSSWALK: _CROSSWALK}


def _name(path: Path, workspace: Path) -> str:
    return path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else str(path)


def _has_content(path: Path) -> bool:
    if not is_there(path):
        return False
    try:
        return path.stat().st_size > _SHORTEST or bool(path.read_bytes().strip(_BLANK))
    except OSError:
        return True


def _lost(name: str, kind: str, day: str) -> Problem:
    """A list of opt-outs decides who is written to; of any other book what was typed is missing in figures."""
    if kind == _OPT_OUTS:
        return Problem("outreach.optout_gone", value=name, details={"day": day})
    details: dict[str, object] = {"day": day, "lost": Phrase(f"lost.{kind}")}
    return Problem("inputs.gone", severity=Severity.WARNING, value=name, details=details)
