"""Segments, teams and hours of a book, reported."""

from dataclasses import replace
from pathlib import Path

from cscli.analysis.acting.touch_plan import find_gaps, plan_touch
from cscli.analysis.scoring.rule_use import find_rule_use, segment_rule_lists
from cscli.reports.actions.segment import segment_report
from cscli.reports.actions.segment_sheets import Earlier
from cscli.reports.kit.model import Report
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.scores.scoring import JudgedBook, judge_book, write_and_remember


def segment(request: Request, output: Path) -> Report:
    """Who gets which treatment and whether owners have the hours, written to `output`; the run is stored in the
    history where the rules have one.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    book = read_book(request)
    with speaking(book.language):
        judged = judge_book(request, book)
        return write_and_remember(request, judged, report_segments(request, judged), output)


def report_segments(request: Request, judged: JudgedBook) -> Report:
    """The report `segment`. Raises ConfigError for a rule that does not fit its columns."""
    book, scored = judged.book, judged.scored
    touch_plan = placed(book.draft, lambda: plan_touch(scored.frame, book.config))
    lists = segment_rule_lists(scored.frame, book.config, book.as_of)
    found = [problem for rules in lists for problem in find_rule_use(rules)]
    found += find_gaps(touch_plan, book.config)
    book = replace(book, problems=(*book.problems, *map(book.draft.place, found)))
    return segment_report(touch_plan, _earlier(request, book), book.config, report_context(request, book))


def _earlier(request: Request, book: Book) -> Earlier | None:
    url = history_url(request, book)
    if url is None:
        return None
    from cscli.history import previous_segments

    found = previous_segments(url, request.rules.workspace, book.as_of)
    return Earlier(found.as_of, found.by_account) if found else None
