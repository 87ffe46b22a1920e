"""The files for editors and readers are what the code says now; every column and kind has its line."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import pytest

from cscli.config import reference
from cscli.config.linting.taken import AFTER_SCORE, BUILT_IN
from cscli.config.reference import json_schema, manual
from cscli.config.schema import Config
from cscli.fields import FIELDS
from cscli.normalizers import AnyNormalizer
from cscli.texts import LANGUAGES, Language
from cscli.texts.usage import blocks, columns, keys, manual_in
from cscli.texts.usage import manual as frames
from places import CONFIGS

_CATALOGUE = (frames, keys, blocks, columns)
_KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_CODE = re.compile(r"`[^`]+`")
_SAID_OTHERWISE = {"`cscli config reference`", "`[x, points]`"}


@pytest.mark.parametrize(
    ("name", "command", "made"),
    [
        ("cscli.schema.json", "schema", json_schema),
        ("reference.md", "reference --lang en", partial(manual, "en")),
        ("reference.ja.md", "reference --lang ja", partial(manual, "ja")),
    ],
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
    text = manual("en")
    columns = {entry.name for entry in FIELDS} | BUILT_IN | AFTER_SCORE | {"team"}
    assert [name for name in sorted(columns) if f"| `{name}` |" not in text] == []
    kinds = [
        model.model_json_schema()["properties"]["kind"]["const"]
        for model in get_args(get_args(AnyNormalizer)[0])
    ]
    assert [kind for kind in kinds if f"### `{kind}`" not in text] == []


def test_every_sentence_of_the_manual_is_said_in_japanese_and_none_besides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Oracle: the sentences for which the manual asks, noted while it is written."""
    asked: set[str] = set()

    def noted(sentence: str, language: Language) -> str:
        asked.add(" ".join(sentence.split()))
        return manual_in(sentence, language)

    monkeypatch.setattr(reference, "manual_in", noted)
    manual("ja")
    known = Counter(key for module in _CATALOGUE for key in module.JAPANESE)
    assert sorted(asked - set(known) - {""}) == []
    assert sorted(set(known) - asked) == []
    assert [key for key, times in known.items() if times > 1] == []


def test_the_japanese_manual_has_the_keys_code_and_values_of_the_english_one() -> None:
    """Oracle: the English one: the same keys and columns in the same order; in a sentence the same code."""
    english, japanese = (
        [_first_cell(line) for line in manual(language).splitlines() if line.startswith(("| `", "## `"))]
        for language in LANGUAGES
    )
    assert len(english) > 400
    assert english == japanese
    sentences = {key: said for module in _CATALOGUE for key, said in module.JAPANESE.items()}
    unlike = {
        key
        for key, said in sentences.items()
        if set(_CODE.findall(key)) - set(_CODE.findall(said)) - _SAID_OTHERWISE
    }
    assert unlike == set()


def test_meanings_in_japanese_are_japanese_and_end_alike() -> None:
    """Oracle: sentences end in a full stop, what a cell of a type or a unit says does not."""
    meanings = [said for module in (keys, blocks) for said in module.JAPANESE.values()]
    assert [said for said in meanings if not said.endswith("。") or not _KANA.search(said)] == []
    assert [said for said in meanings if re.search(r"[(),;]", re.sub(r"`[^`]*`", "", said))] == []


def _first_cell(line: str) -> str:
    return line.strip("| ").split(" | ")[0]


def _properties(model: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = model.get("properties", {})
    return properties
