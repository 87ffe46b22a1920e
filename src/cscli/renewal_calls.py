"""What owners expect of a renewal, as they typed it, to the chance that it is lost."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.header_keys import header_key

CALLS = ("renew", "risk", "churn")
DEFAULT_CALLS: Mapping[str, float] = {"renew": 0.05, "risk": 0.35, "churn": 0.85}
_WORDS = {
    header_key(word): call
    for call, words in {
        "renew": ("renew", "renews", "renewal", "更新", "継続"),
        "risk": ("risk", "at risk", "リスク", "危険", "要注意"),
        "churn": ("churn", "lost", "解約", "離脱"),
    }.items()
    for word in words
}
_SHARE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<sign>%?)")


def read_call(typed: str, chances: Mapping[str, float]) -> float:
    """The chance to lose: of a word by `chances`; `20%`, `20` and `0.2` are one fifth (what is 1 or less is a share). NaN
    for anything else.
    """
    call = _WORDS.get(header_key(typed))
    if call is not None:
        return chances[call]
    match = _SHARE.fullmatch(typed.replace("％", "%").strip())
    if match is None:
        return np.nan
    number = float(match["number"])
    share = number / 100 if match["sign"] or number > 1 else number
    return share if share <= 1 else np.nan


def call_word(typed: str) -> str:
    """`renew`, `risk` or `churn` for such a word in either language; else what was typed."""
    return _WORDS.get(header_key(typed), typed)


def call_chances(typed: "pd.Series[str]", chances: Mapping[str, float]) -> NDArray[np.float64]:
    """`read_call` of each; NaN where nothing was typed."""
    found = [np.nan if pd.isna(each) else read_call(str(each), chances) for each in typed]
    return np.array(found, dtype=np.float64)
