"""YAML text to plain data with the line of every key: a bounded, strict subset of YAML 1.2."""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml

from cscli.config.yaml_reasons import yaml_reason
from cscli.errors import ConfigError, Location, Problem

Path = tuple[str | int, ...]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_LONG_INTEGER = re.compile(r"[-+]?[1-9][0-9]{18,}\Z")
_FLOAT = re.compile(r"[-+]?(([0-9]*\.[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)\Z")
_Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
_FAST_LOADER: type[yaml.CSafeLoader] | None = getattr(yaml, "CSafeLoader", None)
"""libyaml's, where PyYAML was built with it: a fourteenth of the time."""
_SEEN_DIFFERENTLY = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|^(---|\.\.\.|%)|[|>][-+\d]*#",
    re.MULTILINE,
)
"""What the two loaders do not take for the same: tabs, control characters, ends of lines but one, marks of documents, a
comment that touches the mark of a block.
"""
_CONSTANTS: Mapping[str, object] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The data of a YAML file, where each of its keys stands, and what was wrong already in the text."""

    file: str
    data: dict[str, object]
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...] = ()
    origins: Mapping[Path, str] = field(default_factory=dict)

    def place(self, path: Path) -> Location:
        """Where `path`, or the nearest key above it that stands in the file, is written."""
        shown = key_path(path)
        if origin := self.origin(path):
            return Location(file=origin, key=shown)
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return Location(file=self.file, line=self.lines[path[:end]], key=shown)
        return Location(file=self.file, key=shown)

    def origin(self, path: Path) -> str | None:
        """The override on the command line that set `path` or a key above it; None where the file did."""
        above = (path[:end] for end in range(len(path), 0, -1))
        return next((self.origins[part] for part in above if part in self.origins), None)

    def at(self, *path: str | int) -> object:
        """The value at `path`; None where the file has another shape there."""
        value: object = self.data
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def mapping(self, *path: str | int) -> dict[str, object]:
        """The mapping at `path`; empty where there is none."""
        value = self.at(*path)
        return value if isinstance(value, dict) else {}

    def sequence(self, *path: str | int) -> list[object]:
        """The list at `path`; empty where there is none."""
        value = self.at(*path)
        return value if isinstance(value, list) else []

    def items(self, *path: str | int) -> list[Path]:
        """The paths of the entries of the list at `path`."""
        return [(*path, index) for index, _ in enumerate(self.sequence(*path))]


def key_path(path: Path) -> str:
    """`("bands", 0, "from")` as people write it: `bands[0].from`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def parse_document(text: str, file: str) -> Document:
    """The document in `text`. Raises ConfigError where the text as a whole cannot be read as YAML."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise ConfigError(
            Problem("config.too_large", where=Location(file=file), details={"bytes": MAX_BYTES})
        )
    node = _compose(text, file)
    builder = _Builder(file)
    data = builder.build(node, ()) if node is not None else {}
    if not isinstance(data, dict):
        raise ConfigError(Problem("config.not_a_mapping", where=Location(file=file, line=1)))
    return Document(file=file, data=data, lines=builder.lines, problems=tuple(builder.problems))


def parse_value(text: str) -> object:
    """A value as it could stand in the file, for overrides on the command line. Raises ConfigError."""
    node = _compose(text, "--set")
    builder = _Builder("--set")
    value = None if node is None else builder.build(node, ())
    if builder.problems:
        raise ConfigError(*builder.problems)
    return value


def _compose(text: str, file: str) -> yaml.Node | None:
    if _FAST_LOADER is not None and not _SEEN_DIFFERENTLY.search(text):
        with suppress(yaml.YAMLError, ConfigError):  # the slow way knows how to say what is wrong
            return _checked(text, file, _FAST_LOADER)
    try:
        return _checked(text, file, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark)
        reason = error.problem or error.context or ""
        code = "config.tab" if "'\\t'" in reason else "config.not_yaml"
        problem = Problem(code, where=Location(file=file, line=line), details={"reason": yaml_reason(reason)})
        raise ConfigError(problem) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        details = {"character": f"U+{ord(text[error.position]):04X}"}
        problem = Problem("config.control_character", where=Location(file=file, line=line), details=details)
        raise ConfigError(problem) from error


def _checked(text: str, file: str, loader: "_Loader") -> yaml.Node | None:
    """The depth is looked at first: to compose too deep a text overflows the stack, in C without an error."""
    _check_events(yaml.parse(text, Loader=loader), file)
    return yaml.compose(text, Loader=loader)


def _line(mark: yaml.error.Mark | Any | None) -> int | None:
    return None if mark is None else mark.line + 1


def _check_events(events: Iterator[yaml.Event], file: str) -> None:
    depth = in_braces = 0
    for event in events:
        place = Location(file=file, line=_line(event.start_mark))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ConfigError(Problem("config.alias", where=place))
        if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag is not None:
            raise ConfigError(
                Problem("config.tag", where=place, value=event.tag.replace("tag:yaml.org,2002:", "!!"))
            )
        step = isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        in_braces += step if in_braces or getattr(event, "flow_style", False) else 0
        if in_braces and isinstance(event, yaml.ScalarEvent) and not event.style and "?" in event.value:
            raise ConfigError(Problem("config.not_yaml", where=place))  # which PyYAML itself does not read
        depth += step
        if depth > MAX_DEPTH:
            raise ConfigError(Problem("config.too_deep", where=place, details={"depth": MAX_DEPTH}))


class _Builder:
    """Turns composed nodes into data, noting lines and duplicate keys on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, path: Path) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report("config.key_not_text", path, line)
                continue
            key = str(key_node.value)
            if key in data:
                self._report("config.duplicate_key", (*path, key), line, first=self.lines[*path, key])
                continue
            self.lines[*path, key] = line
            data[key] = self.build(value_node, (*path, key))
        return data

    def _scalar(self, node: yaml.Node, path: Path) -> object:
        if not isinstance(node, yaml.ScalarNode) or node.style:  # plain is None, and "" of libyaml
            return node.value
        value = plain_scalar(node.value)
        if isinstance(value, float) and not math.isfinite(value):
            self._report("config.not_finite", path, node.start_mark.line + 1)
        return value

    def _report(self, code: str, path: Path, line: int, **details: object) -> None:
        where = Location(file=self.file, line=line, key=key_path(path))
        self.problems.append(Problem(code, where=where, details=details))


def plain_scalar(text: str) -> object:
    """An unquoted scalar by the core rules of YAML 1.2: `no`, `on`, `12:30` and `2026-01-01` stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) or _LONG_INTEGER.match(text):
        return float(text)
    if text.lower().lstrip("+-") in {".inf", ".nan"}:
        return math.nan
    return text
