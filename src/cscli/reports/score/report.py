"""Health scores to the report `score`: accounts worst first, their metrics, and a summary by band."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.past.trend import Course
from cscli.analysis.scoring.health import UNKNOWN, HealthScores, scorecard_names
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import band_label, group_label, labelled_formula, limit_label, metric_labels
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import COURSE, Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import (
    as_values,
    band_column,
    best_first,
    from_frame,
    make_sheet,
    measured_column,
    named_column,
    nothing,
    plain_column,
    trend_of,
)
from cscli.reports.kit.wording import reasons
from cscli.reports.score.live_score import live_score
from cscli.texts import Language, paragraph, text, text_form

_FIRST = (
    "account_id",
    "name",
    "owner",
    "band",
    "score",
    "score_change",
    COURSE,
    "reasons",
    "arr",
    "renews_on",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoredAccounts:
    """`frame`: the accounts with every column, segments and team included, in the order of `scores`.
    `previous`: scores by account_id of the snapshot to compare with. `left`, `not_yet`: how many were customers no more,
    and not yet. `course`: the scores of the last weeks, of the rows of `frame`.
    """

    frame: pd.DataFrame
    scores: HealthScores
    previous: Mapping[str, float] | None
    left: int
    not_yet: int = 0
    course: Course | None = None


def scorecard_report(scored: ScoredAccounts, config: Config, context: Context) -> Report:
    """The report: sheets accounts, metrics and summary."""
    order = _worst_first(scored)
    accounts = _accounts_sheet(scored, order, config, context.language)
    summary = _summary_sheet(scored, config, context.language)
    live, because = live_score(scored.scores, order, config, context)
    return context.report(
        name="score",
        sheets=(accounts, _metrics_sheet(scored, order, config, context.language), summary),
        headline=_headline(scored, summary, config, context),
        short=_short(scored),
        live=live,
        plain_because=because,
    )


def _short(scored: ScoredAccounts) -> tuple[str, ...]:
    change = () if scored.previous is None else ("score_change",)
    money = () if scored.frame["mrr"].isna().all() else ("mrr",)
    return ("account_id", "name", "score", "band", *change, *money, "reasons")


def _worst_first(scored: ScoredAccounts) -> NDArray[np.intp]:
    """Score, then the larger MRR, then the id; accounts whose band is unknown last."""
    scores = scored.scores
    keys = pd.DataFrame(
        {
            "unknown": scores.band == UNKNOWN,
            "score": scores.score,
            "mrr": -scored.frame["mrr"].fillna(0).to_numpy(),
            "id": scored.frame["account_id"],
        }
    )
    return keys.sort_values(["unknown", "score", "mrr", "id"], kind="stable").index.to_numpy(dtype=np.intp)


def _accounts_sheet(
    scored: ScoredAccounts, order: NDArray[np.intp], config: Config, language: Language
) -> Sheet:
    frame, scores = scored.frame, scored.scores
    segments = [*config.segments, *(["team"] if config.teams else [])]
    columns: list[tuple[Column, Values]] = [
        *(from_frame(frame, name, language) for name in ("account_id", "name", "owner")),
        *((named_column(name, config, language), as_values(frame[name])) for name in segments),
        *([] if config.teams else [(plain_column("team", Meaning.TEXT, language), nothing(len(frame)))]),
        (named_column("scorecard", config, language), scorecard_names(scores, config)),
        (plain_column("score", Meaning.SCORE, language), scores.score),
        (band_column(config, language), scores.band),
        (plain_column("data_coverage", Meaning.SHARE, language), scores.data_coverage),
        (plain_column("score_change", Meaning.CHANGE, language), score_change(scored)),
        *trend_of(frame, language),
        (plain_column("capped_by", Meaning.TEXT, language), _capped_by(frame, scores, language)),
        *_group_columns(scores, config, language),
        (plain_column("reasons", Meaning.LONG_TEXT, language), reasons(frame, scores, config, language)),
        *(from_frame(frame, name, language) for name in ("mrr", "arr", "renews_on", "days_to_renewal")),
    ]
    course = scored.course.of(order) if scored.course else None
    return replace(make_sheet("accounts", language, columns, order), first=_FIRST, course=course)


def score_change(scored: ScoredAccounts) -> NDArray[np.float64]:
    """Points since the previous snapshot; missing for an account that was not in it."""
    if scored.previous is None:
        return np.full(len(scored.frame), np.nan)
    before = scored.frame["account_id"].map(scored.previous).to_numpy(dtype=np.float64)
    return np.round(scored.scores.score - before, 1) + 0.0  # no -0.0


def _metrics_sheet(
    scored: ScoredAccounts, order: NDArray[np.intp], config: Config, language: Language
) -> Sheet:
    columns = [from_frame(scored.frame, "account_id", language)]
    points = text_form("label.points_of", language)
    for index, (name, label) in enumerate(zip(config.metrics, metric_labels(config, language), strict=True)):
        definition = labelled_formula(config.metrics[name].value, config, language)
        column, values = measured_column(name, scored.frame[name], config, language)
        columns.append((replace(column, definition=definition), values))
        title = points.format(label=label)
        columns.append(
            (Column(id=f"{name}_points", label=title, meaning=Meaning.POINTS), scored.scores.points[:, index])
        )
    return make_sheet("metrics", language, columns, order)


def _summary_sheet(scored: ScoredAccounts, config: Config, language: Language) -> Sheet:
    names = [*(band.name for band in best_first(config.bands)), UNKNOWN]
    mask = [scored.scores.band == name for name in names]
    counts = np.array([part.sum() for part in mask], dtype=np.float64)
    money = {name: scored.frame[name].to_numpy(np.float64) for name in ("mrr", "arr")}
    columns: list[tuple[Column, Values]] = [
        (band_column(config, language), np.array(names, dtype=object)),
        (plain_column("accounts", Meaning.COUNT, language), counts),
        (plain_column("share", Meaning.SHARE, language), counts / max(counts.sum(), 1)),
        *(
            (
                plain_column(name, Meaning.MONEY, language),
                np.array([np.nansum(values[part]) for part in mask]),
            )
            for name, values in money.items()
        ),
    ]
    charts = (
        Chart(
            kind=ChartKind.DOUGHNUT,
            title=text("chart.accounts_by_band", language),
            categories="band",
            values="accounts",
        ),
        Chart(
            kind=ChartKind.COLUMNS, title=text("chart.mrr_by_band", language), categories="band", values="mrr"
        ),
    )
    return make_sheet("summary", language, columns, np.arange(len(names)), charts)


def _headline(scored: ScoredAccounts, summary: Sheet, config: Config, context: Context) -> str:
    worst = min(config.bands, key=lambda band: band.from_)
    row = list(summary.column("band")).index(worst.name)
    key = "headline.score" if np.nansum(scored.frame["mrr"]) > 0 else "headline.score_no_mrr"
    total, count = len(scored.frame), int(summary.column("accounts")[row])
    unknown = int(summary.column("accounts")[-1])
    sentence = text(
        key,
        context.language,
        count=count,
        total=total,
        share=f"{count / total:.0%}",
        band=band_label(worst, context.language),
        mrr=context.money(float(summary.column("mrr")[row])),
    )
    others = {"unknown": unknown, "left": scored.left, "not_yet": scored.not_yet}
    said = (text(f"headline.{name}", context.language, count=many) for name, many in others.items() if many)
    return paragraph(context.language, sentence, *said)


def _capped_by(frame: pd.DataFrame, scores: HealthScores, language: Language) -> NDArray[np.object_]:
    """The reasons of the limits that changed the score, then that of an override."""
    names = [limit_label(limit.rule, language) for limit in scores.limits]
    shown = np.full(len(scores.score), None, dtype=object)
    for row in np.flatnonzero(scores.limits_changed.any(axis=1) | scores.overridden):
        changed = [name for name, was in zip(names, scores.limits_changed[row], strict=True) if was]
        if scores.overridden[row]:
            reason, until = frame["override_reason"].iloc[row], frame["override_until"].iloc[row]
            changed.append(text("people.override", language, reason=reason, until=show_date(until, language)))
        shown[row] = "; ".join(changed)
    return shown


def _group_columns(scores: HealthScores, config: Config, language: Language) -> list[tuple[Column, Values]]:
    return [
        (
            Column(id=f"group_{name}", label=group_label(name, config, language), meaning=Meaning.POINTS),
            scores.groups[:, index],
        )
        for index, name in enumerate(scores.group_names)
    ]
