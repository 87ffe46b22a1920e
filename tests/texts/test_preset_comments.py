"""Rules of a Japanese reader have Japanese comments: every one of every preset. The oracle is the preset's own text."""

import re
from pathlib import Path

import pytest
import yaml

from books.latin import english_in
from cscli.texts.usage import sample
from cscli.texts.usage.presets import COMMENTS, HEADS, commented_in_japanese
from places import CONFIGS, SAMPLE

PRESETS = sorted(CONFIGS.glob("*.yaml"))
COMMENT = re.compile(r"(?:^|\s)# (.*)$")
RULES = re.compile(r"- \{|\w+:$")


def comments(text: str) -> list[str]:
    """Those below the head that are words, not rules."""
    below = text.split("\nversion:", 1)[1]
    found = [match[1].strip() for line in below.split("\n") if (match := COMMENT.search(line))]
    return [each for each in found if not RULES.match(each)]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_no_comment_stays_english_and_no_rule_changes(path: Path) -> None:
    english = path.read_text(encoding="utf-8")
    japanese = commented_in_japanese(english)
    assert yaml.safe_load(japanese) == yaml.safe_load(english)
    assert len(comments(japanese)) == len(comments(english)) > 15
    assert [each for each in comments(japanese) if not re.search(r"[ぁ-ん一-龥]", each)] == []
    assert english_in("\n".join(comments(japanese))) - {"high", "tech", "name"} == set()
    assert japanese.split(":")[0] == english.split(":")[0]
    assert "Where to adapt" not in japanese


def test_nothing_is_said_of_a_comment_that_no_preset_has() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PRESETS]
    assert set(COMMENTS) - {each for text in texts for each in comments(text)} == set()
    assert set(HEADS) == {text.removeprefix("# ").split(":")[0] for text in texts}


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("cscli.yaml")), ids=lambda path: path.parent.name)
def test_the_sample_of_a_japanese_reader_has_no_english_comment(path: Path) -> None:
    english = path.read_text(encoding="utf-8")
    japanese = commented_in_japanese(english, sample.HEADS, sample.COMMENTS)
    assert yaml.safe_load(japanese) == yaml.safe_load(english)
    head = japanese.split("\nversion:", 1)[0]
    assert english_in("\n".join([head, *comments(japanese)])) == set()
    assert [each for each in comments(japanese) if not re.search(r"[ぁ-ん一-龥]", each)] == []
    assert "The rules" not in head


def test_nothing_is_said_of_a_comment_that_the_sample_has_not() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SAMPLE.rglob("cscli.yaml")]
    assert set(sample.COMMENTS) - {each for text in texts for each in comments(text)} == set()
    assert set(sample.HEADS) == {re.split("[:.]", text.removeprefix("# "))[0] for text in texts}
