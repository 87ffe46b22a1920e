"""The call list to the report `at-risk`: whom to call first, what to do, and what it comes to by owner, team and month."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.business_days import is_japanese
from cscli.analysis.acting.risk import CallList, churn_probabilities, weekly_hours
from cscli.analysis.acting.status import BACK, HELD_OVER, NEW, NOTICE, ONGOING, RULE
from cscli.config.blocks.parts import text_in
from cscli.config.schema import Config
from cscli.reports.actions.at_risk_totals import (
    owners_sheet,
    renewals_sheet,
    resolved_sheet,
    risk_column,
    teams_sheet,
)
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import band_label, own_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import COURSE, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import (
    band_column,
    best_first,
    from_frame,
    make_sheet,
    named_column,
    nothing,
    plain_column,
    trend_of,
)
from cscli.reports.kit.wording import reasons
from cscli.reports.score.report import ScoredAccounts
from cscli.texts import Language, paragraph, text

STATUSES = (NEW, ONGOING, BACK)
_FIRST = (
    "rank", "account_id", "name", "owner", "band", "score", COURSE, "arr_at_risk", "reasons", "playbook", "due_on", "action",
)  # fmt: skip
_SHORT = ("rank", "account_id", "name", "owner", "arr_at_risk", "playbook", "due_on")
_TYPED = ("next_step", "note", "hours_spent")


def at_risk_report(scored: ScoredAccounts, calls: CallList, config: Config, context: Context) -> Report:
    """The report: sheets at_risk, resolved, owners, teams and renewals."""
    language = context.language
    frame = scored.frame.iloc[calls.rows].reset_index(drop=True)
    sheets = (
        _calls_sheet(scored, calls, config, language),
        resolved_sheet(calls, config, language),
        owners_sheet(frame, calls, weekly_hours(config), language),
        teams_sheet(frame, calls, config, language),
        renewals_sheet(frame, calls, language),
    )
    headline = paragraph(language, _headline(frame, calls, context), say_measured(config, language))
    return context.report(name="at-risk", sheets=sheets, headline=headline, short=_SHORT)


def say_measured(config: Config, language: Language) -> str:
    """What the chances to leave rest on."""
    measured = config.at_risk.measured_on
    if measured is None:
        return text("at_risk.assumed", language)
    first, last = measured.from_.year, measured.to.year
    years = str(first) if first == last else f"{first}–{last}"
    return text("at_risk.measured", language, count=measured.left, years=years)


def owner_lines(report: Report) -> list[str]:
    """One line an owner: how many accounts, what is at stake, and the hours against those there are."""
    owners = next(sheet for sheet in report.sheets if sheet.id == "owners")
    ids = ("owner", "accounts", "arr_at_risk", "hours", "hours_available", "within")
    rows = zip(*map(owners.column, ids), strict=True)
    return [_owner_line(report, *row) for row in rows]


def _owner_line(
    report: Report, owner: str | None, count: float, stake: float, *hours_and_within: float
) -> str:
    hours, available, within = hours_and_within
    unknown = np.isnan([hours, available])
    key = "plain" if unknown[0] else "hours" if unknown[1] else "capacity"
    known = "" if not np.isnan(stake) else "_no_arr"
    return text(
        f"at_risk.owner_{key}{known}",
        report.language,
        owner=owner or text("at_risk.no_owner", report.language),
        count=int(count),
        stake=_money(report, stake),
        hours=f"{hours:g}",
        available=f"{available:g}",
        within=f"{within:g}",
    )


def _money(report: Report, amount: float) -> str:
    return Context(
        language=report.language,
        as_of=report.as_of,
        currency=report.currency,
        config_digest="",
        inputs=(),
        problems=(),
    ).money(amount)


def _calls_sheet(scored: ScoredAccounts, calls: CallList, config: Config, language: Language) -> Sheet:
    frame, scores = scored.frame, scored.scores
    rows = calls.rows
    because = reasons(frame, scores, config, language)[rows]
    frame = frame.iloc[rows]
    team = from_frame(frame, "team", language)[1] if config.teams else nothing(len(rows))
    columns: list[tuple[Column, Values]] = [
        (plain_column("rank", Meaning.COUNT, language), np.arange(1.0, len(rows) + 1)),
        *(from_frame(frame, name, language) for name in ("account_id", "name", "owner")),
        (named_column("team", config, language), team),
        (band_column(config, language), scores.band[rows]),
        (plain_column("score", Meaning.SCORE, language), scores.score[rows]),
        (plain_column("score_change", Meaning.CHANGE, language), frame["score_change"].to_numpy(np.float64)),
        *trend_of(frame, language),
        from_frame(frame, "arr", language),
        (_chance_column(config, language), calls.churn_probability),
        (_defined("arr_at_risk", Meaning.MONEY, language), calls.arr_at_risk),
        *(from_frame(frame, name, language) for name in ("renews_on", "days_to_renewal")),
        (plain_column("reasons", Meaning.LONG_TEXT, language), because),
        *_playbook_columns(calls, config, language),
        (_due_column(config, language), calls.due_on),
        (_status_column(config, language), calls.status),
        (risk_column("since", Meaning.DATE, language), calls.since),
        (_within_column(config, language), yes_no(calls.within_capacity)),
        (_defined("overdue_days", Meaning.DAYS, language), calls.overdue_days),
        (_why_column(language), calls.why),
        *_typed_columns(frame, language),
    ]
    course = scored.course.of(rows) if scored.course else None
    return replace(
        make_sheet("at_risk", language, columns, np.arange(len(rows))), first=_FIRST, course=course
    )


def yes_no(values: NDArray[np.float64]) -> NDArray[np.object_]:
    """1 and 0 as `yes` and `no`, missing as None."""
    names = np.array(["no", "yes", None], dtype=object)
    return names[np.where(np.isnan(values), 2, values).astype(np.intp)]


def _playbook_columns(calls: CallList, config: Config, language: Language) -> list[tuple[Column, Values]]:
    names = [book.name for book in config.playbooks]
    labels = {book.name: own_label(book, language) for book in config.playbooks}
    actions = [text_in(book.text, language, "") for book in config.playbooks]
    shown = list(labels.values())
    join = text("reason.join", language)
    every = [
        join.join(name for name, holds in zip(shown, row, strict=True) if holds)
        for row in calls.playbooks_hold
    ]
    listed = np.array([words or None for words in every], dtype=object)
    guides = [text_in(book.guide, language, "") if book.guide else "" for book in config.playbooks]
    guide = (
        plain_column("guide", Meaning.LONG_TEXT, language),
        pick([each or None for each in guides], calls.playbook),
    )
    return [
        (
            Column(
                id="playbook", label=text("label.playbook", language), meaning=Meaning.TEXT, labels=labels
            ),
            pick(names, calls.playbook),
        ),
        (plain_column("action", Meaning.LONG_TEXT, language), pick(actions, calls.playbook)),
        *([guide] if any(guides) else []),
        (plain_column("playbooks", Meaning.LONG_TEXT, language), listed),
        (risk_column("hours", Meaning.NUMBER, language), calls.hours),
    ]


def pick(texts: Sequence[str | None], index: NDArray[np.intp]) -> NDArray[np.object_]:
    """The text of each index; None for -1."""
    return np.array([*texts, None], dtype=object)[index]


def _typed_columns(frame: pd.DataFrame, language: Language) -> list[tuple[Column, Values]]:
    """What people typed, where anybody did."""
    there = [name for name in _TYPED if name in frame and frame[name].notna().any()]
    return [from_frame(frame, name, language) for name in there]


def _defined(name: str, meaning: Meaning, language: Language) -> Column:
    return Column(
        id=name,
        label=text(f"label.{name}", language),
        meaning=meaning,
        definition=text(f"definition.{name}", language),
    )


def _due_column(config: Config, language: Language) -> Column:
    key = "definition.due_on_japan" if is_japanese(config) else "definition.due_on"
    return Column(
        id="due_on",
        label=text("label.due_on", language),
        meaning=Meaning.DATE,
        definition=text(key, language),
    )


def _chance_column(config: Config, language: Language) -> Column:
    chances = churn_probabilities(config)
    words = [f"{band_label(band, language)} {chances[band.name]:.0%}" for band in best_first(config.bands)]
    words.append(f"{text('label.band.unknown', language)} {chances['unknown']:.0%}")
    definition = text(
        "definition.churn_probability", language, chances=text("reason.join", language).join(words)
    )
    return Column(
        id="churn_probability",
        label=text("label.churn_probability", language),
        meaning=Meaning.SHARE,
        definition=definition,
    )


def _status_column(config: Config, language: Language) -> Column:
    labels = {status: text(f"status.{status}", language) for status in STATUSES}
    settings = config.at_risk
    definition = text(
        "definition.status", language, points=f"{settings.hysteresis:g}", days=settings.cool_down_days
    )
    return Column(
        id="status",
        label=text("label.status", language),
        meaning=Meaning.TEXT,
        labels=labels,
        definition=definition,
    )


def _why_column(language: Language) -> Column:
    return Column(
        id="why",
        label=text("label.listed", language),
        meaning=Meaning.TEXT,
        labels={why: text(f"listed.{why}", language) for why in (RULE, HELD_OVER, NOTICE)},
        definition=text("definition.listed", language),
    )


def _within_column(config: Config, language: Language) -> Column:
    hours = weekly_hours(config)
    key = "definition.within_unknown" if np.isnan(hours) else "definition.within_capacity"
    labels = {answer: text(f"answer.{answer}", language) for answer in ("yes", "no")}
    definition = text(key, language, hours=f"{hours:g}")
    return Column(
        id="within_capacity",
        label=text("label.within_capacity", language),
        meaning=Meaning.TEXT,
        labels=labels,
        definition=definition,
    )


def _headline(frame: pd.DataFrame, calls: CallList, context: Context) -> str:
    language = context.language
    if not len(frame):
        return text("headline.at_risk_none", language)
    arr, stake = (context.money(float(np.nansum(values))) for values in (frame["arr"], calls.arr_at_risk))
    key = "headline.at_risk" if frame["arr"].notna().any() else "headline.at_risk_no_arr"
    sentence = text(key, language, count=len(frame), arr=arr, stake=stake)
    if calls.last_as_of is not None:
        counts = {status: int((calls.status == status).sum()) for status in STATUSES}
        since = text(
            "headline.at_risk_since",
            language,
            date=show_date(calls.last_as_of, context.language),
            off=len(calls.resolved),
            **counts,
        )
        sentence = paragraph(language, sentence, since)
    return sentence
