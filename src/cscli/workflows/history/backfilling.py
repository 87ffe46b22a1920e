"""Folders of old exports into the history: what was known on the day of each, scored by the rules of today."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from cscli.errors import CscliError, ExitCode, Problem, Severity, SourceError
from cscli.texts import Language, problem_line, text
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.book.request import Request
from cscli.workflows.history.past import past_of
from cscli.workflows.scores.scoring import check_scorecards, judge_book, remember

_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.年](\d{1,2})[-_.月](\d{1,2})日?(?!\d)")
_TIGHT = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What became of a folder. `day`: of its name, None where that has none. `accounts`: how many were scored, of a folder that is
    `stored`. `absent`: the sources that it has no file of. `problems`: why it was `refused`, or what of it is wrong.
    """

    folder: Path
    day: dt.date | None
    outcome: Literal["stored", "there", "refused"]
    accounts: int = 0
    absent: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    code: ExitCode = ExitCode.DONE


def backfill(request: Request, folders: Sequence[Path]) -> Iterator[tuple[Backfilled, Language]]:
    """Scores each dated folder as of its day, known on that day, and stores it in the history; the oldest first, one result
    each. A day that has evidence already stays as it is: what was stored in time is nearer to what was known. Of a folder
    without a date in its name those inside it are taken.

    Raises ConfigError for rules that are wrong, SourceError where they have no history.
    """
    with past_of(request) as past:
        language = past.language
    check_scorecards(request)
    for day, folder in dated_folders(folders):
        yield _backfill(request, day, folder), language


def dated_folders(folders: Iterable[Path]) -> list[tuple[dt.date | None, Path]]:
    """Each folder with its day, by day; those without one first. A folder that is named twice counts once."""
    found: dict[Path, dt.date | None] = {}
    for folder in folders:
        found |= _dated_inside(folder) or {folder: day_of(folder)}
    return sorted(
        ((day, path) for path, day in found.items()), key=lambda each: (each[0] or dt.date.min, str(each[1]))
    )


def _dated_inside(folder: Path) -> dict[Path, dt.date | None]:
    if day_of(folder) or not folder.is_dir():
        return {}
    return {each: day_of(each) for each in folder.iterdir() if each.is_dir() and day_of(each)}


def day_of(folder: Path) -> dt.date | None:
    """The one day that the name of a folder tells: 2026-01-05, 20260105, exports_2026.1.5, 2026年1月5日."""
    match = _TIGHT.search(folder.name) or _DAY.search(folder.name)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _backfill(request: Request, day: dt.date | None, folder: Path) -> Backfilled:
    if day is None or not folder.is_dir():
        code = "backfill.no_day" if folder.is_dir() else "backfill.no_folder"
        return _refused(folder, day, SourceError(Problem(code, value=folder.name)))
    dated = replace(request, as_of=day, known_on=day, archive=folder.absolute())
    try:
        if _has_evidence(dated, day):
            return Backfilled(folder=folder, day=day, outcome="there")
        book = read_book(dated)
        judged = judge_book(dated, book)
        said = remember(dated, judged)
    except CscliError as error:
        return _refused(folder, day, error)
    read = {*book.tables.raw, *book.logs}
    return Backfilled(
        folder=folder,
        day=day,
        outcome="stored",
        accounts=len(judged.scored.frame),
        absent=tuple(name for name in book.config.sources if name not in read and _is_scored(book, name)),
        problems=(*judged.book.problems, *said),
    )


def _has_evidence(request: Request, day: dt.date) -> bool:
    from cscli.history import evidence_days

    with past_of(request) as past:
        return day in evidence_days(past.url, past.folder)


def _is_scored(book: Book, name: str) -> bool:
    """Sources of revenue are not read where nothing of them is scored."""
    return not book.config.sources[name].of_revenue


def _refused(folder: Path, day: dt.date | None, error: CscliError) -> Backfilled:
    return Backfilled(
        folder=folder, day=day, outcome="refused", problems=tuple(error.problems), code=error.exit_code
    )


def say_backfilled(found: Backfilled, language: Language) -> str:
    """One line on what became of a folder; of one that was refused with the first reason."""
    if found.outcome == "refused":
        reason = problem_line(found.problems[0], language)
        return text("backfill.refused", language, folder=found.folder, reason=reason)
    line = text(f"backfill.{found.outcome}", language, folder=found.folder, count=found.accounts)
    if found.absent:
        line += text("backfill.absent", language, sources=", ".join(found.absent))
    errors = sum(each.severity is Severity.ERROR for each in found.problems)
    return line + text("backfill.errors", language, count=errors) if errors else line
