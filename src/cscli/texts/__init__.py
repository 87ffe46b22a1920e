"""Text for people, by key and language: labels, reasons, messages. One catalogue a language."""

from typing import Literal

from cscli.errors import Problem
from cscli.texts import en, ja

Language = Literal["en", "ja"]

CATALOGUES: dict[Language, dict[str, str]] = {"en": en.TEXTS, "ja": ja.TEXTS}


def text(key: str, language: Language, **values: object) -> str:
    """The text for `key`, with `{name}` fields filled in. An unknown key is a bug: KeyError."""
    return CATALOGUES[language][key].format(**values)


def label(key: str, language: Language) -> str:
    """The label of a column, sheet or report id; an id that has none (a person's own name) as it is."""
    return CATALOGUES[language].get(f"label.{key}", key)


def problem_message(problem: Problem, language: Language) -> str:
    """What is wrong and what was expected, in one sentence, without its place."""
    return text(f"problem.{problem.code}", language, value=problem.value, **problem.details)


def problem_hint(problem: Problem, language: Language) -> str | None:
    """How to mend it, where there is something to say beyond the message."""
    key = f"problem.{problem.code}.hint"
    if key not in CATALOGUES[language]:
        return None
    return text(key, language, value=problem.value, **problem.details)
