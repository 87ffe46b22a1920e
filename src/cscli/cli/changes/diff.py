"""`cscli diff`: what changed between two runs, and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli import options as o
from cscli.cli.command import STORED, Asked, add_command
from cscli.cli.console import results

if TYPE_CHECKING:
    from cscli.reports.kit.model import Report

From = Annotated[
    str | None,
    typer.Argument(
        metavar="[FROM]", help="Day of the earlier run; default: the newest at least 6 days before TO."
    ),
]
To = Annotated[str | None, typer.Argument(metavar="[TO]", help="Day of the later run; default: the newest.")]
Rescore = Annotated[
    bool, typer.Option("--rescore", help="Judge both runs by today's rules, so that only the data counts.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli diff 2026-10-24 2026-10-31 -o out/diff.xlsx"
    add_command(app, "diff", diff, example=example, options=STORED, is_for_screen=True)


def diff(asked: Asked, start: From = None, end: To = None, *, rescore: Rescore = False) -> None:
    """Say which accounts moved between bands since an earlier run, and split every change exactly into its causes."""
    from cscli import workflows

    path = asked.path_if_given("diff.xlsx")
    span = workflows.Span(o.parse_day(start, "FROM"), o.parse_day(end, "TO"), rescore)
    report = workflows.diff(asked.request, span, path)
    asked.tell(report.problems, report.language)
    if not asked.quiet:
        _show(report)
    asked.show_path(path)


def _show(report: "Report") -> None:
    from cscli.render import show_report
    from cscli.render.screen.terminal import show_sheet
    from cscli.reports.history.diff import SHORT, movers
    from cscli.texts import text

    screen = results(report.language)
    for key, sheet in zip(("falls", "rises"), movers(report), strict=True):
        if len(sheet):
            screen.print(text(f"diff.{key}", report.language), style="bold")
            show_sheet(report, sheet, SHORT, screen, rows=len(sheet))
            screen.print()
    screen.print(text("diff.sheet.movements", report.language), style="bold")
    show_report(report, screen, rows=12)
