"""`cscli check`: what the exports hold, how they are read, and what is wrong with them, before anything is scored."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import results, show_line, show_text

if TYPE_CHECKING:
    from cscli.reports.kit.model import Report
    from cscli.workflows.book.request import Request

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

Acknowledge = Annotated[
    bool,
    typer.Option(
        "--acknowledge", help="Print the lines for cscli.yaml that accept what was found, until it changes."
    ),
]
Write = Annotated[bool, typer.Option("--write", help="With --acknowledge: add the lines to the config.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "check",
        check,
        is_for_screen=True,
        example="cscli check sample_data/accounts.xlsx --as-of 2026-10-31",
        output=ReportFile,
        options=(
            "config",
            "as_of",
            "output",
            "lang",
            "overrides",
            "no_history",
            "fail_on",
            "quiet",
            "verbose",
        ),
    )


def check(
    asked: Asked, exports: Exports = None, *, acknowledge: Acknowledge = False, write: Write = False
) -> None:
    """Check config and exports: what was read, mapped, assumed, missing, wrong. Nothing is scored or stored."""
    from cscli.render.screen.overview import show_check
    from cscli.workflows.data.checking import check as check_exports

    path = asked.path_if_given("check.xlsx")
    request, files = _under_rules(asked.request, tuple(exports or ()))
    checked = check_exports(request, files, path)
    report = checked.report
    if acknowledge or write:
        _acknowledge(asked, report, write=write)
        return
    if asked.quiet:
        asked.tell(report.problems, report.language, sources_in(report))
    else:
        show_check(report, results(report.language), every_column=asked.verbose)
    asked.show_path(path)
    if checked.code:
        raise typer.Exit(checked.code)
    asked.end(report.problems, sources_in(report))


def _under_rules(request: "Request", files: tuple[Path, ...]) -> "tuple[Request, tuple[Path, ...]]":
    """Without a config, the rules that `init` would write for `files`; where it could not, the files one by one."""
    from cscli.errors import CscliError
    from cscli.workflows.init.in_memory import with_rules_for
    from cscli.workspace.rules import DEFAULT_PRESET

    if not files or request.rules.remembers or request.rules.name != DEFAULT_PRESET:
        return request, files
    try:
        return with_rules_for(request, files), ()
    except CscliError:
        return request, files


def _acknowledge(asked: Asked, report: "Report", *, write: bool) -> None:
    """Prints the lines that accept what was found, or adds them to the rules."""
    from cscli.workflows.data.acknowledging import acknowledge_lines, add_to_rules

    lines = acknowledge_lines(asked.request, report.problems, sources_in(report))
    if not lines:
        show_text("acknowledge.nothing", report.language)
    elif write:
        add_to_rules(asked.request.rules, lines, report.language)
        file = asked.request.rules.name
        show_text("acknowledge.added", report.language, count=len(lines), file=file)
    else:
        show_line("\n".join(["acknowledge:", *(f"  - {line}" for line in lines)]))
