"""Texts as they are compared: NFKC, case folded, blanks to one."""

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_BLANKS = re.compile(r"\s+")


def fold_text(text: str) -> str:
    """One text."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def fold_texts(texts: Iterable[str | None]) -> NDArray[np.object_]:
    """Each of `texts`, the same one folded once; a missing one is ''."""
    codes, uniques = pd.factorize(np.array([each or "" for each in texts], dtype=object))
    folded = np.array([fold_text(each) for each in uniques], dtype=object)
    return folded[codes] if len(uniques) else np.array([], dtype=object)
