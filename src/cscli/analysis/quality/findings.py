"""Problems to findings: what is the same from run to run, what has changed, and what was accepted for good."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cscli.config.blocks.findings import Accepted
from cscli.errors import Problem, Scope, Severity

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Problems that are alike, the first of them first. `key`: the same in every run; `facts`: what changes with it."""

    key: str
    facts: str
    problems: tuple[Problem, ...]

    @property
    def of_the_run(self) -> bool:
        """Whether it only tells what the run did."""
        return self.problems[0].scope is Scope.RUN


def find_findings(problems: Iterable[Problem], sources: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings of `problems`, worst first. `sources`: the source of each file."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_key(problem, sources), []).append(problem)
    ordered = sorted(groups.items(), key=lambda item: ORDER.index(item[1][0].severity))
    return tuple(Finding(key, _facts(group), tuple(group)) for key, group in ordered)


def drop_accepted(
    problems: Sequence[Problem], accepted: Sequence[Accepted], sources: Mapping[str, str]
) -> tuple[Problem, ...]:
    """`problems` without those that the config acknowledges; one with other values than those comes back."""
    return tuple(
        each for each in problems if not any(_is_accepted(each, entry, sources) for entry in accepted)
    )


def as_accepted(problems: Iterable[Problem], sources: Mapping[str, str]) -> tuple[Accepted, ...]:
    """The entries that acknowledge `problems` as they are now: one for what is alike, with all its values."""
    alike: dict[tuple[str, str | None, str | None], list[Problem]] = {}
    for each in problems:
        place = (each.code, sources.get(each.where.file or ""), each.where.column)
        alike.setdefault(place, []).append(each)
    return tuple(_entry(*place, group) for place, group in alike.items())


def _entry(code: str, source: str | None, column: str | None, group: Sequence[Problem]) -> Accepted:
    values = [] if any(not each.value for each in group) else [str(each.value) for each in group]
    counts = [found for each in group if (found := _count(each)) is not None]
    return Accepted(
        code=code,
        source=source,
        column=column,
        values=list(dict.fromkeys(values)),
        at_most=max(counts, default=None),
    )


def _count(problem: Problem) -> int | None:
    count = problem.details.get("count")
    return count if isinstance(count, int) else problem.count or None


def _is_accepted(problem: Problem, entry: Accepted, sources: Mapping[str, str]) -> bool:
    if entry.code != problem.code or (entry.column and entry.column != problem.where.column):
        return False
    if entry.source and sources.get(problem.where.file or "") != entry.source:
        return False
    if entry.at_most is not None and (_count(problem) or 0) > entry.at_most:
        return False
    found = {problem.value, *re.split(r",\s*", problem.value or "")} | set(_examples(problem))
    return (
        not entry.values
        or problem.value in entry.values
        or {each for each in found if each} <= set(entry.values)
    )


def _examples(problem: Problem) -> list[str]:
    return re.split(r",\s*", str(problem.details.get("examples", "")))


def _key(problem: Problem, sources: Mapping[str, str]) -> str:
    if problem.scope is Scope.RUN:
        return Scope.RUN
    place = sources.get(problem.where.file or "", problem.where.file or "")
    return "|".join([problem.code, place, problem.where.column or "", problem.where.key or ""])


def _facts(group: Sequence[Problem]) -> str:
    if group[0].scope is Scope.RUN:
        return ""
    told = sorted(
        json.dumps([each.value, {name: str(value) for name, value in each.details.items()}], sort_keys=True)
        for each in group
    )
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
