"""What was promised to each account, by when, and which promise is late."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.promises.milestones import REACHED_UNDATED
from cscli.analysis.promises.overview import Overview
from cscli.analysis.promises.standards import Followed
from cscli.analysis.promises.unmeasured import say_unmeasured
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, DataError, Location, Problem, Severity, UsageError
from cscli.nearest import nearest_name
from cscli.render import write_report
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.model import Report
from cscli.reports.practice.journey import journey_report
from cscli.reports.practice.share import share_report
from cscli.texts import Language
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.work.promised import overview_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 3


def journey(request: Request, output: Path) -> Report:
    """The promises to each account, written to `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        report = report_journey(request, book)
        write_report(report, output, book.files)
        return report


def share_journey(request: Request, account_id: str, output: Path) -> Report:
    """What the customer may see of its own goals and milestones, as a workbook at `output`. Raises DataError for an account that there is not, UsageError for another form."""
    if output.suffix.lower() != ".xlsx":
        raise UsageError(Problem("journey.share_form", value=str(output)))
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        overview = overview_of_book(book)
        ids = overview.frame["account_id"].tolist()
        if account_id not in ids:
            nearest = nearest_name(account_id, ids)
            code = "journey.unknown_account_nearest" if nearest else "journey.unknown_account"
            raise DataError(Problem(code, value=account_id, details={"nearest": nearest or ""}))
        report = share_report(overview, account_id, book.config, report_context(request, book))
        write_report(report, output, book.files)
        return report


def report_journey(request: Request, book: Book, overview: Overview | None = None) -> Report:
    """The report `journey` of a book that has those too that have left. `overview`: what is known of promises, where that has been judged already.
    Raises ConfigError where the rules promise nothing.
    """
    if book.config.journey is None and book.config.goals is None:
        raise ConfigError(Problem("journey.no_rules", where=Location(file=request.rules.name)))
    overview = overview or overview_of_book(book)
    context = report_context(request, book)
    said = tuple(_said(book, overview))
    return journey_report(overview, book.config, replace(context, problems=(*context.problems, *said)))


def overview_of_book(book: Book) -> Overview:
    """What is known of promises on the day of `book`. Raises ConfigError for a rule that does not fit its columns."""
    config, practice = book.config, book.practice
    frame = placed(book.draft, lambda: add_columns(book.frame, config, book.as_of, practice.nodes)).frame
    return placed(book.draft, lambda: overview_of(frame, config, practice, book.as_of))


def _said(book: Book, overview: Overview) -> "Iterator[Problem]":
    """What a reader should know: who has no start, goals that are gone, standards in which nothing is seen in data."""
    for followed in overview.followed:
        if followed.without_start:
            yield _of_accounts(
                "journey.no_start",
                followed.without_start,
                standard=own_label(followed.standard, book.language),
            )
        yield from _left_out(followed, book.language)
        if all(each.is_typed for each in followed.standard.milestones):
            shown = own_label(followed.standard, book.language)
            yield Problem("journey.all_typed", severity=Severity.NOTE, value=shown)
    goals = book.practice.goals
    if goals is not None:
        yield from say_unmeasured(goals.rows, overview.goals, overview.frame, book.config)
    gone = goals.gone if goals else ()
    if gone:
        yield _of_accounts("goals.gone", tuple(f"{account} {key}" for account, key in gone))


def _left_out(followed: Followed, language: Language) -> "Iterator[Problem]":
    """By milestone, who began before the first run looked at it, so that nobody knows whether they were in time."""
    course = followed.course[~followed.course["watched"].to_numpy(bool)]
    for milestone in followed.standard.milestones:
        mine = course["status"][course["milestone"] == milestone.name]
        if len(mine):
            details: dict[str, object] = {"count": len(mine), "reached": int((mine == REACHED_UNDATED).sum())}
            shown = own_label(milestone, language)
            yield Problem("journey.left_out", severity=Severity.NOTE, value=shown, details=details)


def _of_accounts(code: str, accounts: tuple[str, ...], **details: object) -> Problem:
    shown = ", ".join(accounts[:_SHOWN]) + (", ..." if len(accounts) > _SHOWN else "")
    return Problem(code, severity=Severity.NOTE, value=shown, details={"count": len(accounts), **details})
