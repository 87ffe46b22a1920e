"""How well something ranks, and how sure that is, to the one word that a reader needs."""

import numpy as np

from cscli.analysis.proving.ranking import Auc
from cscli.analysis.revenue.ratio_interval import wilson_interval

PREDICTS, NO_SIGNAL, CANNOT_TELL, WRONG_WAY, LEAK = (
    "predicts",
    "no_signal",
    "cannot_tell",
    "wrong_way",
    "leak",
)
OK = "ok"
VERDICTS = (PREDICTS, NO_SIGNAL, CANNOT_TELL, WRONG_WAY, LEAK)
FEWEST, FEW, MANY, TRUSTWORTHY = 10, 20, 50, 100
"""Accounts that left: below the first nothing is ranked, below the second it is too few to judge; with the last, numbers
are trustworthy (Collins, Ogundimu & Altman 2016).
"""
_LITTLE = 0.65
_STRENGTHS = ((0.6, "hardly"), (0.7, "somewhat"), (0.8, "well"))


def judge(auc: Auc, churned: int) -> str:
    """One of `VERDICTS` but `leak`. `churned`: accounts that left."""
    low, high = interval_of(auc, churned)
    if churned < FEWEST or np.isnan(low):
        return CANNOT_TELL
    if high < 0.5:
        return WRONG_WAY
    if low > 0.5:
        return PREDICTS if churned >= FEW else CANNOT_TELL
    return NO_SIGNAL if high < _LITTLE or churned >= MANY else CANNOT_TELL


def interval_of(auc: Auc, churned: int) -> tuple[float, float]:
    """That of the AUC; of one that is exactly 0 or 1, which has no error, Wilson's of as many tries as accounts left."""
    if auc.pairs and auc.value in (0.0, 1.0):
        return wilson_interval(auc.value * churned, churned)
    return auc.low, auc.high


def strength(value: float) -> str:
    """hardly, somewhat, well, strongly: how well it ranks."""
    return next((name for edge, name in _STRENGTHS if value < edge), "strongly")
