"""Values to YAML scalars that nobody can misread, and texts to comments on one line."""

import json
import re

_PLAIN = re.compile(r"[^\W\d_][\w]*([ ／（）()/][\w（）()]+)*\Z")
_CONSTANTS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def quoted(text: str) -> str:
    """`text` as a YAML scalar: plain where nobody can misread it, else quoted as JSON is."""
    if _PLAIN.match(text) and text.casefold() not in _CONSTANTS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def formula(text: str) -> str:
    """A formula as a YAML scalar."""
    return (
        text
        if re.fullmatch(r"[a-z_][\w ]*(?:[*/+-] ?[\w. ]+)*", text)
        else json.dumps(text, ensure_ascii=False)
    )


def in_comment(text: str) -> str:
    """`text` on one line, without marks that could end a comment or hide text."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


def number(value: float) -> str:
    """A number as people write it."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
