"""Help for writing rules of themes: terms that never hit, themes that overlap, words that no theme knows, and how far reason codes agree with texts."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.conversations.folding import fold_texts
from cscli.analysis.conversations.themes import Hits, terms_of
from cscli.config.work.voice import Theme

_OVERLAP = 0.8
_FEWEST = 2
_MOST = 50
_WORD = re.compile(r"[a-z][a-z'-]{2,}")
_JAPANESE = re.compile(r"[\u30a0-\u30ff\u4e00-\u9fffー]{2,6}")
_PLAIN = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "not",
        "you",
        "our",
        "are",
        "was",
        "were",
        "this",
        "that",
        "from",
        "have",
        "has",
        "had",
        "does",
        "doesn",
        "don",
        "can",
        "cannot",
        "could",
        "would",
        "should",
        "will",
        "but",
        "all",
        "any",
        "more",
        "than",
        "they",
        "their",
        "them",
        "when",
        "what",
        "which",
        "who",
        "how",
        "why",
        "too",
        "very",
        "use",
        "used",
        "using",
        "after",
        "before",
        "into",
        "out",
        "about",
        "your",
        "its",
        "it's",
        "only",
        "each",
        "some",
    ]
)


def term_table(folded: NDArray[np.object_], hits: Hits, themes: Sequence[Theme]) -> pd.DataFrame:
    """By term: theme, term, texts (that it hits). `hits`: of the themes, among which a term can hit at all."""
    rows = [
        {"theme": theme.name, "term": term, "texts": float(count)}
        for number, theme in enumerate(themes)
        for term, count in zip(theme.any, _counts(folded[hits[:, number]], theme), strict=True)
    ]
    return pd.DataFrame(rows, columns=["theme", "term", "texts"])


def _counts(folded: NDArray[np.object_], theme: Theme) -> list[int]:
    """How many of the texts of a theme each of its terms hits: its only term all of them."""
    if len(theme.any) == 1:
        return [len(folded)]
    return [int(count) for count in terms_of(folded, theme).sum(axis=0)]


def overlaps(hits: Hits, themes: Sequence[Theme]) -> list[tuple[str, str, float]]:
    """Pairs of themes of which the rarer one shares over 80% of its texts with the other."""
    found = []
    for one in range(len(themes)):
        for other in range(one + 1, len(themes)):
            both = (hits[:, one] & hits[:, other]).sum()
            fewer = min(hits[:, one].sum(), hits[:, other].sum())
            if fewer and both / fewer > _OVERLAP:
                found.append((themes[one].name, themes[other].name, float(both / fewer)))
    return found


def candidates(texts: pd.DataFrame) -> pd.DataFrame:
    """Words, and in Japanese runs of 2 to 6 characters, frequent in texts without a theme: word, accounts, arr. `texts`: account_id, text, arr."""
    rows: dict[str, dict[str, float]] = {}
    folded = fold_texts(texts["text"])
    for account, text, arr in zip(texts["account_id"], folded, texts["arr"], strict=True):
        words = {word for word in _WORD.findall(text) if word not in _PLAIN} | set(_JAPANESE.findall(text))
        for word in words:
            rows.setdefault(word, {})[account] = 0.0 if pd.isna(arr) else float(arr)
    table = pd.DataFrame(
        [
            {"word": word, "accounts": float(len(found)), "arr": sum(found.values())}
            for word, found in rows.items()
            if len(found) >= _FEWEST
        ],
        columns=["word", "accounts", "arr"],
    )
    ordered = table.sort_values(
        ["accounts", "arr", "word"], ascending=[False, False, True], ignore_index=True
    )
    return ordered.head(_MOST)


def agreement(codes: "pd.Series[str]", hits: Hits) -> tuple[float, float, int]:
    """How far reason codes agree with the themes of the texts beside them: Cramer's V, the p of its chi-square test, and the number of texts with a code
    and one theme at least. NaN where there is nothing to compare.
    """
    from scipy.stats import chi2_contingency  # noqa: PLC0415 - loaded only where codes are given

    rows = codes.notna().to_numpy(bool) & hits.any(axis=1)
    if rows.sum() < _FEWEST:
        return np.nan, np.nan, int(rows.sum())
    first = hits[rows].argmax(axis=1)
    table = pd.crosstab(codes[rows].to_numpy(dtype=object), first).to_numpy()
    if min(table.shape) < _FEWEST:
        return np.nan, np.nan, int(rows.sum())
    chi2, p = chi2_contingency(table, correction=False)[:2]
    return float(np.sqrt(chi2 / (table.sum() * (min(table.shape) - 1)))), float(p), int(rows.sum())
