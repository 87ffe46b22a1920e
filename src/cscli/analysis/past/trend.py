"""The scores of the last nine weeks to the trend of each account: whether it falls or rises, and by how many points."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.kendall import exact_p, normal_p
from cscli.config.linting.taken import TRENDS

FALLING, STEADY, RISING = TRENDS
WINDOW_DAYS = 63
FEWEST_RUNS, FEWEST_DAYS = 5, 28
LEAST_POINTS, SURE_P = 5.0, 0.1
_MOST_CELLS = 2_000_000

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trend:
    """Of one account: `word`, None where too few runs tell, and `points` (NaN then)."""

    word: str | None = None
    points: float = float("nan")


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """Scores over the runs of the window: `scores` has a row an account and a column for each of `days`, the earliest first; NaN: none."""

    days: tuple[dt.date, ...]
    scores: Numbers

    def of(self, rows: NDArray[np.intp]) -> "Course":
        """Of these rows, in this order."""
        return Course(self.days, self.scores[rows])


def course_of(scores: pd.DataFrame, ids: "pd.Series[str]", as_of: dt.date) -> Course | None:
    """The course of each of `ids` up to `as_of`; None where there are not two runs. `scores`: account_id, as_of, score, a row a run."""
    day = pd.Timestamp(as_of)
    seen = scores[(scores["as_of"] > day - pd.Timedelta(days=WINDOW_DAYS)) & (scores["as_of"] <= day)]
    if seen["as_of"].nunique() < 2:
        return None
    table = seen.drop_duplicates(["account_id", "as_of"], keep="last").pivot_table(
        index="account_id", columns="as_of", values="score", dropna=False
    )
    days = tuple(each.date() for each in pd.DatetimeIndex(table.columns))
    return Course(days, table.reindex(ids).to_numpy(np.float64))


def find_trends(scores: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """By account_id: runs, slope_per_week (points), trend_change (points, slope x time from first run to last), p, trend; NaN and
    None where there are fewer than 5 runs with a score, or fewer than 28 days between them.

    `scores`: account_id, as_of, score (NaN: none), a row a run; runs of more than 63 days before `as_of`, and after it, do not
    count. Slope: median of the slopes of all pairs (Theil 1950, Sen 1968); p: Kendall's test (1938), two-sided, exact without ties. A
    trend is a change of 5 points or more with p below .1.
    """
    day = scores["as_of"]
    seen = scores[(day > as_of - pd.Timedelta(days=WINDOW_DAYS)) & (day <= as_of) & scores["score"].notna()]
    seen = seen.drop_duplicates(["account_id", "as_of"], keep="last")
    ids, row = np.unique(seen["account_id"].to_numpy(object), return_inverse=True)
    days, column = np.unique(seen["as_of"].to_numpy().astype("datetime64[D]"), return_inverse=True)
    times, values = days.astype(np.float64), np.full((len(ids), len(days)), np.nan)
    values[row, column] = seen["score"].to_numpy(np.float64)
    step = max(1, _MOST_CELLS // max(1, len(times) * (len(times) - 1) // 2))
    parts = [_trends(values[at : at + step], times) for at in range(0, len(values), step)]
    columns = np.concatenate(parts) if parts else np.empty((0, 4))
    runs, slope, change, p = columns.T
    trend = np.full(len(ids), STEADY, dtype=object)
    sure = (np.abs(change) >= LEAST_POINTS) & (p < SURE_P)
    trend[sure & (change < 0)], trend[sure & (change > 0)] = FALLING, RISING
    trend[np.isnan(change)] = None
    return pd.DataFrame(
        {
            "runs": runs,
            "slope_per_week": slope * 7,
            "trend_change": change,
            "p": p,
            "trend": trend,
        },
        index=pd.Index(ids, name="account_id"),
    )


def _trends(values: Numbers, times: Numbers) -> Numbers:
    """Runs, slope a day, change and p by row; NaN where there are too few runs, or too short a time."""
    there = ~np.isnan(values)
    runs = there.sum(axis=1)
    when = np.where(there, times, np.nan)
    span = np.zeros(len(values))
    many = runs > 0
    span[many] = np.nanmax(when[many], axis=1) - np.nanmin(when[many], axis=1)
    enough = (runs >= FEWEST_RUNS) & (span >= FEWEST_DAYS)
    found = np.full((len(values), 4), np.nan)
    found[:, 0] = runs
    if enough.any():
        first, second = _pairs(len(times))
        rise = values[enough][:, second] - values[enough][:, first]
        slope = np.nanmedian(rise / (times[second] - times[first]), axis=1)
        found[enough, 1] = slope
        found[enough, 2] = slope * span[enough]
        found[enough, 3] = _p_values(values[enough], rise)
    return found


def _p_values(values: Numbers, rise: Numbers) -> Numbers:
    concordant = np.nansum(np.sign(rise), axis=1)
    runs = (~np.isnan(values)).sum(axis=1)
    tied = (rise == 0).any(axis=1)
    p = np.ones(len(values))
    for row in range(len(values)):
        if tied[row]:
            known = values[row][~np.isnan(values[row])]
            p[row] = normal_p(float(concordant[row]), np.unique(known, return_counts=True)[1])
        else:
            p[row] = exact_p(int(concordant[row]), int(runs[row]))
    return p


@lru_cache(maxsize=8)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(count, 1)
    return first, second
