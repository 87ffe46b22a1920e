"""Files of one form to one table under a pattern of their names: parts of it, or the newest of exports made again."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from cscli.analysis.recognising.slices import Alike, find_alike
from cscli.analysis.tables.parts import join_parts
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity
from cscli.sources import find_file
from cscli.sources.tabular.files import is_leftover, is_own_report

_COUNTED = re.compile(r"[\d\s._-]*\d[\d\s._-]*\Z")
_SEPARATORS = " ._-"
Exports = Sequence[tuple[RawTable, Path]]


def as_one(exports: Exports, apart: Collection[Path]) -> tuple[list[tuple[RawTable, Path]], list[Problem]]:
    """`exports`, where files of one form are one table under the path of their pattern; what was taken together is said.
    `apart`: files that rules name already.
    """
    free = [each for each in exports if each[1].resolve() not in apart]
    done = [each for each in exports if each[1].resolve() in apart]
    problems: list[Problem] = []
    for alike in find_alike([table for table, _ in free]):
        group = sorted((free[at] for at in alike.places), key=lambda each: str(each[1]))
        pattern = _pattern([path for _, path in group])
        if pattern is None:
            continue
        one = _joined(alike, group, pattern)
        at = alike.places[0]
        free[at] = (one, pattern)
        for other in alike.places[1:]:
            free[other] = (one, Path())
        problems.append(_said(alike, len(group), one, pattern))
    kept = [each for each in free if each[1] != Path()]
    return sorted([*done, *kept], key=lambda each: (each[1].name, str(each[1]))), problems


def _joined(alike: Alike, group: Exports, pattern: Path) -> RawTable:
    if alike.are == "parts":
        return join_parts([table for table, _ in group], pattern.name)
    newest = find_file(pattern.name, pattern.parent).path
    return next(table for table, path in group if path == newest)


def _pattern(paths: Sequence[Path]) -> Path | None:
    """The pattern of the names that the files have in common, where it fits them alone."""
    folders = {path.parent for path in paths}
    if len(folders) > 1:
        return None
    folder, names = next(iter(folders)), [path.name for path in paths]
    suffix = "".join(paths[0].suffixes[-2:] if paths[0].name.endswith(".gz") else paths[0].suffixes[-1:])
    start = _common_start(names)
    counted = _COUNTED.search(start)
    starts = [start[: counted.start()] + _first_separator(counted[0]), start] if counted else [start]
    fitting = (f"{each}*{suffix}" for each in starts)
    return next((folder / name for name in fitting if _fits_alone(folder, name, set(paths))), None)


def _fits_alone(folder: Path, name: str, paths: Collection[Path]) -> bool:
    found = {path for path in folder.glob(name) if not is_leftover(path.name) and not is_own_report(path)}
    return found == paths


def _common_start(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _first_separator(text: str) -> str:
    return text[0] if text[0] in _SEPARATORS else ""


def _said(alike: Alike, count: int, table: RawTable, pattern: Path) -> Problem:
    code = "init.parts_joined" if alike.are == "parts" else "init.newest_of"
    details = {"count": count, "file": table.facts.file}
    return Problem(code, severity=Severity.NOTE, value=pattern.name, details=details)
