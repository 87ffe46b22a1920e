"""Text for people, by key and language: labels, reasons, messages. One catalogue a language."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Literal

from cscli.errors import Location, Problem

Language = Literal["en", "ja"]
MOST_CHARACTERS = 500
"""Of what is said of a problem: an export can hold a cell of a hundred thousand."""
_MONTH = len("2026-10")
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_MOST_OF_A_PLACE, _MOST_OF_A_HINT = 120, 360
LANGUAGES: tuple[Language, ...] = ("en", "ja")


def as_language(value: object) -> Language:
    """The language that a config, a manifest or a message names; English where it names none."""
    return "ja" if value == "ja" else "en"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a problem's message that is worded in the language of its reader, as a detail of the problem."""

    key: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The words that people may type, as the reader's language has them: the keys of their texts, as a detail of the problem."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Several parts of a problem's message, each worded as it would be alone, with what stands between them in the reader's language."""

    parts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """Things of the rules as their readers call them, as a detail of the problem: of each its label by language."""

    labels: tuple[Mapping[Language, str], ...]


TOPICS = (
    "actions",
    "as_of",
    "backtest",
    "alerts",
    "check",
    "comparing",
    "config",
    "content",
    "data",
    "diff",
    "empty",
    "events",
    "explain",
    "expressions",
    "fit",
    "init",
    "initiatives",
    "inputs",
    "journey",
    "judging",
    "labels",
    "log_columns",
    "ltv",
    "match",
    "monday",
    "orders",
    "outreach",
    "page",
    "past",
    "people",
    "plan",
    "reading",
    "recall",
    "renewals",
    "results",
    "revenue",
    "run",
    "schedule",
    "scoring",
    "segment",
    "selfcheck",
    "showing",
    "singular",
    "spark",
    "timeline",
    "usage",
    "voice",
    "writing",
)
"""One module a topic in each language."""


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every text of a language by its key. KeyError where two topics have the same key."""
    texts: dict[str, str] = {}
    for topic in TOPICS:
        module = import_module(f"cscli.texts.{language}.{topic}")
        if twice := texts.keys() & module.TEXTS.keys():
            raise KeyError(f"{topic}: {', '.join(sorted(twice))}")
        texts |= module.TEXTS
    return texts


def text(key: str, language: Language, **values: object) -> str:
    """The text for `key`, or for `key.one` where the count is 1 and there is such a text, with `{name}` fields filled in.
    An unknown key is a bug: KeyError.
    """
    texts = catalogue(language)
    singular = texts.get(f"{key}.one") if str(values.get("count")) == "1" else None
    return (singular or texts[key]).format(**values)


def text_form(key: str, language: Language) -> str:
    """The text for `key` with its `{name}` fields open, to be filled in many times."""
    return catalogue(language)[key]


def paragraph(language: Language, *sentences: str | None) -> str:
    """The sentences that there are, one after the other: in Japanese nothing stands between them."""
    return ("" if language == "ja" else " ").join(each for each in sentences if each)


def label(key: str, language: Language) -> str:
    """The label of a column, sheet or report id; an id that has none (a person's own name) as it is."""
    return catalogue(language).get(f"label.{key}", key)


def problem_message(problem: Problem, language: Language) -> str:
    """What is wrong and what was expected, in one sentence, without its place; days as the reader writes them, but for those
    of cells, which are shown as they stand there.
    """
    details = _worded(problem.details, language).items()
    worded = {name: _dated(said, language) if len(str(said)) > _MONTH else said for name, said in details}
    of_cell = problem.where.line is not None or problem.where.key is not None
    value = problem.value if of_cell else _dated(problem.value, language)
    return _shortened(text(f"problem.{problem.code}", language, value=value, **worded), MOST_CHARACTERS)


def problem_hint(problem: Problem, language: Language) -> str | None:
    """How to mend it, where there is something to say beyond the message."""
    key = f"problem.{problem.code}.hint"
    if key not in catalogue(language):
        return None
    words = text(key, language, value=problem.value, **_worded(problem.details, language))
    return _shortened(words, MOST_CHARACTERS)


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _worded(details: Mapping[str, object], language: Language) -> dict[str, object]:
    """The details with phrases as text; several phrases under one name are alternatives."""
    return {name: _wording(value, language) for name, value in details.items()}


def _dated(value: object, language: Language) -> object:
    """A day, or a month, as its readers write it; what is none as it is."""
    if language == "ja" and isinstance(value, str | dt.date) and (found := _DAY.fullmatch(str(value))):
        year, month, day = found.groups()
        return f"{year}/{month}/{day}" if day else f"{year}年{int(month)}月"
    return value


def _wording(value: object, language: Language) -> object:
    if isinstance(value, Phrase):
        return text(f"phrase.{value.key}", language, value=value.value)
    if isinstance(value, Choices):
        return text("phrase.comma", language).join(text(key, language) for key in value.keys)
    if isinstance(value, Listed):
        return text("phrase.comma", language).join(str(_wording(part, language)) for part in value.parts)
    if isinstance(value, Called):
        return text("phrase.comma", language).join(dict.fromkeys(each[language] for each in value.labels))
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
    """Place, message and hint in one line of at most `MOST_CHARACTERS`; what is long is shortened, the hint last."""
    place = _shortened(place_text(problem.where, language), _MOST_OF_A_PLACE)
    hint = _shortened(problem_hint(problem, language) or "", _MOST_OF_A_HINT)
    room = MOST_CHARACTERS - sum(len(part) + 3 for part in (place, hint) if part)
    parts = (place, _shortened(problem_message(problem, language), room), hint)
    return " · ".join(part for part in parts if part)
