"""Scores of a book, reported and remembered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli import __version__
from cscli.analysis.past.trend import course_of
from cscli.analysis.scoring.columns import add_columns, add_late_columns
from cscli.analysis.scoring.health import HealthScores, score_accounts, scorecard_names, unknown_categories
from cscli.analysis.scoring.rule_literals import find_unmet_texts
from cscli.analysis.scoring.switching import without_idle_metrics
from cscli.analysis.tables.join import every_row
from cscli.config.linting.names import find_uses
from cscli.config.secrets import hide_password
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.render import write_report
from cscli.reports.kit.labels import listed_labels
from cscli.reports.kit.model import Report
from cscli.reports.score.report import ScoredAccounts, score_change, scorecard_report
from cscli.workflows.book.contract import InspectedInputs, history_url, inspect_inputs
from cscli.workflows.book.read import (
    Book,
    draft_of,
    known_day,
    read_book,
    report_context,
    rules_digest,
    speaking,
)
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.book.upgrading import say_other_readings
from cscli.workflows.scores.proof import say_proof
from cscli.workflows.scores.timeliness import say_stored
from cscli.workflows.scores.trends import RulesNow, scores_before, trend_columns, with_today

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.acting.alerts import AlertRecords
    from cscli.analysis.acting.messages import Message
    from cscli.history import Previous


@dataclass(frozen=True, eq=False)
class JudgedBook:
    """A book with its scores. `inputs`: what its exports hold now, and how that differs from the last run."""

    book: Book
    scored: ScoredAccounts
    inputs: InspectedInputs


@dataclass(frozen=True, eq=False, kw_only=True)
class RunRecords:
    """What a run has found beside scores, as the history keeps it; None: it did not look."""

    call_list: "pd.DataFrame | None" = None
    alerts: "AlertRecords | None" = None
    messages: "tuple[Message, ...]" = ()
    forecasts: "pd.DataFrame | None" = None


def score(request: Request, output: Path) -> Report:
    """Health scores of the accounts, written to `output` and stored in the history where the rules have one.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    check_scorecards(request)
    book = read_book(request)
    with speaking(book.language):
        judged = judge_book(request, book)
        return write_and_remember(request, judged, report_scores(request, judged), output)


def judge_book(request: Request, book: Book) -> JudgedBook:
    """The scores of `book`, and how its exports differ from those of the last run; nothing is stored. Raises
    ConfigError for a rule that does not fit its columns.
    """
    book, scored, problems = score_book(request, book)
    inputs = inspect_inputs(request, book)
    found = (*book.problems, *say_other_readings(request, book), *inputs.drift, *problems)
    return JudgedBook(replace(book, problems=found), scored, inputs)


def check_scorecards(request: Request) -> None:
    """Raises ConfigError where the rules have nothing to score by: of revenue alone they are whole without."""
    draft = draft_of(request)
    if draft.config is not None and not (draft.config.metrics and draft.config.scorecards):
        problem = Problem("config.nothing_to_score", where=Location(file=request.rules.name))
        if "accounts" not in draft.config.sources:
            taken = (
                f"{Path(each.file or name).name} (kind: {each.kind})"
                for name, each in draft.config.sources.items()
            )
            problem = replace(problem, code="config.nothing_to_score_in", value=", ".join(taken))
        with speaking(request.language_of(draft)):
            raise ConfigError(problem)


def report_scores(request: Request, judged: JudgedBook) -> Report:
    """The report `score`."""
    report = scorecard_report(judged.scored, judged.book.config, report_context(request, judged.book))
    return replace(report, definitions=(*report.definitions, *say_proof(request, judged.book.language)))


def write_and_remember(
    request: Request,
    judged: JudgedBook,
    report: Report,
    output: Path,
    records: "RunRecords | None" = None,
) -> Report:
    """`report` at `output` and the snapshot in the history, or neither; the report with what was stored."""
    stored: list[Problem] = []
    write_report(
        report,
        output,
        judged.book.files,
        before_publishing=lambda: stored.extend(remember(request, judged, records)),
    )
    return replace(report, problems=(*report.problems, *stored))


