"""Problems of one kind in one column to one entry with a count and its first places, worst first."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from cscli.errors import Problem, Severity
from cscli.texts import Language, place_text, problem_hint, problem_message, text

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedProblem:
    """`message` and `hint` are those of the first; `places`: where the first three are."""

    severity: Severity
    count: int
    places: str
    message: str
    hint: str | None


def group_problems(problems: Iterable[Problem], language: Language) -> tuple[GroupedProblem, ...]:
    """Groups in the order of their severity, then as they were met."""
    groups: dict[Hashable, list[Problem]] = {}
    for problem in problems:
        where = problem.where
        groups.setdefault((problem.severity, problem.code, where.file, where.column, where.key), []).append(
            problem
        )
    ordered = sorted(groups.values(), key=lambda group: ORDER.index(group[0].severity))
    return tuple(_describe(group, language) for group in ordered)


def _describe(group: list[Problem], language: Language) -> GroupedProblem:
    first = group[0]
    return GroupedProblem(
        severity=first.severity,
        count=len(group),
        places=_places(group, language),
        message=problem_message(first, language),
        hint=problem_hint(first, language),
    )


def _places(group: list[Problem], language: Language) -> str:
    """The first place in full, of the others the row, and the value where it is another."""
    first = group[0]
    parts = [place_text(first.where, language)]
    for problem in group[1:_PLACES]:
        row = text("place.row", language, row=problem.where.line) if problem.where.line else None
        value = f"({problem.value})" if problem.value and problem.value != first.value else None
        parts += [part for part in [" ".join(part for part in (row, value) if part)] if part]
    if len(group) > _PLACES:
        parts.append("…")
    return ", ".join(part for part in parts if part)
