"""A stored run under today's rules, reported as any other scoring, and not stored."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from cscli.analysis.past.snapshots import StoredSnapshot
from cscli.analysis.scoring.columns import add_late_columns
from cscli.analysis.scoring.health import unknown_categories
from cscli.analysis.scoring.rescore import Rescored
from cscli.errors import Problem, Severity
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.score.report import ScoredAccounts, score_change, scorecard_report
from cscli.workflows.book.read import rules_digest, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.history.changes import APART_DAYS
from cscli.workflows.history.recalling import (
    Today,
    is_bare,
    judge_by_today,
    lacking_columns,
    read_run,
    read_today,
    relative_note,
    stored_context,
    stored_days,
)
from cscli.workflows.scores.scoring import bands_before
from cscli.workflows.scores.trends import RulesNow, scores_before, trend_columns


def score_stored(request: Request, output: Path) -> Report:
    """The accounts of the run of the given day, or of the newest, under today's rules, written to `output`. What is stored
    stays as it is. The change is that from the run at least six days before, by today's rules too.

    Raises DataError for a day without a run, ConfigError for rules that do not fit the columns kept.
    """
    today = read_today(request)
    with speaking(today.language):
        stored = read_run(request, today, request.as_of)
        rescored = judge_by_today(today, stored)
        previous = _previous(request, today, stored.as_of)
        before, bands = previous or (None, {})
        scored = ScoredAccounts(frame=rescored.frame, scores=rescored.scores, previous=before, left=0)
        frame = rescored.frame.assign(
            score_change=score_change(scored), band_before=bands_before(rescored.frame, bands)
        )
        rules = RulesNow(
            draft=today.draft, digest=rules_digest(request), config=rescored.config, url=today.url,
            folder=request.rules.workspace,
        )  # fmt: skip
        frame = frame.assign(**trend_columns(scores_before(rules, stored.as_of), frame, stored.as_of))
        complete = placed(today.draft, lambda: add_late_columns(frame, rescored.config, stored.as_of))
        problems = [*lacking_columns(rescored.lacking, stored.as_of), *_said(today, stored, rescored)]
        context = stored_context(request, today, stored, today.config, problems)
        report = scorecard_report(
            ScoredAccounts(frame=complete, scores=rescored.scores, previous=before, left=0),
            rescored.config,
            context,
        )
        write_report(report, output)
        return report


def _said(today: Today, stored: StoredSnapshot, rescored: Rescored) -> list[Problem]:
    note = Problem("recall.rescored", severity=Severity.NOTE, value=stored.as_of.isoformat())
    return [*unknown_categories(rescored.frame, rescored.config), *relative_note(today.config), note]


def _previous(
    request: Request, today: Today, as_of: dt.date
) -> tuple[Mapping[str, float], Mapping[str, str]] | None:
    """The scores and bands of the newest run at least six days before, under today's rules."""
    earlier = [day for day in stored_days(request, today) if day <= as_of - dt.timedelta(days=APART_DAYS)]
    stored = read_run(request, today, earlier[-1]) if earlier else None
    if stored is None or is_bare(stored):
        return None
    found = judge_by_today(today, stored)
    ids = found.frame["account_id"]
    scores = zip(ids, found.scores.score.tolist(), strict=True)
    known = {account: score for account, score in scores if score == score}  # noqa: PLR0124 - NaN
    return known, dict(zip(ids, found.scores.band.tolist(), strict=True))
