"""The book in one HTML file: the results of one reading, what the history tells of before, and no figure of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.acting.opportunities import find_opportunities
from cscli.errors import CscliError, Location, Problem, Severity, SourceError
from cscli.reports.dashboard.changes import fallen
from cscli.reports.dashboard.model import Material
from cscli.reports.dashboard.report import make_dashboard
from cscli.texts import Language
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.events import weeks_by_source
from cscli.workflows.book.read import report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.history.recalling import Today, rules_of_run
from cscli.workflows.reviewing.rounds import round_folders
from cscli.workflows.showing.changes import compare_before
from cscli.workflows.showing.choosing import Choice, choose_rows, each_value, safe_name
from cscli.workflows.showing.work import gather_work
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import ltv_of

if TYPE_CHECKING:
    import pandas as pd

    from cscli.config.schema import Config
    from cscli.reports.kit.model import Report
    from cscli.reports.practice.selfcheck import CheckTables

Briefs = Literal["all", "calls", "none"]
LAST = 26
FEW_LAST = 13
_LARGE, _TOO_LARGE = 16_000_000, 24_000_000
"""Bytes of a file from which less is put into it, and which no file may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardOptions:
    """`each`: a column, of which every value has a file of its own. `last`: runs of the course. `briefs`: whose page has
    course, weeks and metrics: of all, of those on the call list or fallen, of none.
    """

    choice: Choice = field(default_factory=Choice)
    each: str | None = None
    last: int = LAST
    briefs: Briefs = "all"


