"""Whether each initiative is on its way from activity to impact, from the stored runs and today's exports."""

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cscli.analysis.past.snapshots import StoredSnapshot
from cscli.analysis.practice.initiatives import (
    BLOCK,
    LEFT_WITHIN_DAYS,
    UNKNOWN,
    DayBook,
    LinkValues,
    balance_table,
    initiative_table,
    is_for_any,
    judge_link,
    measure_links,
    step_table,
)
from cscli.analysis.scoring.columns import add_columns
from cscli.analysis.scoring.only_needed import with_needed
from cscli.config.work.initiatives import Initiative
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.expressions import is_count
from cscli.render import write_report
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.model import Report
from cscli.reports.practice.initiatives import InitiativeTables, initiatives_report
from cscli.texts import Language, Phrase
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.whole.book import WholeBook

_COURSE = ("initiative", "step", "as_of", "value", "progress", "path")
NEAR_DAYS = 45
"""A stored run so many days before the start, at most, tells the baseline."""
_OF_SCORES = ("score", "band", "data_coverage", "scorecard")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Past:
    """`days`: of every stored run before the report. `reads`: what measures and `for` read; `gone`: accounts that have left by today, with these columns."""

    whole: WholeBook
    url: str | None
    days: tuple[dt.date, ...]
    reads: frozenset[str]
    gone: pd.DataFrame

    def book(self, day: dt.date) -> DayBook | None:
        """The accounts of a stored run."""
        from cscli.history import read_snapshot

        stored = read_snapshot(self.url or "", self.whole.request.rules.workspace, day)
        if stored is None or list(stored.columns.columns) == ["account_id"]:
            return None
        book = self.whole.revenue_book
        columns = _with_scores(stored)
        live, lacking = with_needed(columns, self.reads, book.config, day)
        return DayBook(day=day, live=live, left=left_before(self.gone, day), lacking=lacking)


@dataclass(eq=False, slots=True)
class _Followed:
    """`links`: by place of initiative and link; `said`: what a reader should know; `course`: rows of `_COURSE`."""

    links: dict[tuple[int, int], LinkValues] = field(default_factory=dict)
    said: list[Problem] = field(default_factory=list)
    course: list[tuple[object, ...]] = field(default_factory=list)


