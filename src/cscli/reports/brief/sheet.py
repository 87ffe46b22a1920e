"""The page of an account as the first sheet of a workbook: a line a fact, in the order in which one reads."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.acting.plays import names_of_plays
from cscli.analysis.acting.risk import CallList
from cscli.config.blocks.actions import Playbook
from cscli.config.blocks.parts import text_in
from cscli.reports.brief.promised import late_lines, promised_lines
from cscli.reports.dashboard.changes import WORTH_TELLING, is_told
from cscli.reports.dashboard.model import Material
from cscli.reports.dashboard.words import long_day
from cscli.reports.explain.known import typed_of
from cscli.reports.history.diff_causes import causes
from cscli.reports.kit.labels import column_label, limit_label, own_label, value_labels
from cscli.reports.kit.looks import show_date, show_share
from cscli.reports.kit.model import Column, Meaning, Report, Sheet
from cscli.texts import Language, text

_SMALL = 0.05
"""Points; what costs less is not told."""
Line = tuple[str, str, str]
"""Section, what, value."""


def with_brief(report: Report, material: Material) -> Report:
    """`explain` of the one account of `material`, with its page as the first sheet."""
    rest = (each for each in report.sheets if each.id != "known")  # the page has it
    return replace(report, sheets=(_sheet(report, material), *rest))


def _sheet(report: Report, material: Material) -> Sheet:
    language = material.language
    lines = [
        (text("brief.summary", language), "", report.headline),
        *promised_lines(material),
        *_facts(material),
        *_costs(report, material),
        *_to_do(material),
        *_changed(material),
        *_typed(material),
    ]
    sections = [
        section if at == 0 or section != lines[at - 1][0] else "" for at, (section, *_) in enumerate(lines)
    ]
    columns = tuple(
        Column(id=name, label=text(f"brief.column.{name}", language), meaning=meaning)
        for name, meaning in (("section", Meaning.TEXT), ("what", Meaning.TEXT), ("value", Meaning.PROSE))
    )
    values = (sections, [what for _, what, _ in lines], [value for *_, value in lines])
    return Sheet(
        id="brief",
        title=text("brief.title", language),
        columns=columns,
        values=tuple(
            np.array([*(cell or None for cell in each), None], dtype=object)[:-1] for each in values
        ),
    )


def _facts(material: Material) -> Iterator[Line]:
    """ARR, renewal, owner, segments, team, data coverage; what is missing is left out."""
    section, language, config = text("brief.account", material.language), material.language, material.config
    account = material.frame.iloc[0]
    row = int(material.rows[0])
    arr = float(account["arr"])
    if not np.isnan(arr):
        yield section, column_label("arr", config, language), material.context.money(arr)
    renews = account["renews_on"]
    if renews == renews:  # noqa: PLR0124 - a day that is missing is not itself
        days = float(account["days_to_renewal"])
        key, day = "brief.renewal" if days >= 0 else "brief.renewal_over", show_date(renews.date(), language)
        said = text(key, language, day=day, count=f"{abs(days):,.0f}")
        yield section, column_label("renews_on", config, language), said
    for name in ("owner", *config.segments, "team"):
        value = account.get(name)
        if isinstance(value, str):
            labels = {} if name == "owner" else value_labels([name], config, language)
            yield section, column_label(name, config, language), labels.get(value, value)
    coverage = float(material.scored.scores.data_coverage[row])
    yield section, text("page.coverage", language), show_share(coverage)


def _costs(report: Report, material: Material) -> Iterator[Line]:
    """What holds the score, then what costs points, the most first."""
    language, scores, row = material.language, material.scored.scores, int(material.rows[0])
    section = text("page.head_of.costs", language)
    for at in np.flatnonzero(scores.limits_changed[row]).tolist():
        yield section, text("brief.held", language), limit_label(scores.limits[at].rule, language)
    sheet = next(each for each in report.sheets if each.id == "contributions")
    lost = np.nan_to_num(sheet.column("lost"))
    for at in np.argsort(-lost, kind="stable").tolist():
        if lost[at] >= _SMALL:
            value, usual = sheet.column("value")[at], sheet.column("usual")[at]
            said = text("brief.costs", language, value=value, usual=usual, lost=f"{lost[at]:.1f}")
            yield section, str(sheet.column("what")[at]), said


def _due(calls: CallList, at: int, language: Language) -> list[str]:
    """By when the first playbook is due, and how long it has been overdue; nothing where no day is known."""
    due, over = calls.due_on[at], calls.overdue_days[at]
    if np.isnat(due):
        return []
    day = long_day(due.astype("datetime64[D]").item(), language)
    late = [text("page.overdue", language, count=int(over))] if over > 0 else []
    return [text("page.by_day", language, day=day), *late]


def _to_do(material: Material) -> Iterator[Line]:
    """The playbooks that hold, the first with its due day; promises that are late; what could be offered; and what is at stake."""
    language, config, calls, found = material.language, material.config, material.calls, material.found
    section, row = text("page.to_do", language), int(material.rows[0])
    listed = np.flatnonzero(calls.rows == row).tolist()
    plays = np.flatnonzero(found.rows == row).tolist()
    late = late_lines(material)
    if not listed and not plays and not late:
        yield section, "", text("page.to_do.none", language)
    for at in listed:
        for place, book in enumerate(np.flatnonzero(calls.playbooks_hold[at]).tolist()):
            playbook = config.playbooks[book]
            by = [] if place else _due(calls, at, language)
            guide = text_in(playbook.guide, language, "") if playbook.guide else ""
            said = [_done(material, playbook), text_in(playbook.text, language, ""), *by, guide]
            yield section, own_label(playbook, language), " · ".join(filter(None, said))
    yield from ((section, promise, said) for promise, said in late)
    for at in plays:
        play = config.opportunities[int(found.play[at])]
        amount = float(found.potential_mrr[at])
        potential = (
            "" if np.isnan(amount) else text("page.potential", language, mrr=material.context.money(amount))
        )
        said = [text(f"kind.{play.kind}", language), potential]
        yield section, own_label(play, language), " · ".join(filter(None, said))
    for at in listed:
        if not np.isnan(calls.arr_at_risk[at]):
            loss = material.context.money(float(calls.arr_at_risk[at]))
            chance = show_share(float(calls.churn_probability[at]))
            yield (
                text("brief.stake", language),
                "",
                text("brief.stake_value", language, loss=loss, chance=chance),
            )


def _done(material: Material, playbook: Playbook) -> str:
    """That people wrote down this playbook as done, and when; blank where they did not."""
    account, language = material.frame.iloc[0], material.language
    play, day = account.get("play_done"), account.get("play_done_on")
    names = names_of_plays([playbook])
    if not isinstance(play, str) or play.strip().casefold() not in names or not isinstance(day, pd.Timestamp):
        return ""
    return text("brief.done", language, day=long_day(day.date(), language))


def _changed(material: Material) -> Iterator[Line]:
    """What moved the score since the earlier run."""
    language, comparison = material.language, material.comparison
    if comparison is None:
        yield text("page.changed", language), "", text("page.card.changes.none", language)
        return
    section = text("page.since_day", language, day=long_day(comparison.start.as_of, language))
    at = np.flatnonzero(comparison.changes.after == material.rows[0])
    if not len(at):
        yield section, "", text("page.changed.new", language)
        return
    told = at[is_told(comparison)[at]]
    if not len(told):
        yield section, "", text("page.changed.little", language, points=f"{WORTH_TELLING:.0f}")
        return
    yield (
        section,
        f"{comparison.changes.change[told[0]]:+.1f}",
        str(causes(comparison, told, language)[0] or "–"),
    )


def _typed(material: Material) -> Iterator[Line]:
    """What people typed."""
    section = text("brief.typed", material.language)
    for what, value in typed_of(material.frame.iloc[0], material.language):
        yield section, what, value
