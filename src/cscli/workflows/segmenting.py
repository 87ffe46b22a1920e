"""Segments, teams and hours of a book, reported."""

from dataclasses import replace
from pathlib import Path

from cscli.analysis.rule_use import find_rule_use, segment_rule_lists
from cscli.analysis.treatment import find_gaps, treat
from cscli.errors import Problem
from cscli.render import write_report
from cscli.reports.model import Report
from cscli.reports.segment import segment_report
from cscli.reports.segment_sheets import Earlier
from cscli.workflows.book import Book, placed, read_book, report_context, speaking
from cscli.workflows.contract import history_url, inspect_inputs
from cscli.workflows.request import Request
from cscli.workflows.scoring import remember, score_book


def segment(request: Request, output: Path) -> Report:
    """Who gets which treatment and whether owners have the hours, written to `output`; the run is stored in the
    history where the rules have one.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    book = read_book(request)
    with speaking(book.language):
        return _segment(request, book, output)


def _segment(request: Request, book: Book, output: Path) -> Report:
    scored, problems = score_book(request, book)
    inputs = inspect_inputs(request, book)
    treatment = placed(book.draft, lambda: treat(scored.frame, book.config))
    lists = segment_rule_lists(scored.frame, book.config, book.as_of)
    found = [problem for rules in lists for problem in find_rule_use(rules)]
    found += find_gaps(treatment, book.config)
    book = replace(book, problems=(*book.problems, *inputs.drift, *problems, *map(book.draft.place, found)))
    report = segment_report(treatment, _earlier(request, book), book.config, report_context(request, book))
    stored: list[Problem] = []
    write_report(
        report,
        output,
        book.files,
        before_publishing=lambda: stored.extend(remember(request, book, scored, inputs)),
    )
    return replace(report, problems=(*report.problems, *stored))


def _earlier(request: Request, book: Book) -> Earlier | None:
    url = history_url(request, book)
    if url is None:
        return None
    from cscli.history import previous_segments

    found = previous_segments(url, request.rules.workspace, book.as_of)
    return Earlier(found.as_of, found.by_account) if found else None