@dataclass(frozen=True, slots=True)
class Page:
    """A file that was made."""

    path: Path
    bytes: int
    accounts: int
    headline: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The files of a command, what is to be said, and in which language."""

    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    language: Language
    sources: dict[str, str]


def dashboard(request: Request, options: DashboardOptions, output: Path) -> Shown:
    """The dashboard at `output`, or one beside it for each value of a column. The history is read, never written.

    Raises CscliError with every problem that stops the run; then no file is changed.
    """
    from cscli.workflows.scores.scoring import check_scorecards

    check_scorecards(request)
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        material, problems = gather(whole, options)
        pages = list(_choices(material, options, output))
        made = []
        said: list[Problem] = []
        for path, part in pages:
            page, more = write_dashboard(part, path, options, whole.book.files)
            made.append(page)
            said += more
        sources = {each.file: each.source for each in material.context.inputs}
        return Shown(tuple(made), (*problems, *said), whole.book.language, sources)


def _choices(material: Material, options: DashboardOptions, output: Path) -> Iterator[tuple[Path, Material]]:
    frame = material.scored.frame
    chosen = choose_rows(frame, options.choice, material.context.as_of)
    if options.each is None:
        said = options.choice.said(material.language)
        yield output, replace(material, rows=np.flatnonzero(chosen), choice=said)
        return
    taken: set[str] = set()
    for value, mask in each_value(frame, options.each):
        rows = np.flatnonzero(chosen & mask)
        if not len(rows):
            continue
        path = output.with_name(f"{output.stem}-{safe_name(value, taken)}{output.suffix}")
        said = options.choice.said(material.language, **{options.each: value})
        yield path, replace(material, rows=rows, choice=said)


def write_dashboard(
    material: Material, path: Path, options: DashboardOptions, inputs: tuple[Path, ...] = ()
) -> tuple[Page, list[Problem]]:
    """One file, with less in it where it would be large; and what was left out. SourceError where it is too large all the
    same, or cannot be written.
    """
    from cscli.render.dashboard.page import page_html
    from cscli.workspace.publish import publish, refuse_inputs

    said: list[Problem] = []
    for last, briefs in _ladder(options):
        page = make_dashboard(limited(material, last, briefs))
        html = page_html(page)
        size = len(html.encode())
        if size <= _LARGE:
            break
        details = {"megabytes": f"{size / 1e6:.1f}", "last": last, "briefs": briefs}
        said.append(Problem("showing.large", severity=Severity.NOTE, value=path.name, details=details))
    if size > _TOO_LARGE:
        raise SourceError(
            Problem("showing.too_large", where=Location(file=str(path)), value=f"{size / 1e6:.1f}")
        )
    refuse_inputs(path, inputs)
    with publish(path, private=True) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")
    return Page(path, size, page.accounts, page.headline), said


def _ladder(options: DashboardOptions) -> list[tuple[int, Briefs]]:
    """What is tried one after the other until the file is small enough."""
    tried: list[tuple[int, Briefs]] = [(options.last, options.briefs)]
    few = min(options.last, FEW_LAST)
    tried += [(few, options.briefs)] if few < options.last else []
    return tried + ([(few, "calls")] if options.briefs == "all" else [])


def limited(material: Material, last: int, briefs: Briefs) -> Material:
    """With the `last` so many runs, this one included, and the pages that are asked for."""
    from cscli.analysis.past.over_time import ScoreCourses

    courses = material.courses
    if courses is not None and len(courses.runs) > last - 1:
        drop = len(courses.runs) - max(last - 1, 0)
        table = courses.table[courses.table["run"] >= drop]
        courses = ScoreCourses(courses.runs[drop:], table.assign(run=table["run"] - drop))
    return replace(material, courses=courses, detailed=_detailed(material, briefs))


def _detailed(material: Material, briefs: Briefs) -> NDArray[np.bool_]:
    count = len(material.scored.frame)
    if briefs == "all":
        return np.ones(count, dtype=bool)
    detailed = np.zeros(count, dtype=bool)
    if briefs == "calls":
        detailed[material.calls.rows] = True
        if material.comparison is not None:
            detailed[fallen(material.comparison)] = True
    return detailed


def gather(whole: WholeBook, options: DashboardOptions) -> tuple[Material, tuple[Problem, ...]]:
    """All that a dashboard of the whole book shows, and what is to be said."""
    judged, request = whole.judged, whole.request
    book, scored = judged.book, judged.scored
    calls = whole.calls
    at_risk = calls.membership.listed | calls.membership.holds
    found = placed(book.draft, lambda: find_opportunities(scored.frame, book.config, book.as_of, at_risk))
    revenue, problems = _revenue(whole)
    courses, comparison = None, None
    rules: dict[str, Config | None] = {}
    url = history_url(request, book)
    if url is not None:
        from cscli.history import score_courses

        courses = score_courses(url, request.rules.workspace, book.as_of, max(options.last - 1, 0))
        today = Today(book.draft, book.config, url, book.language)
        rules = {run.config_digest: rules_of_run(run, request, today) for run in courses.runs}
        comparison, more = compare_before(whole)
        problems += more
    check, more = _check(whole)
    work, unjudged = gather_work(whole)
    problems += more + unjudged
    context = report_context(request, replace(book, problems=(*book.problems, *problems)))
    return (
        Material(
            scored=scored,
            calls=calls,
            found=found,
            config=book.config,
            context=context,
            rows=np.arange(len(scored.frame)),
            detailed=np.ones(len(scored.frame), dtype=bool),
            courses=courses,
            rules=rules,
            comparison=comparison,
            revenue=revenue,
            weeks=_weeks(whole),
            check=check,
            work=work,
        ),
        context.problems,
    )


def _revenue(whole: WholeBook) -> "tuple[Report | None, tuple[Problem, ...]]":
    """The report `ltv` where the rules have what it needs; where it fails, that it did."""
    if not whole.has_revenue():
        return None, ()
    try:
        return ltv_of(whole), ()
    except CscliError as error:
        said = tuple(replace(each, severity=Severity.WARNING) for each in error.problems)
        return None, said


def _check(whole: WholeBook) -> "tuple[CheckTables | None, tuple[Problem, ...]]":
    """The newest round of the self-check where the rules have one and somebody has answered; where it fails, that it did."""
    config = whole.book.config
    if config.selfcheck is None or not round_folders(config, whole.request.rules.workspace):
        return None, ()
    try:
        from cscli.workflows.reviewing.selfcheck import check_tables

        return check_tables(whole)[0], ()
    except CscliError as error:
        return None, tuple(replace(each, severity=Severity.WARNING) for each in error.problems)


def _weeks(whole: WholeBook) -> "pd.DataFrame | None":
    """People by account and week, of the log that has most of them."""
    found = [
        weeks[["account_id", "week", "users"]]
        for weeks in weeks_by_source(whole.book.logs, whole.book.resolved).values()
    ]
    return max(found, key=len) if found else None
