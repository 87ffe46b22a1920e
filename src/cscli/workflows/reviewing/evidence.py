"""The measures of the workspace that answer half of the self-check by themselves; one that it cannot tell is missing."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.acting.business_days import is_japanese
from cscli.analysis.acting.capacity import find_mismatches, planned_hours
from cscli.analysis.acting.plays import PLAY_COLUMNS, done_in_time, names_of_plays, typed_plays
from cscli.analysis.conversations.timeline import last_contacts
from cscli.analysis.conversations.voices import TOLD, tell_table
from cscli.analysis.practice.content_map import map_content, place_accounts
from cscli.analysis.practice.fit import UNKNOWN
from cscli.analysis.promises import goals as g
from cscli.analysis.promises.funnel import funnel
from cscli.analysis.promises.overview import Overview
from cscli.analysis.promises.records import all_records
from cscli.config.schema import Config
from cscli.errors import CscliError
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import promises_of

YEAR_DAYS, QUARTER_DAYS, WEEKS = 365, 90, 13
_OF_EVERY_ACCOUNT = ("accounts", "subscriptions", "mrr")
"""Kinds of sources in which every account should stand."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Workspace:
    """`frame`: every account, those too that have left, with every column before the score; `live`: those of them that are here."""

    whole: WholeBook
    book: Book
    config: Config
    as_of: dt.date
    frame: pd.DataFrame
    live: pd.DataFrame

    @property
    def day(self) -> pd.Timestamp:
        """The day as frames hold it."""
        return pd.Timestamp(self.as_of)

    def overview(self) -> Overview | None:
        """What is known of promises; None where the rules promise nothing."""
        if self.config.journey is None and self.config.goals is None:
            return None
        return self.whole.once(promises_of)


def find_evidence(workspace: Workspace) -> dict[str, float]:
    """By measure, its value as a share; NaN where the workspace does not have what it needs."""
    found = {}
    for name, measure in MEASURES.items():
        try:
            found[name] = measure(workspace)
        except CscliError:  # what it needs is wrong, which its own command says
            found[name] = np.nan
    return found


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else np.nan


def _handover_complete(at: Workspace) -> float:
    rules = [rule for rule in at.config.records if rule.by == "sales"]
    if not rules:
        return np.nan
    age = (at.day - at.live["started_on"]).dt.days
    due = at.live[((age <= YEAR_DAYS) & (age > max(rule.days for rule in rules))).to_numpy(bool)]
    return _complete(due.reset_index(drop=True), at)


def _complete(accounts: pd.DataFrame, at: Workspace, *, by: str | None = "sales") -> float:
    """The share of `accounts` without a missing record."""
    rules = [rule for rule in at.config.records if by is None or rule.by == by]
    records = all_records(accounts, rules, at.as_of)
    lacking = records["account_id"][~records["present"].to_numpy(bool)].nunique()
    return 1 - _share(lacking, len(accounts))


def _records_complete(at: Workspace) -> float:
    return _complete(at.live, at, by=None) if at.config.records else np.nan


def _voice_told(at: Workspace) -> float:
    practice = at.book.practice
    if practice.voices is None:
        return np.nan
    table = tell_table(practice.voices, practice.rows["themes"].frame, practice.rows["tell"].frame)
    lately = table[((at.day - pd.to_datetime(table["status_on"])).dt.days <= YEAR_DAYS).to_numpy(bool)]
    return _share((lately["loop"] == TOLD).sum(), len(lately))


def _matched_mrr(at: Workspace) -> float:
    """Of sources in which every account should stand; in others a customer may well be absent."""
    config, mrr = at.config, at.live["mrr"]
    names = [
        name
        for name, source in config.sources.items()
        if name != "accounts" and source.kind in _OF_EVERY_ACCOUNT and name in at.book.resolved.tables
    ]
    if not names:
        return np.nan
    ids = at.live["account_id"]
    there = [ids.isin(at.book.resolved.tables[name].frame["account_id"]).to_numpy(bool) for name in names]
    return _share(mrr[np.all(there, axis=0)].sum(), mrr.sum())


