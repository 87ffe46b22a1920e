"""Text for people, by key and language: labels, reasons, messages. One catalogue a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cscli.errors import Location, Problem
from cscli.texts import en, ja

Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a problem's message that is worded in the language of its reader, as a detail of the problem."""

    key: str
    value: object = None


CATALOGUES: dict[Language, dict[str, str]] = {"en": en.TEXTS, "ja": ja.TEXTS}


def text(key: str, language: Language, **values: object) -> str:
    """The text for `key`, with `{name}` fields filled in. An unknown key is a bug: KeyError."""
    return CATALOGUES[language][key].format(**values)


def text_form(key: str, language: Language) -> str:
    """The text for `key` with its `{name}` fields open, to be filled in many times."""
    return CATALOGUES[language][key]


def label(key: str, language: Language) -> str:
    """The label of a column, sheet or report id; an id that has none (a person's own name) as it is."""
    return CATALOGUES[language].get(f"label.{key}", key)


def problem_message(problem: Problem, language: Language) -> str:
    """What is wrong and what was expected, in one sentence, without its place."""
    return text(
        f"problem.{problem.code}", language, value=problem.value, **_worded(problem.details, language)
    )


def problem_hint(problem: Problem, language: Language) -> str | None:
    """How to mend it, where there is something to say beyond the message."""
    key = f"problem.{problem.code}.hint"
    if key not in CATALOGUES[language]:
        return None
    return text(key, language, value=problem.value, **_worded(problem.details, language))


def _worded(details: Mapping[str, object], language: Language) -> dict[str, object]:
    """The details with phrases as text; several phrases under one name are alternatives."""
    return {name: _wording(value, language) for name, value in details.items()}


def _wording(value: object, language: Language) -> object:
    if isinstance(value, Phrase):
        return text(f"phrase.{value.key}", language, value=value.value)
    if isinstance(value, tuple):
        return text("phrase.or", language).join(str(_wording(part, language)) for part in value)
    return value


def place_text(where: Location, language: Language) -> str:
    """Where something is: `accounts.xlsx · Accounts · row 42 · MRR`, or `cscli.yaml:12 · metrics.nps.value`."""
    if where.key is not None or (where.line is not None and where.sheet is None and where.column is None):
        spot = f"{where.file or ''}:{where.line}" if where.line else where.file
        return " · ".join(part for part in (spot, where.key) if part)
    row = text("place.row", language, row=where.line) if where.line else None
    return " · ".join(part for part in (where.file, where.sheet, row, where.column) if part)


def problem_line(problem: Problem, language: Language) -> str:
    """Place, message and hint in one line."""
    parts = (
        place_text(problem.where, language),
        problem_message(problem, language),
        problem_hint(problem, language),
    )
    return " · ".join(part for part in parts if part)