def score_book(request: Request, book: Book) -> tuple[Book, ScoredAccounts, list[Problem]]:
    """`book` whose scorecards have only the metrics that some account has a value for, or that must have one; by
    these, its scored accounts with every column there is; what is to be said. Nothing is stored.

    Raises ConfigError for rules that do not fit its columns, or that have nothing to score by.
    """
    if not book.config.scorecards:
        raise ConfigError(Problem("config.nothing_to_score", where=Location(file=book.draft.document.file)))
    nodes = book.practice.nodes
    columns = placed(book.draft, lambda: add_columns(book.frame, book.config, book.as_of, nodes))
    book = replace(book, frame=with_given(book, columns.frame))
    switched, idle = without_idle_metrics(book.config, columns.frame)
    book = replace(book, config=switched)
    scores = score_accounts(columns.frame, columns.conditions, book.config)
    previous = _previous(request, book)
    scored = ScoredAccounts(
        frame=columns.frame,
        scores=scores,
        previous=previous.scores if previous else None,
        left=len(book.left),
        not_yet=book.not_yet,
    )
    frame = columns.frame.assign(
        scorecard=scorecard_names(scores, book.config),
        score=scores.score,
        band=scores.band,
        data_coverage=scores.data_coverage,
        score_change=score_change(scored),
        band_before=bands_before(columns.frame, previous.bands if previous else {}),
    )
    past = _scores_before(request, book)
    frame = frame.assign(**trend_columns(past, frame, book.as_of))
    course = course_of(with_today(past, frame, book.as_of), frame["account_id"], book.as_of)
    complete = placed(book.draft, lambda: add_late_columns(frame, book.config, book.as_of))
    return (
        book,
        replace(scored, frame=complete, course=course),
        [
            *_say_idle(idle, book),
            *unknown_categories(columns.frame, book.config),
            *unmet_texts(request, book, complete),
            *(map(book.draft.place, idle_limits(scores)) if request.rules.remembers else ()),
        ],
    )


def with_given(book: Book, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The columns of the book with those that its promises gave in their turn, so that they are stored and tried as if an export had them."""
    names = [name for node in book.practice.nodes for name in node.gives]
    return book.frame.assign(**{name: frame[name] for name in names}) if names else book.frame


def unmet_texts(request: Request, book: Book, frame: "pd.DataFrame") -> list[Problem]:
    """Texts in the book's own rules that no row has."""
    if not request.rules.remembers:
        return []
    rows = {name: every_row(table) for name, table in book.typed.items()}
    document = book.draft.document
    return list(find_unmet_texts(find_uses(document), frame, rows, document))


def idle_limits(scores: HealthScores) -> Iterator[Problem]:
    """That a cap or floor holds for no account, so that nobody relies on it in vain."""
    if not len(scores.score):
        return
    for limit, holds in zip(scores.limits, scores.limits_hold.T, strict=True):
        if not holds.any():
            yield Problem(
                "rules.never_hold",
                severity=Severity.NOTE,
                where=Location(key=limit.key),
                value=limit.rule.when.text,
            )


def bands_before(frame: "pd.DataFrame", bands: Mapping[str, str]) -> "pd.Series[str]":
    """Each account's band at the snapshot to compare with, `bands` by account_id; None where it was not in it."""
    before = frame["account_id"].map(bands).astype(object)
    return before.where(before.notna(), None)


def remember(
    request: Request,
    judged: JudgedBook,
    records: "RunRecords | None" = None,
) -> list[Problem]:
    """Stores the snapshot of a run, with what else it found, where the rules have a history; says what was done."""
    book, scored, kept = judged.book, judged.scored, records or RunRecords()
    url = history_url(request, book)
    if url is None:
        return []
    from cscli.analysis.past.snapshots import Snapshot, relative_metrics, snapshot_accounts
    from cscli.analysis.quality.profile import profile_records
    from cscli.history import append
    from cscli.workflows.book.events import weeks_by_source
    from cscli.workflows.work.promised import promises_of_run

    known_on = known_day(request, book)
    scores = scored.scores
    snapshot = Snapshot(
        as_of=book.as_of,
        taken_at=request.now,
        known_on=known_on,
        known_on_told=request.known_on is not None,
        version=__version__,
        config_text=hide_password(request.rules.text),
        config_digest=rules_digest(request),
        overrides=tuple(map(hide_password, request.overrides)),
        metrics=scores.metrics,
        relative=relative_metrics(book.config),
        inputs=tuple((name, read.file, read.sha256) for name, read in book.inputs.items()),
        accounts=snapshot_accounts(scored.frame, scores, book.config),
        values=scored.frame[list(scores.metrics)],
        points=scores.points,
        columns=book.frame,
        profiles=profile_records(judged.inputs.profiles),
        call_list=kept.call_list,
        alerts=kept.alerts,
        messages=kept.messages,
        forecasts=kept.forecasts,
        promises=promises_of_run(scored.frame, book.config, book.practice, book.as_of),
        event_weeks=weeks_by_source(book.logs, book.resolved),
    )
    return list(say_stored(book.as_of, append(url, request.rules.workspace, snapshot)))


def _say_idle(idle: Iterable[str], book: Book) -> list[Problem]:
    """That these metrics wait for their column."""
    shown = listed_labels(idle, book.config, book.language)
    return [Problem("scoring.metrics_idle", severity=Severity.NOTE, value=shown)] if shown else []


def _scores_before(request: Request, book: Book) -> "pd.DataFrame":
    """The scores of the runs of the last weeks, under the rules in force."""
    rules = RulesNow(
        draft=book.draft,
        digest=rules_digest(request),
        config=book.config,
        url=history_url(request, book),
        folder=request.rules.workspace,
    )
    return scores_before(rules, book.as_of)


def _previous(request: Request, book: Book) -> "Previous | None":
    url = history_url(request, book)
    if url is None:
        return None
    from cscli.history import previous_scores

    return previous_scores(url, request.rules.workspace, book.as_of)
