"""What changed since the last run before this one: compared once, for the dashboard and the report."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from cscli.analysis.past.scored_run import scored_run_of
from cscli.errors import DataError, Problem, Severity
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import report_context
from cscli.workflows.history.changes import APART_DAYS, compare_with
from cscli.workflows.history.recalling import Today, relative_note
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    from cscli.reports.history.comparison import Comparison
    from cscli.reports.kit.model import Report


def compare_before(whole: WholeBook) -> "tuple[Comparison | None, tuple[Problem, ...]]":
    """With the newest run at least so many days before; None where there is none, or its rules cannot be read, which is
    said.
    """
    return whole.once(_compare)


def has_earlier(whole: WholeBook) -> bool:
    """Whether the history has such a run."""
    url = history_url(whole.request, whole.book)
    if url is None:
        return False
    from cscli.history import snapshot_days

    latest = _latest(whole)
    return any(day <= latest for day in snapshot_days(url, whole.request.rules.workspace))


def report_changes(whole: WholeBook) -> "Report":
    """The report `diff` of this run with that one. DataError where there is none."""
    from cscli.reports.history.diff import diff_report

    comparison, problems = compare_before(whole)
    book = whole.book
    if comparison is None:
        details = {"days": str(APART_DAYS), "as_of": book.as_of.isoformat()}
        raise DataError(*problems, Problem("diff.nothing_before", details=details))
    said = (*book.problems, *problems, *relative_note(book.config))
    context = report_context(whole.request, replace(book, problems=said))
    return diff_report(comparison, context, complete=True)


def _latest(whole: WholeBook) -> dt.date:
    return whole.book.as_of - dt.timedelta(days=APART_DAYS)


def _compare(whole: WholeBook) -> "tuple[Comparison | None, tuple[Problem, ...]]":
    from cscli.history import read_snapshot

    judged = whole.judged
    book, scored = judged.book, judged.scored
    url = history_url(whole.request, book)
    if url is None:
        return None, ()
    stored = read_snapshot(url, whole.request.rules.workspace, _latest(whole), at_or_before=True)
    if stored is None:
        return None, ()
    now = scored_run_of(scored.frame, book.frame, scored.scores, book.config, book.as_of)
    today = Today(book.draft, book.config, url, book.language)
    try:
        return compare_with(whole.request, today, stored, now), ()
    except DataError as error:
        return None, tuple(replace(each, severity=Severity.WARNING) for each in error.problems)
