"""Validation errors of the schema to problems with file, line, key, what was found and what was expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cscli.config.document import Document, Path
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.expressions import nearest_name

_EXPECTED_TYPES: Mapping[str, str] = {
    "float_type": "a number", "float_parsing": "a number", "int_type": "a whole number",
    "int_parsing": "a whole number", "int_from_float": "a whole number", "string_type": "text",
    "bool_type": "true or false", "bool_parsing": "true or false", "dict_type": "a mapping (key: value)",
    "list_type": "a list", "tuple_type": "a list", "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)", "dataclass_type": "a mapping (key: value)",
}  # fmt: skip
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "at least"), "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"), "less_than": ("lt", "less than"),
    "too_short": ("min_length", "this many entries or more:"), "too_long": ("max_length", "at most this many entries:"),
    "string_too_short": ("min_length", "this many characters or more:"),
    "string_too_long": ("max_length", "at most this many characters:"),
}  # fmt: skip


def schema_problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    """One problem a key, in the order of the file's schema."""
    seen: set[Path] = set()
    for details in error.errors(include_url=False):
        path = _path_in_file(details["loc"], document)
        if path not in seen:
            seen.add(path)
            yield _problem(details, path, document)


def _path_in_file(loc: Sequence[int | str], document: Document) -> Path:
    """`loc` without the parts that name a branch of the schema and not a key of the file."""
    path: Path = ()
    for position, part in enumerate(loc):
        value = document.at(*path)
        known = (
            part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
        )
        last = position == len(loc) - 1 and isinstance(value, dict) and part != "[key]"
        if known or (last and not _names_a_branch(part)):
            path = (*path, part)
    return path


def _names_a_branch(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or "(" in part or part in {"str", "BothLanguages", "float"})


def _problem(details: ErrorDetails, path: Path, document: Document) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    place, found = document.place(path), _shown(document.at(*path))
    if "." in kind:
        values = {key: str(value) for key, value in context.items()}
        return Problem(kind, where=place, value=values.pop("found", found), details=values)
    if kind == "missing":
        return Problem("config.missing_key", where=place, value=str(path[-1]))
    if kind == "extra_forbidden":
        return _unknown_key(path, document)
    if kind in ("literal_error", "union_tag_invalid", "union_tag_not_found", "enum"):
        return _not_one_of(kind, context, path, document)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        expected = f"{words} {context[key]:g}"
        return Problem("config.out_of_range", where=place, value=found, details={"expected": expected})
    expected = _EXPECTED_TYPES.get(kind, details["msg"])
    return Problem("config.wrong_type", where=place, value=found, details={"expected": expected})


def _unknown_key(path: Path, document: Document) -> Problem:
    allowed = _allowed_keys(path[:-1], document)
    nearest = nearest_name(str(path[-1]), allowed)
    code = "config.unknown_key_nearest" if nearest else "config.unknown_key"
    values = {"nearest": nearest or "", "allowed": ", ".join(allowed)}
    return Problem(code, where=document.place(path), value=str(path[-1]), details=values)


def _not_one_of(kind: str, context: Mapping[str, Any], path: Path, document: Document) -> Problem:
    if kind.startswith("union_tag"):
        path = (*path, "kind")
    allowed = str(context.get("expected") or context.get("expected_tags") or "").replace(" or ", ", ")
    if not allowed:
        allowed = ", ".join(_kinds())
    found = document.at(*path)
    if found is None and path[-1] == "kind":
        return Problem(
            "config.missing_kind", where=document.place(path), value="kind", details={"allowed": allowed}
        )
    choices = [choice.strip(" '") for choice in allowed.split(",")]
    nearest = nearest_name(str(found), choices)
    details = {"allowed": ", ".join(choices), "nearest": nearest or "-"}
    return Problem("config.not_one_of", where=document.place(path), value=_shown(found), details=details)


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
    if isinstance(value, dict):
        return "{" + ", ".join(map(str, value)) + "}"
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
