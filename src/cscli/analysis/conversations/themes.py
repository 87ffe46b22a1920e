"""What customers say to themes, by the words of the rules; a text may have several."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.conversations.folding import fold_text
from cscli.config.work.voice import Theme
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions.patterns import PatternError, Search, found_in

_LATIN = re.compile(r"[\x20-\x7e]+\Z")
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$/-])")
Hits = NDArray[np.bool_]


def themes_of(folded: NDArray[np.object_], themes: Sequence[Theme]) -> Hits:
    """Which of `themes` (columns) each text (rows; as `fold_texts` gives them) belongs to. Raises ConfigError with the place of a regular expression that
    cannot be read.
    """
    texts, places = _unique(folded)
    return _found(
        texts,
        [Search(tuple(map(pattern_of, each.any)), tuple(map(fold_text, each.not_))) for each in themes],
        themes,
    )[places]


def terms_of(folded: NDArray[np.object_], theme: Theme) -> Hits:
    """Which of the terms of `theme` (columns) each text has."""
    texts, places = _unique(folded)
    without = tuple(map(fold_text, theme.not_))
    return found_in(texts, [Search((pattern_of(term),), without) for term in theme.any])[places]


def pattern_of(term: str) -> str:
    """The regular expression of a term: Latin letters are a whole word (with `*` its beginning), Japanese is found anywhere, `/.../` is one already."""
    folded = fold_text(term)
    if len(term) > 1 and term.startswith("/") and term.endswith("/"):
        return term[1:-1]
    if _LATIN.match(folded):
        tail = "[a-z0-9_]*" if folded.endswith("*") else ""
        return f"(?:^|[^a-z0-9_]){_escaped(folded.rstrip('*'))}{tail}(?:[^a-z0-9_]|$)"
    return _escaped(folded)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _unique(folded: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Each different text once, and where it stands."""
    texts, places = np.unique(folded.astype(str), return_inverse=True)
    return texts.astype(object), places.astype(np.intp)


def _found(texts: NDArray[np.object_], searches: Sequence[Search], themes: Sequence[Theme]) -> Hits:
    try:
        return found_in(texts, searches)
    except PatternError as error:
        for number, theme in enumerate(themes):
            for place, term in enumerate(theme.any):
                if pattern_of(term) == error.pattern:
                    where = Location(key=f"voice.themes[{number}].any[{place}]")
                    details = {"reason": error.reason}
                    raise ConfigError(
                        Problem("voice.bad_pattern", where=where, value=term, details=details)
                    ) from error
        raise
