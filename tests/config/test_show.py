"""The config in force: it reads back as the same config, and each line says where its value came from."""

from pathlib import Path

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from cscli.config.secrets import hide_password
from cscli.config.show import show
from places import CONFIGS

RULES = """\
version: 1
metrics:
  nps: {value: nps, points: {kind: categories, map: {"no": 1, "012": 2, "a: b # c": 3, 重要: 4, "": 5}}}
scorecards:
  - name: "yes: 1"
    groups: {voice: {weight: 1, metrics: {nps: 1}}}
"""


def shown(text: str, *overrides: str) -> tuple[str, Config]:
    draft = read_draft(text, "cscli.yaml", overrides)
    config, _ = settle(draft, Headers())
    return show(draft, config), config


def reread(text: str) -> dict[str, object]:
    return shown(text)[1].model_dump(mode="json", exclude={"history", "inputs"})


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_preset_reads_back_as_itself(path: Path) -> None:
    text, config = shown(path.read_text(encoding="utf-8"))
    assert reread(text) == config.model_dump(mode="json", exclude={"history", "inputs"})


def test_text_that_looks_like_something_else_reads_back_as_itself() -> None:
    text, config = shown(RULES)
    assert reread(text) == config.model_dump(mode="json", exclude={"history", "inputs"})


def test_each_line_says_where_its_value_came_from() -> None:
    text, _ = shown(RULES, "min_data_coverage=0.3", "bands=[{name: ok, from: 0}]")
    origins = {line.split("  # ")[0].rstrip(): line.split("  # ", 1)[1] for line in text.splitlines()}
    assert origins["version: 1"] == "cscli.yaml:1"
    assert origins["language: en"] == "default"
    assert origins["min_data_coverage: 0.3"] == "--set min_data_coverage=0.3"
    assert origins["  - name: ok"] == "--set bands=[{name: ok, from: 0}]"
    assert origins["    value: nps"] == "cscli.yaml:3"
    assert origins["    missing: skip"] == "default"
    assert origins['  url: "sqlite:///.cscli/history.db"'] == "default"


def test_passwords_are_shown_neither_as_value_nor_as_origin() -> None:
    text, _ = shown(RULES, "history.url=postgresql+psycopg://ann:s3cr@t/x@db/book")
    assert "s3cr" not in text
    assert text.count("postgresql+psycopg://ann:***@db/book") == 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///.cscli/history.db", "sqlite:///.cscli/history.db"),
        ("postgresql://ann@db/book", "postgresql://ann@db/book"),
        ("postgresql://ann:x@db:5432/b", "postgresql://ann:***@db:5432/b"),
        (
            "postgresql://db/b?user=a&password=x&sslmode=require",
            "postgresql://db/b?user=a&password=***&sslmode=require",
        ),
        ("alerts.channels[0].webhook_url=https://hooks/x y", "alerts.channels[0].webhook_url=***"),
        (
            "alerts: {channels: []}\nderived:\n  busy: active_users=10\n",
            "alerts: {channels: []}\nderived:\n  busy: active_users=10\n",
        ),
    ],
)
def test_hiding_changes_only_the_password(url: str, expected: str) -> None:
    assert hide_password(url) == expected
