"""What would lift an account, in words a person can act on: the sheet `lift` of the report `explain`."""

import numpy as np

from cscli.analysis.explaining.actionable import as_day
from cscli.analysis.explaining.lift import MetricLift, Obstacle
from cscli.analysis.explaining.trial_values import TrialValue
from cscli.analysis.scoring.adjustments import find_limits
from cscli.config.blocks.shown import Cap
from cscli.expressions.bare.model import Way
from cscli.reports.explain.explanation import Explanation, labels_of, shown_number, shown_value
from cscli.reports.kit.labels import band_label, column_label, limit_label
from cscli.reports.kit.looks import show_share
from cscli.reports.kit.model import Column, Meaning, Sheet
from cscli.texts import Language, text


def lift_sheet(explanation: Explanation, language: Language) -> Sheet:
    """One row a metric; what can do it first. Under too little data: what more data would give."""
    rows = [_row(explanation, proposal, language) for proposal in explanation.plan.proposals]
    if not rows:
        rows = [
            _coverage_row(explanation, name, then, language)
            for name, then in explanation.plan.coverage.items()
        ]
    ids = {
        "metric": Meaning.CODE,
        "what": Meaning.TEXT,
        "value_now": Meaning.TEXT,
        "value_needed": Meaning.TEXT,
        "act_on": Meaning.TEXT,
        "now": Meaning.TEXT,
        "needed": Meaning.TEXT,
        "points_now": Meaning.POINTS,
        "points_needed": Meaning.POINTS,
        "score_at_best": Meaning.POINTS,
        "there": Meaning.COUNT,
        "of_accounts": Meaning.COUNT,
        "how": Meaning.LONG_TEXT,
    }
    numbers = (Meaning.POINTS, Meaning.COUNT)
    config, acted = explanation.scored_run.config, {str(row["act_on"]) for row in rows if "act_on" in row}
    labels = {"act_on": {name: column_label(name, config, language) for name in acted}}
    columns = tuple(
        Column(id=name, label=text(f"label.{name}", language), meaning=meaning, labels=labels.get(name, {}))
        for name, meaning in ids.items()
    )
    values = tuple(
        np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)
        if meaning in numbers
        else np.array([*(row.get(name) for row in rows), None], dtype=object)[:-1]
        for name, meaning in ids.items()
    )
    return Sheet(id="lift", title=text("explain.sheet.lift", language), columns=columns, values=values)


def _held_later(explanation: Explanation, language: Language) -> str | None:
    """What lifts it up to a cap that changes nothing yet, and that above it the cap holds; None where it binds now."""
    plan = explanation.plan
    limits = find_limits(explanation.scored_run.config.scorecards)
    caps = [
        limit.rule.at_most for limit in limits if limit.key in plan.held_by and isinstance(limit.rule, Cap)
    ]
    score = float(explanation.scored_run.score[explanation.row])
    if plan.band is None or not caps or not plan.proposals or score >= min(caps):
        return None
    best = max(plan.proposals, key=lambda proposal: proposal.score_at_best)
    reasons = ", ".join(limit_reason(explanation, key, language) for key in plan.held_by)
    metric = labels_of(explanation, language).get(best.metric, best.metric)
    return text(
        "explain.lift.held_later",
        language,
        reasons=reasons,
        metric=metric,
        score=shown_number(score, language),
        at_most=shown_number(min(caps), language),
        band=band_label(plan.band, language),
    )


