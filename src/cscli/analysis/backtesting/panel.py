"""Scored accounts at several dates and who left afterwards to one row an account and date: who could be judged, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.backtesting.outcomes import ANNUAL
from cscli.analysis.proving.intervals import Numbers
from cscli.analysis.proving.ranking import Cases, codes_of
from cscli.analysis.scoring.rescore import Rescored

Flags = NDArray[np.bool_]
COUNTS = ("eligible", "locked_in", "told_us", "too_late", "unknown", "unscored", "churned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days after a date: who leaves after `lead` and up to `horizon` counts; `min_tenure`: how long an account must be there;
    `only_due`: accounts whose renewal falls into the window alone.
    """

    lead: int
    horizon: int
    min_tenure: int = 0
    only_due: bool = False

    @property
    def days(self) -> int:
        """How long it is open."""
        return self.horizon - self.lead


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredDate:
    """The accounts of a date, a row each. `frame`: account_id, name, owner, arr, started_on, scorecard, segment, term, renews_on
    (NaT: no contract is known to end), told (gave notice by then), score, before (before caps), band. `points`, `covered`:
    rows x metrics; `card`: the scorecard, an index.
    """

    t0: pd.Timestamp
    source: str
    frame: pd.DataFrame
    points: Numbers
    covered: Flags
    card: NDArray[np.intp]


@dataclass(frozen=True, eq=False, kw_only=True)
class Panel:
    """`rows`: as the frames of its dates, with t0, left_on (NaT: stayed), churned. `dates`: t0, source, `COUNTS`, and unknown_arr (the
    ARR then of those of whom nobody knows whether they left).
    """

    rows: pd.DataFrame
    points: Numbers
    covered: Flags
    card: NDArray[np.intp]
    dates: pd.DataFrame

    @property
    def risk(self) -> Numbers:
        """Higher is worse."""
        return -self.rows["score"].to_numpy(np.float64)

    @property
    def churned(self) -> Flags:
        """Who left in the window."""
        return self.rows["churned"].to_numpy(dtype=bool)

    @cached_property
    def t0(self) -> NDArray[np.intp]:
        """A whole number a date."""
        return codes_of(self.rows["t0"].to_numpy())

    def cases(self, *strata: str) -> Cases:
        """With pairs inside of equal values of the columns."""
        columns = [self._strata(name) for name in strata]
        churned = self.churned
        return Cases(self._accounts, churned, codes_of(*(columns or [np.zeros(len(churned), dtype=np.intp)])))

    @cached_property
    def _accounts(self) -> NDArray[np.intp]:
        return codes_of(self.rows["account_id"].to_numpy(object))

    def _strata(self, name: str) -> NDArray[np.intp]:
        return self.t0 if name == "t0" else codes_of(self.rows[name].astype(str).to_numpy(object))

    @cached_property
    def headline_cases(self) -> Cases:
        """Pairs within the same date, segment and contract term."""
        return self.cases("t0", "segment", "term")


def scored_date(t0: pd.Timestamp, source: str, rescored: Rescored, facts: pd.DataFrame) -> ScoredDate:
    """`facts`: segment, term, renews_on, told, a row each of the accounts that were scored, in their order."""
    scores, frame = rescored.scores, rescored.frame
    kept = frame[["account_id", "name", "owner", "arr", "started_on", "scorecard"]].reset_index(drop=True)
    table = kept.assign(
        score=scores.score,
        before=scores.score_before_caps,
        band=scores.band,
        **{str(name): facts[name].to_numpy() for name in facts},
    )
    return ScoredDate(
        t0=t0, source=source, frame=table, points=scores.points, covered=scores.covered, card=scores.scorecard
    )


def build_panel(
    dates: Sequence[ScoredDate],
    left_on: Sequence["pd.Series[pd.Timestamp]"],
    unknown: frozenset[str],
    window: Window,
) -> Panel:
    """`left_on`: by account_id, a series each date; `unknown`: of whom nobody knows whether they left."""
    parts = [_of_date(date, left, unknown, window) for date, left in zip(dates, left_on, strict=True)]
    return _joined(dates, [rows for rows, _ in parts], [counts for _, counts in parts])


def build_snapshot(date: ScoredDate, outcome: "pd.Series[bool]", left_on: "pd.Series[pd.Timestamp]") -> Panel:
    """Of one snapshot: who has left, by account_id (missing: not known), whatever the day."""
    ids = date.frame["account_id"]
    known = outcome.reindex(ids)
    here = known.notna().to_numpy() & date.frame["score"].notna().to_numpy()
    churned = known.fillna(value=False).to_numpy(dtype=bool)
    rows = date.frame.assign(t0=date.t0, churned=churned, left_on=left_on.reindex(ids).to_numpy(), kept=here)
    counts: dict[str, float] = {
        **dict.fromkeys((*COUNTS, "unknown_arr"), 0),
        "eligible": int(here.sum()),
        "unknown": int(known.isna().sum()),
        "unscored": int(date.frame["score"].isna().sum()),
        "churned": int((here & churned).sum()),
    }
    return _joined([date], [rows], [counts])


def _joined(dates: Sequence[ScoredDate], tables: list[pd.DataFrame], counts: list[dict[str, float]]) -> Panel:
    rows = pd.concat(tables, ignore_index=True)
    kept = rows.pop("kept").to_numpy(dtype=bool)
    told = pd.DataFrame(counts, columns=[*COUNTS, "unknown_arr"])
    told.insert(0, "t0", pd.Series([date.t0 for date in dates], dtype="datetime64[us]"))
    told.insert(1, "source", pd.Series([date.source for date in dates], dtype=object))
    return Panel(
        rows=rows[kept].reset_index(drop=True),
        points=np.concatenate([date.points for date in dates])[kept],
        covered=np.concatenate([date.covered for date in dates])[kept],
        card=np.concatenate([date.card for date in dates])[kept],
        dates=told,
    )


def _of_date(
    date: ScoredDate, left_on: "pd.Series[pd.Timestamp]", unknown: frozenset[str], window: Window
) -> tuple[pd.DataFrame, dict[str, float]]:
    frame, t0 = date.frame, date.t0
    opens, closes = t0 + pd.Timedelta(days=window.lead), t0 + pd.Timedelta(days=window.horizon)
    left = pd.Series(left_on.reindex(frame["account_id"]).to_numpy(), index=frame.index)
    here = ~(left <= t0) & ~(frame["started_on"] > t0 - pd.Timedelta(days=window.min_tenure))
    lost = here & frame["account_id"].isin(unknown)
    told = here & ~lost & frame["told"].astype(bool)
    late = here & ~lost & ~told & (left > t0) & (left <= opens)
    due = (frame["renews_on"] > opens) & (frame["renews_on"] <= closes)
    bound = (frame["term"] == ANNUAL) | window.only_due
    locked = here & ~lost & ~told & ~late & bound & ~due
    eligible = here & ~(lost | told | late | locked)
    churned = eligible & (left > opens) & (left <= closes)
    scored = frame["score"].notna()
    counts = {
        "eligible": eligible, "locked_in": locked, "told_us": told, "too_late": late, "unknown": lost,
        "unscored": eligible & ~scored, "churned": churned,
    }  # fmt: skip
    rows = frame.assign(t0=t0, left_on=left.where(churned), churned=churned, kept=eligible & scored)
    found: dict[str, float] = {name: int(mask.sum()) for name, mask in counts.items()}
    return rows, {**found, "unknown_arr": float(frame["arr"][lost].sum())}
