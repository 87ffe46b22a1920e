"""Which accounts are shown: those for which a condition of the command line holds, or those of each value of a column."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cscli.errors import Problem, UsageError
from cscli.nearest import nearest_name
from cscli.texts import Language, label

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

_LONGEST = 60
_NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """`where`: an SQL condition over the accounts' columns, `owner`: a name; both must hold. None: all accounts."""

    where: str | None = None
    owner: str | None = None

    def said(self, language: Language, **more: str) -> str | None:
        """The condition as it was typed, then the owner and `more` values by the label of their column; None: all accounts."""
        chosen = more if self.owner is None else {"owner": self.owner, **more}
        told = (f"{label(name, language)}: {value}" for name, value in chosen.items())
        return ", ".join(part for part in (self.where, *told) if part) or None


def choose_rows(frame: "pd.DataFrame", choice: Choice, as_of: "dt.date") -> NDArray[np.bool_]:
    """Which accounts of `frame` (scored, with every column) are meant. UsageError for a condition that cannot be
    judged, and for an owner whom no account has.
    """
    chosen = np.ones(len(frame), dtype=bool)
    if choice.where is not None:
        chosen &= _holds(frame, choice.where, as_of)
    if choice.owner is not None:
        owners = frame["owner"].dropna().astype(str)
        wanted = _folded(choice.owner)
        if not (owners.map(_folded) == wanted).any():
            details = {"nearest": nearest_name(choice.owner, sorted(owners.unique())) or "-"}
            raise UsageError(Problem("showing.no_owner", value=choice.owner, details=details))
        chosen &= (frame["owner"].astype(object).map(lambda each: _folded(str(each))) == wanted).to_numpy(
            dtype=bool
        )
    return chosen


def _holds(frame: "pd.DataFrame", where: str, as_of: "dt.date") -> NDArray[np.bool_]:
    from cscli.analysis.scoring.columns import evaluate_rules
    from cscli.errors import ConfigError
    from cscli.expressions import ExpressionError, parse_expression

    try:
        rule = parse_expression(where)
        found: NDArray[np.bool_] = evaluate_rules(frame, {"--where": rule}, as_of)["--where"]
    except ExpressionError as error:
        raise UsageError(_told(Problem(error.code, value=error.value, details=error.details))) from error
    except ConfigError as error:
        raise UsageError(*map(_told, error.problems)) from error
    return found


def _told(problem: Problem) -> Problem:
    from dataclasses import replace

    from cscli.errors import Location

    return replace(problem, where=Location(key="--where"))


def each_value(frame: "pd.DataFrame", column: str) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The values of a text column in order, each with its accounts; those without one come last as `-`. UsageError
    where there is no such column.
    """
    if column not in frame:
        known = sorted(map(str, frame.columns))
        details = {"nearest": nearest_name(column, known) or "-"}
        raise UsageError(Problem("showing.no_column", value=column, details=details))
    values = frame[column].astype(object).where(frame[column].notna(), None)
    for value in sorted({str(each) for each in values if each is not None}):
        yield value, np.array([each is not None and str(each) == value for each in values], dtype=bool)
    nobody = np.array([each is None for each in values], dtype=bool)
    if nobody.any():
        yield _NOBODY, nobody


def safe_name(value: str, taken: set[str]) -> str:
    """`value` as a part of a file's name on any system, and as none of `taken`, to which it is added."""
    plain = unicodedata.normalize("NFKC", value)
    plain = re.sub(r"[^\w\-]+", "-", plain).strip("-._")[:_LONGEST] or "none"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain}-{number}", number + 1
    taken.add(name.casefold())
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
