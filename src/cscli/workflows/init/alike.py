"""Files of one form to one table under a pattern of their names: parts of it, or the newest of exports made again."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from cscli.analysis.recognising.slices import Alike, find_alike
from cscli.analysis.tables.raw import RawTable
from cscli.errors import Problem, Severity
from cscli.sources import find_file
from cscli.sources.parts import join_parts
from cscli.sources.tabular.files import is_leftover, is_own_report

_COUNTED = r"[\d\s._()年月日-]*\d[\d\s._()年月日-]*"
_COUNTED_LAST, _COUNTED_FIRST = re.compile(_COUNTED + r"\Z"), re.compile(r"\A" + _COUNTED)
_NUMBERS = re.compile(r"[\d\s._()年月日-]*")
_SEPARATORS = (" ", ".", "_", "-")
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
    """The pattern of the names that the files have in common, where it fits them alone: names that differ in numbers, or
    after a separator.
    """
    folders = {path.parent for path in paths}
    if len(folders) > 1:
        return None
    folder, suffix = next(iter(folders)), _suffix(paths[0])
    stems = [path.name.removesuffix(suffix) for path in paths]
    start, end = _ends_of(stems)
    numbered = (_COUNTED_LAST.sub(_first_separator, start), _COUNTED_FIRST.sub("", end))
    found = [numbered, (start, end), (start, end if end.startswith(_SEPARATORS) else "")]
    fitting = [(a, b) for a, b in found if _differ_so(stems, a, b)]
    names = (f"{a}*{b}{suffix}" for a, b in dict.fromkeys(fitting))
    return next((folder / name for name in names if _fits_alone(folder, name, set(paths))), None)


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:])


def _ends_of(stems: Sequence[str]) -> tuple[str, str]:
    """What all begin with, and what the rest of them ends with."""
    start = _common_start(stems)
    rest = [stem[len(start) :][::-1] for stem in stems]
    return start, _common_start(rest)[::-1]


def _common_start(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _first_separator(counted: re.Match[str]) -> str:
    return counted[0][0] if counted[0][0] in _SEPARATORS else ""


def _differ_so(stems: Sequence[str], start: str, end: str) -> bool:
    """Whether what is between is numbers, or whole words."""
    between = [stem[len(start) : len(stem) - len(end)] for stem in stems]
    in_words = start.endswith(_SEPARATORS) and (not end or end.startswith(_SEPARATORS))
    return in_words or all(_NUMBERS.fullmatch(each) for each in between)


def _fits_alone(folder: Path, name: str, paths: Collection[Path]) -> bool:
    found = {path for path in folder.glob(name) if not is_leftover(path.name) and not is_own_report(path)}
    return found == paths


def _said(alike: Alike, count: int, table: RawTable, pattern: Path) -> Problem:
    code = "init.parts_joined" if alike.are == "parts" else "init.newest_of"
    details = {"count": count, "file": table.facts.file}
    return Problem(code, severity=Severity.NOTE, value=pattern.name, details=details)
