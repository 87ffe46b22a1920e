"""A text in one line, with nothing in it that steers a reader's screen."""

import re
import unicodedata

_BREAKS = re.compile("[\\s\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_INVISIBLE = ("Cc", "Cf", "Cn", "Co")
_KEPT_FORMATS = "\u200c\u200d"  # they join letters of some scripts, and emoji


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
