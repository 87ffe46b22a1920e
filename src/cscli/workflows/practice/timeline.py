"""What every department did with the customers, and what nobody wrote down."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.conversations.timeline import last_contacts, no_events, one_history, silence
from cscli.analysis.promises.records import all_records, coverage_of_records, missing_records
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, Location, Problem
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.practice.timeline import History, timeline_report
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed, zone_of
from cscli.workflows.work.happened import say_zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LAST_DAYS = 90


def timeline(request: Request, output: Path, *, texts: bool = False) -> Report:
    """Records that are missing and accounts that are silent, written to `output`; `texts`: with the events of the last 90 days, which may hold personal data.

    Raises CscliError with every problem that stops the run; then no file is written.
    """
    book = read_book(request)
    with speaking(book.language):
        report = report_timeline(request, book, texts=texts)
        write_report(report, output, book.files)
        return report


def report_timeline(request: Request, book: Book, *, texts: bool = False) -> Report:
    """The report `timeline`. Raises ConfigError where the rules have neither events nor records."""
    config = book.config
    if config.timeline is None and not config.records:
        raise ConfigError(Problem("timeline.no_rules", where=Location(file=request.rules.name)))
    frame, events = _frame(book), _events(book)
    records = placed(book.draft, lambda: all_records(frame, config.records, book.as_of))
    arr = frame["arr"].to_numpy(np.float64)
    history = History(
        frame=frame,
        missing=missing_records(records, arr),
        coverage=coverage_of_records(records, config.records),
        silent=silent_accounts(book),
        contacts=last_contacts(events, pd.Timestamp(book.as_of)),
        lines=_lines(book, events) if texts else None,
    )
    context = report_context(request, book)
    return timeline_report(history, config, replace(context, problems=(*context.problems, *zones_said(book))))


def zones_said(book: Book) -> "Iterator[Problem]":
    """Of which zone times are taken that bear none."""
    return say_zones(book.config, book.typed, book.tables.raw, zone_of(book.config))


def folded_kinds(book: Book) -> "Mapping[str, set[str]]":
    """By department, the kinds of which neighbours become one line."""
    folded: dict[str, set[str]] = {}
    for rule in book.config.timeline.events if book.config.timeline else ():
        folded.setdefault(rule.department, set()).update(rule.fold)
    return folded


def _lines(book: Book, events: pd.DataFrame) -> pd.DataFrame:
    since = pd.Timestamp(book.as_of) - pd.Timedelta(days=_LAST_DAYS)
    return one_history(events[events["at"] > since], folded_kinds(book))


def silent_accounts(book: Book) -> pd.DataFrame:
    """Who has been silent for longer than the rules allow; most ARR first: account_id, last_two_way_on, department, days. Raises ConfigError."""
    if book.config.timeline is None:
        return pd.DataFrame({"account_id": [], "last_two_way_on": [], "department": [], "days": []})
    frame = _frame(book)
    found = silence(_events(book), frame, pd.Timestamp(book.as_of)).rename(columns={"days_silent": "days"})
    found = found.assign(account_id=frame["account_id"], arr=frame["arr"])
    late = found[found["days"] > book.config.timeline.silent_after_days]
    ordered = late.sort_values(
        ["arr", "account_id"], ascending=[False, True], na_position="last", ignore_index=True
    )
    return ordered.drop(columns="arr")


def _frame(book: Book) -> pd.DataFrame:
    return placed(
        book.draft, lambda: add_columns(book.frame, book.config, book.as_of, book.practice.nodes)
    ).frame


def _events(book: Book) -> pd.DataFrame:
    """Of the accounts of the book."""
    events = no_events() if book.practice.events is None else book.practice.events
    return events[events["account_id"].isin(book.frame["account_id"])]
