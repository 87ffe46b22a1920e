"""Which language the reader of the terminal reads."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from cscli.texts import Language, as_language

_SAYS = re.compile(r"^language:\s*[\"']?(ja|en)\b", re.MULTILINE)
_HEAD_BYTES = 20_000


def language_of_system(environment: Mapping[str, str] = os.environ) -> Language:
    """Japanese where LC_ALL, LC_MESSAGES or LANG (the first that is set) says so; else English."""
    said = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return as_language(said[:2].lower())


@cache
def reader_language() -> Language:
    """As `find_language`, of this process."""
    try:
        folder = Path.cwd()
    except OSError:  # deleted meanwhile
        folder = Path(os.devnull)
    return find_language(sys.argv[1:], os.environ, folder)


def find_language(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Language:
    """That of `--lang`; without it Japanese where the system or the rules in force are in it, else English."""
    asked = _value_of(arguments, "--lang")
    if asked in ("en", "ja"):
        return as_language(asked)
    if language_of_system(environment) == "ja":
        return "ja"
    from cscli.workspace.rules import CONFIG_NAME

    rules = _value_of(arguments, "--config") or _value_of(arguments, "-c") or CONFIG_NAME
    return _language_in(folder / rules)


def _value_of(arguments: Sequence[str], option: str) -> str | None:
    """What follows an option, or stands after its `=`."""
    for at, argument in enumerate(arguments):
        if argument == option:
            return next(iter(arguments[at + 1 : at + 2]), None)
        if argument.startswith(f"{option}="):
            return argument.removeprefix(f"{option}=")
    return None


def _language_in(path: Path) -> Language:
    """What a config says, without reading it whole; English where there is none."""
    try:
        if not path.is_file():
            return "en"
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return "en"
    found = _SAYS.search(head)
    return as_language(found[1] if found else None)
