"""Sheets of milestones: what is late, each account, each milestone, and how many arrive in time."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.promises import goals as g
from cscli.analysis.promises import milestones as m
from cscli.analysis.promises.funnel import FEWEST, days_waited, funnel, judged, reached_curve
from cscli.analysis.promises.overview import Overview, fiscal_quarters, milestones_of, needs_of
from cscli.analysis.promises.standards import Followed
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, family_column, pairs_of, table_sheet, values_in
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Sheet
from cscli.reports.kit.periods import period_label
from cscli.reports.kit.sheets import as_values, named_column
from cscli.reports.practice.columns import milestone_labels, promise_texts, status_column
from cscli.texts import Language, text

_FAMILY = "journey"
_COUNT, _SHARE, _MONEY = Meaning.COUNT, Meaning.SHARE, Meaning.MONEY
_WEEK, _MOST_COHORTS = 7, 4


def standard_labels(overview: Overview, language: Language) -> dict[str, str]:
    """What people read for each standard."""
    return {part.standard.name: own_label(part.standard, language) for part in overview.followed}


def standard_column(overview: Overview, language: Language) -> Column:
    """The column `standard`, with what people read for each."""
    label, labels = text("label.journey.standard", language), standard_labels(overview, language)
    return Column(id="standard", label=label, meaning=Meaning.TEXT, labels=labels)


def milestone_column(overview: Overview, language: Language) -> Column:
    """The column `milestone`, with what people read for each."""
    label, labels = text("label.journey.milestone", language), _labels_of(overview, language)
    return Column(id="milestone", label=label, meaning=Meaning.TEXT, labels=labels)


def _labels_of(overview: Overview, language: Language) -> dict[str, str]:
    return milestone_labels((part.standard for part in overview.followed), language)


def _told(overview: Overview, table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """`table` with columns of its accounts."""
    accounts = overview.frame.set_index("account_id")
    ids = table["account_id"]
    found = {
        name: accounts[name].reindex(ids).to_numpy()
        if name in accounts
        else np.full(len(ids), None, dtype=object)
        for name in names
    }
    return table.assign(**found)


def late_sheet(late: pd.DataFrame, overview: Overview, language: Language) -> Sheet:
    """The worklist of both kinds."""
    shown = promise_texts(late, _labels_of(overview, language))
    table = _told(overview, late.assign(promise=pd.Series(shown, dtype=object)), "name", "owner", "next_step")
    return table_sheet(
        "late",
        language,
        pairs_of(
            table, _FAMILY, language, choice_column(_FAMILY, "kind", ("milestone", "goal"), language),
            ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("promise", Meaning.LONG_TEXT),
            ("due_on", Meaning.DATE), ("days_late", Meaning.DAYS), status_column(language), ("arr", _MONEY),
            ("next_step", Meaning.LONG_TEXT),
        ),
    )  # fmt: skip


def accounts_sheet(overview: Overview, config: Config, language: Language) -> Sheet:
    """One row a live account: where it stands in each standard, and with its goals."""
    live = overview.live
    frame = overview.frame[live].reset_index(drop=True)
    counts = overview.counts.assign(needs=needs_of(overview))[live].reset_index(drop=True)
    ids = frame["account_id"]
    pairs = pairs_of(
        frame, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT)
    )
    if config.teams:
        pairs.append((named_column("team", config, language), values_in(frame["team"])))
    total, latest = np.zeros(len(ids)), np.full(len(ids), np.nan)
    value = np.full(len(ids), np.nan)
    for followed in overview.followed:
        states = followed.states.set_axis(followed.frame["account_id"], axis=0).reindex(ids)
        label = standard_labels(overview, language)[followed.standard.name]
        names = {state: text(f"journey.state.{state}", language) for state in m.STATES}
        column = Column(id=f"{followed.standard.name}_state", label=label, meaning=Meaning.TEXT, labels=names)
        pairs.append((column, as_values(states["state"].astype(object))))
        total += states["overdue"].fillna(0).to_numpy(np.float64)
        latest = np.fmax(latest, states["days_late"].to_numpy(np.float64))
        value = np.where(np.isnan(value), states["days_to_value"].to_numpy(np.float64), value)
    table = counts.assign(overdue=total, days_late=latest, days_to_value=value)
    counted = (
        [("overdue", _COUNT), ("days_late", Meaning.DAYS), ("days_to_value", Meaning.DAYS)]
        if overview.followed
        else []
    )
    needs = choice_column(_FAMILY, "needs", g.NEEDS, language)
    pairs += pairs_of(
        table, _FAMILY, language, *counted, ("goals_open", _COUNT), ("goals_measured", _COUNT), ("goals_behind", _COUNT),
        ("goals_stale", _COUNT), ("goal_progress", _SHARE), needs, ("next_review_on", Meaning.DATE),
    )  # fmt: skip
    return table_sheet("journey_accounts", language, pairs)


def milestones_sheet(overview: Overview, language: Language) -> Sheet:
    """The long form: one row an account and milestone, those too that have left."""
    table = _told(overview, milestones_of(overview), "name", "owner")
    standard = standard_column(overview, language)
    milestone = milestone_column(overview, language)
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), standard, milestone,
        ("due_on", Meaning.DATE), ("reached_on", Meaning.DATE), status_column(language), ("days", Meaning.DAYS),
        ("days_late", Meaning.DAYS),
    )  # fmt: skip
    return table_sheet("milestones", language, pairs)


_MEASURES = (
    ("limit_passed", _COUNT), ("in_time", _COUNT), ("share", _SHARE), ("low", _SHARE), ("high", _SHARE),
    ("reached", _COUNT), ("undated", _COUNT), ("median_days", Meaning.DAYS),
)  # fmt: skip


def steps_sheet(overview: Overview, context: Context) -> Sheet:
    """The funnel: of each milestone the share that was in time."""
    language = context.language
    parts = []
    for followed in overview.followed:
        names = [each.name for each in followed.standard.milestones]
        key = followed.course["milestone"].to_numpy(dtype=object)
        steps = funnel(followed.course, pd.Timestamp(context.as_of), names, key)
        parts.append(steps.assign(standard=followed.standard.name, milestone=steps["key"]))
    table = pd.concat(parts, ignore_index=True)
    standard = standard_column(overview, language)
    milestone = milestone_column(overview, language)
    pairs = pairs_of(table, _FAMILY, language, standard, milestone, ("accounts", _COUNT), *_MEASURES)
    chart = Chart(
        kind=ChartKind.BARS,
        title=text("chart.journey_steps", language),
        categories="milestone",
        values="share",
        low="low",
        high="high",
    )
    return table_sheet("steps", language, pairs, (chart,))


def cohorts_sheet(overview: Overview, config: Config, context: Context) -> Sheet:
    """By fiscal quarter of the start, of the milestone that time to value is counted to (else of the last one)."""
    language, parts = context.language, []
    for followed in overview.followed:
        course, cohort = _of_value(followed, config.fiscal_year_start)
        keys = sorted(set(cohort))
        table = funnel(course, pd.Timestamp(context.as_of), keys, cohort)
        parts.append(table.assign(standard=followed.standard.name, cohort=table["key"]))
    table = pd.concat(parts, ignore_index=True)
    standard = standard_column(overview, language)
    measures = [each for each in _MEASURES if each[0] != "reached"]
    pairs = pairs_of(
        table, _FAMILY, language, standard, ("cohort", Meaning.TEXT), ("accounts", _COUNT), *measures
    )
    return table_sheet("journey_cohorts", language, pairs)


def _of_value(followed: Followed, first_month: int) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """The course of the milestone that counts, and the cohort of each of its rows."""
    standard = followed.standard
    name = standard.value or standard.milestones[-1].name
    course = followed.course[followed.course["milestone"] == name].reset_index(drop=True)
    return course, fiscal_quarters(course["start"], first_month)


def curve_sheet(overview: Overview, config: Config, context: Context) -> Sheet:
    """By week since the start: the share that has reached the value, of everyone and of the last cohorts of the first standard."""
    language = context.language
    course, cohort = _of_value(overview.followed[0], config.fiscal_year_start)
    last = int(max([*course["days"].dropna(), *(course["due_on"] - course["start"]).dt.days, _WEEK]))
    days = np.arange(0, last + _WEEK, _WEEK, dtype=np.float64)
    groups = {"all": course} | {key: course[cohort == key] for key in sorted(set(cohort))[-_MOST_COHORTS:]}
    columns, pairs = [], [(family_column(_FAMILY, "days", Meaning.DAYS, language), days)]
    for number, (key, part) in enumerate(groups.items()):
        name = "share" if key == "all" else f"cohort_{number}"
        shown = text("label.journey.everyone", language) if key == "all" else period_label(key, language)
        pairs.append((Column(id=name, label=shown, meaning=_SHARE), _shares_at(part, days)))
        columns.append(name)
    chart = Chart(
        kind=ChartKind.LINES,
        title=text("chart.journey_curve", language),
        categories="days",
        values=columns[0],
        more=tuple(columns[1:]),
    )
    return table_sheet("curve", language, pairs, (chart,))


def _shares_at(course: pd.DataFrame, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share that is there by each of `days`; missing where nobody of the group has waited so long yet."""
    reached = reached_curve(course)
    share = np.concatenate([[0.0], reached.share])[np.searchsorted(reached.days, days, side="right")]
    waited = days_waited(judged(course))
    return np.where(days <= (waited.max() if len(waited) else np.nan), share, np.nan)


