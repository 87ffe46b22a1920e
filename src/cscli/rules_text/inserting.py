"""New columns into a source of rules that stand already, in the style in which its lines are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from cscli.rules_text.scalars import quoted
from cscli.rules_text.sections import LOADER


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """Column `name`, read from `header`, and a comment why."""

    name: str
    header: str
    why: str


def with_columns(text: str, source: str, lines: Sequence[ColumnLine]) -> str:
    """`text` with `lines` under `columns:` of `source`, which it has; everything else stays to the letter."""
    entries = source_node(text, source)
    columns = _mapping(entries).get("columns")
    if isinstance(columns, yaml.MappingNode) and columns.value:
        return _into(text, columns, lines)
    if columns is not None:  # {}
        return text[: columns.start_mark.index] + _flow(lines) + text[columns.end_mark.index :]
    if entries.flow_style:
        return _before_end(text, entries, f"columns: {_flow(lines)}")
    first = entries.value[0]
    indent = " " * first[0].start_mark.column
    inner = "".join(f"{indent}  {_line(line)}\n" for line in lines)
    return _after_line(text, first[1], f"{indent}columns:\n{inner}")


def source_node(text: str, source: str) -> yaml.MappingNode:
    """Where `source` stands in the rules."""
    root = _mapping(yaml.compose(text, Loader=LOADER))
    return _node(_mapping(root["sources"])[source])


def _into(text: str, columns: yaml.MappingNode, lines: Sequence[ColumnLine]) -> str:
    if columns.flow_style:
        return _before_end(text, columns, _flow(lines)[1:-1])
    indent = " " * columns.value[0][0].start_mark.column
    return _after_line(text, columns.value[-1][1], "".join(f"{indent}{_line(line)}\n" for line in lines))


def _mapping(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    return {str(key.value): value for key, value in _node(node).value}


def _node(node: yaml.Node | None) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise TypeError("rules are mappings where sources and their columns stand")
    return node


def _line(line: ColumnLine) -> str:
    return f"{line.name}: {quoted(line.header)}  # {line.why}"


def _flow(lines: Sequence[ColumnLine]) -> str:
    return "{" + ", ".join(f"{line.name}: {_in_flow(line.header)}" for line in lines) + "}"


def _in_flow(header: str) -> str:
    shown = quoted(header)
    return shown if shown.startswith('"') or not set(shown) & set(",[]{}") else f'"{shown}"'


def _before_end(text: str, node: yaml.Node, added: str) -> str:
    end = node.end_mark.index - 1
    kept = text[:end].rstrip()
    return kept + ("" if kept.endswith(("{", ",")) else ",") + f" {added}" + text[end:]


def _after_line(text: str, node: yaml.Node, added: str) -> str:
    """Below the line on which `node` ends, with its comment."""
    end = node.end_mark.index
    if end and text[end - 1] == "\n":  # a block ends at the start of the next line
        return text[:end] + added + text[end:]
    stop = text.find("\n", end)
    return text + "\n" + added if stop < 0 else text[: stop + 1] + added + text[stop + 1 :]
