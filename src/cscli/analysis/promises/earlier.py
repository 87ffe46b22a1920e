"""What earlier runs knew of promises: by it conditions get their days, and what fell back is seen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MILESTONE, GOAL = "milestone", "goal"
COLUMNS = ("account_id", "kind", "name", "status", "reached_on", "value")


@dataclass(frozen=True, eq=False, slots=True)
class EarlierPromises:
    """`promises`: of the newest run before the day that knew any, `COLUMNS`, reached_on datetime64[us]; `on`: its day. None where there was none.
    `since`: by milestone, the day of the first run that looked at it.
    """

    promises: pd.DataFrame | None = None
    on: dt.date | None = None
    since: Mapping[str, dt.date] = field(default_factory=dict)

    def milestone(self, name: str, accounts: pd.DataFrame) -> pd.DataFrame:
        """One row for each of `accounts` (account_id, start): known (whether it was followed then, or had not begun), status, reached_on."""
        found = self._of(MILESTONE, name, accounts["account_id"])
        if self.on is None:
            return found
        return found.assign(known=found["known"].to_numpy(bool) | began_after(accounts["start"], self.on))

    def _of(self, kind: str, name: str, ids: "pd.Series[str]") -> pd.DataFrame:
        if self.promises is None:
            rows = pd.RangeIndex(len(ids))
            return pd.DataFrame({
                "known": False, "status": pd.Series(None, rows, dtype=object),
                "reached_on": pd.Series(pd.NaT, rows, dtype="datetime64[us]"),
            }, index=rows)  # fmt: skip
        mine = self.promises[(self.promises["kind"] == kind) & (self.promises["name"] == name)]
        found = mine.drop_duplicates("account_id").set_index("account_id").reindex(ids).reset_index(drop=True)
        return found[["status", "reached_on"]].assign(known=found["status"].notna())

    def reached_goals(self) -> frozenset[tuple[str, str]]:
        """Account and key of each goal that was reached, or had been and fell back."""
        if self.promises is None:
            return frozenset()
        goals = self.promises[self.promises["kind"] == GOAL]
        there = goals[goals["status"].isin(["reached", "fell_back"])]
        return frozenset(zip(there["account_id"], there["name"], strict=True))

    def goals(self) -> frozenset[tuple[str, str]]:
        """Account and key of every goal."""
        if self.promises is None:
            return frozenset()
        goals = self.promises[self.promises["kind"] == GOAL]
        return frozenset(zip(goals["account_id"], goals["name"], strict=True))


NOTHING_EARLIER = EarlierPromises()


def began_after(starts: "pd.Series[Any]", day: dt.date) -> NDArray[np.bool_]:
    """Whether each of `starts` lies after `day`: what an account reached before the first run looked, nobody can date."""
    return np.asarray((starts > pd.Timestamp(day)).to_numpy(bool))


def date_condition(
    holds: NDArray[np.bool_], before: pd.DataFrame, as_of: dt.date
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """The day on which a condition first held, as runs saw it, and where it held at the first run ever, so that nobody knows since
    when. `before`: known, status, reached_on of the newest earlier run. What was reached once stays reached.
    """
    earlier = before["reached_on"].to_numpy("datetime64[D]")
    undated = (before["status"] == "reached_undated").to_numpy(bool)
    was_known = before["known"].to_numpy(bool)
    today = np.where(holds & was_known & ~undated, np.datetime64(as_of), np.datetime64("NaT"))
    reached = np.where(np.isnat(earlier), today, earlier)
    return reached, (undated | (holds & ~was_known)) & np.isnat(earlier)