def _owner_load_ok(at: Workspace) -> float:
    effort = at.config.effort
    if effort is None or effort.by not in at.live:
        return np.nan
    planned = planned_hours(at.live[effort.by], effort.hours_per_month)
    loads = pd.Series(planned).groupby(at.live["owner"].to_numpy(dtype=object)).sum()
    return _share((loads <= effort.owner_hours_per_month).sum(), len(loads))


def _effort_fit(at: Workspace) -> float:
    effort = at.config.effort
    if effort is None or effort.by not in at.live or at.live["hours_spent"].dtype != np.float64:
        return np.nan
    spent = at.live["hours_spent"].to_numpy(np.float64)
    known = ~np.isnan(spent)
    if known.mean() < 0.5:
        return np.nan
    planned = planned_hours(at.live[effort.by], effort.hours_per_month)
    apart = pd.notna(find_mismatches(planned, spent, effort))[known]
    return 1 - _share(apart.sum(), known.sum())


def _runs_13_weeks(at: Workspace) -> float:
    url = history_url(at.whole.request, at.book)
    if url is None:
        return np.nan
    from cscli.history import snapshot_days

    days = snapshot_days(url, at.whole.request.rules.workspace)
    wanted = {(at.as_of - dt.timedelta(weeks=back)).isocalendar()[:2] for back in range(WEEKS)}
    had = {day.isocalendar()[:2] for day in days if day <= at.as_of}
    return _share(len(wanted & had), WEEKS) if days else np.nan


def _fit_judged(at: Workspace) -> float:
    if at.config.fit is None:
        return np.nan
    lately = at.frame[((at.day - at.frame["started_on"]).dt.days <= YEAR_DAYS).to_numpy(bool)]
    return _share((lately["fit"] != UNKNOWN).sum(), len(lately))


def _playbook_specific(at: Workspace) -> float:
    if not at.config.playbooks or not at.config.scorecards:
        return np.nan
    calls = at.whole.calls
    specific = [index >= 0 and at.config.playbooks[index].when is not None for index in calls.playbook]
    return _share(sum(specific), len(specific))


def _play_done(at: Workspace) -> float:
    """By the stored call lists, and by every play that people typed since the earliest of them began."""
    url, workspace = history_url(at.whole.request, at.book), at.whole.request.rules.workspace
    if url is None or not at.config.playbooks:
        return np.nan
    from cscli.history import listed_actions, snapshot_days, value_courses

    actions = listed_actions(url, workspace, at.as_of)
    if not len(actions):
        return np.nan
    names, earliest = names_of_plays(at.config.playbooks), actions["due_from"].min().date()
    runs = [day for day in snapshot_days(url, workspace) if earliest <= day < at.as_of]
    past = value_courses(url, workspace, list(actions["account_id"]), PLAY_COLUMNS, at.as_of, len(runs))
    done = {*typed_plays(past, names), *typed_plays(at.frame, names)}
    days = {play.name: float(play.due_days) for play in at.config.playbooks}
    window = (at.as_of - dt.timedelta(days=QUARTER_DAYS), at.as_of)
    kept = done_in_time(actions, days, done, window, japanese=is_japanese(at.config))
    return _share(kept.sum(), len(kept)) if done else np.nan


def _content_served(at: Workspace) -> float:
    content, facts = at.config.content, at.book.practice.content
    if content is None or facts is None:
        return np.nan
    stand = place_accounts(at.live, content, at.as_of)
    cells = map_content(stand, at.live["arr"], facts.inventory, content)
    gaps = cells[cells["gap"].notna().to_numpy(bool)]
    lacking = set(zip(gaps["maturity"], gaps["touch"], strict=True))
    known = stand.known.to_numpy(bool)
    unserved = np.array(
        [(m, t) in lacking for m, t in zip(stand.maturity, stand.touch, strict=True)], dtype=bool
    )
    arr = at.live["arr"]
    return 1 - _share(arr[known & unserved].sum(), arr[known].sum())


