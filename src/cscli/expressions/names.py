"""Finds the name that somebody probably meant."""

import difflib
from collections.abc import Iterable

from cscli.expressions.faults import ExpressionError
from cscli.expressions.grammar import FUNCTIONS


def nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, or None."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates)}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def unknown_function(name: str) -> ExpressionError:
    """The fault for a function that is not on the list, with the nearest one that is."""
    folded = name.casefold()
    if nearest := nearest_name(folded, FUNCTIONS):
        return ExpressionError("expressions.unknown_function", folded, nearest=nearest)
    return ExpressionError("expressions.function_not_allowed", folded, allowed=", ".join(FUNCTIONS))
