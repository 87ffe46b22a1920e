"""One account's history: what every department did with it, what the runs tell of it, and how it is."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cscli.analysis.conversations.timeline import COLUMNS, no_events, one_history
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.schema import Config
from cscli.config.work.timeline import OURS
from cscli.errors import Problem, UsageError
from cscli.header_keys import header_key
from cscli.reports.brief.internal import make_briefs, say_line
from cscli.reports.brief.sheet import with_brief
from cscli.reports.kit.labels import own_labels, word_labels
from cscli.reports.practice.account_timeline import Story, account_timeline_report
from cscli.reports.practice.columns import department_label
from cscli.texts import LANGUAGES, Called, Language, text
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.history.explaining import explain_whole
from cscli.workflows.practice.timeline import folded_kinds, zones_said
from cscli.workflows.showing.brief import material_of, rows_of
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    from cscli.history.account_events import AccountEvent
    from cscli.reports.kit.model import Report, Sheet

_NOTED = ("note", "next_step")
_OF_A_LINE = ("started_on", "ended_on", "plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineOptions:
    """`since`: events of this day and later; `department`: of this one alone."""

    since: dt.date | None = None
    department: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class AccountTold:
    """`report`: its events; `brief`: its page in lines, what and value, as the first sheet of the workbook has them."""

    report: "Report"
    brief: tuple[tuple[str, str], ...]


def account_timeline(
    request: Request, account: str, options: TimelineOptions, output: Path | None
) -> AccountTold:
    """How the account (an id, or a name) is and what was done with it, the newest first; written to `output` where there is one, with
    its page as the first sheet.

    Raises CscliError with every problem that stops the run, DataError for an account that there is not.
    """
    from cscli.workflows.scores.scoring import check_scorecards

    check_scorecards(request)
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        rows = rows_of(whole, [account])
        material, problems = material_of(whole, rows)
        book, line = whole.judged.book, make_briefs(material).lines[0]
        events = _events(whole, line.account_id, material.language)
        lines = one_history(_chosen(events, options, book.config), folded_kinds(book))
        newest = lines.iloc[::-1].reset_index(drop=True)
        rules = book.config.timeline
        words = {} if rules is None else word_labels(rules.labels, material.language)
        said = say_line(line, material.language)
        story = Story(lines=newest, name=line.account, said=said, events=len(events))
        report = account_timeline_report(story, words, report_context(request, book))
        more = (each for each in (*problems, *zones_said(book)) if each not in report.problems)
        report = replace(report, problems=(*report.problems, *more))
        page = with_brief(explain_whole(whole, int(rows[0])), material).sheets[0]
        if output is not None:
            from cscli.render import write_report

            write_report(replace(report, sheets=(page, *report.sheets)), output, book.files)
        return AccountTold(report=report, brief=tuple(_lines_of(page)))


def _lines_of(page: "Sheet") -> Iterator[tuple[str, str]]:
    """What, or the section where a line is the only one of it, and the value."""
    section = ""
    for head, what, value in zip(*(page.column(name) for name in ("section", "what", "value")), strict=True):
        section = head or section
        yield what or section, value or ""


def _chosen(events: pd.DataFrame, options: TimelineOptions, config: Config) -> pd.DataFrame:
    if options.since is not None:
        events = events[events["at"] >= pd.Timestamp(options.since)]
    if options.department is not None:
        events = events[events["department"] == _department(options.department, config)]
    return events.reset_index(drop=True)


def _department(given: str, config: Config) -> str:
    """The department that is called so, by its name or what people read. Raises UsageError where there is none."""
    there = dict.fromkeys((*(config.timeline.departments if config.timeline else ()), *OURS))
    names = {header_key(department_label(name, to)): name for name in there for to in LANGUAGES}
    own = {header_key(name): name for name in there}
    found: str | None = (names | own).get(header_key(given))
    if found is None:
        details: dict[str, object] = {
            "known": Called(tuple({to: department_label(name, to) for to in LANGUAGES} for name in there))
        }
        raise UsageError(Problem("timeline.no_department", value=given, details=details))
    return found


def _events(whole: WholeBook, account_id: str, language: Language) -> pd.DataFrame:
    """Of exports, contracts and runs."""
    book = whole.judged.book
    done = no_events() if book.practice.events is None else book.practice.events
    own = [*_of_contract(book, account_id, language), *_of_runs(whole, account_id, language)]
    made = pd.DataFrame(own, columns=list(COLUMNS))
    made = made.assign(at=pd.to_datetime(made["at"]), two_way=made["two_way"].astype(bool))
    parts = [part for part in (done[done["account_id"] == account_id], made) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else no_events()


def _of_contract(book: Book, account_id: str, language: Language) -> Iterator[tuple[object, ...]]:
    """Start and end of the contract, and of each line of its subscriptions."""
    account = book.frame[book.frame["account_id"] == account_id].iloc[0]
    days = [(name, account.get(name), "") for name in ("started_on", "churned_on")]
    for name, table in book.resolved.tables.items():
        if book.config.sources[name].kind == "subscriptions":
            frame = table.frame.reindex(columns=["account_id", *_OF_A_LINE])
            for started, ended, plan in frame.loc[
                frame["account_id"] == account_id, list(_OF_A_LINE)
            ].to_numpy(object):
                said = plan if isinstance(plan, str) else ""
                days += [("line_started", started, said), ("line_ended", ended, said)]
    for kind, day, said in days:
        yield from _day(account_id, book.as_of, day, kind, said, language)


def _day(
    account_id: str, as_of: dt.date, day: object, kind: str, said: str, language: Language
) -> Iterator[tuple[object, ...]]:
    if isinstance(day, pd.Timestamp) and day.date() <= as_of:
        shown = text(f"timeline.happened.{kind}", language)
        yield (
            account_id,
            day,
            "",
            "cscli",
            text("timeline.kind.contract", language),
            f"{shown} {said}".strip(),
            False,
        )


def _of_runs(whole: WholeBook, account_id: str, language: Language) -> Iterator[tuple[object, ...]]:
    """Bands that changed, calls, alerts, notes; nothing without a history."""
    book = whole.judged.book
    url = history_url(whole.request, book)
    if url is None:
        return
    from cscli.history.account_events import account_events

    config = book.config
    names = {
        "band": own_labels(config.bands, language) | {UNKNOWN: text("label.band.unknown", language)},
        "called": own_labels(config.playbooks, language),
        "alert": own_labels(config.alerts, language),
    }
    for event in account_events(url, whole.request.rules.workspace, account_id, book.as_of):
        said = _said(event, names, language)
        by = "people" if event.kind in _NOTED else "cscli"
        kind = text(f"timeline.kind.{event.kind}", language)
        yield account_id, pd.Timestamp(event.day), "", by, kind, said, False


def _said(event: "AccountEvent", names: dict[str, dict[str, str]], language: Language) -> str:
    """The event in words, by labels."""
    if event.kind == "band":
        labels = names["band"]
        return f"{labels.get(event.before, event.before)} → {labels.get(event.value, event.value)}"
    if event.kind == "off_list":
        return text(f"why.{event.value}", language) if event.value else ""
    key = "alert" if event.kind in ("alert", "cleared") else event.kind
    return names.get(key, {}).get(event.value, event.value)
