"""The schema of the config to what people and editors read: a JSON Schema, and a manual in Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from cscli.config.linting.taken import BUILT_IN
from cscli.config.schema import Config
from cscli.expressions.functions import AGGREGATES, SCALARS, Kind
from cscli.expressions.grammar import MAX_LENGTH
from cscli.fields import EVENT_FIELDS, FIELDS, PEOPLE_FIELDS, REVENUE_FIELDS, Field
from cscli.normalizers import AnyNormalizer

_Schema = Mapping[str, Any]

_TYPES: Mapping[str, str] = {
    "string": "text", "number": "number", "integer": "whole number", "boolean": "true or false", "array": "list",
    "object": "mapping",
}  # fmt: skip
_COMPUTED: Mapping[str, str] = {
    "as_of": "The day for which everything is computed",
    "tenure_days": "Days from `started_on` to `as_of`, or to `churned_on` if that is earlier",
    "tenure_months": "The same in whole months",
    "notice_given": "Whether the account has a churn date after `as_of`",
    "notice_by": "Last day of notice: `renews_on` less `notice_days`",
    "days_to_renewal": "Days from `as_of` to `renews_on`; negative once it has passed",
    "team": "The first team whose rule holds",
    "scorecard": "The scorecard that judged the account",
    "score": "0 to 100, rounded half up to one decimal",
    "band": "The band of the score; `unknown` with too little data",
    "data_coverage": "Share of the score's weight that had data, 0 to 1",
    "score_change": "Points since the snapshot at least 6 days before",
    "trend": "falling, steady or rising over the runs of the last nine weeks; missing with fewer than five over four weeks",
    "trend_change": "The points of that trend, from the first of these runs to this one",
    "band_before": "The band at that snapshot; missing where there is none",
}
_OPERATORS = (
    "`+ - * / %`, `= <> < <= > >=`, `AND OR NOT`, `IN (...)`, `BETWEEN ... AND ...`, `LIKE`, `ILIKE`, `IS NULL`, "
    "`CASE WHEN ... THEN ... ELSE ... END`, `CAST(x AS type)` and `x::type`, `||`"
)


def json_schema() -> str:
    """The JSON Schema (2020-12) of cscli.yaml, for completion and checks in editors."""
    schema = Config.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "cscli.yaml"}
    return json.dumps({**head, **schema, "title": "cscli.yaml"}, indent=2, ensure_ascii=False) + "\n"


def manual() -> str:
    """The manual of the config in Markdown: keys, normalisers, expressions, columns."""
    head = (
        "# cscli.yaml: reference\n\nWritten by `cscli config reference`. Paths such as `metrics.NAME.value` say where "
        "a key stands; NAME is a name of your own: lower-case letters, digits and `_`."
    )
    parts = [
        head,
        *_key_sections(),
        _normalizer_section(),
        _expression_section(),
        _computed_section(),
        _event_section(),
        _field_section(),
        _people_section(),
    ]
    return "\n\n".join(parts) + "\n"


def _key_sections() -> Iterator[str]:
    root = Config.model_json_schema()
    waiting: list[tuple[str, _Schema]] = [("", root)]
    done: set[str] = set()
    while waiting:
        path, schema = waiting.pop(0)
        title = f"`{path}`" if path else "The file"
        rows = []
        for key, entry in schema["properties"].items():
            rows.append(
                (f"`{key}`", _type_text(entry), _default_text(key, schema), entry.get("description", ""))
            )
            for name, below in _models_in(entry):
                if name not in done and name in root["$defs"] and "properties" in root["$defs"][name]:
                    done.add(name)
                    waiting.append((f"{path}.{key}{below}".lstrip("."), root["$defs"][name]))
        head = f"## {title}\n\n{schema.get('description', '')}\n\n"
        yield head + _table(("key", "type", "default", "meaning"), rows)


def _models_in(entry: _Schema) -> Iterator[tuple[str, str]]:
    """The models that a key leads to, each with the path below the key; normalisers have their own section."""
    if "discriminator" in entry:
        return
    if "$ref" in entry:
        yield entry["$ref"].rsplit("/", 1)[-1], ""
    for option in entry.get("anyOf", []):
        yield from _models_in(option)
    for key, below in (("items", "[]"), ("additionalProperties", ".NAME")):
        if isinstance(entry.get(key), dict):
            yield from ((name, below + rest) for name, rest in _models_in(entry[key]))


def _type_text(entry: _Schema) -> str:
    if "const" in entry or "enum" in entry:
        return " or ".join(f"`{value}`" for value in entry.get("enum", [entry.get("const")]))
    if "anyOf" in entry:
        return " or ".join(_type_text(option) for option in entry["anyOf"] if option.get("type") != "null")
    if entry.get("type") in ("array", "object"):
        return _collection_text(entry)
    special = {"discriminator": "a normaliser, see below", "$ref": "mapping", "format": "expression"}
    named = [text for key, text in special.items() if key in entry]
    return named[0] if named else _TYPES[entry["type"]] + _range_text(entry)


def _collection_text(entry: _Schema) -> str:
    if "prefixItems" in entry:
        return "[" + ", ".join(_type_text(item) for item in entry["prefixItems"]) + "]"
    if entry["type"] == "array":
        return f"list of: {_type_text(entry['items'])}"
    values = entry.get("additionalProperties")
    return f"mapping, each NAME to: {_type_text(values)}" if isinstance(values, dict) else "mapping"


def _range_text(entry: _Schema) -> str:
    low, high, above = entry.get("minimum"), entry.get("maximum"), entry.get("exclusiveMinimum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", at least {low}" if low is not None else f" above {above}" if above is not None else ""


def _default_text(key: str, schema: _Schema) -> str:
    if key in schema.get("required", ()):
        return "required"
    default = _without_nulls(schema["properties"][key].get("default"))
    return "" if default in (None, {}, []) else f"`{json.dumps(default, ensure_ascii=False)}`"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _normalizer_section() -> str:
    title = "## Normalisers (`metrics.NAME.points`)"
    parts = [f"{title}\n\nA raw value to points from 0 to 100. A missing value stays missing in every kind."]
    for model in get_args(get_args(AnyNormalizer)[0]):
        schema = model.model_json_schema()
        kind = schema["properties"]["kind"]["const"]
        keys = [key for key in schema["properties"] if key != "kind"]
        rows = [
            (f"`{key}`", _type_text(schema["properties"][key]), _default_text(key, schema)) for key in keys
        ]
        parts.append(f"### `{kind}`\n\n{model.__doc__}\n\n" + _table(("key", "type", "default"), rows))
    return "\n\n".join(parts)


def _expression_section() -> str:
    groups = {
        kind: [name for name, entry in SCALARS.items() if entry.gives == kind] for kind in (*Kind, None)
    }
    titles = {Kind.NUMBER: "a number", Kind.TEXT: "text", Kind.DATE: "a date", Kind.BOOLEAN: "true or false"}
    rows = [(f"gives {title}", _code_list(groups[kind])) for kind, title in titles.items()]
    rows += [
        ("gives what it is given", _code_list(groups[None])),
        ("only in `rollup`", _code_list(AGGREGATES)),
    ]
    return (
        f"## Expressions\n\nSQL in DuckDB's dialect, at most {MAX_LENGTH} characters, over the columns of an account "
        "(in `rollup`: of the table). Division by zero and results that are not finite are missing; a comparison "
        "with a missing value is not true. Whole numbers added to dates are days.\n\n"
        f"Signs and words: {_OPERATORS}. In `rollup` also `DISTINCT` and `FILTER (WHERE ...)`.\n\n"
        + _table(("functions", "names"), rows)
    )


def _computed_section() -> str:
    rows = [(f"`{name}`", _moment(name), meaning) for name, meaning in _COMPUTED.items()]
    text = (
        "Beside the columns of the exports, every `derived` column, metric and segment is a column by its name. "
        "Order: exports and rollups, `derived`, metrics, segments and teams that need no score, scorecards and score, "
        "then the rest. A name used before it exists is an error."
    )
    return f"## Columns that cscli computes\n\n{text}\n\n" + _table(("column", "from", "meaning"), rows)


def _moment(name: str) -> str:
    if name in BUILT_IN:
        return "the start"
    return "its rules" if name == "team" else "the score"


def _field_section() -> str:
    text = "Columns that cscli knows. Headers are compared without case, width, spaces and joining signs."
    revenue = "In sources of kind `subscriptions` and `mrr` also these, beside account_id, mrr, currency, plan and started_on:"
    return f"## Data dictionary\n\n{text}\n\n{_field_table(FIELDS)}\n\n{revenue}\n\n{_field_table(REVENUE_FIELDS)}"


def _event_section() -> str:
    text = (
        "A source of kind `events` is the product's log: a row is something that a user did. For each window of W days, "
        "up to and including `as_of`, it adds these columns, and with `_prev` at the end the same of the W days before. "
        "Days and weeks are those of `timezone`. An account without any event has 0 for counts and no dates; a window "
        "that the log does not reach back to is missing for every account, and it is said."
    )
    rows = [
        ("`events_Wd`", "Events"),
        ("`users_Wd`", "Different users"),
        ("`active_days_Wd`", "Days with an event"),
        ("`breadth_Wd`", "Different names of events"),
        ("`NAME_Wd`", "Events of the feature NAME of `features`"),
        ("`first_seen_on`, `last_seen_on`", "First and last day with an event"),
    ]
    read = "Of the log itself these are read, beside account_id:"
    return (
        f"## Event columns\n\n{text}\n\n{_table(('column', 'meaning'), rows)}\n\n{read}\n\n"
        f"{_field_table(EVENT_FIELDS)}"
    )


def _people_section() -> str:
    text = (
        "Columns of the workbook that `cscli inputs` makes and people fill in. They are there in every expression, and "
        "missing where nothing is typed. An override needs its reason and its last day."
    )
    return f"## What people type\n\n{text}\n\n" + _field_table(PEOPLE_FIELDS)


def _field_table(fields: Iterable[Field]) -> str:
    rows = [
        (f"`{entry.name}`", entry.type.value, entry.unit, entry.meaning, ", ".join(entry.headers[1:]))
        for entry in fields
    ]
    return _table(("column", "type", "unit", "meaning", "accepted headers"), rows)


def _code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
