"""A scored book, acted on: the call list and the opportunities, reported and remembered."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.acting.opportunities import find_opportunities
from cscli.analysis.acting.risk import CallList, list_calls, list_records
from cscli.analysis.acting.status import NOTICE, EarlierLists
from cscli.analysis.past.evidence import is_timely
from cscli.analysis.scoring.rule_use import RuleList, find_rule_use
from cscli.config.blocks.actions import Opportunity, Playbook
from cscli.errors import Problem, Severity
from cscli.reports.actions.at_risk import at_risk_report
from cscli.reports.actions.opportunities import opportunities_report
from cscli.reports.kit.model import Report
from cscli.reports.score.report import ScoredAccounts
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, known_day, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.scores.scoring import JudgedBook, RunRecords, judge_book, write_and_remember

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


def at_risk(request: Request, output: Path) -> Report:
    """The accounts to call, written to `output`; snapshot and list are stored where the rules have a history.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    book = read_book(request)
    with speaking(book.language):
        judged = judge_book(request, book)
        calls = list_judged(request, judged)
        report = report_calls(request, judged, calls)
        records = RunRecords(call_list=call_records(judged, calls))
        return write_and_remember(request, judged, report, output, records)


def opportunities(request: Request, output: Path) -> Report:
    """Whom to offer more, written to `output`; the snapshot is stored where the rules have a history.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    book = read_book(request)
    with speaking(book.language):
        judged = judge_book(request, book)
        report = report_opportunities(request, judged, list_judged(request, judged))
        return write_and_remember(request, judged, report, output)


def list_judged(request: Request, judged: JudgedBook) -> CallList:
    """Who is at risk, against the lists before. Raises ConfigError for a rule that does not fit its columns."""
    book, frame = judged.book, judged.scored.frame
    earlier = _earlier_lists(request, book)
    return placed(book.draft, lambda: list_calls(frame, book.config, book.as_of, earlier))


def call_records(judged: JudgedBook, calls: CallList) -> "pd.DataFrame":
    """The list as the history keeps it."""
    return list_records(judged.scored.frame, calls, judged.book.config)


def report_calls(request: Request, judged: JudgedBook, calls: CallList) -> Report:
    """The report `at-risk`."""
    book, scored = judged.book, judged.scored
    book = replace(book, problems=(*book.problems, *_said(request, book, scored, calls)))
    return at_risk_report(scored, calls, book.config, report_context(request, book))


def report_opportunities(request: Request, judged: JudgedBook, calls: CallList) -> Report:
    """The report `opportunities`. Raises ConfigError for a rule that does not fit its columns."""
    book, scored = judged.book, judged.scored
    at_risk = calls.membership.listed | calls.membership.holds
    found = placed(book.draft, lambda: find_opportunities(scored.frame, book.config, book.as_of, at_risk))
    idle = _idle_rules("opportunities", book.config.opportunities, found.holds, everyone=False)
    book = replace(book, problems=(*book.problems, *map(book.draft.place, idle)))
    return opportunities_report(scored, found, book.config, report_context(request, book))


def _earlier_lists(request: Request, book: Book) -> EarlierLists | None:
    url = history_url(request, book)
    if url is None:
        return None
    from cscli.history import earlier_lists

    return replace(earlier_lists(url, request.rules.workspace, book.as_of), left=book.left)


def _said(request: Request, book: Book, scored: ScoredAccounts, calls: CallList) -> list[Problem]:
    """What a reader of the list should know of it: notice that may have come later than the day of the list, accounts without ARR, resting
    ones, playbooks without effect.
    """
    ids = scored.frame["account_id"]
    listed = ids.iloc[calls.rows]
    known_late = not is_timely(book.as_of, known_day(request, book))
    found = {
        "actions.notice_later": listed[calls.why == NOTICE].tolist() if known_late else [],
        "actions.no_arr": listed[scored.frame["arr"].iloc[calls.rows].isna().to_numpy()].tolist(),
        "actions.resting": ids[calls.membership.rests].tolist(),
    }
    days = book.config.at_risk.cool_down_days
    day = book.as_of.isoformat()
    said = [_of_accounts(code, accounts, days, day) for code, accounts in found.items() if accounts]
    said += map(book.draft.place, _idle_rules("playbooks", book.config.playbooks, calls.playbooks_hold))
    if history_url(request, book) is None:
        said.append(Problem("actions.no_history", severity=Severity.NOTE))
    return said


def _idle_rules(
    key: str,
    rules: Sequence[Playbook] | Sequence[Opportunity],
    holds: NDArray[np.bool_],
    *,
    everyone: bool = True,
) -> list[Problem]:
    """Rules that hold for nobody; and that some account has none, where `everyone` should have one."""
    names = [rule.name for rule in rules]
    listed = RuleList(key=key, names=names, holds=list(holds.T), first_wins=False, for_everyone=everyone)
    return list(find_rule_use(listed)) if rules else []


def _of_accounts(code: str, accounts: list[str], days: int, day: str) -> Problem:
    shown = ", ".join(accounts[:_SHOWN]) + (", ..." if len(accounts) > _SHOWN else "")
    details: dict[str, object] = {"count": len(accounts), "days": days, "day": day}
    return Problem(code, severity=Severity.NOTE, value=shown, details=details)
