"""The pages of `cscli help`. Oracle: what they name is there, what they show is read by cscli itself."""

import re

import pytest
import typer
import yaml

from cscli.cli import make_app
from cscli.config.schema import Band, Source
from cscli.expressions import parse_expression
from cscli.texts import LANGUAGES, Language
from cscli.texts.columns import width
from cscli.texts.topics import TOPICS, topic_page

COMMANDS = set(typer.main.get_command(make_app()).commands)  # type: ignore[attr-defined] # the first level is a group
PAGES = [(topic, language) for topic in TOPICS for language in LANGUAGES]


@pytest.mark.parametrize(("topic", "language"), PAGES)
def test_a_page_fits_a_terminal_and_a_minute(topic: str, language: Language) -> None:
    lines = topic_page(topic, language).splitlines()
    assert [line for line in lines if width(line) > 80] == []
    assert lines[0].startswith("# ")
    assert len(lines) < 40


@pytest.mark.parametrize(("topic", "language"), PAGES)
def test_commands_that_a_page_names_are_there(topic: str, language: Language) -> None:
    assert set(re.findall(r"`cscli ([a-z-]+)", topic_page(topic, language))) <= COMMANDS


@pytest.mark.parametrize(("topic", "language"), PAGES)
def test_rules_that_a_page_shows_are_right(topic: str, language: Language) -> None:
    blocks = re.findall(r"(?:^    .*\n?)+", topic_page(topic, language), re.MULTILINE)
    for block in blocks:
        if topic == "expressions":
            continue
        shown = yaml.safe_load(block)
        for source in shown.get("sources", {}).values():
            kind = {"rollup": {"n": "count(*)"}} if source.get("kind") == "rows" else {}
            Source.model_validate({**source, **kind})
        bands = [Band.model_validate(band).from_ for band in shown.get("bands", [])]
        assert bands == sorted(bands, reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_that_the_page_shows_can_be_read(language: Language) -> None:
    rows = re.findall(r"^    (.{31})(.+)$", topic_page("expressions", language), re.MULTILINE)
    here = [re.split(r"\s{2,}|（", line[line.index("  ") :].strip())[0] for line in (a + b for a, b in rows)][
        1:
    ]
    assert len(here) == 9
    assert [parse_expression(text, aggregate="count(" in text).text for text in here] == here
