"""Scored accounts to who gets which treatment: hours planned and spent, loads of owners, moves, and a proposal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.acting.capacity import (
    Floats,
    Protected,
    find_mismatches,
    find_protected,
    needs_by,
    owner_loads,
    planned_hours,
    workload,
)
from cscli.analysis.acting.rebalance import TOLERANCE_HOURS, Rebalancing, rebalance
from cscli.analysis.scoring.columns import segment_rules
from cscli.config.schema import Config
from cscli.errors import ConfigError, Location, Problem, Severity


@dataclass(frozen=True, eq=False, kw_only=True)
class TouchPlan:
    """`frame`: the accounts, beside it by position `planned` and `spent` hours a month and `mismatch`. `needs`: by
    segmentation, what its names need. `owners`: the loads. `proposal` refers to `frame`; None without `effort` or owners.
    """

    frame: pd.DataFrame
    names: Mapping[str, Sequence[str]]
    planned: Floats
    spent: Floats
    mismatch: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    needs: Mapping[str, pd.DataFrame]
    owners: pd.DataFrame
    protected: Protected
    proposal: Rebalancing | None
    new_owners: Sequence[str]
    """The new owner for each account of `proposal`."""


def plan_touch(frame: pd.DataFrame, config: Config) -> TouchPlan:
    """The touch plan of the accounts in `frame`, which has every segmentation, `team` and `band`.

    Raises ConfigError if the rules have no segmentation at all.
    """
    rules = segment_rules(config)
    if not rules:
        raise ConfigError(Problem("segment.no_rules", where=Location(key="segments")))
    names = {name: list(dict.fromkeys(rule.name for rule in each)) for name, each in rules.items()}
    effort, mrr = config.effort, frame["mrr"].to_numpy(dtype=np.float64)
    nothing = np.full(len(frame), np.nan)
    planned = planned_hours(frame[effort.by], effort.hours_per_month) if effort else nothing
    spent = frame["hours_spent"].to_numpy(dtype=np.float64) if _has_hours_spent(frame) else nothing
    hours = effort.owner_hours_per_month if effort else np.nan
    protected = find_protected(frame, planned, min(config.bands, key=lambda band: band.from_).name)
    owners = sorted(frame["owner"].dropna().unique())
    proposal = None
    if effort and owners:
        proposal = rebalance(workload(frame, planned, protected, owners, hours))
    return TouchPlan(
        frame=frame,
        names=names,
        planned=planned,
        spent=spent,
        mismatch=find_mismatches(planned, spent, effort)
        if effort
        else np.full(len(frame), None, dtype=object),
        needs={name: needs_by(frame[name], mrr, planned, each, hours) for name, each in names.items()},
        owners=owner_loads(frame["owner"], mrr, planned, hours),
        protected=protected,
        proposal=proposal,
        new_owners=[owners[number] for number in proposal.to] if proposal else [],
    )


def _has_hours_spent(frame: pd.DataFrame) -> bool:
    return "hours_spent" in frame and frame["hours_spent"].dtype == np.float64


def over_the_limit(loads: pd.DataFrame) -> int:
    """How many owners have more hours than they can give."""
    return int((loads["hours_needed"] > loads["hours_available"] + TOLERANCE_HOURS).sum())


def find_gaps(touch_plan: TouchPlan, config: Config) -> Iterator[Problem]:
    """What is missing for an answer, and what the proposal cannot do."""
    frame, effort = touch_plan.frame, config.effort
    if effort is None:
        yield Problem("segment.no_effort", severity=Severity.NOTE)
        return
    if "hours_spent" not in frame or frame["hours_spent"].isna().all():
        yield Problem("segment.no_hours_spent", severity=Severity.NOTE)
    elif not _has_hours_spent(frame):
        yield Problem("segment.hours_not_numbers", severity=Severity.WARNING)
    if touch_plan.proposal is None:
        yield Problem("segment.no_owners", severity=Severity.WARNING)
        return
    ownerless = frame["owner"].isna().to_numpy()
    if ownerless.any():
        details = {"count": int(ownerless.sum()), "hours": f"{np.nansum(touch_plan.planned[ownerless]):,.1f}"}
        yield Problem("segment.without_owner", severity=Severity.WARNING, details=details)
    yield from _limits_of(touch_plan.proposal, touch_plan.protected, effort.owner_hours_per_month)


def _limits_of(proposal: Rebalancing, protected: Protected, owner_hours: float) -> Iterator[Problem]:
    left_over = proposal.hours_left_over
    if left_over > 0:
        details = {
            "limit": f"{owner_hours:g}",
            "hours": f"{left_over:,.1f}",
            "heads": f"{left_over / owner_hours:.1f}",
        }
        yield Problem("segment.not_possible", severity=Severity.WARNING, details=details)
    elif len(proposal.moved) and not proposal.is_fewest:
        yield Problem("segment.perhaps_fewer", severity=Severity.NOTE)
    unavoidable = int((protected.large | protected.at_risk)[proposal.moved].sum())
    if unavoidable:
        yield Problem("segment.protected_moves", severity=Severity.WARNING, details={"count": unavoidable})


def find_moves(
    frame: pd.DataFrame, segmentations: Sequence[str], before: Mapping[str, Mapping[str, str | None]]
) -> pd.DataFrame:
    """Accounts in another segment than in `before` (by account_id): row (position), segmentation, from, to.

    Accounts and segmentations that `before` does not know have not moved.
    """
    moves = []
    earlier = frame["account_id"].map(before)
    known = np.flatnonzero(earlier.notna())
    for segmentation in segmentations:
        column = frame[segmentation].astype(object)
        now = column.where(column.notna(), None).to_numpy()
        moves += [
            (int(row), segmentation, was, now[row])
            for row, segments in zip(known, earlier.iloc[known], strict=True)
            if segmentation in segments and (was := segments[segmentation]) != now[row]
        ]
    return pd.DataFrame(moves, columns=["row", "segmentation", "from", "to"])
