"""Runs out of the history, beside the rules that judged them or those of today."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cscli.config.linting.names import OF_ROWS, find_uses
from cscli.config.linting.taken import Headers
from cscli.config.load import Draft, read_draft, settle
from cscli.config.schema import Config
from cscli.errors import ConfigError, DataError, Problem, Severity
from cscli.reports.kit.context import Context
from cscli.texts import Language
from cscli.workflows.book.contract import history_of
from cscli.workflows.book.read import rules_digest
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.history.past import no_history

if TYPE_CHECKING:
    from cscli.analysis.past.over_time import JudgedRun
    from cscli.analysis.past.scored_run import ScoredRun
    from cscli.analysis.past.snapshots import StoredSnapshot
    from cscli.analysis.scoring.rescore import Rescored

_SHOWN_DAYS = 8
_SHOWN_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Today:
    """The rules in force and where they keep their runs. `url`: None where they keep none."""

    draft: Draft
    config: Config
    url: str | None
    language: Language


def read_today(request: Request) -> Today:
    """The rules in force, without any export. Raises ConfigError."""
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    if draft.config is None:
        raise ConfigError(*draft.problems)
    config = draft.config
    return Today(draft, config, history_of(request, config), request.language or config.language)


def stored_days(request: Request, today: Today) -> tuple[dt.date, ...]:
    """The days of all runs, ascending. SourceError where the rules keep none."""
    if today.url is None:
        raise no_history()
    from cscli.history import snapshot_days

    return snapshot_days(today.url, request.rules.workspace)


def read_run(request: Request, today: Today, day: dt.date | None) -> "StoredSnapshot":
    """The run of that day, or the newest. DataError that says which days there are; SourceError where there is none."""
    days = stored_days(request, today)
    if not days:
        raise no_history()
    if day is not None and day not in days:
        near = sorted(sorted(days, key=lambda each: abs(each - day))[:_SHOWN_DAYS])
        details = {"days": ", ".join(map(str, near)), "count": len(days)}
        raise DataError(Problem("recall.no_such_day", value=day.isoformat(), details=details))
    from cscli.history import read_snapshot

    found = read_snapshot(today.url or "", request.rules.workspace, day)
    if found is None:  # another process took it away just now
        raise no_history()
    return found


def rules_of(stored: "StoredSnapshot", request: Request, today: Today) -> Config:
    """The rules that judged a stored run, which may be today's. DataError where this cscli cannot read them any more."""
    if stored.config_digest == rules_digest(request) and tuple(today.config.metrics) == stored.metrics:
        return today.config
    try:
        draft = read_draft(stored.config_text, f"cscli.yaml ({stored.as_of})", stored.overrides)
    except ConfigError as error:
        raise DataError(_unreadable(stored)) from error
    if draft.config is None or tuple(draft.config.metrics) != stored.metrics:
        raise DataError(_unreadable(stored))
    return draft.config


def rules_of_run(run: "JudgedRun", request: Request, today: Today) -> Config | None:
    """The rules of a run of which only the scores are wanted; None where this cscli cannot read them any more."""
    if run.config_digest == rules_digest(request):
        return today.config
    try:
        return read_draft(run.config_text, f"cscli.yaml ({run.as_of})", run.overrides).config
    except ConfigError:
        return None


def judge_by_today(today: Today, stored: "StoredSnapshot") -> "Rescored":
    """The accounts of a stored run, judged by today's rules. Raises ConfigError for rules that do not fit them."""
    from cscli.analysis.scoring.rescore import rescore

    if is_bare(stored):
        raise DataError(Problem("recall.no_columns", value=stored.as_of.isoformat()))
    settle(today.draft, _headers(today.draft, stored))
    return placed(today.draft, lambda: rescore(stored.columns, today.config, stored.as_of))


def standing_by_today(today: Today, stored: "StoredSnapshot", rescored: "Rescored") -> "ScoredRun":
    """The same as a scored run."""
    from cscli.analysis.past.scored_run import scored_run_of

    return scored_run_of(rescored.frame, stored.columns, rescored.scores, today.config, stored.as_of)


def is_bare(stored: "StoredSnapshot") -> bool:
    """Whether an earlier cscli stored it, which kept no columns."""
    return list(stored.columns.columns) == ["account_id"]


def lacking_columns(lacking: tuple[str, ...], day: dt.date) -> list[Problem]:
    """That the rules read columns that the run of `day` did not keep."""
    if not lacking:
        return []
    shown = ", ".join(lacking[:_SHOWN_COLUMNS]) + (", ..." if len(lacking) > _SHOWN_COLUMNS else "")
    details = {"as_of": day.isoformat(), "count": len(lacking)}
    return [Problem("recall.lacking_columns", severity=Severity.WARNING, value=shown, details=details)]


def relative_note(config: Config) -> list[Problem]:
    """That some metrics are ranks, which say nothing over time."""
    from cscli.analysis.past.snapshots import relative_metrics

    names = relative_metrics(config)
    return [Problem("recall.relative", severity=Severity.NOTE, value=", ".join(names))] if names else []


def stored_context(
    request: Request, today: Today, stored: "StoredSnapshot", config: Config, problems: list[Problem]
) -> Context:
    """What a report on a stored run says of it; `config`: the rules it is judged by."""
    digest = rules_digest(request) if config is today.config else stored.config_digest
    return Context(
        language=today.language,
        as_of=stored.as_of,
        currency=config.currency,
        config_digest=digest,
        inputs=(),
        problems=tuple(problems),
        plain=request.plain,
    )


def _unreadable(stored: "StoredSnapshot") -> Problem:
    return Problem(
        "recall.rules_unreadable", value=stored.as_of.isoformat(), details={"version": stored.version}
    )


def _headers(draft: Draft, stored: "StoredSnapshot") -> Headers:
    """Every column that the run kept, and every one that the rules read: what it lacks is said, and no mistake."""
    made = {name for part in ("derived", "metrics", "segments") for name in draft.document.mapping(part)}
    read = {
        name for use in find_uses(draft.document) if use.space not in OF_ROWS for name in use.expression.names
    }
    return Headers({"accounts": frozenset({*map(str, stored.columns.columns), *read} - made)})
