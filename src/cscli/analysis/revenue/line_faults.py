"""What is wrong with lines of revenue, told once a kind; and their numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.errors import Location, Problem, Severity

_SHOWN = 3


@dataclass(frozen=True, eq=False)
class LineFaults:
    """Collects problems of the rows of a table whose accounts are `ids`."""

    ids: NDArray[np.object_]
    locate: Callable[[int], Location]
    found: list[Problem] = field(default_factory=list)

    def note(
        self, code: str, rows: NDArray[np.bool_], severity: Severity = Severity.ERROR, **details: object
    ) -> None:
        """One problem for all `rows`, at the first of them, with its first accounts as the value."""
        where = np.flatnonzero(rows)
        if len(where):
            shown = ", ".join(list(dict.fromkeys(map(str, self.ids[where[:50]])))[:_SHOWN])
            facts = {"count": len(where), **details}
            self.found.append(
                Problem(code, severity=severity, where=self.locate(int(where[0])), value=shown, details=facts)
            )


def numbers_of(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """The finite numbers of a column, NaN elsewhere and where there is none."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    numbers = pd.to_numeric(frame[name]).to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def days_of(frame: pd.DataFrame, name: str) -> "NDArray[np.datetime64]":
    """The days of a column, NaT where there is none."""
    if name not in frame.columns:
        return np.full(len(frame), np.datetime64("NaT", "D"))
    return pd.to_datetime(frame[name]).to_numpy().astype("datetime64[D]")
