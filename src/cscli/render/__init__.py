"""A report, written as a file in the form that its suffix names, or shown on a screen."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cscli.errors import Problem, UsageError
from cscli.render.text.delimited import write_delimited
from cscli.render.text.markdown import write_markdown
from cscli.render.text.structured import write_structured
from cscli.reports.kit.model import Report, for_people
from cscli.workspace.publish import publish, refuse_inputs

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["WRITERS", "publish", "show_report", "write_report"]


def show_report(report: Report, console: "Console", *, rows: int = 10) -> None:
    """As `cscli.render.screen.terminal` does, whose library is loaded for a screen alone."""
    from cscli.render.screen import terminal  # noqa: PLC0415 - loads rich

    terminal.show_report(report, console, rows=rows)


def write_excel(report: Report, path: Path) -> None:
    """A workbook; its library is loaded for it alone."""
    from cscli.render.excel import workbook  # noqa: PLC0415 - loads xlsxwriter

    workbook.write_excel(for_people(report), path)


WRITERS: Mapping[str, Callable[[Report, Path], None]] = MappingProxyType(
    {".xlsx": write_excel, ".csv": write_delimited, ".json": write_structured, ".md": write_markdown}
)


def write_report(
    report: Report,
    path: Path,
    inputs: Sequence[Path] = (),
    before_publishing: Callable[[], None] = lambda: None,
) -> Path:
    """Writes the whole report to `path`, or nothing at all, and gives the path back. `inputs`: files that
    must not be overwritten. `before_publishing` is called when all is written and the file takes its name
    next: if it raises, the earlier file stays. UsageError for a suffix that no writer has; SourceError if the file is one of
    `inputs` or cannot be written.
    """
    writer = WRITERS.get(path.suffix.lower())
    if path.suffix.lower() == ".html":
        raise UsageError(Problem("writing.no_page", value=str(path)))
    if writer is None:
        choices = ", ".join(WRITERS)
        raise UsageError(Problem("writing.unknown_form", value=str(path), details={"choices": choices}))
    refuse_inputs(path, inputs)
    with publish(path) as temporary:
        writer(report, temporary)
        before_publishing()
    return path
