"""Which segment lacks content, what each account should get next, what should become tech touch."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cscli.analysis.practice.content_map import map_content, next_pieces, place_accounts
from cscli.analysis.practice.content_use import effects, piece_table
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.practice.content import ContentTables, content_report
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed

if TYPE_CHECKING:
    from cscli.analysis.practice.content_map import Placed

_SHOWN = 3


def content(request: Request, output: Path) -> Report:
    """Content and whom it is for, written to `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        report = report_content(request, book)
        write_report(report, output, book.files)
        return report


def report_content(request: Request, book: Book) -> Report:
    """The report `content` of a book that has those too that have left. Raises ConfigError where the rules have no content."""
    config, facts, as_of = book.config, book.practice.content, book.as_of
    if config.content is None or facts is None:
        raise ConfigError(Problem("content.no_rules", where=Location(file=request.rules.name)))
    settings = config.content
    everyone = placed(book.draft, lambda: add_columns(book.frame, config, as_of, book.practice.nodes)).frame
    there = ~(everyone["churned_on"] <= pd.Timestamp(as_of)).to_numpy(bool)
    frame = everyone[there].reset_index(drop=True)
    stand = placed(book.draft, lambda: place_accounts(frame, settings, as_of))
    pieces = piece_table(facts, as_of)
    customers = pieces["content_id"][(pieces["audience"] != "team").to_numpy(bool)].tolist()
    tables = ContentTables(
        frame=frame, map=map_content(stand, frame["arr"], facts.inventory, settings),
        next=next_pieces(frame["account_id"], stand, facts, as_of), pieces=pieces,
        effects=effects(everyone, facts.uses, customers, everyone[settings.by], as_of), by=settings.by,
    )  # fmt: skip
    context = report_context(request, book)
    said = (*book.problems, *_without_place(frame, stand))
    return content_report(tables, config, replace(context, problems=said))


def _without_place(frame: pd.DataFrame, stand: "Placed") -> list[Problem]:
    """Accounts that stand in no cell of the map."""
    lost = frame["account_id"][~stand.known.to_numpy(bool)].tolist()
    if not lost:
        return []
    shown = ", ".join(lost[:_SHOWN]) + (", ..." if len(lost) > _SHOWN else "")
    return [Problem("content.no_place", severity=Severity.NOTE, value=shown, details={"count": len(lost)})]
