"""One account to the report `explain`: contributions, facts, limits, what would lift it, and its course."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.scoring.adjustments import find_limits
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.blocks.shown import Cap
from cscli.reports.explain.explanation import Explanation, labels_of, shown_value
from cscli.reports.explain.known import promised_of, typed_of
from cscli.reports.explain.lift import lift_sentence, lift_sheet, limit_reason
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import column_label, default_label, group_label, value_labels
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import band_column, named_column, trend_column
from cscli.texts import Language, paragraph, text

_WORST = 2


def explain_report(explanation: Explanation, context: Context) -> Report:
    """The report: sheets contributions, account, limits, lift and course."""
    language = context.language
    sheets = [
        _contributions(explanation, language),
        _account(explanation, language),
        _limits(explanation, language),
        lift_sheet(explanation, language),
    ]
    known = _known(explanation, language)
    if known:
        sheets.append(known)
    if explanation.course is not None and len(explanation.course):
        sheets.append(_course(explanation, language))
    report = context.report(
        name="explain",
        sheets=tuple(sheets),
        headline=_headline(explanation, sheets[0], language),
        short=("what", "value", "usual", "points", "weight", "contribution", "lost"),
    )
    told = tuple(
        (text(f"label.{key}", language), text(f"explain.definition.{key}", language))
        for key in ("contribution", "lost", "usual", "how")
    )
    return replace(report, definitions=(*report.definitions, *told))


def _contributions(explanation: Explanation, language: Language) -> Sheet:
    """One row a metric of the account's scorecard, in the order of its groups."""
    scored_run, row = explanation.scored_run, explanation.row
    card = int(scored_run.scorecard[row])
    groups = scored_run.config.scorecards[card].groups if card >= 0 else {}
    members = {name: group for group, rule in reversed(groups.items()) for name in rule.metrics}
    order = list(dict.fromkeys(name for rule in groups.values() for name in rule.metrics))
    weighed, labels = explanation.weighed(), labels_of(explanation, language)
    columns = {name: at for at, name in enumerate(scored_run.config.metrics)}
    places = [columns[name] for name in order]
    points, shares = scored_run.points[row][places], np.nan_to_num(weighed.shares[0][places])
    contribution = np.where(np.isnan(points) | (shares == 0), np.nan, shares * points)
    texts = {
        "group": [group_label(members[name], scored_run.config, language) for name in order],
        "what": [labels[name] for name in order],
        "value": [shown_value(explanation, name, explanation.value(name), language) for name in order],
        "usual": [
            shown_value(explanation, name, explanation.peers.typical[name], language) for name in order
        ],
    }
    numbers = {
        "points": (Meaning.POINTS, points),
        "weight": (Meaning.SHARE, shares),
        "contribution": (Meaning.POINTS, contribution),
        "lost": (Meaning.POINTS, np.where(np.isnan(contribution), np.nan, shares * (100 - points))),
    }
    pairs = [(_column(name, Meaning.TEXT, language), _objects(values)) for name, values in texts.items()]
    pairs.insert(1, (_column("metric", Meaning.CODE, language), _objects(order)))
    pairs += [(_column(name, meaning, language), values) for name, (meaning, values) in numbers.items()]
    return _sheet("contributions", pairs, language)


def _known(explanation: Explanation, language: Language) -> Sheet | None:
    """What was promised, the last contact, and what people typed; None where nothing is known of it."""
    scored_run = explanation.scored_run
    account = scored_run.columns.iloc[explanation.row]
    lines = [*promised_of(account, scored_run.config, language), *typed_of(account, language)]
    heads = [
        Column(id=name, label=text(f"brief.column.{name}", language), meaning=meaning)
        for name, meaning in (("what", Meaning.TEXT), ("value", Meaning.PROSE))
    ]
    values = [_objects(list(each)) for each in zip(*lines, strict=True)]
    return _sheet("known", list(zip(heads, values, strict=True)), language) if lines else None


def _account(explanation: Explanation, language: Language) -> Sheet:
    """Everything about the account in one row."""
    scored_run, row, peers = explanation.scored_run, explanation.row, explanation.peers
    card = int(scored_run.scorecard[row])
    names = [*(str(each) for each in scored_run.segments if each != "team"), "team"]
    segments = {
        name: scored_run.segments[name].iloc[row] if name in scored_run.segments else None for name in names
    }
    texts: dict[str, Any] = {name: explanation.text_of(name) for name in ("account_id", "name", "owner")}
    named = {**segments, "scorecard": scored_run.config.scorecards[card].name if card >= 0 else None}
    limited = "; ".join(limit_reason(explanation, key, language) for key in scored_run.capped_by[row])
    numbers: Mapping[str, tuple[Meaning, float]] = {
        "score": (Meaning.SCORE, scored_run.score[row]),
        "score_before_caps": (Meaning.NUMBER, scored_run.before[row]),
        "data_coverage": (Meaning.SHARE, scored_run.coverage[row]),
        "trend_change": (Meaning.CHANGE, explanation.trend.points),
        "peers": (Meaning.COUNT, peers.count),
        "peers_median": (Meaning.SCORE, peers.median_score),
        "peers_rank": (Meaning.SHARE, peers.rank),
        "gap": (Meaning.POINTS, explanation.plan.gap),
        **{name: (Meaning.MONEY, scored_run.numbers(name)[row]) for name in ("mrr", "arr")},
        "days_to_renewal": (Meaning.DAYS, scored_run.numbers("days_to_renewal")[row]),
    }
    dates = scored_run.columns.get("renews_on", pd.Series([pd.NaT] * len(scored_run)))
    renewal = pd.to_datetime(dates.iloc[[row]]).to_numpy("datetime64[us]")
    pairs = [(_column(name, Meaning.TEXT, language), _objects([value])) for name, value in texts.items()]
    pairs += [
        *(
            (named_column(name, scored_run.config, language), _objects([value]))
            for name, value in named.items()
        ),
        (band_column(scored_run.config, language), _objects([scored_run.band[row]])),
        (_column("capped_by", Meaning.LONG_TEXT, language), _objects([limited or None])),
        (trend_column(language), _objects([explanation.trend.word])),
        (_column("peers_of", Meaning.TEXT, language), _objects([peers_name(explanation, language)])),
        (_column("renews_on", Meaning.DATE, language), renewal),
    ]
    pairs += [
        (_column(name, meaning, language), np.array([value], dtype=np.float64))
        for name, (meaning, value) in numbers.items()
    ]
    return _sheet("account", pairs, language)


