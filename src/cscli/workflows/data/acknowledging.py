"""The findings of a check to the lines of `acknowledge:` that accept them, and those lines into the rules."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cscli.analysis.quality.findings import as_accepted, drop_accepted
from cscli.config.blocks.findings import Accepted
from cscli.config.document import parse_document
from cscli.config.load import read_draft
from cscli.errors import ConfigError, Location, Problem, Scope, UsageError
from cscli.texts import Language
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request
from cscli.workspace.rules import Rules
from cscli.workspace.rules_file import replace_text, with_list_lines


def acknowledge_lines(
    request: Request, problems: Sequence[Problem], sources: Mapping[str, str]
) -> tuple[str, ...]:
    """An entry of `acknowledge:` for each finding that the rules do not accept yet. `sources`: the source of each file."""
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    known = draft.config.acknowledge if draft.config else ()
    left = [each for each in drop_accepted(problems, known, sources) if each.scope is not Scope.RUN]
    return tuple(map(_line, as_accepted(left, sources)))


def add_to_rules(rules: Rules, lines: Sequence[str], language: Language) -> Path:
    """Puts `lines` at the end of the list `acknowledge` of the rules, and gives their file. Raises, in `language`,
    UsageError where the rules are nobody's own, ConfigError where the list cannot take a line, SourceError.
    """
    with speaking(language):
        return _add(rules, lines)


def _add(rules: Rules, lines: Sequence[str]) -> Path:
    if not rules.remembers:
        raise UsageError(Problem("acknowledge.no_rules", value=rules.name))
    path = rules.sources_folder / Path(rules.name).name
    text = with_list_lines(rules.text, list(lines))
    if text is None or not _adds(rules, text, len(lines)):
        raise ConfigError(
            Problem("acknowledge.on_one_line", where=Location(file=rules.name, key="acknowledge"))
        )
    if lines:
        replace_text(path, text)
    return path


def _adds(rules: Rules, text: str, count: int) -> bool:
    """Whether `text` says what the rules say, and `count` entries more."""
    before, after = (parse_document(each, rules.name).data for each in (rules.text, text))
    old, new = before.pop("acknowledge", None) or [], after.pop("acknowledge", None)
    return (
        before == after
        and isinstance(old, list)
        and isinstance(new, list)
        and (new[: len(old)] == old and len(new) == len(old) + count)
    )


def _line(entry: Accepted) -> str:
    given = entry.model_dump(exclude_none=True, exclude_defaults=True)
    parts = (
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in given.items() if name != "code"
    )
    return "{" + ", ".join([f"code: {entry.code}", *parts]) + "}"