def owners_sheet(overview: Overview, context: Context) -> Sheet:
    """By owner's name, no ranking: the share of milestones in time, where there are enough to tell."""
    language = context.language
    table = _told(overview, milestones_of(overview), "owner")
    names = table["owner"].to_numpy(dtype=object)
    owners = sorted({name for name in names if name is not None and name == name})  # noqa: PLR0124 - NaN is not itself
    steps = funnel(table, pd.Timestamp(context.as_of), owners, names)
    overdue = table[table["status"] == m.OVERDUE].groupby("owner").size().reindex(owners).fillna(0)
    steps = steps.assign(owner=steps["key"].astype(object), overdue=overdue.to_numpy(np.float64))
    few = (steps["limit_passed"] < FEWEST).to_numpy(bool)
    steps = steps.assign(
        **{name: steps[name].astype(np.float64).mask(few) for name in ("share", "low", "high")}
    )
    pairs = pairs_of(
        steps, _FAMILY, language, ("owner", Meaning.TEXT), ("limit_passed", _COUNT), ("in_time", _COUNT), ("share", _SHARE),
        ("low", _SHARE), ("high", _SHARE), ("undated", _COUNT), ("overdue", _COUNT),
    )  # fmt: skip
    return table_sheet("journey_owners", language, pairs)
