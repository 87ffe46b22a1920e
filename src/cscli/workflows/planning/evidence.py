"""Both sets of rules on the dates of a back-test, where the exports or the history allow one."""

from dataclasses import replace

from cscli.analysis.planning.evidence import Evidence, compare_panels
from cscli.errors import CscliError, Problem, Severity
from cscli.reports.kit.labels import listed_labels
from cscli.texts import problem_message
from cscli.workflows.backtesting.dates import judge_dates
from cscli.workflows.whole.book import WholeBook


def find_evidence(old: WholeBook, new: WholeBook) -> tuple[Evidence | None, list[Problem]]:
    """Which of the two ranks those that left lower, by the outcome and dates of the rules in force; None where nobody can
    tell, with what there is to say.
    """
    settings = old.book.config.backtest
    if settings.column is not None:
        return None, [Problem("plan.one_snapshot", severity=Severity.NOTE)]
    try:
        findings = []
        for whole in (old, new):
            book = whole.revenue_book
            config = book.config.model_copy(
                update={
                    "backtest": settings.model_copy(update={"rules": "today"}),
                    "history": old.book.config.history,
                }
            )
            findings.append(
                judge_dates(whole.request, replace(book, config=config), whole.draft, whole.reader)
            )
    except CscliError as error:
        told = [problem_message(each, old.book.language) for each in error.problems]
        return None, [Problem("plan.no_backtest", severity=Severity.NOTE, value=each) for each in told]
    was, now = (each.terms for each in findings)
    found = compare_panels(findings[0].panel, findings[1].panel, was.calls, (was.edge, now.edge))
    if isinstance(found, Evidence):
        flagged = sorted({name for each in findings for name in each.metrics.flagged})
        said = [problem for each in findings for problem in each.problems]
        if flagged:
            shown = listed_labels(flagged, new.book.config, old.book.language)
            said.append(Problem("plan.flagged", severity=Severity.NOTE, value=shown))
        return found, said
    return None, [Problem("plan.few_left", severity=Severity.NOTE, details={"count": found})]
