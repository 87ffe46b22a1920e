"""The pages of all commands are what the help says now; `--update-golden` writes them anew."""

import re

import pytest
from command_reference import EVERY, command_reference

from cscli.texts import LANGUAGES, Language
from places import ROOT

PAGES = {"en": "commands.md", "ja": "commands.ja.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_all_commands_is_fresh(language: Language, request: pytest.FixtureRequest) -> None:
    path, made = ROOT / "docs" / PAGES[language], command_reference(language)
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
    message = f"docs/{path.name} is stale: run `pytest --update-golden tests/cli/manual`"
    assert path.read_text(encoding="utf-8") == made, message


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_command_and_every_option(language: Language) -> None:
    """Oracle: the command line as it is declared; code is the same in both languages."""
    page = (ROOT / "docs" / PAGES[language]).read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### `(cscli [^`]+)`\n(.*?)(?=^#|\Z)", page, re.DOTALL | re.MULTILINE))
    commands = {context.command_path: command for command, context in EVERY if context.parent is not None}
    assert set(sections) == {path for path, command in commands.items() if not command.hidden}
    missing = [
        (path, name)
        for path, text in sections.items()
        for each in commands[path].params
        for name in each.opts
        if name.startswith("--") and name != "--help" and name not in text
    ]
    assert missing == []