def initiatives(request: Request, output: Path) -> Report:
    """The initiatives of the rules, written to `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        report = report_initiatives(whole)
        write_report(report, output, whole.revenue_book.files)
        return report


def report_initiatives(whole: WholeBook) -> Report:
    """The report `initiatives`. Raises ConfigError where the rules have none."""
    book = whole.revenue_book
    config, as_of = book.config, book.as_of
    if not config.initiatives:
        raise ConfigError(Problem("initiatives.no_rules", where=Location(file=whole.request.rules.name)))
    found = placed(book.draft, lambda: _follow(whole))
    steps = step_table(config.initiatives, found.links, as_of)
    tables = InitiativeTables(
        initiatives=initiative_table(config.initiatives, steps), steps=steps, course=pd.DataFrame(found.course, columns=list(_COURSE)),
        balance=balance_table(config.initiatives),
    )  # fmt: skip
    context = report_context(whole.request, book)
    problems = (*book.problems, *map(book.draft.place, found.said))
    return initiatives_report(tables, config, replace(context, problems=problems))


def _follow(whole: WholeBook) -> _Followed:
    """Every link, before the start and today, and at the runs between. Raises ConfigError where types do not fit."""
    past, today = _past(whole), _today(whole)
    found, language = _Followed(), whole.revenue_book.language
    books: dict[dt.date, DayBook | None] = {}
    for number, initiative in enumerate(whole.revenue_book.config.initiatives):
        near = _near(past.days, initiative.start)
        wanted = [*([near] if near else []), *(day for day in past.days if day >= initiative.start)]
        for day in wanted:
            if day not in books:
                books[day] = past.book(day)
        before = books.get(near) if near else None
        between = [each for day in wanted if day >= initiative.start and (each := books[day]) is not None]
        blank = [UNKNOWN] * len(initiative.chain)
        thens = blank if before is None else measure_links(initiative, number, before)
        nows = measure_links(initiative, number, today)
        if not is_for_any(initiative, number, today):
            found.said.append(_nobody(initiative, number, language))
        courses = [(each.day, measure_links(initiative, number, each, with_others=False)) for each in between]
        for place, (link, then, now) in enumerate(zip(initiative.chain, thens, nows, strict=True)):
            baseline = then.ours if link.baseline is None else link.baseline
            if np.isnan(baseline):
                found.said.append(_no_baseline(initiative, number, place, language))
                baseline = 0.0 if is_count(link.measure) else np.nan
            found.links[number, place] = LinkValues(baseline, then, now)
            at = [(day, values[place].ours) for day, values in courses]
            found.course += _course(initiative, place, baseline, [*at, (today.day, now.ours)])
    return found


def _course(
    initiative: Initiative, place: int, baseline: float, at: list[tuple[dt.date, float]]
) -> list[tuple[object, ...]]:
    """One row a day that was measured, as `_COURSE`."""
    link = initiative.chain[place]
    rows: list[tuple[object, ...]] = []
    for day, value in at:
        progress, path, _ = judge_link(link, baseline, value, (day - initiative.start).days)
        rows.append((initiative.name, link.step, pd.Timestamp(day), value, progress, path))
    return rows


def _near(days: tuple[dt.date, ...], start: dt.date) -> dt.date | None:
    """The last run before the start, where it is near enough."""
    before = [day for day in days if start - dt.timedelta(days=NEAR_DAYS) <= day <= start]
    return before[-1] if before else None


def _no_baseline(initiative: Initiative, number: int, place: int, language: Language) -> Problem:
    link = initiative.chain[place]
    return Problem(
        "initiatives.no_baseline_count" if is_count(link.measure) else "initiatives.no_baseline", severity=Severity.NOTE, where=Location(key=f"{BLOCK}[{number}].chain[{place}]"),
        value=own_label(initiative, language), details={"step": Phrase(f"initiative_step.{link.step}"), "start": initiative.started_on, "days": NEAR_DAYS},
    )  # fmt: skip


def _nobody(initiative: Initiative, number: int, language: Language) -> Problem:
    where = Location(key=f"{BLOCK}[{number}].for")
    return Problem(
        "initiatives.nobody", severity=Severity.WARNING, where=where, value=own_label(initiative, language)
    )


def _reads(whole: WholeBook) -> frozenset[str]:
    """What measures and `for` read."""
    read: set[str] = {"account_id", "churned_on"}
    for initiative in whole.revenue_book.config.initiatives:
        read |= set(initiative.for_.names) if initiative.for_ else set()
        read |= {name for link in initiative.chain for name in link.measure.names}
    return frozenset(read - {"as_of"})


def _past(whole: WholeBook) -> _Past:
    """The stored runs before today, and who has left."""
    book, reads = whole.revenue_book, _reads(whole)
    frame = add_columns(book.frame, book.config, book.as_of, book.practice.nodes).frame
    gone = frame[(frame["churned_on"] <= pd.Timestamp(book.as_of)).to_numpy(bool)].reset_index(drop=True)
    url = history_url(whole.request, book)
    days: tuple[dt.date, ...] = ()
    if url is not None:
        from cscli.history import snapshot_days

        days = tuple(day for day in snapshot_days(url, whole.request.rules.workspace) if day < book.as_of)
    return _Past(whole=whole, url=url, days=days, reads=reads, gone=with_all(gone, reads))


def _today(whole: WholeBook) -> DayBook:
    """The accounts of today, with their scores where the rules have any."""
    reads, book = _reads(whole), whole.revenue_book
    if book.config.scorecards:
        live = whole.judged.scored.frame
    else:
        live = add_columns(whole.book.frame, book.config, book.as_of, whole.book.practice.nodes).frame
    return DayBook(
        day=book.as_of, live=with_all(live, reads), left=left_before(_past(whole).gone, book.as_of)
    )


def with_all(frame: pd.DataFrame, reads: frozenset[str]) -> pd.DataFrame:
    """`frame` with a column for each of `reads`; what it does not have is missing."""
    lacking = {name: np.full(len(frame), np.nan) for name in sorted(reads - set(map(str, frame.columns)))}
    return frame.assign(**lacking)


def left_before(gone: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Those of `gone` that had left on `day`, in the year before it."""
    since = pd.Timestamp(day) - pd.Timedelta(days=LEFT_WITHIN_DAYS)
    lately = (gone["churned_on"] <= pd.Timestamp(day)) & (gone["churned_on"] > since)
    return gone[lately.to_numpy(bool)].reset_index(drop=True)


def _with_scores(stored: StoredSnapshot) -> pd.DataFrame:
    """The accounts of a run as it kept them, with its scores."""
    columns = stored.columns.reset_index(drop=True)
    scores = {name: stored.accounts[name].to_numpy() for name in _OF_SCORES if name in stored.accounts}
    return columns.assign(**scores)
