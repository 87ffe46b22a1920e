"""The Monday page of a run, as files."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.errors import CscliError, Problem, Severity
from cscli.reports.monday.page import MondayPage
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import has_promises

if TYPE_CHECKING:
    import pandas as pd

STEM = "monday"


def write_monday(page: MondayPage, folder: Path) -> tuple[Path, ...]:
    """`monday.md` and `monday.html`, for their owner's eyes alone. Raises SourceError."""
    from cscli.render.dashboard.monday import monday_html, monday_markdown
    from cscli.workspace.publish import publish

    contents = {folder / f"{STEM}.md": monday_markdown(page), folder / f"{STEM}.html": monday_html(page)}
    for path, content in contents.items():
        with publish(path, private=True) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="\n")
    return tuple(contents)


def find_late(whole: WholeBook) -> "tuple[pd.DataFrame | None, tuple[Problem, ...]]":
    """The promises that are late; None where the rules promise nothing, or where they cannot be judged, which is said."""
    if not has_promises(whole):
        return None, ()
    from cscli.analysis.promises.overview import late_promises
    from cscli.workflows.practice.journey import overview_of_book

    try:
        return late_promises(overview_of_book(whole.revenue_book)), ()
    except CscliError as error:
        return None, tuple(replace(each, severity=Severity.WARNING) for each in error.problems)
