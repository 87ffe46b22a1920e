"""Validation errors of the schema to problems with file, line, key, what was found and what was expected."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cscli.config.blocks.alerts import BY_ENVIRONMENT
from cscli.config.document import Document, Path, key_path
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.nearest import nearest_name
from cscli.texts import Phrase

_EXPECTED_TYPES: Mapping[str, str] = {
    "float_type": "number", "float_parsing": "number", "int_type": "whole", "int_parsing": "whole",
    "int_from_float": "whole", "string_type": "text", "bool_type": "boolean", "bool_parsing": "boolean",
    "dict_type": "mapping", "model_type": "mapping", "model_attributes_type": "mapping", "dataclass_type": "mapping",
    "list_type": "list", "tuple_type": "list",
}  # fmt: skip
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "ge"), "greater_than": ("gt", "gt"), "less_than_equal": ("le", "le"),
    "less_than": ("lt", "lt"), "too_short": ("min_length", "min_entries"), "too_long": ("max_length", "max_entries"),
    "string_too_short": ("min_length", "min_characters"), "string_too_long": ("max_length", "max_characters"),
}  # fmt: skip
_NOT_A_CORNER = frozenset({"missing", "too_long", "tuple_type", "list_type"})
_NOT_ONE_OF = frozenset({"literal_error", "enum", "union_tag_invalid", "union_tag_not_found"})


def schema_problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    """One problem a key, in the order of the file's schema."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for details in error.errors(include_url=False):
        by_path.setdefault(_path_in_file(details, document), []).append(details)
    told = {problem.where.key for problem in document.problems}
    for path, found in by_path.items():
        if key_path(path) not in told and not _is_told_below(path, found, by_path):
            yield _problem(found, path, document)


def _path_in_file(details: ErrorDetails, document: Document) -> Path:
    """Where the fault is in the file: its `loc` without the parts that name a branch of the schema."""
    path: Path = ()
    loc = details["loc"]
    for position, part in enumerate(loc):
        value = document.at(*path)
        is_kind = path[-1:] == ("points",) and isinstance(value, dict) and value.get("kind") == part
        first = position == 0 or loc[position - 1] == "points"
        if (isinstance(value, dict) and part in value and not (is_kind and first)) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        ):
            path = (*path, part)
    if details["type"] == "missing" and isinstance(loc[-1], str):
        path = (*path, loc[-1])
    return path


def _is_told_below(path: Path, found: Sequence[ErrorDetails], paths: Collection[Path]) -> bool:
    """Whether the value has one of several shapes, and what is wrong inside that shape is told already."""
    deeper = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    return deeper and all(details["type"] in _EXPECTED_TYPES for details in found)


def _problem(found: Sequence[ErrorDetails], path: Path, document: Document) -> Problem:
    """The problem of a key; of several errors, one for each shape that it may have, the nearest one."""
    details = min(found, key=lambda entry: (entry["type"] not in _BOUNDS, "." not in entry["type"]))
    kind, context = details["type"], details.get("ctx", {})
    place, shown = document.place(path), _shown(document.at(*path))
    if "." in kind:
        values = {
            key: _shown(value) if isinstance(value, float) else str(value) for key, value in context.items()
        }
        return Problem(kind, where=place, value=values.pop("found", shown), details=values)
    if kind in _NOT_A_CORNER and path[-2:-1] == ("at",):
        return Problem("config.not_a_corner", where=place, value=shown)
    if kind == "missing":
        return Problem("config.missing_key", where=place, value=str(path[-1]))
    if kind == "extra_forbidden":
        return _unknown_key(path, document)
    if kind in _NOT_ONE_OF and len(found) == 1:
        return _not_one_of(kind, context, path, document)
    told = [details] if kind in _BOUNDS else found
    expected = tuple(dict.fromkeys(map(_expected, told)))
    code = "config.out_of_range" if kind in _BOUNDS else "config.wrong_type"
    return Problem(code, where=place, value=shown, details={"expected": expected})


def _expected(details: ErrorDetails) -> Phrase:
    kind, context = details["type"], details.get("ctx", {})
    if kind in _BOUNDS:
        key, phrase = _BOUNDS[kind]
        return Phrase(phrase, f"{context[key]:g}")
    if kind == "literal_error":
        return Phrase("as_it_is", str(context["expected"]).replace("'", "`"))
    return Phrase(_EXPECTED_TYPES[kind]) if kind in _EXPECTED_TYPES else Phrase("as_it_is", details["msg"])


def _unknown_key(path: Path, document: Document) -> Problem:
    if (path[0] == "channels" or path[:2] == ("outreach", "smtp")) and (
        instead := BY_ENVIRONMENT.get(str(path[-1]).casefold())
    ):
        details = {"instead": instead}
        return Problem(
            "config.literal_secret", where=document.place(path), value=str(path[-1]), details=details
        )
    allowed = _allowed_keys(path[:-1], document)
    nearest = nearest_name(str(path[-1]), allowed)
    code = "config.unknown_key_nearest" if nearest else "config.unknown_key"
    values = {"nearest": nearest or "", "allowed": ", ".join(allowed)}
    return Problem(code, where=document.place(path), value=str(path[-1]), details=values)


def _not_one_of(kind: str, context: Mapping[str, Any], path: Path, document: Document) -> Problem:
    if kind.startswith("union_tag"):
        path, choices = (*path, "kind"), _kinds()
    else:
        choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
    found, place, allowed = document.at(*path), document.place(path), ", ".join(choices)
    if found is None and path[-1] == "kind":
        return Problem("config.missing_kind", where=place, value="kind", details={"allowed": allowed})
    if len(choices) == 1:
        return Problem("config.wrong_type", where=place, value=_shown(found), details={"expected": allowed})
    nearest = nearest_name(str(found), choices)
    code = "config.not_one_of_nearest" if nearest else "config.not_one_of"
    return Problem(
        code, where=place, value=_shown(found), details={"allowed": allowed, "nearest": nearest or ""}
    )


def _kinds() -> list[str]:
    return list(
        Config.model_json_schema()["$defs"]["Metric"]["properties"]["points"]["discriminator"]["mapping"]
    )


def _allowed_keys(path: Path, document: Document) -> list[str]:
    """The keys that the schema knows at `path`."""
    root = Config.model_json_schema()
    schema: Mapping[str, Any] = root
    for depth, part in enumerate(path):
        schema = _resolve(schema, root, document, path[:depth])
        if isinstance(part, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}
    return list(_resolve(schema, root, document, path).get("properties", {}))


def _resolve(
    schema: Mapping[str, Any], root: Mapping[str, Any], document: Document, path: Path
) -> Mapping[str, Any]:
    """`schema` with its reference followed; of alternatives, the one that the file's `kind` or shape asks for."""
    if "discriminator" in schema:
        reference = schema["discriminator"]["mapping"].get(document.at(*path, "kind"))
        schema = {"$ref": reference} if reference else {}
    for option in schema.get("anyOf", []):
        if option.get("type") == "array" if isinstance(document.at(*path), list) else "$ref" in option:
            schema = option
            break
    if "$ref" in schema:
        resolved: Mapping[str, Any] = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        return resolved
    return schema


def _shown(value: object) -> str:
    """`value` as it would stand in the file; text in quotes, to tell "3" from 3."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        text = "{" + ", ".join(map(str, value)) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(map(_shown, value)) + "]"
    else:
        text = f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
