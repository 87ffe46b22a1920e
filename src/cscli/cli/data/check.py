"""`cscli check`: what the exports hold, how they are read, and what is wrong with them, before anything is scored."""

from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command

Exports = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[EXPORT]...", help="Exports; the first that is the accounts replaces sources.accounts.file."
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Also write a file (.xlsx .csv .json .md), or into a folder."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app, "check", check, example="cscli check sample_data/accounts.xlsx --as-of 2026-10-31", output=ReportFile,
        options=("config", "as_of", "output", "lang", "overrides", "no_history", "fail_on", "quiet", "verbose"),
    )  # fmt: skip


def check(asked: Asked, exports: Exports = None) -> None:
    """Check config and exports: what was read, mapped, assumed, missing, wrong. Nothing is scored or stored."""
    from cscli.cli import console
    from cscli.render.screen.overview import show_check
    from cscli.workflows.data.checking import check as check_exports

    path = asked.path_if_given("check.xlsx")
    checked = check_exports(asked.request, tuple(exports or ()), path)
    report = checked.report
    if asked.quiet:
        asked.tell(report.problems, report.language)
    else:
        show_check(report, console.results(), every_column=asked.verbose)
    asked.show_path(path)
    if checked.code:
        raise typer.Exit(checked.code)
    asked.end(report.problems)
