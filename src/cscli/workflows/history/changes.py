"""What changed between two runs of the history, and why."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.errors import DataError, Problem, Severity, UsageError
from cscli.reports.kit.model import Report
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request
from cscli.workflows.history.recalling import (
    Today,
    is_bare,
    judge_by_today,
    lacking_columns,
    read_run,
    read_today,
    relative_note,
    rules_of,
    standing_by_today,
    stored_context,
    stored_days,
)

if TYPE_CHECKING:
    from cscli.analysis.past.scored_run import ScoredRun
    from cscli.analysis.past.snapshots import StoredSnapshot
    from cscli.reports.history.comparison import Comparison

APART_DAYS = 6
"""Without a first date: the newest run at least so many days before the second."""


@dataclass(frozen=True, slots=True)
class Span:
    """From which run to which; None: the newest that fits. `by_today`: both under the rules in force."""

    start: dt.date | None = None
    end: dt.date | None = None
    by_today: bool = False


def diff(request: Request, span: Span, output: Path | None) -> Report:
    """What changed over `span`, written to `output` where there is one; nothing is stored. Raises UsageError for dates in the
    wrong order, DataError for days without a run.
    """
    today = read_today(request)
    with speaking(today.language):
        start, end = _read_ends(request, today, span)
        problems: list[Problem] = []
        found = (
            _by_today(today, start, end, problems)
            if span.by_today
            else _compare(request, today, (start, end), problems)
        )
        problems += relative_note(found.end.config)
        context = stored_context(request, today, end, found.end.config, problems)
        if span.by_today:
            context = stored_context(request, today, end, today.config, problems)
        from cscli.reports.history.diff import diff_report

        report = diff_report(found, context, complete=output is not None)
        if output is not None:
            from cscli.render import write_report

            write_report(report, output)
        return report


def _read_ends(request: Request, today: Today, span: Span) -> "tuple[StoredSnapshot, StoredSnapshot]":
    if span.start and span.end and span.start >= span.end:
        details = {"start": span.start.isoformat(), "end": span.end.isoformat()}
        raise UsageError(Problem("diff.wrong_order", details=details))
    end = read_run(request, today, span.end)
    if span.start is not None:
        if span.start >= end.as_of:
            details = {"start": span.start.isoformat(), "end": end.as_of.isoformat()}
            raise UsageError(Problem("diff.wrong_order", details=details))
        return read_run(request, today, span.start), end
    latest = end.as_of - dt.timedelta(days=APART_DAYS)
    earlier = [day for day in stored_days(request, today) if day <= latest]
    if not earlier:
        details = {"days": str(APART_DAYS), "as_of": end.as_of.isoformat()}
        raise DataError(Problem("diff.nothing_before", details=details))
    return read_run(request, today, earlier[-1]), end


def _compare(
    request: Request, today: Today, ends: "tuple[StoredSnapshot, StoredSnapshot]", problems: list[Problem]
) -> "Comparison":
    """Each run under its own rules."""
    from cscli.analysis.explaining.changes import split_changes
    from cscli.analysis.past.scored_run import recall, scored_run_of
    from cscli.analysis.scoring.rescore import rescore, same_rules
    from cscli.reports.history.comparison import Comparison

    start, end = ends
    rules = rules_of(start, request, today)
    first = recall(start, rules)
    rules_after = rules_of(end, request, today) if start.config_digest != end.config_digest else rules
    if rules_after is rules or same_rules(rules, rules_after):
        last = recall(end, rules)
        return Comparison(first, last, last, split_changes(first, last))
    if is_bare(end):
        raise DataError(Problem("recall.no_columns", value=end.as_of.isoformat()))
    details = {"before": start.config_digest, "after": end.config_digest}
    problems.append(Problem("diff.rules_changed", severity=Severity.NOTE, details=details))
    by_first = rescore(end.columns, rules, end.as_of)
    problems += lacking_columns(by_first.lacking, end.as_of)
    later = scored_run_of(by_first.frame, end.columns, by_first.scores, rules, end.as_of)
    last = recall(end, rules_after)
    return Comparison(first, last, later, split_changes(first, last, later))


def compare_with(request: Request, today: Today, stored: "StoredSnapshot", now: "ScoredRun") -> "Comparison":
    """A stored run, under its own rules, with one that has just been scored under those in force. DataError where its
    rules cannot be read any more.
    """
    from cscli.analysis.explaining.changes import split_changes
    from cscli.analysis.past.scored_run import recall, scored_run_of
    from cscli.analysis.scoring.rescore import rescore, same_rules
    from cscli.reports.history.comparison import Comparison

    rules = rules_of(stored, request, today)
    first = recall(stored, rules)
    in_force = today.draft.config
    if rules is today.config or (in_force is not None and same_rules(rules, in_force)):
        return Comparison(first, now, now, split_changes(first, now))
    by_first = rescore(now.columns, rules, now.as_of)
    later = scored_run_of(by_first.frame, now.columns, by_first.scores, rules, now.as_of)
    return Comparison(first, now, later, split_changes(first, now, later))


def _by_today(
    today: Today, start: "StoredSnapshot", end: "StoredSnapshot", problems: list[Problem]
) -> "Comparison":
    """Both runs under the rules in force."""
    from cscli.analysis.explaining.changes import split_changes
    from cscli.reports.history.comparison import Comparison

    ends = []
    for stored in (start, end):
        rescored = judge_by_today(today, stored)
        problems += lacking_columns(rescored.lacking, stored.as_of)
        ends.append(standing_by_today(today, stored, rescored))
    problems.append(Problem("diff.by_today", severity=Severity.NOTE))
    return Comparison(ends[0], ends[1], ends[1], split_changes(*ends))
