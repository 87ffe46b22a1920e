"""Goals that no column measures: what people wrote as their measure names nothing, nearly something, or no numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.inputs.rows import Mask, SheetRows
from cscli.analysis.promises.measures import OURS, callings
from cscli.config.schema import Config
from cscli.errors import Location, Problem, Severity
from cscli.nearest import nearest_names

_SHOWN = 3
_ALMOST = 0.8
"""How much alike a measure and a name must be for a slip of the pen."""


def say_unmeasured(
    rows: SheetRows, goals: pd.DataFrame, frame: pd.DataFrame, config: Config
) -> list[Problem]:
    """What is to be known of the measures of open goals: which nearly name a column, which name one without numbers, and which name nothing where
    people typed no value that counts either.

    `rows`: the goals as typed, with key; `goals`: the judged ones (account_id, key, column, measured_by, is_open); `frame`: what may measure.
    """
    judged = goals.loc[goals["is_open"], ["account_id", "key", "column", "measured_by"]]
    there = rows.frame[["account_id", "key", "measure"]].merge(
        judged, on=["account_id", "key"], how="left", indicator=True
    )
    given = (there["measure"].notna() & (there["_merge"] == "both")).to_numpy(bool)
    named = there["column"].notna().to_numpy(bool)
    words = [name for name in there["column"].dropna().unique() if frame[name].dtype.kind not in "fi"]
    said = replace(rows, problems=[])
    wrong = given & there["column"].isin(words).to_numpy(bool)
    said.say(wrong, "measure", Problem("goals.measure_of_words", severity=Severity.WARNING))
    slips = _say_slips(said, given & ~named, frame, config)
    nothing = given & ~named & ~slips & there["measured_by"].isna().to_numpy(bool)
    return [*said.problems, *([_by_people(rows, nothing)] if nothing.any() else [])]


def _say_slips(said: SheetRows, nothing: Mask, frame: pd.DataFrame, config: Config) -> Mask:
    """Says of each measure that nearly names a column of numbers which one; where it does."""
    numbers = [name for name in frame.columns if frame[name].dtype.kind in "fi" and name not in OURS]
    known: dict[str, str] = {}
    for shown, _ in callings(numbers, config):
        known.setdefault(shown.casefold(), shown)
    slips = np.zeros(len(nothing), dtype=bool)
    measures = said.frame["measure"]
    for typed in dict.fromkeys(measures[nothing]):
        for nearest in nearest_names(str(typed), known.values(), 1, _ALMOST):
            mine = nothing & (measures == typed).to_numpy(bool)
            slip = Problem("goals.measure_nearest", severity=Severity.WARNING, details={"nearest": nearest})
            said.say(mine, "measure", slip)
            slips |= mine
    return slips


def _by_people(rows: SheetRows, nothing: Mask) -> Problem:
    """One problem of all goals that nothing measures."""
    texts = [str(each) for each in dict.fromkeys(rows.frame["measure"][nothing])]
    shown = ", ".join(texts[:_SHOWN]) + (", ..." if len(texts) > _SHOWN else "")
    where = Location(file=rows.file, sheet=rows.title, column=rows.headers.get("measure", "measure"))
    details: dict[str, object] = {"count": int(nothing.sum())}
    return Problem("goals.by_people", severity=Severity.NOTE, where=where, value=shown, details=details)