def lift_sentence(explanation: Explanation, language: Language) -> str:
    """What would lift it most easily, or what holds it."""
    plan = explanation.plan
    if plan.band is None:
        key = "explain.lift.no_score" if plan.held_by else "explain.lift.top"
        return text(key, language, gap=f"{plan.gap:.1f}")
    if plan.held_by == ("data_coverage",):
        need = show_share(explanation.scored_run.config.min_data_coverage)
        have = show_share(float(explanation.scored_run.coverage[explanation.row]))
        return text("explain.lift.coverage", language, have=have, need=need)
    band = band_label(plan.band, language)
    can = [proposal for proposal in plan.proposals if proposal.change]
    if can:
        how = _how(explanation, can[0], language)
        return text("explain.lift.best", language, how=how, band=band)
    if plan.held_by:
        later = _held_later(explanation, language)
        if later is not None:
            return later
        reasons = ", ".join(limit_reason(explanation, key, language) for key in plan.held_by)
        return text("explain.lift.held", language, reasons=reasons, band=band)
    key = "explain.lift.none" if plan.reproduced else "explain.lift.not_reproduced"
    return text(key, language, band=band)


def limit_reason(explanation: Explanation, key: str, language: Language) -> str:
    """What people read for a cap, a floor or an override."""
    for limit in find_limits(explanation.scored_run.config.scorecards):
        if limit.key == key:
            return limit_label(limit.rule, language, key)
    reason, until = (
        explanation.text_of("override_reason"),
        explanation.scored_run.columns.get("override_until"),
    )
    day = "" if until is None else shown_number(until.iloc[explanation.row], language)
    return text("people.override", language, reason=reason or "", until=day)


def _row(explanation: Explanation, proposal: MetricLift, language: Language) -> dict[str, object]:
    name, change = proposal.metric, proposal.change
    column = list(explanation.scored_run.config.metrics).index(name)
    row: dict[str, object] = {
        "metric": name,
        "what": labels_of(explanation, language)[name],
        "value_now": shown_value(explanation, name, explanation.value(name), language),
        "points_now": float(explanation.scored_run.points[explanation.row, column]),
        "points_needed": proposal.points_needed,
        "how": _how(explanation, proposal, language),
    }
    if change is None:
        is_held = proposal.obstacle is Obstacle.HELD
        return row | ({} if is_held else {"score_at_best": proposal.score_at_best})
    row |= {"value_needed": shown_value(explanation, name, change.value, language)}
    row |= {"there": proposal.there, "of_accounts": proposal.peers}
    if change.actionable:
        now, needed = _column_texts(explanation, change, language)
        row |= {"act_on": change.actionable.column, "now": now, "needed": needed}
    return row


def _coverage_row(explanation: Explanation, name: str, then: float, language: Language) -> dict[str, object]:
    label = labels_of(explanation, language)[name]
    how = text("explain.how.coverage", language, coverage=show_share(then))
    return {"metric": name, "what": label, "value_now": text("reason.no_data", language), "how": how}


def _how(explanation: Explanation, proposal: MetricLift, language: Language) -> str:
    label, change = labels_of(explanation, language)[proposal.metric], proposal.change
    if change is None:
        key = f"explain.how.{proposal.obstacle or Obstacle.NO_SUCH_VALUE}"
        return text(key, language, score=f"{proposal.score_at_best:.1f}")
    before = shown_value(explanation, proposal.metric, explanation.value(proposal.metric), language)
    after = shown_value(explanation, proposal.metric, change.value, language)
    plain = text("explain.how.value", language, label=label, before=before, after=after)
    if change.actionable is None:
        return plain
    now, needed = _column_texts(explanation, change, language)
    column = column_label(change.actionable.column, explanation.scored_run.config, language)
    return text("explain.how.column", language, plain=plain, column=column, before=now, after=needed)


def _column_texts(explanation: Explanation, change: TrialValue, language: Language) -> tuple[str, str]:
    """The column's value now, and the one that suffices."""
    columns, actionable = explanation.scored_run.columns, change.actionable
    if actionable is None or change.column is None:
        return "", ""
    held = columns[actionable.column].iloc[explanation.row] if actionable.column in columns else None
    needed = as_day(change.column) if actionable.way is Way.SINCE else change.column
    now, then = (shown_value(explanation, actionable.column, each, language) for each in (held, needed))
    return now, then
