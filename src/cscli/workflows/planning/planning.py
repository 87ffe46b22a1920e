"""What other rules would change, on one reading of the exports of today or on a stored run; nothing is stored."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.past.scored_run import ScoredRun, scored_run_of
from cscli.analysis.planning.differences import (
    Listed,
    alert_changes,
    band_moves,
    key_changes,
    list_changes,
    owner_changes,
    segment_changes,
)
from cscli.analysis.planning.rule_changes import order_kept, split_by_rule
from cscli.config.secrets import hide_password
from cscli.errors import Problem, Severity, UsageError, distinct
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.planning.plan import Plan
from cscli.reports.planning.report import plan_report
from cscli.workflows.book.events import keeping_logs
from cscli.workflows.book.read import Book, draft_of, report_context, speaking
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.planning.evidence import find_evidence
from cscli.workflows.planning.stored import stored_books
from cscli.workflows.scores.scoring import check_scorecards
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.rules import Rules, at_home

if TYPE_CHECKING:
    import pandas as pd

_SECRET, _HIDDEN = ("channels", "history"), "***"


@dataclass(frozen=True, slots=True)
class Planned:
    """The report, and the share of the ARR (of the accounts, where none is known) whose band would change."""

    report: Report
    moved_share: float


def plan(request: Request, rules: Rules | None, output: Path, day: dt.date | None = None) -> Planned:
    """What `rules` with the overrides of `request` would change of what the rules in force say, written to `output`. Without
    `rules`: those in force with the overrides. `day`: on what the run of that day kept, not on today's exports. The history is read
    and never written.

    Raises UsageError where nothing is to be changed, CscliError with every problem that stops the run.
    """
    if rules is None and not request.overrides:
        raise UsageError(Problem("plan.nothing_new"))
    today = replace(request, overrides=())
    other = replace(request, rules=at_home(rules or request.rules, request.rules))
    for each in (today, other):
        check_scorecards(each)
    on_exports = _both_books(today, other)
    old, new = on_exports if day is None else stored_books(today, other, day)
    with keeping_logs(on_exports[0].reader, today), speaking(old.book.language):
        new.book = _with_history(new.book, old.book)
        found, said = _compare(old, new, on_exports)
        problems = distinct([*old.judged.book.problems, *new.judged.book.problems, *said])
        context = report_context(today, replace(old.judged.book, problems=tuple(problems)))
        report = plan_report(found, context)
        write_report(report, output, old.book.files)
        return Planned(report, found.moved_share)


def _both_books(today: Request, other: Request) -> tuple[WholeBook, WholeBook]:
    """On one reading, unless the rules read the files in another way; both against the history of the rules in force."""
    old = WholeBook(today)
    draft = draft_of(other)
    same = draft.config is not None and draft.sources() == old.draft.sources()
    new = WholeBook(other, old.reader if same else SourceReader(), draft)
    return old, new


def _with_history(book: Book, of: Book) -> Book:
    return replace(book, config=book.config.model_copy(update={"history": of.config.history}))


def _compare(
    old: WholeBook, new: WholeBook, today: tuple[WholeBook, WholeBook]
) -> tuple[Plan, list[Problem]]:
    """`today`: both on the exports, for the back-test."""
    runs = _scored_run(old), _scored_run(new)
    changes = split_by_rule(*runs)
    before, after = changes.before, changes.after
    listed = _listed(old), _listed(new)
    lists = list_changes(*listed)
    money = old.judged.scored.frame[["mrr", "arr"]].iloc[before].reset_index(drop=True)
    evidence, why = find_evidence(*today)
    keys = key_changes(old.draft.document.data, new.draft.document.data)
    found = Plan(
        old=runs[0],
        new=runs[1],
        changes=changes,
        order=order_kept(runs[0].score[before], runs[1].score[after]),
        moves=band_moves(runs[0].band[before], runs[1].band[after], money),
        lists=lists,
        owners=owner_changes(lists, listed[0].config, listed[1].config),
        segments=segment_changes(*listed),
        alerts=alert_changes(*listed),
        keys=_without_secrets(keys),
        evidence=evidence,
    )
    return found, [*why, *_said(found)]


def _scored_run(whole: WholeBook) -> ScoredRun:
    scored, book = whole.judged.scored, whole.judged.book
    return scored_run_of(scored.frame, book.frame, scored.scores, book.config, book.as_of)


def _listed(whole: WholeBook) -> Listed:
    return Listed(
        frame=whole.judged.scored.frame,
        config=whole.judged.book.config,
        calls=whole.calls,
        alerts=whole.alerts.active,
    )


def _without_secrets(keys: "pd.DataFrame") -> "pd.DataFrame":
    """Where databases and channels are is nothing for a report."""
    shown = keys.copy()
    for name in ("value_from", "value_to"):
        shown[name] = [_shown(*pair) for pair in zip(keys["key"], keys[name], strict=True)]
    return shown


def _shown(key: str, value: str | None) -> str | None:
    if value is None:
        return None
    return _HIDDEN if key.startswith(_SECRET) else hide_password(value)


def _said(found: Plan) -> Iterator[Problem]:
    """Accounts that only one set of rules has; that no ARR is known."""
    shared = len(found.changes.before)
    apart = len(found.old) - shared, len(found.new) - shared
    if any(apart):
        details = {"only_old": apart[0], "only_new": apart[1]}
        yield Problem("plan.other_accounts", severity=Severity.WARNING, details=details)
    if not np.nansum(found.arr) > 0:
        yield Problem("plan.no_arr", severity=Severity.NOTE)
