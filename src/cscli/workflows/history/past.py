"""What the history tells: the course of an account or of the book, the runs; and less of it, or all of it as a table."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.config.load import read_draft
from cscli.config.schema import Config
from cscli.errors import ConfigError, DataError, Location, Problem, Severity, SourceError, UsageError
from cscli.nearest import nearest_name
from cscli.render import write_report
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report
from cscli.texts import Language
from cscli.workflows.book.contract import history_of
from cscli.workflows.book.read import rules_digest, speaking
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    from cscli.history import Forgotten, Pruned
    from cscli.reports.kit.model import Sheet

SHEET_ROWS = 1_048_570
_SHOWN_DAYS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Where the history is that a request is about, and the rules in force today."""

    url: str
    folder: Path
    config: Config
    language: Language
    digest: str

    def context(self, as_of: dt.date, problems: Iterable[Problem]) -> Context:
        """What a report on it says of itself. `as_of`: of its newest run."""
        from cscli.history import is_read_only

        only_reading = is_read_only(self.url, self.folder)
        said = [Problem("history.only_reading", severity=Severity.NOTE)] if only_reading else []
        return Context(
            language=self.language,
            as_of=as_of,
            currency=self.config.currency,
            config_digest=self.digest,
            inputs=(),
            problems=(*problems, *said),
        )


@contextmanager
def past_of(request: Request) -> Iterator[Past]:
    """The history of the rules in force; errors of the block are told in their language. Raises ConfigError where
    the rules are wrong, SourceError where they have no history.
    """
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    with speaking(request.language_of(draft)):
        if draft.config is None:
            raise ConfigError(*draft.problems)
        url = history_of(request, draft.config)
        if url is None:
            raise no_history()
        language = request.language or draft.config.language
        yield Past(
            url=url,
            folder=request.rules.workspace,
            config=draft.config,
            language=language,
            digest=rules_digest(request),
        )


def no_history() -> SourceError:
    """That nothing is stored yet."""
    return SourceError(Problem("history.none"))


def show_account(request: Request, account_id: str, last: int | None, output: Path | None) -> Report:
    """The course of an account over the `last` so many weeks, written to `output` if that is given. Raises
    DataError for an account that no run had.
    """
    from cscli.history import account_course
    from cscli.reports.history.account import account_report

    with past_of(request) as past:
        found = account_course(past.url, past.folder, account_id, last)
        if found is None:
            raise unknown_account(past, account_id)
        newest = found.course["as_of"].iloc[-1].date() if len(found.course) else dt.date.min
        context = past.context(newest, _relative(found.relative))
        return _written(account_report(found, past.config, context), output)


def show_book(request: Request, last: int | None, output: Path | None) -> Report:
    """The course of the book over the `last` so many weeks, written to `output` if that is given."""
    from cscli.history import book_course
    from cscli.reports.history.book import book_report

    with past_of(request) as past:
        found = book_course(past.url, past.folder, last)
        if found is None:
            raise no_history()
        said = _relative({metric for run in found.runs for metric in run.relative})
        if output is not None and len(found.heat) < found.accounts:
            details = {"shown": len(found.heat), "total": f"{found.accounts:,}"}
            said.append(Problem("history.heat_part", severity=Severity.NOTE, details=details))
        return _written(book_report(found, past.config, past.context(found.runs[-1].as_of, said)), output)


def show_runs(request: Request, output: Path | None) -> Report:
    """Every run that is stored, written to `output` if that is given."""
    from cscli.history import every_run
    from cscli.reports.history.book import runs_report

    with past_of(request) as past:
        found = every_run(past.url, past.folder)
        if not found:
            raise no_history()
        return _written(runs_report(found, past.context(found[-1].as_of, ())), output)


