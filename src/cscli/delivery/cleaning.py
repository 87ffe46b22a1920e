"""Text that goes out: nothing in it that steers a reader's screen, and no secret."""

import base64
import re
import unicodedata
from collections.abc import Iterable

from cscli.config.blocks.alerts import HIDDEN

_BREAKS = re.compile("[\\s\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_INVISIBLE = ("Cc", "Cf", "Cn", "Co")
_KEPT_FORMATS = "\u200c\u200d"  # they join letters of some scripts, and emoji
_SHORTEST_PART = 6


def one_line(text: str, longest: int = 300) -> str:
    """`text` in one line: without control characters, marks that turn the direction of what follows, and lone
    surrogates; cut where it is longer than `longest`.
    """
    flat = _BREAKS.sub(" ", _SURROGATES.sub("\ufffd", text)).strip()
    if not flat.isprintable() or any(mark in flat for mark in _KEPT_FORMATS):
        flat = "".join(
            mark for mark in flat if mark in _KEPT_FORMATS or unicodedata.category(mark) not in _INVISIBLE
        )
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def redact(text: str, secrets: Iterable[str]) -> str:
    """`text` with every secret, in whatever form it may have got there, as `***`."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> Iterable[str]:
    """The secret; as base64; of a URL also its path and query, and their parts that are long enough to be telling."""
    yield secret
    yield repr(secret)[1:-1]
    yield base64.b64encode(secret.encode(errors="replace")).decode()
    if "://" in secret:
        address, _, query = secret.partition("://")[2].partition("?")
        host, _, path = address.partition("/")
        pieces = [f"/{path}", path, query, host.rpartition("@")[0]]
        yield from (piece for piece in pieces if len(piece) >= _SHORTEST_PART)
        for piece in re.split("[/?&=]", f"{path}?{query}"):
            if len(piece) >= _SHORTEST_PART:
                yield piece
