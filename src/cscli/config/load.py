"""YAML text to a checked `Config`, or to every problem of the file at once, each with its line."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import ValidationError

from cscli.config.blocks.shown import long_path
from cscli.config.document import Document, Path, parse_document, parse_value
from cscli.config.faults import schema_problems
from cscli.config.linting.names import check_names
from cscli.config.linting.rules import lint
from cscli.config.linting.taken import Headers
from cscli.config.schema import Config, Source
from cscli.config.secrets import hide_password
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.texts import Language, as_language

_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file whose text and schema are checked; its names wait until the headers of the exports are known."""

    document: Document
    text: str
    config: Config | None
    problems: tuple[Problem, ...]

    @property
    def language(self) -> Language:
        """The language that the file asks for, whatever else is wrong with it."""
        return as_language(self.document.at("language"))

    def sources(self) -> dict[str, Source]:
        """The sources of the file; where the file has mistakes, those that are right in themselves."""
        if self.config is not None:
            return self.config.sources
        found = {}
        for name, settings in self.document.mapping("sources").items():
            try:
                found[name] = Source.model_validate_json(json.dumps(settings), strict=True)
            except ValidationError:
                continue
        return found

    def place(self, problem: Problem) -> Problem:
        """`problem`, which knows only its key, with the file and line of that key."""
        if problem.where.key is None or problem.where.file is not None:
            return problem
        return replace(
            problem, where=self.document.place(long_path(self.document, _split_key(problem.where.key)))
        )


def read_draft(text: str, file: str, overrides: Iterable[str] = ()) -> Draft:
    """The draft in `text`, with `KEY=VALUE` overrides applied. Raises ConfigError if it is no YAML at all."""
    return _read_draft(text, file, tuple(overrides))


@lru_cache(maxsize=4)  # a command asks for its rules in several places, and nobody changes them
def _read_draft(text: str, file: str, overrides: tuple[str, ...]) -> Draft:
    document = _override(parse_document(text, file), overrides)
    problems = list(document.problems)
    config = None
    try:
        config = Config.model_validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        problems += schema_problems(error, document)
    problems += lint(document)
    return Draft(document, text, config, tuple(problems))


def settle(draft: Draft, headers: Headers) -> tuple[Config, tuple[Problem, ...]]:
    """The config and its warnings, once the sources' headers are known. Raises ConfigError with every problem."""
    found = [*draft.problems, *check_names(draft.document, headers)]
    problems = sorted(found, key=lambda problem: (problem.where.line or 0, problem.where.key or ""))
    if draft.config is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise ConfigError(*problems)
    return draft.config, tuple(problems)


def _override(document: Document, overrides: Iterable[str]) -> Document:
    data, origins = json.loads(json.dumps(document.data)), dict(document.origins)
    for override in overrides:
        key, separator, value = override.partition("=")
        if not separator or not key:
            raise ConfigError(Problem("config.bad_override", where=Location(file="--set"), value=override))
        path = _split_key(key)
        _assign(data, path, parse_value(value), override)
        origins[path] = f"--set {hide_password(override)}"
    return replace(document, data=data, origins=origins)


def _split_key(key: str) -> Path:
    parts = _INDEX.sub(r".\1", key).split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _assign(data: object, path: Path, value: object, override: str) -> None:
    for part in path[:-1]:
        if isinstance(data, dict) and isinstance(part, str):
            data = data.setdefault(part, {})
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            data = None
    last = path[-1]
    fits_list = isinstance(data, list) and isinstance(last, int) and last < len(data)
    if not (isinstance(data, dict) or fits_list):
        raise ConfigError(Problem("config.bad_override", where=Location(file="--set"), value=override))
    data[last] = value  # type: ignore[index]  # checked just above
