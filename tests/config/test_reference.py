"""The files for editors and readers are what the code says now; every column and kind has its line."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import pytest

from cscli.config.linting.taken import AFTER_SCORE, BUILT_IN
from cscli.config.reference import json_schema, manual
from cscli.config.schema import Config
from cscli.fields import FIELDS
from cscli.normalizers import AnyNormalizer
from places import CONFIGS


@pytest.mark.parametrize(
    ("name", "command", "made"),
    [("cscli.schema.json", "schema", json_schema), ("reference.md", "reference", manual)],
)
def test_the_stored_file_is_fresh(name: str, command: str, made: Any) -> None:
    message = f"configs/{name} is stale: run `cscli config {command} > configs/{name}`"
    assert (CONFIGS / name).read_text(encoding="utf-8") == made(), message


def test_the_schema_states_its_dialect_and_accepts_nothing_unknown() -> None:
    schema = json.loads(json_schema())
    assert next(iter(schema)) == "$schema"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    models = [model for model in schema["$defs"].values() if "properties" in model]
    assert all(model["additionalProperties"] is False for model in [schema, *models])


def test_every_key_of_the_rules_has_a_meaning() -> None:
    schema = Config.model_json_schema()
    kinds = {model.__name__ for model in get_args(get_args(AnyNormalizer)[0])}
    models = [("", schema), *((name, model) for name, model in schema["$defs"].items() if name not in kinds)]
    nameless = [
        f"{name}.{key}"
        for name, model in models
        for key, entry in _properties(model).items()
        if not entry.get("description")
    ]
    assert nameless == []


def test_the_manual_names_every_column_and_every_kind() -> None:
    text = manual()
    columns = {entry.name for entry in FIELDS} | BUILT_IN | AFTER_SCORE | {"team"}
    assert [name for name in sorted(columns) if f"| `{name}` |" not in text] == []
    kinds = [
        model.model_json_schema()["properties"]["kind"]["const"]
        for model in get_args(get_args(AnyNormalizer)[0])
    ]
    assert [kind for kind in kinds if f"### `{kind}`" not in text] == []


def _properties(model: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = model.get("properties", {})
    return properties