def _content_reach(at: Workspace) -> float:
    content, facts = at.config.content, at.book.practice.content
    if content is None or content.use is None or facts is None:
        return np.nan
    lately = facts.uses[((at.day - facts.uses["at"]).dt.days < QUARTER_DAYS).to_numpy(bool)]
    return float(at.live["account_id"].isin(lately["account_id"]).mean()) if len(at.live) else np.nan


def _onboarding_in_time(at: Workspace) -> float:
    overview = at.overview()
    followed = next((each for each in overview.followed if each.standard.value), None) if overview else None
    if followed is None:
        return np.nan
    course = followed.course[(followed.course["milestone"] == followed.standard.value).to_numpy(bool)]
    course = course[((at.day - course["start"]).dt.days <= YEAR_DAYS).to_numpy(bool)].reset_index(drop=True)
    steps = funnel(course, at.day, [followed.standard.value], course["milestone"].to_numpy(dtype=object))
    return float(steps["share"].iloc[0])


def _contact_90d(at: Workspace) -> float:
    events = at.book.practice.events
    if events is None or not len(events):
        return np.nan
    contacts = last_contacts(events, at.day)
    lately = contacts["account_id"][(contacts["days"] <= QUARTER_DAYS).to_numpy(bool)]
    arr = at.live["arr"]
    return _share(arr[at.live["account_id"].isin(lately).to_numpy(bool)].sum(), arr.sum())


def _goals(at: Workspace) -> Overview | None:
    """What is known of goals; None where the rules do not speak of them."""
    return at.overview() if at.config.goals is not None else None


def _goals_reviewed(at: Workspace) -> float:
    overview = _goals(at)
    if overview is None:
        return np.nan
    still = overview.goals[overview.goals["is_open"].to_numpy(bool)]
    return 1 - _share(still["is_stale"].sum(), len(still))


def _goal_share(at: Workspace) -> float:
    overview = _goals(at)
    if overview is None:
        return np.nan
    wanted = overview.live & overview.expected
    has = (overview.counts["goals_open"] + overview.counts["goals_reached"] > 0).to_numpy(bool)
    return _share((has & wanted).sum(), wanted.sum())


def _measured_goal_arr(at: Workspace) -> float:
    overview = _goals(at)
    if overview is None:
        return np.nan
    wanted = overview.live & overview.expected
    arr = overview.frame["arr"].to_numpy(np.float64)
    current = overview.counts["current"].to_numpy(bool)
    return _share(np.nansum(arr[wanted & current]), np.nansum(arr[wanted]))


def _behind_with_step(at: Workspace) -> float:
    overview = _goals(at)
    if overview is None or "next_step" not in overview.frame:
        return np.nan
    behind = overview.goals[overview.goals["status"].isin((g.BEHIND, g.OVERDUE, g.FELL_BACK)).to_numpy(bool)]
    steps = overview.frame.set_index("account_id")["next_step"]
    return _share(steps.reindex(behind["account_id"]).notna().sum(), len(behind))


def _due_goals_reached(at: Workspace) -> float:
    overview = _goals(at)
    if overview is None:
        return np.nan
    age = (at.day - overview.goals["due_on"]).dt.days
    due = overview.goals[((age >= 0) & (age < YEAR_DAYS)).to_numpy(bool)]
    return _share((due["status"] == g.REACHED).sum(), len(due))


MEASURES: Mapping[str, Callable[[Workspace], float]] = {
    "handover_complete_share": _handover_complete, "voice_told_share": _voice_told, "matched_mrr_share": _matched_mrr,
    "owner_load_ok_share": _owner_load_ok, "records_complete_share": _records_complete, "effort_fit_share": _effort_fit,
    "runs_13_weeks_share": _runs_13_weeks, "fit_judged_share": _fit_judged, "playbook_specific_share": _playbook_specific,
    "play_done_share": _play_done,
    "content_served_arr_share": _content_served, "content_reach_share": _content_reach,
    "onboarding_in_time_share": _onboarding_in_time, "contact_90d_arr_share": _contact_90d,
    "goals_reviewed_share": _goals_reviewed, "goal_share": _goal_share, "measured_goal_arr_share": _measured_goal_arr,
    "behind_with_step_share": _behind_with_step, "due_goals_reached_share": _due_goals_reached,
}  # fmt: skip
