"""Messages into files that a person sends: written out of sight, booked, and only then put where they are looked for."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from cscli.analysis.outreach.sent import State
from cscli.config.work.outreach import Export
from cscli.delivery.letters import letter_bytes
from cscli.errors import DataError, Problem, UsageError
from cscli.history import book_messages, entries_of, key_mark
from cscli.nearest import nearest_name
from cscli.render.merge import write_merge_csv, write_merge_xlsx
from cscli.reports.outreach.merge import PRESETS, Keyed, export_table, merge_table
from cscli.texts import Language
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.outreach.booking import Booking, book_of_run, check_expected, needed_history
from cscli.workflows.outreach.gathering import Planned
from cscli.workflows.outreach.issued_files import (
    publish_staged,
    read_staged,
    stage,
    throw_away,
    unfinished_runs,
)
from cscli.workflows.outreach.settling import ledger_at
from cscli.workspace.lock import hold_workspace
from cscli.workspace.told import write_ledger_day

FORMS = ("eml", "xlsx", "csv")
KEYS = "0000-keys.csv"
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 40
_TABLE = "messages"
Ask = Callable[[int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueOptions:
    """`form`: eml, xlsx, csv, or an export. `expect`: how many there must be. `ask`: asks a person whether so many are meant; None:
    there is nobody to ask.
    """

    folder: Path
    form: str = "eml"
    expect: int | None = None
    ask: Ask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """`count`: messages booked; 0 where there were none, or a person said no."""

    run: str
    count: int
    held_out: int
    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]
    language: Language
    sources: Mapping[str, str]

    @property
    def has_keys(self) -> bool:
        """Whether the first file is a table of keys, which `confirm` takes."""
        return bool(self.paths) and (self.paths[0].name == KEYS or self.paths[0].stem == _TABLE)


def issue(request: Request, options: IssueOptions, plan: Callable[[Request], Planned]) -> Issued:
    """Books what would go and writes its files. `plan`: makes the decisions. Raises CscliError with every problem that stops it; then
    nothing is booked, and no file is there.
    """
    with hold_workspace(request.rules.workspace, request.now):
        planned = plan(request)
        language = planned.book.language
        with speaking(language):
            return _issue(request, options, planned)


def issue_again(request: Request, run: str) -> Issued:
    """The files of a run that was booked, into their folder: those that a killed process had not put there yet. DataError for a run
    that was not booked.
    """
    url, language = ledger_at(request)
    with speaking(language), hold_workspace(request.rules.workspace, request.now):
        workspace = request.rules.workspace
        booked = [each for each in entries_of(url, workspace, run_id=run) if each.state is not State.HELD_OUT]
        staged = read_staged(workspace, run)
        if not booked or staged is None:
            raise DataError(Problem("outreach.unknown_run", value=run))
        paths = publish_staged(workspace, staged)
        return Issued(
            run=run, count=len(booked), held_out=0, paths=paths, problems=(), language=language, sources={}
        )


def _issue(request: Request, options: IssueOptions, planned: Planned) -> Issued:
    language, workspace = planned.book.language, request.rules.workspace
    url = needed_history(request, planned)
    _check_form(options.form, planned)
    _check_unfinished(url, workspace)
    check_expected(planned, options.expect, is_asked=options.ask is not None)
    problems = (*planned.book.problems, *map(planned.book.draft.place, planned.problems))
    sources = {facts.file: name for name, facts in planned.book.inputs.items()}
    count = len(planned.going)
    is_meant = options.expect is not None or (options.ask is not None and options.ask(count))
    nothing = Issued(run="", count=0, held_out=0, paths=(), problems=problems, language=language, sources=sources)  # fmt: skip
    if not is_meant:
        return nothing
    booking = book_of_run(request, planned, State.ISSUED)
    if not booking.entries:
        return nothing
    writers = placed(planned.book.draft, lambda: _writers(booking, options.form, planned))
    staged = stage(workspace, booking.run, options.folder, writers)
    try:
        _book(request, planned, booking)
    except BaseException:
        if not entries_of(url, workspace, run_id=booking.run):
            throw_away(workspace, booking.run)
        raise
    paths = publish_staged(workspace, staged)
    held_out = len(booking.entries) - len(booking.messages)
    return Issued(
        run=booking.run, count=len(booking.messages), held_out=held_out, paths=paths, problems=problems, language=language,
        sources=sources,
    )  # fmt: skip


def _book(request: Request, planned: Planned, booking: Booking) -> None:
    from cscli.history import Ledger

    ledger = planned.ledger or Ledger()
    book_messages(booking.url, request.rules.workspace, booking.entries, ledger, key_mark(booking.key))
    write_ledger_day(request.rules.workspace, f"{request.now:%Y-%m-%d}")


def _check_form(form: str, planned: Planned) -> None:
    known = [*FORMS, *PRESETS, *(each.name for each in planned.outreach.exports)]
    if form not in known:
        details = {"nearest": nearest_name(form, known) or "-", "known": ", ".join(known)}
        raise UsageError(Problem("outreach.unknown_form", value=form, details=details))


def _check_unfinished(url: str, workspace: Path) -> None:
    """A run that was booked and whose files are not all there must be finished first; one that was not booked is thrown away."""
    for run in unfinished_runs(workspace):
        if entries_of(url, workspace, run_id=run):
            raise DataError(Problem("outreach.unfinished", value=run))
        throw_away(workspace, run)


def _writers(booking: Booking, form: str, planned: Planned) -> Mapping[str, Callable[[Path], None]]:
    """What writes each file of a form."""
    as_of, messages = planned.book.as_of, booking.messages
    if form == "eml":
        names = [_file_name(number, each) for number, each in enumerate(messages, start=1)]
        letters = {
            name: partial(_write_bytes, letter_bytes(each.draft))
            for name, each in zip(names, messages, strict=True)
        }
        rows = [(each.key, name, each.draft.account_id, each.draft.message) for name, each in zip(names, messages, strict=True)]  # fmt: skip
        keys = pd.DataFrame(rows, columns=["key", "file", "account_id", "message"], dtype=object)
        return {KEYS: partial(write_merge_csv, keys), **letters}
    if form in ("xlsx", "csv"):
        return {f"{_TABLE}.{form}": _table_writer(merge_table(messages), form, as_of)}
    index = next((at for at, each in enumerate(planned.outreach.exports) if each.name == form), None)
    export: Export = PRESETS[form] if index is None else planned.outreach.exports[index]
    table = export_table(messages, export, f"outreach.exports[{index or 0}]", as_of)
    return {f"{form}.{export.form}": _table_writer(table, export.form, as_of)}


def _table_writer(table: pd.DataFrame, form: str, as_of: dt.date) -> Callable[[Path], None]:
    if form == "xlsx":
        return lambda path: write_merge_xlsx(table, path, as_of)
    return partial(write_merge_csv, table)


def _write_bytes(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def _file_name(number: int, each: Keyed) -> str:
    """No name of a person or company; ids without signs that mean something to a file system."""
    account = _NO_NAME.sub("_", each.draft.account_id)[:_LONGEST_NAME] or "_"
    return f"{number:04d}-{account}-{each.draft.message[:_LONGEST_NAME]}.eml"
