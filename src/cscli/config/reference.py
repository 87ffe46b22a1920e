"""The schema of the config to what people and editors read: a JSON Schema, and a manual in Markdown."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, get_args

from cscli.config.linting.taken import BUILT_IN
from cscli.config.schema import Config
from cscli.expressions.bare.model import Kind
from cscli.expressions.functions import AGGREGATES, SCALARS
from cscli.expressions.grammar import MAX_LENGTH
from cscli.fields import EVENT_FIELDS, FIELDS, PEOPLE_FIELDS, REVENUE_FIELDS, Field
from cscli.normalizers import AnyNormalizer
from cscli.texts import Language
from cscli.texts.usage import manual_in

_Schema = Mapping[str, Any]
_Say = Callable[[str], str]
"""A sentence of the manual in the language of its reader."""

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
_OF_EVENTS: Mapping[str, str] = {
    "`events_Wd`": "Events",
    "`users_Wd`": "Different users",
    "`active_days_Wd`": "Days with an event",
    "`breadth_Wd`": "Different names of events",
    "`NAME_Wd`": "Events of the feature NAME of `features`",
    "`first_seen_on`, `last_seen_on`": "First and last day with an event",
}
_OPERATORS = (
    "`+ - * / %`, `= <> < <= > >=`, `AND OR NOT`, `IN (...)`, `BETWEEN ... AND ...`, `LIKE`, `ILIKE`, `IS NULL`, "
    "`CASE WHEN ... THEN ... ELSE ... END`, `CAST(x AS type)`, `x::type`, `||`"
)


def json_schema() -> str:
    """The JSON Schema (2020-12) of cscli.yaml, for completion and checks in editors."""
    schema = Config.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "cscli.yaml"}
    return json.dumps({**head, **schema, "title": "cscli.yaml"}, indent=2, ensure_ascii=False) + "\n"


def manual(language: Language) -> str:
    """The manual of the config in Markdown: keys, normalisers, expressions, columns."""
    say = partial(manual_in, language=language)
    parts = [
        _head(say),
        *_key_sections(say),
        _normalizer_section(say),
        _expression_section(say),
        _computed_section(say),
        _event_section(say),
        _field_section(say),
        _people_section(say),
    ]
    return "\n\n".join(parts) + "\n"


def _head(say: _Say) -> str:
    text = (
        "Written by `cscli config reference`. Paths such as `metrics.NAME.value` say where a key stands; NAME is a name "
        "of your own: lower-case letters, digits and `_`."
    )
    return f"# {say('cscli.yaml: reference')}\n\n{say(text)}"


def _key_sections(say: _Say) -> Iterator[str]:
    root = Config.model_json_schema()
    waiting: list[tuple[str, _Schema]] = [("", root)]
    done: set[str] = set()
    while waiting:
        path, schema = waiting.pop(0)
        title = f"`{path}`" if path else say("The file")
        rows = []
        for key, entry in schema["properties"].items():
            meaning = say(entry.get("description", ""))
            rows.append((f"`{key}`", _type_text(entry, say), _default_text(key, schema, say), meaning))
            for name, below in _models_in(entry):
                if name not in done and name in root["$defs"] and "properties" in root["$defs"][name]:
                    done.add(name)
                    waiting.append((f"{path}.{key}{below}".lstrip("."), root["$defs"][name]))
        head = f"## {title}\n\n{say(schema.get('description', ''))}\n\n"
        yield head + _table(("key", "type", "default", "meaning"), rows, say)


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


def _type_text(entry: _Schema, say: _Say) -> str:
    if "const" in entry or "enum" in entry:
        return f" {say('or')} ".join(f"`{value}`" for value in entry.get("enum", [entry.get("const")]))
    if "anyOf" in entry:
        options = (option for option in entry["anyOf"] if option.get("type") != "null")
        return f" {say('or')} ".join(_type_text(option, say) for option in options)
    if entry.get("type") in ("array", "object"):
        return _collection_text(entry, say)
    special = {"discriminator": "a normaliser, see below", "$ref": "mapping", "format": "expression"}
    named = [say(text) for key, text in special.items() if key in entry]
    return named[0] if named else _range_text(say(_TYPES[entry["type"]]), entry, say)


def _collection_text(entry: _Schema, say: _Say) -> str:
    if "prefixItems" in entry:
        return "[" + ", ".join(_type_text(item, say) for item in entry["prefixItems"]) + "]"
    if entry["type"] == "array":
        return say("list of: {kind}").format(kind=_type_text(entry["items"], say))
    values = entry.get("additionalProperties")
    if not isinstance(values, dict):
        return say("mapping")
    return say("mapping, each NAME to: {kind}").format(kind=_type_text(values, say))


def _range_text(kind: str, entry: _Schema, say: _Say) -> str:
    low, high, above = entry.get("minimum"), entry.get("maximum"), entry.get("exclusiveMinimum")
    if low is not None and high is not None:
        return say("{kind} from {low} to {high}").format(kind=kind, low=low, high=high)
    if low is not None:
        return say("{kind}, at least {low}").format(kind=kind, low=low)
    return say("{kind} above {low}").format(kind=kind, low=above) if above is not None else kind


def _default_text(key: str, schema: _Schema, say: _Say) -> str:
    if key in schema.get("required", ()):
        return say("required")
    default = _without_nulls(schema["properties"][key].get("default"))
    return "" if default in (None, {}, []) else f"`{json.dumps(default, ensure_ascii=False)}`"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _normalizer_section(say: _Say) -> str:
    text = "A raw value to points from 0 to 100. A missing value stays missing in every kind."
    parts = [f"## {say('Normalisers (`metrics.NAME.points`)')}\n\n{say(text)}"]
    for model in get_args(get_args(AnyNormalizer)[0]):
        schema = model.model_json_schema()
        kind = schema["properties"]["kind"]["const"]
        entries = {key: entry for key, entry in schema["properties"].items() if key != "kind"}
        rows = [
            (f"`{key}`", _type_text(entry, say), _default_text(key, schema, say))
            for key, entry in entries.items()
        ]
        table = _table(("key", "type", "default"), rows, say)
        parts.append(f"### `{kind}`\n\n{say(model.__doc__ or '')}\n\n{table}")
    return "\n\n".join(parts)


def _expression_section(say: _Say) -> str:
    groups = {
        kind: [name for name, entry in SCALARS.items() if entry.gives == kind] for kind in (*Kind, None)
    }
    titles = {
        Kind.NUMBER: "gives a number", Kind.TEXT: "gives text", Kind.DATE: "gives a date",
        Kind.BOOLEAN: "gives true or false", None: "gives what it is given",
    }  # fmt: skip
    rows = [(say(title), _code_list(groups[kind])) for kind, title in titles.items()]
    rows.append((say("only in `rollup`"), _code_list(AGGREGATES)))
    text = (
        "SQL in DuckDB's dialect, at most {length} characters, over the columns of an account (in `rollup`: of the "
        "table). Division by zero and results that are not finite are missing; a comparison with a missing value is not "
        "true. Whole numbers added to dates are days."
    )
    signs = "Signs and words: {operators}. In `rollup` also `DISTINCT` and `FILTER (WHERE ...)`."
    return (
        f"## {say('Expressions')}\n\n{say(text).format(length=MAX_LENGTH)}\n\n"
        f"{say(signs).format(operators=_OPERATORS)}\n\n{_table(('functions', 'names'), rows, say)}"
    )


def _computed_section(say: _Say) -> str:
    rows = [(f"`{name}`", say(_moment(name)), say(meaning)) for name, meaning in _COMPUTED.items()]
    text = (
        "Beside the columns of the exports, every `derived` column, metric and segment is a column by its name. "
        "Order: exports and rollups, `derived`, metrics, segments and teams that need no score, scorecards and score, "
        "then the rest. A name used before it exists is an error."
    )
    table = _table(("column", "from", "meaning"), rows, say)
    return f"## {say('Columns that cscli computes')}\n\n{say(text)}\n\n{table}"


def _moment(name: str) -> str:
    if name in BUILT_IN:
        return "the start"
    return "its rules" if name == "team" else "the score"


def _field_section(say: _Say) -> str:
    text = "Columns that cscli knows. Headers are compared without case, width, spaces and joining signs."
    revenue = "In sources of kind `subscriptions` and `mrr` also these, beside account_id, mrr, currency, plan and started_on:"
    return (
        f"## {say('Data dictionary')}\n\n{say(text)}\n\n{_field_table(FIELDS, say)}\n\n{say(revenue)}\n\n"
        f"{_field_table(REVENUE_FIELDS, say)}"
    )


def _event_section(say: _Say) -> str:
    text = (
        "A source of kind `events` is the product's log: a row is something that a user did. For each window of W days, "
        "up to and including `as_of`, it adds these columns, and with `_prev` at the end the same of the W days before. "
        "Days and weeks are those of `timezone`. An account without any event has 0 for counts and no dates; a window "
        "that the log does not reach back to is missing for every account, and it is said."
    )
    rows = [(name, say(meaning)) for name, meaning in _OF_EVENTS.items()]
    read = "Of the log itself these are read, beside account_id:"
    return (
        f"## {say('Event columns')}\n\n{say(text)}\n\n{_table(('column', 'meaning'), rows, say)}\n\n{say(read)}\n\n"
        f"{_field_table(EVENT_FIELDS, say)}"
    )


def _people_section(say: _Say) -> str:
    text = (
        "Columns of the workbook that `cscli inputs` makes and people fill in. They are there in every expression, and "
        "missing where nothing is typed. An override needs its reason and its last day."
    )
    return f"## {say('What people type')}\n\n{say(text)}\n\n{_field_table(PEOPLE_FIELDS, say)}"


def _field_table(fields: Iterable[Field], say: _Say) -> str:
    rows = [
        (
            f"`{entry.name}`",
            say(entry.type.value),
            say(entry.unit),
            say(entry.meaning),
            ", ".join(entry.headers[1:]),
        )
        for entry in fields
    ]
    return _table(("column", "type", "unit", "meaning", "accepted headers"), rows, say)


def _code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], say: _Say) -> str:
    lines = [[say(title) for title in head], ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