def peers_name(explanation: Explanation, language: Language) -> str:
    """Whom the account is compared with."""
    peers = explanation.peers
    if peers.by == "book":
        return text("explain.peers.book", language)
    config = explanation.scored_run.config
    shown = value_labels([peers.by], config, language).get(peers.name or "", peers.name)
    return text("explain.peers.of", language, by=column_label(peers.by, config, language), name=shown)


def _limits(explanation: Explanation, language: Language) -> Sheet:
    """The caps and floors that hold, and a person's word; which of them changed the score."""
    scored_run, row = explanation.scored_run, explanation.row
    changed = scored_run.capped_by[row]
    rows = []
    for limit in find_limits(scored_run.config.scorecards):
        if limit.key in explanation.holds or limit.key in changed:
            is_cap = isinstance(limit.rule, Cap)
            bound = limit.rule.at_most if isinstance(limit.rule, Cap) else limit.rule.at_least
            rows.append((limit.key, "cap" if is_cap else "floor", float(bound)))
    if "override" in changed:
        rows.append(("override", "override", float(scored_run.numbers("override_score")[row])))
    answers = {key: text(f"answer.{'yes' if key in changed else 'no'}", language) for key, *_ in rows}
    pairs = [
        (_column("limit_key", Meaning.CODE, language), _objects([key for key, *_ in rows])),
        (
            _column("limit_kind", Meaning.TEXT, language),
            _objects([text(f"explain.limit.{kind}", language) for _, kind, _ in rows]),
        ),
        (
            _column("bound", Meaning.POINTS, language),
            np.array([bound for *_, bound in rows], dtype=np.float64),
        ),
        (
            _column("reason", Meaning.LONG_TEXT, language),
            _objects([limit_reason(explanation, key, language) for key, *_ in rows]),
        ),
        (_column("changed_score", Meaning.TEXT, language), _objects([answers[key] for key, *_ in rows])),
    ]
    return _sheet("limits", pairs, language)


def _course(explanation: Explanation, language: Language) -> Sheet:
    course = explanation.course if explanation.course is not None else pd.DataFrame()
    score = course["score"].to_numpy(np.float64)
    pairs = [
        (_column("as_of", Meaning.DATE, language), course["as_of"].to_numpy("datetime64[us]")),
        (_column("score", Meaning.SCORE, language), score),
        (_column("change", Meaning.CHANGE, language), np.diff(score, prepend=np.nan)),
        (band_column(explanation.scored_run.config, language), _objects(course["band"].tolist())),
    ]
    return _sheet("course", pairs, language)


def _headline(explanation: Explanation, contributions: Sheet, language: Language) -> str:
    """Score and band, what costs most, what would lift it."""
    scored_run, row = explanation.scored_run, explanation.row
    who = explanation.text_of("name") or explanation.text_of("account_id")
    labels = band_column(scored_run.config, language).labels
    band = labels.get(scored_run.band[row], scored_run.band[row])
    if np.isnan(scored_run.score[row]):
        return text("headline.explain_no_score", language, who=who, band=labels[UNKNOWN])
    lost = np.nan_to_num(contributions.column("lost"))
    worst = [at for at in np.argsort(-lost, kind="stable")[:_WORST] if lost[at] >= 0.05]
    told = text("reason.join", language).join(
        text(
            "reason.form",
            language,
            label=contributions.column("what")[at],
            value=contributions.column("value")[at],
            lost=f"{lost[at]:.1f}",
        )
        for at in worst
    )
    key = "headline.explain" if worst else "headline.explain_full"
    sentence = text(key, language, who=who, score=f"{scored_run.score[row]:.1f}", band=band, worst=told)
    return paragraph(language, sentence, lift_sentence(explanation, language))


def _column(column_id: str, meaning: Meaning, language: Language) -> Column:
    return Column(id=column_id, label=default_label(column_id, language), meaning=meaning)


def _sheet(sheet_id: str, pairs: Sequence[tuple[Column, Values]], language: Language) -> Sheet:
    title = text(f"explain.sheet.{sheet_id}", language)
    return Sheet(
        id=sheet_id,
        title=title,
        columns=tuple(column for column, _ in pairs),
        values=tuple(values for _, values in pairs),
    )


def _objects(values: Sequence[Any]) -> Values:
    found = np.empty(len(values), dtype=object)
    found[:] = [
        None if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)) else value
        for value in values
    ]
    return found
