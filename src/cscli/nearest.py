"""Finds the name that somebody probably meant."""

from collections.abc import Iterable


def nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, or None."""
    return next(iter(nearest_names(name, candidates, 1)), None)


def nearest_names(name: str, candidates: Iterable[str], count: int, cutoff: float = 0.6) -> list[str]:
    """At most `count` candidates that `name` may have been meant to be, the nearest first. `cutoff`: how much of
    two names must be alike, from 0 to 1; capitals do not count.
    """
    import difflib  # noqa: PLC0415 - for mistakes alone

    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates)}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=count, cutoff=cutoff)
    return [by_folded[each] for each in found]
