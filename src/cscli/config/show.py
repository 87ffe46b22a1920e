"""The config in force as YAML, each line with where its value came from; it can be read back as a config."""

import json
import re
from collections.abc import Iterator

from cscli.config.blocks.stores import HistorySettings, InputSettings
from cscli.config.document import Path, plain_scalar
from cscli.config.load import Draft
from cscli.config.schema import Config
from cscli.config.secrets import hide_password

_PLAIN = re.compile(r"[\w/][\w ./*()<>=+%'-]*")
_STEP = "  "


def show(draft: Draft, config: Config) -> str:
    """YAML of `config`, defaults included; keys that have no value at all are left out.

    The comment of a line is `cscli.yaml:12`, `--set KEY=VALUE` or `default`. Passwords are not shown.
    """
    history = config.history or HistorySettings()
    shown = config.model_copy(
        update={
            "inputs": config.inputs or InputSettings(),
            "history": history.model_copy(update={"url": hide_password(history.url)}),
        }
    )
    data = shown.model_dump(mode="json", by_alias=True, exclude_none=True)
    lines = list(_mapping_lines(data, (), draft))
    width = min(64, max(len(line) for line, _ in lines))
    return "".join(f"{line:<{width}}  # {origin}\n" for line, origin in lines)


def _mapping_lines(data: dict[str, object], path: Path, draft: Draft) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        yield from _entry_lines(f"{_scalar(key)}:", value, (*path, key), draft)


def _entry_lines(head: str, value: object, path: Path, draft: Draft) -> Iterator[tuple[str, str]]:
    origin = _origin(path, draft)
    if not _is_block(value):
        yield f"{head} {_flow(value)}", origin
        return
    yield head, origin
    if isinstance(value, dict):
        yield from ((_STEP + line, where) for line, where in _mapping_lines(value, path, draft))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            for number, (line, where) in enumerate(_mapping_lines(item, (*path, index), draft)):
                yield (f"{_STEP}- {line}" if number == 0 else f"{_STEP * 2}{line}"), where


def _is_block(value: object) -> bool:
    """Mappings, and lists of mappings, take a line for each of their keys."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) and item for item in value)
    return isinstance(value, dict) and bool(value)


def _flow(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "{}" if isinstance(value, dict) else _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        return json.dumps(value)
    plain = _PLAIN.fullmatch(value) and value == value.strip() and isinstance(plain_scalar(value), str)
    return value if plain else json.dumps(value, ensure_ascii=not value.isprintable())


def _origin(path: Path, draft: Draft) -> str:
    document = draft.document
    if origin := document.origin(path):
        return " ".join(origin.split())
    return f"{document.file}:{document.lines[path]}" if path in document.lines else "default"
