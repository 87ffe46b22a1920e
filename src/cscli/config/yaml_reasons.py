"""Why a text is no YAML, in words: of the usual mistakes; what is rarer is told as the parser says it."""

import re

from cscli.texts import Phrase

_USUAL = tuple(
    (re.compile(pattern), f"yaml.{key}")
    for pattern, key in (
        (r"expected ',' or '[}\]]'|unclosed '\['", "bracket"),
        (r"unexpected end of stream|unexpected document separator", "quote"),
        (r"could not find expected ':'", "colon"),
        (r"mapping values are not allowed", "value"),
        (r"expected <block end>|(?:sequence entries|mapping keys) are not allowed", "indentation"),
        (r"cannot start any token|expected alphabetic or numeric|undefined alias", "sign"),
        (r"unknown escape character|escape sequence", "escape"),
        (r"single document|another document", "documents"),
    )
)


def yaml_reason(said: str) -> Phrase | str:
    """What to tell of the parser's reason."""
    found = next((key for pattern, key in _USUAL if pattern.search(said)), None)
    return said if found is None else Phrase(found)
