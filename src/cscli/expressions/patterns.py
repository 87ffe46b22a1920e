"""Words and regular expressions found in many texts at once, in linear time (RE2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.expressions.engine import TABLE, locked_connection
from cscli.expressions.quoting import sql_text

_THREADS = 2


class PatternError(Exception):
    """A regular expression that cannot be read: `pattern` and why."""

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(reason)
        self.pattern, self.reason = pattern, reason


@dataclass(frozen=True, slots=True)
class Search:
    """`patterns`: one of them must be there once each of `without` (plain texts) has been taken out."""

    patterns: tuple[str, ...]
    without: tuple[str, ...] = ()


def found_in(texts: NDArray[np.object_], searches: Sequence[Search]) -> NDArray[np.bool_]:
    """Which of `searches` (columns) each of `texts` (rows) answers to. Raises PatternError."""
    if not len(texts) or not searches:
        return np.zeros((len(texts), len(searches)), dtype=bool)
    columns = ", ".join(f"{_condition(search)} AS s{number}" for number, search in enumerate(searches))
    frame = pd.DataFrame({"n": np.arange(len(texts)), "t": pd.Series(texts, dtype="str")})
    with locked_connection(frame, threads=_THREADS) as connection:
        try:
            found = connection.execute(f"SELECT {columns} FROM {TABLE} ORDER BY n").fetchnumpy()  # noqa: S608 - texts are quoted
        except duckdb.Error as error:
            raise _fault(searches, str(error)) from error
    return np.column_stack([np.asarray(found[f"s{number}"], dtype=bool) for number in range(len(searches))])


def check_pattern(pattern: str) -> str | None:
    """Why a regular expression cannot be read; None where it can."""
    try:
        found_in(np.array([""], dtype=object), [Search((pattern,))])
    except PatternError as error:
        return error.reason
    return None


def _condition(search: Search) -> str:
    text = "t"
    for words in search.without:
        text = f"replace({text}, {sql_text(words)}, ' ')"
    either = "|".join(f"(?:{pattern})" for pattern in search.patterns)
    return f"regexp_matches({text}, {sql_text(either)})"


def _fault(searches: Sequence[Search], reason: str) -> PatternError:
    """The first pattern that cannot be read by itself."""
    every = [pattern for search in searches for pattern in search.patterns]
    if len(every) > 1:
        for pattern in every:
            alone = check_pattern(pattern)
            if alone is not None:
                return PatternError(pattern, alone)
    return PatternError(every[0], reason.splitlines()[0].removeprefix("Invalid Input Error: "))
