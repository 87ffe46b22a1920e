"""The course of one account to the report `history`: week by week, and what its event logs came to."""

import numpy as np
import pandas as pd

from cscli.analysis.past.over_time import AccountCourse, step_changes, switched
from cscli.analysis.scoring.adjustments import find_limits
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import limit_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import band_column, named_column, nothing, plain_column
from cscli.texts import Language, text

_SHORT = ("as_of", "score", "score_step", "band", "data_coverage", "mrr", "capped_by")
_COUNTS = ("events", "users", "active_days", "breadth")
_DAY = np.timedelta64(1, "D")


def account_report(found: AccountCourse, config: Config, context: Context) -> Report:
    """The report: the sheet course, and event_weeks where event logs are stored."""
    language = context.language
    sheets = [_course_sheet(found, config, context)]
    if found.weeks:
        sheets.append(_weeks_sheet(found, language))
    short = with_rules((*_SHORT, *(_events_id(source) for source in found.weeks)), sheets[0])
    return context.report(
        name="history", sheets=tuple(sheets), headline=_headline(found, language), short=short
    )


def rules_column(digests: "pd.Series[str]", language: Language) -> tuple[Column, Values]:
    """Where a run was judged by other rules than the run before it."""
    changed = nothing(len(digests))
    changed[switched(digests)] = "yes"
    labels = {"yes": text("history.rules_changed", language)}
    definition = text("definition.rules_changed", language)
    label = text("label.rules_changed", language)
    return Column(
        id="rules_changed", label=label, meaning=Meaning.TEXT, labels=labels, definition=definition
    ), changed


def with_rules(short: tuple[str, ...], sheet: Sheet) -> tuple[str, ...]:
    """With the mark of changed rules as the second column, where they changed at all."""
    changed = any(mark is not None for mark in sheet.column("rules_changed"))
    return (short[0], "rules_changed", *short[1:]) if changed else short


def defined(name: str, meaning: Meaning, language: Language) -> Column:
    """A column under its label, with its definition."""
    definition = text(f"definition.{name}", language)
    return Column(id=name, label=text(f"label.{name}", language), meaning=meaning, definition=definition)


def _course_sheet(found: AccountCourse, config: Config, context: Context) -> Sheet:
    language, table = context.language, found.course
    days = table["as_of"].to_numpy()
    columns: list[tuple[Column, Values]] = [
        (plain_column("as_of", Meaning.DATE, language), days),
        (plain_column("score", Meaning.SCORE, language), table["score"].to_numpy(np.float64)),
        (
            defined("score_step", Meaning.CHANGE, language),
            step_changes(table["score"].to_numpy(np.float64)),
        ),
        (band_column(config, language), table["band"].to_numpy(object)),
        (
            plain_column("data_coverage", Meaning.SHARE, language),
            table["data_coverage"].to_numpy(np.float64),
        ),
        (named_column("scorecard", config, language), table["scorecard"].to_numpy(object)),
        (defined("capped_by", Meaning.LONG_TEXT, language), _capped(table, config, context)),
        *(
            (plain_column(name, Meaning.MONEY, language), table[name].to_numpy(np.float64))
            for name in ("mrr", "arr")
        ),
        rules_column(table["config_digest"], language),
        (plain_column("config_digest", Meaning.TEXT, language), table["config_digest"].to_numpy(object)),
        *(_events(source, weeks, days, language) for source, weeks in found.weeks.items()),
    ]
    chart = Chart(
        kind=ChartKind.LINES, title=found.name or found.account_id, categories="as_of", values="score"
    )
    title = text("sheet.course", language)
    return Sheet(
        id="course",
        title=title,
        columns=tuple(c for c, _ in columns),
        values=tuple(v for _, v in columns),
        charts=(chart,),
    )


def _capped(table: pd.DataFrame, config: Config, context: Context) -> Values:
    """What changed each score: reasons under today's rules; of other rules that one of their limits did."""
    language = context.language
    words = {"override": text("history.override", language)}
    reasons = {
        limit.key: limit_label(limit.rule, language, limit.key) for limit in find_limits(config.scorecards)
    }
    join, other = text("reason.join", language), text("history.other_limit", language)
    shown = nothing(len(table))
    for row, (keys, digest) in enumerate(zip(table["capped_by"], table["config_digest"], strict=True)):
        known = reasons | words if digest == context.config_digest else words
        shown[row] = join.join(dict.fromkeys(known.get(key, other) for key in keys)) or None
    return shown


def _events(source: str, weeks: pd.DataFrame, days: Values, language: Language) -> tuple[Column, Values]:
    """The events of the last whole week up to each day."""
    since_monday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    whole = np.where(since_monday == 6, 6, since_monday + 7)
    mondays = days - whole * _DAY
    counts = weeks.set_index("week")["events"].reindex(pd.DatetimeIndex(mondays)).to_numpy(np.float64)
    label = text("label.events_of", language, source=source)
    definition = text("definition.events_of", language)
    return Column(id=_events_id(source), label=label, meaning=Meaning.COUNT, definition=definition), counts


def _events_id(source: str) -> str:
    return f"events_{source}"


def _weeks_sheet(found: AccountCourse, language: Language) -> Sheet:
    table = pd.concat([weeks.assign(source=source) for source, weeks in found.weeks.items()])
    columns: list[tuple[Column, Values]] = [
        (_weeks_column("source", Meaning.TEXT, language), table["source"].to_numpy(object)),
        (plain_column("week", Meaning.DATE, language), table["week"].to_numpy()),
        *(
            (_weeks_column(name, Meaning.COUNT, language), table[name].to_numpy(np.float64))
            for name in _COUNTS
        ),
    ]
    title = text("sheet.event_weeks", language)
    return Sheet(
        id="event_weeks",
        title=title,
        columns=tuple(c for c, _ in columns),
        values=tuple(v for _, v in columns),
    )


def _weeks_column(name: str, meaning: Meaning, language: Language) -> Column:
    return Column(id=name, label=text(f"label.event_weeks.{name}", language), meaning=meaning)


def _headline(found: AccountCourse, language: Language) -> str:
    table = found.course
    who = found.account_id
    if found.name:
        who = text("explain.who", language, name=found.name, account=found.account_id)
    scored = table.loc[table["score"].notna(), ["as_of", "score"]]
    if scored.empty:
        return text("headline.history_no_score", language, who=who, count=len(table))
    days = [show_date(day, language) for day in scored["as_of"]]
    scores = scored["score"].tolist()
    details = {"who": who, "score": f"{scores[-1]:.1f}", "date": days[-1]}
    if len(scores) == 1:
        return text("headline.history_once", language, **details)
    low, high = min(scores), max(scores)
    if low == high:
        return text("headline.history_flat", language, **details, since=days[0])
    return text(
        "headline.history",
        language,
        **details,
        change=f"{scores[-1] - scores[0]:+.1f}",
        since=days[0],
        low=f"{low:.1f}",
        low_date=days[scores.index(low)],
        high=f"{high:.1f}",
        high_date=days[scores.index(high)],
    )
