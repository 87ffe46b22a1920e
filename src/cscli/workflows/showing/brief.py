"""One page an account: for the team all of them in one file, for customers a file each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from cscli.analysis.past.scored_run import scored_run_of
from cscli.errors import Problem, Severity, UsageError
from cscli.reports.brief.customer import CustomerMaterial, check_shown, make_customer_brief
from cscli.reports.brief.internal import Briefs, make_briefs, say_line
from cscli.reports.brief.sheet import with_brief
from cscli.reports.dashboard.model import Material
from cscli.texts import Language
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.history.explaining import explain_whole, find_account
from cscli.workflows.showing.choosing import safe_name
from cscli.workflows.showing.dashboard import LAST, DashboardOptions, gather, limited
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    import pandas as pd

    from cscli.reports.kit.model import Report

Reader = Literal["internal", "customer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The files of a command. `lines`: what stands in the terminal of each account."""

    paths: tuple[Path, ...]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    language: Language
    sources: dict[str, str]


def brief(request: Request, accounts: Sequence[str], output: Path, reader: Reader = "internal") -> Written:
    """The pages of `accounts` (ids, or names) at `output`: a file, or a folder in which they are named by the id. The
    history is read, never written.

    Raises CscliError with every problem that stops the run; then no file is changed.
    """
    from cscli.workflows.scores.scoring import check_scorecards

    check_scorecards(request)
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        rows = rows_of(whole, accounts)
        if reader == "customer":
            return _for_customers(whole, rows, output)
        material, problems = material_of(whole, rows)
        page = make_briefs(material)
        ids = [line.account_id for line in page.lines]
        name = safe_name(ids[0], set()) if len(ids) == 1 else "briefs"
        path = _path(output, f"{name}.html")
        _write_page(page, path, whole)
        return _written(whole, (path,), page, problems)


def explain_as_page(request: Request, account: str, output: Path) -> "Report":
    """One account explained, from the exports as they are now, with its page at `output`: as HTML, or as the first sheet of
    a workbook.
    """
    from cscli.workflows.scores.scoring import check_scorecards

    check_scorecards(request)
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        rows = rows_of(whole, [account])
        material, problems = material_of(whole, rows)
        report = explain_whole(whole, int(rows[0]))
        more = tuple(each for each in problems if each not in report.problems)
        report = replace(report, problems=(*report.problems, *more))
        if output.suffix.lower() == ".html":
            _write_page(make_briefs(material), output, whole)
        else:
            from cscli.render import write_report

            write_report(with_brief(report, material), output, whole.book.files)
        return report


def rows_of(whole: WholeBook, accounts: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """The rows of the accounts in the order in which they are asked for, each once."""
    judged = whole.judged
    book, scored = judged.book, judged.scored
    run = scored_run_of(scored.frame, book.frame, scored.scores, book.config, book.as_of)
    return np.array(list(dict.fromkeys(find_account(run, each) for each in accounts)), dtype=np.intp)


def material_of(
    whole: WholeBook, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]"
) -> tuple[Material, tuple[Problem, ...]]:
    """What pages of these accounts show, and what is to be said."""
    material, problems = gather(whole, DashboardOptions())
    return limited(replace(material, rows=rows), LAST, "all"), problems


def _write_page(page: Briefs, path: Path, whole: WholeBook) -> None:
    from cscli.render.dashboard.page import briefs_html

    _write(briefs_html(page), path, whole)


def _write(html: str, path: Path, whole: WholeBook) -> None:
    from cscli.workspace.publish import publish, refuse_inputs

    refuse_inputs(path, whole.book.files)
    with publish(path, private=True) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")


def _written(
    whole: WholeBook, paths: tuple[Path, ...], page: Briefs, problems: tuple[Problem, ...]
) -> Written:
    language = whole.book.language
    lines = tuple(say_line(line, language) for line in page.lines)
    return Written(paths=paths, lines=lines, problems=problems, language=language, sources=_sources(whole))


def _for_customers(
    whole: WholeBook, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", output: Path
) -> Written:
    from cscli.render.dashboard.customer import customer_html

    book, frame = whole.book, whole.judged.scored.frame
    settings = book.config.brief
    placed(book.draft, lambda: check_shown(book.config, frame))
    if output.suffix and len(rows) > 1:
        raise UsageError(Problem("showing.one_file_each", value=str(output)))
    context = report_context(whole.request, book)
    problems = context.problems
    if not settings.customer_shows:
        problems = (*problems, Problem("showing.nothing_shown", severity=Severity.NOTE))
    ids = frame["account_id"].astype(str)
    past = _past(whole, ids.iloc[rows].tolist())
    taken: set[str] = set()
    pages = []
    for row in rows.tolist():
        account_id = ids.iloc[row]
        own = past[past["account_id"].astype(str) == account_id].reset_index(drop=True)
        made = make_customer_brief(
            CustomerMaterial(
                account=frame.iloc[[row]],
                past=own,
                config=book.config,
                as_of=book.as_of,
                language=book.language,
            )
        )
        path = _path(output, f"{safe_name(account_id, taken)}-customer.html")
        pages.append((path, customer_html(made), made.title))
    for path, html, _ in pages:
        _write(html, path, whole)
    names = tuple(title for _, _, title in pages)
    return Written(
        paths=tuple(path for path, *_ in pages),
        lines=names,
        problems=problems,
        language=book.language,
        sources=_sources(whole),
    )


def _past(whole: WholeBook, ids: Sequence[str]) -> "pd.DataFrame":
    """What is shown to these customers, of earlier runs; nothing without a history."""
    from cscli.history import value_courses

    shown = whole.book.config.brief.customer_shows
    url = history_url(whole.request, whole.book)
    if url is None:
        import pandas as pd

        return pd.DataFrame({name: [] for name in ("as_of", "account_id", *shown)}, dtype=object)
    return value_courses(url, whole.request.rules.workspace, ids, shown, whole.book.as_of, LAST - 1)


def _path(output: Path, name: str) -> Path:
    """The file that is meant, or one of that name in the folder."""
    return output if output.suffix else output / name


def _sources(whole: WholeBook) -> dict[str, str]:
    return {each.file: each.source for each in report_context(whole.request, whole.book).inputs}
