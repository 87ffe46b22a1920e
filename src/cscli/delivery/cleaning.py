"""Text that goes out: no secret in it."""

import base64
import re
from collections.abc import Iterable

from cscli.config.blocks.alerts import HIDDEN

_SHORTEST_PART = 6


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