def export_history(request: Request, output: Path, last: int | None) -> Path:
    """Every account of every run of the `last` so many weeks as one row: .csv and .json hold one run at a time in
    memory; .xlsx holds all, and has room for `SHEET_ROWS`. Raises UsageError for another suffix.
    """
    from cscli.history import exported, stored_runs
    from cscli.render import publish
    from cscli.render.text.streams import STREAMS
    from cscli.reports.history.export import snapshots_sheet

    suffix = output.suffix.lower()
    if suffix not in (*STREAMS, ".xlsx"):
        details = {"choices": ", ".join((*STREAMS, ".xlsx"))}
        raise UsageError(Problem("writing.unknown_form", value=str(output), details=details))
    with past_of(request) as past, exported(past.url, past.folder, last) as tables:
        if tables is None:
            raise no_history()
        if suffix == ".xlsx":
            _check_room(sum(run.accounts for run in stored_runs(past.url, past.folder, last)), output)
        sheets = (snapshots_sheet(table, past.config, past.language) for table in tables)
        if suffix == ".xlsx":
            return write_report(_as_report(past, sheets), output)
        with publish(output) as temporary:
            STREAMS[suffix](sheets, temporary)
    return output


def prune_history(
    request: Request, keep: int | None, since: dt.date | None, *, dry_run: bool
) -> "tuple[Pruned, Language]":
    """Removes all runs but the newest `keep`, or those before `since`; never the newest. `dry_run`: only says which.
    With the language to say it in.
    """
    from cscli.history import prune

    with past_of(request) as past:
        pruned = prune(past.url, past.folder, keep=keep, since=since, dry_run=dry_run)
        if not pruned.kept:
            raise no_history()
        return pruned, past.language


def forget(
    request: Request, day: dt.date | None, account_id: str | None, *, dry_run: bool
) -> "tuple[Forgotten, Language]":
    """Removes the run of `day`, or the account, from the history. `dry_run`: only says how much that is. DataError
    where there is nothing of it.
    """
    from cscli.history import forget_account, forget_day, snapshot_days

    with past_of(request) as past:
        if account_id is not None:
            found = forget_account(past.url, past.folder, account_id, request.now, dry_run=dry_run)
            if not found:
                raise unknown_account(past, account_id)
            return found, past.language
        if day is None:
            raise UsageError(Problem("history.forget_what"))
        found = forget_day(past.url, past.folder, day, dry_run=dry_run)
        if not found:
            days = snapshot_days(past.url, past.folder)
            details = {"days": ", ".join(map(str, days[-_SHOWN_DAYS:])) or "-"}
            raise DataError(Problem("history.no_run_of", value=str(day), details=details))
        return found, past.language


def unknown_account(past: Past, account_id: str) -> DataError:
    """That no run had an account of this id, with the nearest that the newest run has."""
    from cscli.history import account_ids

    near = nearest_name(account_id, account_ids(past.url, past.folder))
    code = "history.no_account_nearest" if near else "history.no_account"
    return DataError(Problem(code, value=account_id, details={"nearest": near} if near else {}))


def _relative(metrics: Iterable[str]) -> list[Problem]:
    names = sorted(metrics)
    details = {"metrics": ", ".join(names)}
    return [Problem("history.relative", severity=Severity.WARNING, details=details)] if names else []


def _written(report: Report, output: Path | None) -> Report:
    if output is not None:
        write_report(report, output)
    return report


def _check_room(rows: int, output: Path) -> None:
    """Raises UsageError where a worksheet has not room for so many rows."""
    if rows > SHEET_ROWS:
        details = {"count": f"{rows:,}", "limit": f"{SHEET_ROWS:,}"}
        raise UsageError(Problem("history.too_long", where=Location(file=str(output)), details=details))


def _as_report(past: Past, sheets: "Iterator[Sheet]") -> Report:
    import numpy as np

    from cscli.reports.kit.model import Sheet as OneSheet

    found = list(sheets)
    first = found[0]
    values = tuple(np.concatenate(each) for each in zip(*(sheet.values for sheet in found), strict=True))
    whole = OneSheet(id=first.id, title=first.title, columns=first.columns, values=values)
    newest = found[-1].column("as_of")[0].astype("datetime64[D]").item()
    return past.context(newest, ()).report(name="history", sheets=(whole,), headline="", short=())
