"""The fast loader of YAML. Oracle: the slow one, which reads every text in place of it."""

import random
from pathlib import Path

import pytest
import yaml

from cscli.config import document
from cscli.config.document import Document, parse_document
from cscli.errors import ConfigError, Problem

_ROOT = Path(__file__).parents[2]
_TEXTS = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "configs").glob("*.yaml"))]
_SIGNS = [
    *":-#{}[]\"'|>&*!%?\n ,@`~\\=",
    "\n  ",
    "\n- ",
    "---",
    ": ",
    "- ",
    "é",
    "日本",
    "\t",
    "\r\n",
    "\u2028",
    "<<",
]


def read(text: str) -> Document | tuple[Problem, ...]:
    try:
        return parse_document(text, "cscli.yaml")
    except ConfigError as error:
        return error.problems


def damaged(random_: random.Random) -> str:
    """Some lines of a preset with signs put in and taken out."""
    lines = random_.choice(_TEXTS).split("\n")
    start = random_.randrange(len(lines))
    text = "\n".join(lines[start : start + random_.randrange(1, 10)])
    for _ in range(random_.randrange(4)):
        place = random_.randrange(len(text) + 1)
        text = text[:place] + random_.choice(_SIGNS) + text[place + random_.randrange(2) :]
    return text


def test_damaged_texts_are_the_same_document_or_the_same_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    random_ = random.Random(20261031)  # noqa: S311 - repeatable on purpose
    texts = [damaged(random_) for _ in range(500)]
    fast = [read(text) for text in texts]
    assert sum(isinstance(each, Document) for each in fast) > 100, "both ends are met"
    assert sum(isinstance(each, tuple) for each in fast) > 100
    monkeypatch.setattr(document, "_FAST_LOADER", None)
    assert fast == [read(text) for text in texts]


def test_presets_are_read_by_the_fast_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        yaml.SafeLoader, "get_single_node", lambda _: pytest.fail("the slow loader was asked")
    )
    for text in _TEXTS:
        assert isinstance(read(text), Document)
