"""Milestones as people typed them to days and waivers, account by account; what cannot be used is said."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cscli.analysis.inputs.rows import Mask, SheetRows
from cscli.analysis.inputs.spelled import as_named, called, nearest_named, spellings
from cscli.config.work.journey import Journey, Milestone
from cscli.errors import Problem, Severity

RESTART = "restart"
Dates = Any
"""A series of datetime64[us] by account_id."""
_EARLIEST = 365
"""Days before the start from which on a typed date is a slip of the pen."""


def _no_days() -> Dates:
    return pd.to_datetime(pd.Series([], dtype=object)).astype("datetime64[us]")


@dataclass(frozen=True, eq=False)
class TypedMilestones:
    """By milestone: `reached`, the day by account_id; `waived`, the accounts to which it does not apply. `restarted`: by account_id."""

    reached: Mapping[str, Dates] = field(default_factory=dict)
    waived: Mapping[str, frozenset[str]] = field(default_factory=dict)
    restarted: Dates = field(default_factory=_no_days)

    def day(self, milestone: str, ids: "pd.Series[str]") -> Dates:
        """The day of a milestone for each of `ids`."""
        found = self.reached.get(milestone)
        return _for_ids(_no_days() if found is None else found, ids)


def read_milestones(rows: SheetRows, journey: Journey, starts: Dates, as_of: dt.date) -> TypedMilestones:
    """What of `rows` can be used. `starts`: started_on by account_id."""
    _check_names(rows, journey)
    bare = (rows.frame["reached_on"].isna() & rows.frame["waived"].isna()).to_numpy(bool)
    rows.say(bare, "milestone", Problem("journey.no_date", severity=Severity.NOTE))
    _check_days(rows, starts, as_of)
    typed = {each.name for _, each in journey.milestones if each.is_typed}
    name = rows.frame["milestone"]
    seen = (~name.isin([*typed, RESTART]) & rows.frame["reached_on"].notna()).to_numpy(bool)
    rows.drop(seen, "reached_on", Problem("journey.seen_in_data", severity=Severity.WARNING))
    twice = rows.frame.duplicated(["account_id", "milestone"]) & (rows.frame["milestone"] != RESTART)
    rows.leave_out(
        twice.to_numpy(bool), "milestone", Problem("journey.milestone_twice", severity=Severity.WARNING)
    )
    frame = rows.frame
    dated = frame[frame["reached_on"].notna() & frame["waived"].isna()]
    restarts = dated[dated["milestone"] == RESTART]
    return TypedMilestones(
        reached={
            str(key): part.set_index("account_id")["reached_on"] for key, part in dated.groupby("milestone")
        },
        waived={
            str(key): frozenset(part["account_id"])
            for key, part in frame[frame["waived"].notna()].groupby("milestone")
        },
        restarted=restarts.groupby("account_id")["reached_on"].max(),
    )


def _check_names(rows: SheetRows, journey: Journey) -> None:
    """Leaves out rows of milestones and standards that the rules do not know; a label counts as its name."""
    milestones = [each for _, each in journey.milestones]
    names = as_named(rows.frame["milestone"], {RESTART: RESTART} | spellings(milestones))
    blank = names.isna().to_numpy(bool)
    unknown = (names == "").to_numpy(bool)
    _say_unknown(rows, unknown, milestones)
    rows.say(blank, "milestone", Problem("journey.no_milestone"))
    kept = ~blank & ~unknown
    rows.frame = rows.frame.assign(milestone=names)[kept].reset_index(drop=True)
    rows.lines = rows.lines[kept]
    standards = as_named(rows.frame["standard"], spellings(journey.standards))
    details: dict[str, object] = {"known": called(journey.standards)}
    wrong = (standards == "").to_numpy(bool)
    rows.leave_out(wrong, "standard", Problem("journey.unknown_standard", details=details))


def _say_unknown(rows: SheetRows, unknown: Mask, milestones: Sequence[Milestone]) -> None:
    """Says which name was probably meant, else which there are."""
    cells = rows.frame["milestone"]
    meant = {cell: nearest_named(str(cell), milestones) for cell in cells[unknown].unique()}
    for cell, nearest in meant.items():
        code = "journey.unknown_milestone" if nearest is None else "journey.unknown_milestone_nearest"
        details: dict[str, object] = {"names": called(milestones), "nearest": nearest}
        mine = unknown & (cells == cell).to_numpy(bool)
        rows.say(mine, "milestone", Problem(code, details=details))


def _check_days(rows: SheetRows, starts: Dates, as_of: dt.date) -> None:
    reached = rows.frame["reached_on"]
    later = (reached > pd.Timestamp(as_of)).to_numpy(bool)
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    rows.drop(
        later, "reached_on", Problem("journey.reached_later", severity=Severity.WARNING, details=details)
    )
    started = _for_ids(starts, rows.frame["account_id"])
    early = ((started - rows.frame["reached_on"]).dt.days > _EARLIEST).to_numpy(bool)
    rows.drop(early, "reached_on", Problem("journey.reached_too_early"))


def _for_ids(by_account: Dates, ids: "pd.Series[str]") -> Dates:
    found = by_account[~by_account.index.duplicated()].reindex(ids)
    return pd.Series(found.to_numpy("datetime64[us]"), index=ids.index)
