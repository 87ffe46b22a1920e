"""The forecasts that the history keeps and the book of today to how good they were."""

from pathlib import Path

from cscli.analysis.forecasting.outcomes import resolve
from cscli.errors import Problem, SourceError
from cscli.render import write_report
from cscli.reports.forecasting.ledger import ledger_report
from cscli.reports.kit.model import Report
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.forecasting.renewals import everyone_now


def ledger(request: Request, output: Path) -> Report:
    """How good the forecasts of renewals and the calls of their owners were, written to `output`.

    Raises CscliError with every problem that stops it; SourceError where the rules keep no history.
    """
    everyone = read_book(request, of_revenue=True)
    with speaking(everyone.language):
        report = report_ledger(request, everyone)
        write_report(report, output, everyone.files)
        return report


def report_ledger(request: Request, everyone: Book) -> Report:
    """The report `ledger`; `everyone`: with the accounts that had left. SourceError where the rules keep no history."""
    url = history_url(request, everyone)
    if url is None:
        raise SourceError(Problem("ledger.no_history"))
    from cscli.history import read_forecasts

    forecasts = read_forecasts(url, request.rules.workspace, everyone.as_of)
    resolved = resolve(forecasts, everyone_now(everyone), everyone.as_of)
    names = everyone.frame.drop_duplicates("account_id").set_index("account_id")["name"]
    resolved = resolved.assign(name=resolved["account_id"].map(names))
    return ledger_report(resolved, everyone.config, report_context(request, everyone))


def has_ledger(request: Request, book: Book) -> bool:
    """Whether anything was forecast before."""
    url = history_url(request, book)
    if url is None:
        return False
    from cscli.history import read_forecasts

    return len(read_forecasts(url, request.rules.workspace, book.as_of)) > 0
