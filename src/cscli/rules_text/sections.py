"""The text of a rules file to the texts of its outermost keys, wherever and however they are indented, and back."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one, where the library was built with it."""


@dataclass(frozen=True, slots=True)
class Sections:
    """`head`: what stands above the first key. `parts`: of each key its lines, with the comments above it."""

    head: str
    parts: Mapping[str, str]

    def text(self) -> str:
        """The whole file."""
        return self.head + "".join(self.parts.values())


def split_sections(text: str) -> Sections:
    """The sections of `text`, which is YAML with a mapping outermost."""
    node = yaml.compose(text, Loader=LOADER)
    if not isinstance(node, yaml.MappingNode):
        return Sections(text, {})
    lines = text.splitlines(keepends=True)
    starts = [(str(key.value), key.start_mark.line) for key, _ in node.value]
    begins = [_with_comments(lines, line) if at else line for at, (_, line) in enumerate(starts)]
    ends = [*begins[1:], len(lines)]
    parts = {
        name: "".join(lines[begin:end]) for (name, _), begin, end in zip(starts, begins, ends, strict=True)
    }
    return Sections("".join(lines[: begins[0]]), parts)


def _with_comments(lines: list[str], line: int) -> int:
    """The first of the comment lines that stand directly above `line`."""
    while line and lines[line - 1].startswith("#"):
        line -= 1
    return line


def body_of(part: str) -> str:
    """`part` without the blank lines and comments at its end, which belong to what comes next."""
    lines = part.rstrip("\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines) + "\n"
